#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real SDKs, unmodified: one issue, exact counts, one alert; and one more when it comes back."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from tocsin import ROOT, Receiver, Tocsin, config_with

PYTHON = """
import sys, sentry_sdk
def work(n):
    raise RuntimeError("order %d of user %d failed" % (n, n * 7))
sentry_sdk.init(sys.argv[1], release="shop@1.0", environment="production")
for n in range(int(sys.argv[2])):
    try:
        work(n)
    except RuntimeError:
        sentry_sdk.capture_exception()
    if n % 50 == 49:
        sentry_sdk.flush(10)   # its queue holds 100
sentry_sdk.flush(30)
"""

NODE = """
const Sentry = require('@sentry/node');
function work(n) { throw new Error(`order ${n} of user ${n * 7} failed`); }
Sentry.init({dsn: process.argv[2], release: 'shop@1.0', environment: 'production', integrations: (all) => all.filter((i) => i.name !== 'Dedupe')});
(async () => {
  await new Promise(setImmediate);   // so that all errors have the same callers
  for (let n = 0; n < Number(process.argv[3]); n++) {
    try { work(n); } catch (error) { Sentry.captureException(error); }
    if (n % 20 === 19) await Sentry.flush(10000);   // its buffer holds 64
  }
  await Sentry.flush(30000);
  process.exit(0);
})();
"""


class Clients(unittest.TestCase):
    def drive(self, name, run):
        with tempfile.TemporaryDirectory() as folder, Receiver() as receiver:
            with Tocsin("--config", config_with(receiver.url, folder)) as server:
                before = time.time() - 1
                run(server.dsn, 1000)
                server.wait(lambda: server.issues() and server.issues()[0]["count"] == "1000",
                            f"1000 events of {name}, have {server.issues()}", 60)
                issues = server.issues()
                self.assertEqual(len(issues), 1, issues)
                issue = issues[0]
                self.assertIn("Error: order", issue["title"])
                stamp = "%Y-%m-%dT%H:%M:%S"
                first = time.mktime(time.strptime(issue["firstSeen"][:19], stamp)) - time.timezone
                last = time.mktime(time.strptime(issue["lastSeen"][:19], stamp)) - time.timezone
                self.assertTrue(before - 1 <= first <= last <= time.time() + 1, issue)
                server.wait(lambda: receiver.alerts(), "the alert")
                time.sleep(2)
                self.assertEqual(len(receiver.alerts()), 1, receiver.alerts())

                status, _ = server.api(f"/api/0/issues/{issue['id']}/", "PUT", {"status": "resolved"})
                self.assertEqual(status, 200)
                self.assertEqual(server.issues(query="?query=is:unresolved"), [])
                server.wait(lambda: receiver.alerts("resolved"), "the resolution")
                run(server.dsn, 3)
                server.wait(lambda: len(receiver.alerts()) == 2, f"the regression, have {receiver.alerts()}")
                time.sleep(2)
                self.assertEqual(len(receiver.alerts()), 2, receiver.alerts())
                self.assertNotEqual(receiver.alerts()[0]["labels"]["alertname"],
                                    receiver.alerts()[1]["labels"]["alertname"])
                again = server.issues()[0]
                self.assertEqual((again["id"], again["count"], again["status"]), (issue["id"], "1003", "unresolved"))

    def test_python(self):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "program.py")
            program.write_text(PYTHON)
            self.drive("python", lambda dsn, count: subprocess.run(
                [sys.executable, program, dsn, str(count)], check=True, timeout=300))

    def test_node(self):
        packages = ROOT / "tests/integration/node"
        work = pathlib.Path(os.environ.get("TOCSIN_NODE_WORK", ROOT / "build/node"))
        if not (work / "node_modules/@sentry/node").exists():
            work.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(packages / name, work / name)
            subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=work,
                           check=True, timeout=300)
        program = work / "program.js"
        program.write_text(NODE)
        self.drive("node", lambda dsn, count: subprocess.run(
            ["node", program, dsn, str(count)], check=True, timeout=300, cwd=work))


if __name__ == "__main__":
    unittest.main()
