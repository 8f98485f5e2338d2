#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sigma rules in the running server: they fire, reload, and a bad file takes nothing down."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import unittest

from tocsin import Receiver, Tocsin, binary, config_with, error

RULE = """title: {title}
id: {id}
status: stable
level: high
logsource:
  category: application
detection:
  sel:
    error.message|contains: '{needle}'
  condition: sel
"""
ONE, TWO = "6a1f4d3c-0000-4000-8000-000000000001", "6a1f4d3c-0000-4000-8000-000000000002"


class Rules(unittest.TestCase):
    def test_fire_reload_and_keep(self):
        with tempfile.TemporaryDirectory() as folder, Receiver() as receiver:
            rules = pathlib.Path(folder, "rules")
            rules.mkdir()
            (rules / "one.yml").write_text(RULE.format(title="One", id=ONE, needle="DROP TABLE"))
            (rules / "bad.yml").write_text("title: Bad\ndetection:\n  sel:\n    a|nonsense: 1\n  condition: sel\n")
            with Tocsin("--config", config_with(receiver.url, folder), "--rules", str(rules)) as server:
                self.assertTrue(any("bad.yml:" in line for line in server.output), server.output)
                self.assertGreaterEqual(server.metrics()["tocsin_rule_errors"], 1)
                server.send(error("near DROP TABLE users"))
                server.wait(lambda: any(a["labels"]["alertname"] == "One" for a in receiver.alerts()), "the rule's alert")
                (rules / "bad.yml").write_text(RULE.format(title="Two", id=TWO, needle="xp_cmdshell"))
                generation = server.metrics()["tocsin_snapshot_generation"]
                os.kill(server.process.pid, signal.SIGHUP)
                server.wait(lambda: server.metrics()["tocsin_snapshot_generation"] > generation, "the reload")
                self.assertEqual(server.metrics()["tocsin_rule_errors"], 0)
                server.send(error("exec xp_cmdshell", type_="SqlError"))
                server.wait(lambda: any(a["labels"]["alertname"] == "Two" for a in receiver.alerts()), "the new rule")
                # A configuration that is wrong changes nothing.
                pathlib.Path(folder, "tocsin.yml").write_text("rute: {}\n")
                generation = server.metrics()["tocsin_snapshot_generation"]
                os.kill(server.process.pid, signal.SIGHUP)
                server.wait(lambda: any("reload refused" in line for line in server.output), "the refusal")
                self.assertEqual(server.metrics()["tocsin_snapshot_generation"], generation)

    def test_commands(self):
        with tempfile.TemporaryDirectory() as folder:
            rule = os.path.join(folder, "one.yml")
            pathlib.Path(rule).write_text(RULE.format(title="One", id=ONE, needle="DROP TABLE"))
            checked = subprocess.run([binary(), "rules", "check", rule], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 0, checked.stdout)
            lines = "\n".join(json.dumps({"error": {"message": text}}) for text in ("a DROP TABLE b", "nothing"))
            matched = subprocess.run([binary(), "rules", "match", "--rules", rule, "--any-logsource"],
                                     input=lines, capture_output=True, text=True)
            self.assertEqual([json.loads(line) for line in matched.stdout.splitlines()],
                             [{"line": 1, "matches": [ONE]}, {"line": 2, "matches": []}], matched.stderr)
            pathlib.Path(rule).write_text("title: x\ndetection:\n  sel:\n    a: 1\n  condition: sel | count() > 3\n")
            checked = subprocess.run([binary(), "rules", "check", rule], capture_output=True, text=True)
            self.assertEqual(checked.returncode, 1)
            self.assertRegex(checked.stdout, r"one\.yml:5:\d+: .*correlation")


if __name__ == "__main__":
    unittest.main()
