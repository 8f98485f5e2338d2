#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Correlations through `tocsin rules replay`: every recorded scenario, and what one sees of errors."""
import collections
import contextlib
import gzip
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from tocsin import Receiver, Tocsin, binary, config_with, error

SHARED = pathlib.Path(os.environ.get("TOCSIN_SHARED", pathlib.Path(__file__).resolve().parents[3] / "shared"))
SCENARIOS = SHARED / "sigma" / "correlation_scenarios.jsonl.gz"
RULES = """title: Failure
name: fail
logsource: {category: authentication}
detection: {sel: {event.outcome: failure}, condition: sel}
---
title: Many failures
name: many
correlation: {type: event_count, rules: fail, group-by: [user.name], timespan: 1m, condition: {gte: 2}}
"""


def replay(rules, events, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "rules.yml")
        path.write_text(rules)
        return subprocess.run([binary(), "rules", "replay", "--rules", path, *options], capture_output=True, text=True,
                              input="\n".join(json.dumps(event) for event in events))


class Correlations(unittest.TestCase):
    @unittest.skipUnless(SCENARIOS.exists(), "no shared data")
    def test_scenarios(self):
        checked = 0
        for row in map(json.loads, gzip.open(SCENARIOS, "rt")):
            done = replay(row["docs"], row["events"], "--any-logsource")
            self.assertEqual((done.returncode, done.stderr), (0, ""), row["id"])
            fired = collections.defaultdict(list)
            for line in map(json.loads, done.stdout.splitlines()):
                fired[line["rule"]].append([line["line"] - 1, line["group"]])
            in_order = "disordered" not in row["note"] and "-late-" not in row["id"]
            for name, expect in row["expect"].items():
                groups = sorted({tuple(group) for _, group in fired[name]})
                self.assertEqual(groups, sorted(map(tuple, expect["eventual"])), row["id"])
                if in_order:
                    self.assertEqual(fired[name], [edge[:2] for edge in expect["edge"]], row["id"])
            checked += 1
        self.assertGreater(checked, 100)

    def test_logsources_and_errors(self):
        event = {"category": "authentication", "event": {"outcome": "failure"}, "user": {"name": "ada"}}
        done = replay(RULES, [{"ts": 0, "event": event}, {"ts": 1}, {"ts": 2000, "event": event}])
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(done.returncode, 1)
        self.assertEqual(lines[0]["line"], 2)
        self.assertIn("no event", lines[0]["error"])
        self.assertEqual(lines[1], {"rule": "many", "group": ["ada"], "ts": 2000, "line": 3})
        other = dict(event, category="webserver")
        self.assertEqual(replay(RULES, [{"ts": 0, "event": other}] * 2).stdout, "")

    def test_a_running_server_alerts_once_for_each_group(self):
        rules = """title: Error
name: failed
logsource: {category: application}
detection: {sel: {error.message|contains: wrong password}, condition: sel}
---
title: Guessing
id: 6a1f4d3c-0000-4000-8000-000000000009
level: high
correlation: {type: event_count, rules: failed, group-by: [user.id], timespan: 10m, condition: {gte: 3}}
"""
        with tempfile.TemporaryDirectory() as folder, Receiver() as receiver:
            path = pathlib.Path(folder, "rules")
            path.mkdir()
            (path / "guessing.yml").write_text(rules)
            with Tocsin("--config", config_with(receiver.url, folder), "--rules", str(path)) as server:
                for user in ("ada", "bob", "ada", "ada", "ada", "bob"):
                    server.send(dict(error("wrong password"), user={"id": user}))
                def alerts(title):
                    return [alert["labels"] for alert in receiver.alerts() if alert["labels"]["alertname"] == title]
                server.wait(lambda: alerts("Guessing"), "the correlation's alert")
                self.assertEqual({(labels["user_id"], labels["severity"]) for labels in alerts("Guessing")},
                                 {("ada", "critical")})
                self.assertEqual(alerts("Error"), [])

    def test_facts_of_two_nodes_alert_once_for_a_burst_of_new_issues(self):
        rules = """title: Fresh
name: fresh
logsource: {product: tocsin, category: issue}
detection: {sel: {event.action: new}, condition: sel}
---
title: Burst of new issues
level: high
correlation: {type: event_count, rules: fresh, group-by: [environment], timespan: 5m, condition: {gte: 3}}
---
title: Many burst
level: high
correlation: {type: event_count, rules: fresh, timespan: 5m, condition: {gte: 4}}
"""
        with tempfile.TemporaryDirectory() as folder, Receiver() as receiver, redis(folder) as url:
            path = pathlib.Path(folder, "rules")
            path.mkdir()
            (path / "burst.yml").write_text(rules)
            options = ("--config", config_with(receiver.url, folder), "--rules", str(path), "--redis", url)
            with Tocsin(*options) as one, Tocsin(*options) as two:
                for index, environment in enumerate(("live", "live", "test", "live", "live", "test")):
                    # Twice each, one to each node: an issue is new once.
                    for server in (one, two):
                        server.send(error(function=f"step_{index}", environment=environment))
                    one.wait(lambda: len(one.issues()) == index + 1, f"issue {index}")

                def fired(title):
                    return [alert["labels"] for alert in receiver.alerts() if alert["labels"]["alertname"] == title]
                one.wait(lambda: fired("Burst of new issues") and fired("Many burst"), "the alerts")
                time.sleep(2)
                self.assertEqual([labels["environment"] for labels in fired("Burst of new issues")], ["live"])
                self.assertEqual(len(fired("Many burst")), 1)
                self.assertEqual(fired("Fresh"), [])


@contextlib.contextmanager
def redis(folder):
    path = f"{folder}/redis.sock"
    server = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", path, "--dir", folder, "--save", ""],
                              stdout=subprocess.DEVNULL)
    try:
        yield f"unix:{path}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    unittest.main()
