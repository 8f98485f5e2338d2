#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recorded traffic of real, unmodified clients, replayed: nothing is answered with anything but success.

The recordings are not part of this repository: $TOCSIN_SHARED/corpus or ../shared/corpus, skipped without."""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from tocsin import ROOT, Tocsin

SHARED = pathlib.Path(os.environ.get("TOCSIN_SHARED", ROOT.parent / "shared"))
REPLAY = SHARED / "corpus" / "replay.py"
GROUPS = SHARED / "corpus" / "check_groups.py"


@unittest.skipUnless(REPLAY.exists(), "no recordings here")
class Corpus(unittest.TestCase):
    def replay(self, server, *more):
        with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as out:
            done = subprocess.run([sys.executable, str(REPLAY), f"http://127.0.0.1:{server.port}", "--project", "1",
                                   "--key", server.key(), "--out", out.name, "--preflight", *more],
                                  capture_output=True, text=True)
            return done, [json.loads(line) for line in out]

    def test_every_recorded_request_is_taken(self):
        with Tocsin() as server:
            done, answers = self.replay(server, "--fresh-ids", "--now")
            self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-2000:])
            self.assertGreater(len(answers), 600)
            statuses = collections.Counter(answer["status"] for answer in answers)
            self.assertEqual(set(statuses), {200}, statuses)
            for answer in answers:
                # (a report answers with nothing; a preflight as well)
                if answer["kind"] in ("event", "store", "transaction") and answer["event_id"]:
                    self.assertEqual(json.loads(answer["response"]), {"id": answer["event_id"]}, answer["file"])
            events = {answer["event_id"] for answer in answers if answer["kind"] == "event" and answer["event_id"]}
            path = "/api/0/projects/tocsin/1/events/{}/"
            server.wait(lambda: server.metrics()["tocsin_committer_lag_records"] == 0, "the commits")
            lost = [event for event in events if server.api(path.format(event))[0] != 200]
            self.assertEqual(lost, [], "answered 200, and not there")
            print(f"{len(answers)} requests {dict(statuses)}, {len(events)} events, "
                  f"{len(server.issues(query='?limit=100'))} issues on the first page", file=sys.stderr)

    def share_key(self, server, count):
        """Projects 1 to `count`, all opened by the first one's key: expectations are per client."""
        path = pathlib.Path(server.data, "projects.json")
        projects = [{"id": n, "slug": f"client-{n}", "keys": [server.key()]} for n in range(1, count + 1)]
        path.with_suffix(".new").write_text(json.dumps({"projects": projects}))
        path.with_suffix(".new").replace(path)
        server.wait(lambda: server.api(f"/api/0/projects/tocsin/{count}/issues/")[0] == 200, "the projects")

    def test_every_event_is_with_those_it_belongs_to(self):
        clients = len(list((SHARED / "corpus/requests").iterdir()))
        with Tocsin() as server, tempfile.TemporaryDirectory() as folder:
            self.share_key(server, clients)
            done, answers = self.replay(server, "--fresh-ids", "--now", "--project-per-client")
            self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-2000:])
            server.wait(lambda: server.metrics()["tocsin_committer_lag_records"] == 0, "the commits")
            said, found = pathlib.Path(folder, "said"), pathlib.Path(folder, "found")
            said.write_text("".join(json.dumps(answer) + "\n" for answer in answers))
            with found.open("w") as out:
                for answer in answers:
                    if answer["expect_group"] and answer["event_id"]:
                        path = f"/api/0/projects/tocsin/{answer['project']}/events/{answer['event_id']}/"
                        status, event = server.api(path)
                        self.assertEqual(status, 200, answer["file"])
                        print(json.dumps({"event_id": answer["event_id"], "group": event["groupID"]}), file=out)
            done = subprocess.run([sys.executable, str(GROUPS), str(said), str(found)], capture_output=True, text=True)
            print(done.stdout.splitlines()[-1], file=sys.stderr)
            self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
