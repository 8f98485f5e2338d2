#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Grouping in the running server: rules of a project, explanations, and issues that people merge."""
import json
import pathlib
import signal
import subprocess
import tempfile
import unittest
import uuid

from tocsin import Tocsin, binary, error


def command(server, *words):
    return subprocess.run([binary(), *words, "--data", server.data], capture_output=True, text=True, timeout=60)


class Grouping(unittest.TestCase):
    def test_merge_and_unmerge_stick(self):
        with Tocsin() as server:
            for text, count in (("first", 2), ("second", 3)):
                for _ in range(count):
                    self.assertEqual(server.send(error(text, type_=text.title()))[0], 200)
            issues = server.wait(lambda: len(server.issues()) == 2 and sum(int(i["count"]) for i in server.issues()) == 5
                                 and {i["title"].split(":")[0]: i["id"] for i in server.issues()}, "two issues")
            one, two = issues["First"], issues["Second"]
            done = command(server, "merge", one, two)
            self.assertEqual((done.returncode, done.stdout), (0, f"issue {one} is one with {two}\n"), done.stderr)
            self.assertEqual([(i["id"], i["count"]) for i in server.issues()], [(one, "5")])

            server.send(error("second", type_="Second"))
            server.wait(lambda: server.issues()[0]["count"] == "6", "the event of the part")
            server.kill()
            server.start()
            self.assertEqual([(i["id"], i["count"]) for i in server.issues()], [(one, "6")])

            status, hashes = server.api(f"/api/0/issues/{one}/hashes/")
            part = next(h["id"] for h in hashes if h["merged"])
            self.assertEqual((status, server.api(f"/api/0/issues/{one}/hashes/?id={part}", "DELETE")), (200, (200, {"id": two})))
            self.assertEqual({i["id"]: i["count"] for i in server.issues()}, {one: "2", two: "4"})

    def test_rules_of_a_project_are_reloaded_and_explained(self):
        with tempfile.TemporaryDirectory() as folder:
            rules, config = pathlib.Path(folder, "shop.fp"), pathlib.Path(folder, "t.yml")
            rules.write_text("type:Boom -> booms\n")
            config.write_text("grouping:\n  - fingerprint_rules: shop.fp\n")
            with Tocsin("--config", str(config)) as server:
                event = dict(error("one", type_="Boom"), event_id=uuid.uuid4().hex)
                server.send(event)
                server.wait(server.issues, "an issue")
                done = command(server, "group", "--explain", "--event", f"1/{event['event_id']}")
                self.assertIn("set by the rule type:Boom -> booms", done.stdout, done.stderr)

                rules.write_text('type:Boom -> booms title="All the booms"\ntypo:X -> y\n')
                done = subprocess.run([binary(), "check-config", str(config)], capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 78)
                self.assertIn("shop.fp:2:1: no key 'typo'", done.stderr)

                rules.write_text('type:Boom -> booms title="All the booms"\n')
                server.process.send_signal(signal.SIGHUP)
                def is_told():
                    server.send(error("two", type_="Boom"))
                    return [i["title"] for i in server.issues()] == ["All the booms"]
                server.wait(is_told, "the new title")


if __name__ == "__main__":
    unittest.main()
