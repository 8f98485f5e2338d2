#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of a running server: what they cost and find (`rules top`), the oracle, what a reload says it changed,
and a new rule over what is already in the journal (`rules backtest`)."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from tocsin import Tocsin, binary, error  # noqa: E402

RULE = """title: {title}
id: {id}
level: high
logsource:
  category: application
detection:
  sel:
    {field}|contains: '{needle}'
  condition: sel
"""
ONE, TWO, DEAD = (f"6a1f4d3c-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))
MANY = """title: Many
id: 6a1f4d3c-0000-4000-8000-000000000009
name: many
correlation:
  type: event_count
  rules: [{rule}]
  group-by: [platform]
  timespan: 1h
  condition: {{gte: 3}}
"""


def run(*arguments):
    return subprocess.run([binary(), "rules", *arguments], capture_output=True, text=True, timeout=60)


class Live(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.rules = pathlib.Path(self.folder.name, "rules")
        self.rules.mkdir()
        self.config = pathlib.Path(self.folder.name, "tocsin.yml")
        self.config.write_text("rules: {paths: [rules], oracle: 1}\n"
                               "route: {receiver: none}\nreceivers: [{name: none}]\n")
        self.write("one", ONE, "DROP TABLE")
        self.write("dead", DEAD, "x", field="no.such.field")

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, key, needle, field="error.message"):
        text = RULE.format(title=name, id=key, needle=needle, field=field)
        (self.rules / f"{name}.yml").write_text(text)

    def test_counted_checked_reloaded_and_run_over_the_past(self):
        data = str(pathlib.Path(self.folder.name, "data"))
        with Tocsin("--config", str(self.config), data=data) as server:
            for number in range(5):
                server.send(error(f"near DROP TABLE t{number}"))
            server.send(error("nothing of interest"))
            server.wait(lambda: server.metrics().get("tocsin_rule_oracle_checked_total", 0) >= 6, "checked events")
            self.assertEqual(server.metrics()["tocsin_rule_oracle_differences_total"], 0)

            suppressed = f'tocsin_rule_suppressed_total{{rule="{ONE}"}}'
            server.wait(lambda: server.metrics().get(suppressed, 0) == 4, "four suppressed matches")
            top = run("top", "--sort", "matched", "--data", server.data)
            self.assertEqual(top.returncode, 0, top.stderr)
            line = next(line for line in top.stdout.splitlines() if ONE in line)
            self.assertEqual(line.split()[1], "5", top.stdout)
            self.assertIn("0 differences", top.stdout)
            self.assertEqual(line.split()[5:8], ["1", "4", "0"], top.stdout)
            self.assertEqual(server.metrics()[f'tocsin_rule_fired_total{{rule="{ONE}"}}'], 1)
            self.assertEqual(server.metrics()[f'tocsin_rule_suppressed_total{{rule="{ONE}"}}'], 4)
            dead = run("top", "--dead", "--limit", "500", "--data", server.data)
            self.assertRegex(dead.stdout, rf"{DEAD}\)\n.*no event has had no\.such\.field", dead.stderr)

            self.write("one", ONE, "DELETE FROM")
            self.write("two", TWO, "anything")
            (self.rules / "dead.yml").unlink()
            generation = server.metrics()["tocsin_snapshot_generation"]
            os.kill(server.process.pid, signal.SIGHUP)
            server.wait(lambda: server.metrics()["tocsin_snapshot_generation"] > generation, "the reload")
            text = "\n".join(server.output)
            self.assertRegex(text, r"added=1 removed=1 changed=1 digest=[0-9a-f]{64}")
            for change, key in (("added", TWO), ("removed", DEAD), ("changed", ONE)):
                self.assertRegex(text, rf'msg="rule {change}" id={key}')

            past = pathlib.Path(self.folder.name, "past")
            past.mkdir()
            (past / "rule.yml").write_text(RULE.format(title="P", id=TWO, needle="drop table t", field="error.message"))
            (past / "many.yml").write_text(MANY.format(rule=TWO))
            self.expect_past(past, data)
        self.expect_past(past, data)

    def expect_past(self, rules, data):
        found = run("backtest", "--rules", str(rules), "--since", "1h", "--data", data, "--json")
        self.assertEqual(found.returncode, 0, found.stderr)
        rows = {row["title"]: row for row in map(json.loads, found.stdout.splitlines())}
        self.assertEqual(rows["P"]["count"], 5, found.stdout)
        self.assertEqual(len(rows["P"]["events"]), 3)
        self.assertEqual(rows["Many"]["count"], 1, found.stdout)
        text = run("backtest", "--rules", str(rules), "--since", "1h", "--data", data)
        self.assertIn("over 6 events", text.stdout)


if __name__ == "__main__":
    unittest.main()
