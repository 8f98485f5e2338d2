#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secrets: where they are found afterwards, and what a kill -9 changes about it."""
import json
import os
import pathlib
import tempfile
import unittest

from tocsin import Tocsin, error

SECRET = b"hunter2hunter2"
CARD = b"4111111111111111"


def secret_event():
    return error(message=f"payment with {CARD.decode()} failed, password={SECRET.decode()}",
                 extra={"db_password": SECRET.decode()}, user={"id": 7, "ip_address": "192.0.2.44"},
                 request={"method": "POST", "url": f"https://u:{SECRET.decode()}@shop.example/pay",
                          "headers": {"Authorization": SECRET.decode(), "Accept": "*/*"}})


def files_with(data, secret):
    """Names of the files below `data` that hold `secret`."""
    return sorted({path.parts[len(pathlib.Path(data).parts)] for path in pathlib.Path(data).rglob("*")
                   if path.is_file() and secret in path.read_bytes()})


def config(folder, text):
    path = os.path.join(folder, "tocsin.yml")
    pathlib.Path(path).write_text(text)
    return path


class Secrets(unittest.TestCase):
    def shown(self, server):
        issue = server.wait(server.issues, "the issue")[0]
        status, event = server.api(f"/api/0/issues/{issue['id']}/events/latest/")
        self.assertEqual(status, 200, event)
        return issue, event

    def check_shown(self, issue, event):
        text = json.dumps([issue, event])
        self.assertNotIn(SECRET.decode(), text)
        self.assertNotIn(CARD.decode(), text)
        self.assertEqual(event["context"]["db_password"], "[Filtered]")
        self.assertEqual(event["_meta"]["context"]["db_password"][""]["rem"], [["@password:filter", "s", 0, 10]])
        self.assertIn("payment with [Filtered] failed", issue["title"])

    def test_only_the_journal_has_what_was_sent(self):
        with Tocsin() as server:
            self.assertEqual(server.send(secret_event())[0], 200)
            self.check_shown(*self.shown(server))
            self.assertEqual(files_with(server.data, SECRET), ["journal"])

    def test_nor_has_the_journal_when_it_is_scrubbed_and_a_kill_changes_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            path = config(folder, "journal: {scrub: true}\nscrub: {ip_addresses: true}\n")
            with Tocsin("--config", path) as server:
                self.assertEqual(server.send(secret_event())[0], 200)
                issue, event = self.shown(server)
                self.check_shown(issue, event)
                self.assertIsNone(event["user"]["ip_address"])
                server.kill()
                server.start()
                again, same = self.shown(server)
                self.assertEqual((issue["id"], issue["count"], issue["title"]),
                                 (again["id"], again["count"], again["title"]))
                self.assertEqual(event, same)
                for secret in (SECRET, CARD, b"192.0.2.44"):
                    self.assertEqual(files_with(server.data, secret), [])

    def test_scrubbing_splits_no_issue(self):
        with tempfile.TemporaryDirectory() as folder:
            path = config(folder, "{}\n")
            with Tocsin("--config", path) as server:
                self.assertEqual(server.send(secret_event())[0], 200)
                server.wait(server.issues, "the issue")
                config(folder, "scrub: {fields: [message]}\njournal: {scrub: true}\n")
                server.stop()
                server.start()
                self.assertEqual(server.send(secret_event())[0], 200)
                server.wait(lambda: server.issues()[0]["count"] == "2", "the second event")
                self.assertEqual(len(server.issues()), 1)

    def test_a_wrong_setting_is_told_with_its_place(self):
        with tempfile.TemporaryDirectory() as folder:
            path = config(folder, "scrub:\n  felds: [a]\n")
            server = Tocsin("--config", path, start=False)
            server.start(ready=0)
            server.process.wait(30)
            self.assertEqual(server.stop(expect=78), 78)
            self.assertIn("tocsin.yml:2:", "\n".join(server.output))


if __name__ == "__main__":
    unittest.main(verbosity=2)
