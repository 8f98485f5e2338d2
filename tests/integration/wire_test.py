#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every endpoint, and what becomes of what is sent: outcomes, duplicates, origins, filters, limits."""
import base64
import http.client
import json
import re
import subprocess
import struct
import time
import unittest

from tocsin import Tocsin, binary, envelope, error, event_id

BODY_BYTES_MAX = 12 << 20    # BODY_WIRE_BYTES_MAX of ingest/base/limits.h


def minidump(code=11, address=0x401234, name="/usr/bin/shop"):
    """As Breakpad writes it on Linux: an exception in one module."""
    text = name.encode("utf-16-le")
    exception = struct.pack("<IIIIQQ", 1, 0, code, 0, 0, address).ljust(168, b"\0")
    system = struct.pack("<HHHBBIIIIII", 9, 0, 0, 1, 0, 6, 1, 0, 0x8201, 0, 0).ljust(56, b"\0")
    at = 32 + 3 * 12
    modules_at = at + len(exception) + len(system)
    module = struct.pack("<QIIII", 0x400000, 0x10000, 0, 0, modules_at + 4 + 108).ljust(108, b"\0")
    modules = struct.pack("<I", 1) + module
    head = b"MDMP" + struct.pack("<IIIIIQ", 0xa793, 3, 32, 0, 0, 0)
    rows = struct.pack("<III", 6, len(exception), at) + struct.pack("<III", 7, len(system), at + len(exception)) \
        + struct.pack("<III", 4, len(modules), modules_at)
    return head + rows + exception + system + modules + struct.pack("<I", len(text)) + text + b"\0\0"


def form(parts):
    body = b""
    for name, filename, content in parts:
        file = f'; filename="{filename}"' if filename else ""
        body += f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
    return body + b"--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b"}


class Wire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Tocsin().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def project(self, name):
        """A project of its own; gives (id, key)."""
        dsn = self.change("add", name).strip()
        key, project = re.search(r"//([0-9a-f]{32})@.*/(\d+)$", dsn).groups()
        return int(project), key

    def tocsin(self, *args):
        done = subprocess.run([binary(), *args, "--data", self.server.data], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def change(self, *args):
        """Changes a project, and waits until the server has read it."""
        def generation():
            return self.server.metrics()["tocsin_snapshot_generation"]
        before = generation()
        printed = self.tocsin("project", *args)
        self.server.wait(lambda: generation() > before, "the change", 60)
        return printed

    def outcomes(self, project):
        status, answer = self.server.api(f"/api/0/projects/tocsin/{project}/outcomes/?hours=2")
        self.assertEqual(status, 200, answer)
        return {(group["by"]["outcome"], group["by"]["category"], group["by"]["reason"]): group["totals"]["sum(quantity)"]
                for group in answer["groups"]}

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def expect_outcomes(self, project, expected):
        try:
            self.server.wait(lambda: self.outcomes(project) == expected, "the outcomes", 10)
        except AssertionError:
            self.assertEqual(self.outcomes(project), expected)

    # -- endpoints ----------------------------------------------------------------------------
    def test_reports_of_browsers(self):
        project, key = self.project("reports")
        url = f"/api/{project}/{{}}/?sentry_key={key}&sentry_release=shop%401&sentry_environment=prod"
        csp = {"csp-report": {"document-uri": "https://shop.example/", "blocked-uri": "https://evil.example/x.js",
                              "effective-directive": "script-src-elem"}}
        status, _, body = self.request("POST", url.format("security"), json.dumps(csp),
                                       {"Content-Type": "application/csp-report; charset=utf-8"})
        self.assertEqual((status, body), (200, b""))
        several = [{"type": "csp-violation", "age": 5, "url": "https://shop.example/", "body": {
            "effectiveDirective": "img-src", "blockedURL": "https://evil.example/a.png"}},
            {"type": "deprecation", "body": {}},
            {"type": "csp-violation", "body": {"effectiveDirective": "font-src", "blockedURL": "data"}}]
        for route, reports in (("csp-report", several),
                               ("nel", [{"type": "network-error", "url": "https://shop.example/", "body": {
                                   "type": "tcp.reset", "phase": "connection"}}])):
            status, _, body = self.request("POST", url.format(route), json.dumps(reports),
                                           {"Content-Type": "application/reports+json"})
            self.assertEqual(status, 200, body)
        for kind in ("expect-ct-report", "expect-staple-report"):
            status, _, body = self.request("POST", url.format("security"), json.dumps({kind: {"hostname": "shop.example"}}),
                                           {"Content-Type": "application/" + ("json" if "ct" in kind else kind)})
            self.assertEqual(status, 200, body)
        self.assertEqual(self.request("POST", url.format("security"), "x", {"Content-Type": "text/html"})[0], 415)
        self.assertEqual(self.request("POST", url.format("security"), "x", {"Content-Type": "application/json"})[0], 400)
        self.server.wait(lambda: len(self.server.issues(project)) == 6, "six issues")
        issues = {issue["title"]: issue for issue in self.server.issues(project)}
        self.assertIn("Blocked 'script' from 'evil.example'", issues)
        self.assertIn("Network error tcp.reset at shop.example", issues)
        for issue in issues.values():
            status, event = self.server.api(f"/api/0/issues/{issue['id']}/events/latest/")
            self.assertEqual((status, event.get("title")), (200, issue["title"]), "also those behind the first")
        self.expect_outcomes(project, {("accepted", "security", ""): 6, ("invalid", "security", "unknown_type"): 1,
                                       ("invalid", "security", "unsupported"): 1,
                                       ("invalid", "security", "malformed"): 1})

    def test_minidumps(self):
        project, key = self.project("dumps")
        body, headers = form([("sentry", "", b'{"release":"shop@7"}'), ("upload_file_minidump", "a.dmp", minidump()),
                              ("some_file", "log.txt", b"the log")])
        for slash in ("", "/"):
            status, _, answer = self.request("POST", f"/prefix/api/{project}/minidump{slash}?sentry_key={key}", body, headers)
            self.assertEqual(status, 200, answer)
            self.assertRegex(answer.decode(), "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        self.server.wait(lambda: self.server.issues(project), "the issue")
        issue, = self.server.issues(project)
        self.assertEqual((issue["title"], issue["level"]), ("SIGSEGV: crash in shop", "fatal"))
        self.server.wait(lambda: self.server.issues(project)[0]["count"] == "2", "both")
        self.expect_outcomes(project, {("accepted", "error", ""): 2, ("accepted", "attachment", ""): 4})
        body, headers = form([("upload_file_minidump", "a.dmp", b"no dump")])
        self.assertEqual(self.request("POST", f"/api/{project}/minidump/?sentry_key={key}", body, headers)[0], 400)

    def test_minidumps_of_ten_megabytes_are_taken_and_larger_bodies_are_not(self):
        project, key = self.project("large")
        path = f"/api/{project}/minidump/?sentry_key={key}"
        body, headers = form([("upload_file_minidump", "a.dmp", minidump() + bytes(10_000_000))])
        self.assertEqual(self.request("POST", path, body, headers)[0], 200)
        for size, expected in ((BODY_BYTES_MAX, 200), (BODY_BYTES_MAX + 1, 413)):
            body, headers = form([("upload_file_minidump", "a.dmp", minidump())])
            body += bytes(size - len(body))    # what follows the last part is passed over
            self.assertEqual(self.request("POST", path, body, headers)[0], expected, size)
        self.expect_outcomes(project, {("accepted", "error", ""): 2, ("accepted", "attachment", ""): 2})

    def test_check_ins_attachments_and_the_pixel(self):
        project, key = self.project("others")
        for method, path, body in (("GET", f"cron/nightly/{key}/?status=ok&duration=1.5", None),
                                   ("POST", f"cron/nightly/{key}", b'{"status":"in_progress"}'),
                                   ("POST", f"cron/nightly/?sentry_key={key}", b'{"status":"error"}')):
            status, _, answer = self.request(method, f"/api/{project}/{path}", body)
            self.assertEqual((status, answer), (202, b""), path)
        self.assertEqual(self.request("GET", f"/api/{project}/cron/nightly/{key}/?status=what")[0], 400)
        self.assertEqual(self.request("GET", f"/api/{project}/cron/nightly/{key}/?status=ok&sentry_key={key}")[0], 401)
        body, headers = form([("log", "log.txt", b"text"), ("core", "core", bytes(1000))])
        path = f"/api/{project}/events/{event_id()}/attachments/?sentry_key={key}"
        self.assertEqual(self.request("POST", path, body, headers)[0], 201)
        data = base64.b64encode(json.dumps(error("pixel")).encode()).decode()
        status, fields, answer = self.request("GET", f"/api/{project}/store/?sentry_key={key}&sentry_version=4&sentry_data="
                                              + data.replace("=", "%3D").replace("+", "%2B"))
        self.assertEqual((status, fields["content-type"], answer[:6]), (200, "image/gif", b"GIF89a"))
        status, _, answer = self.request("POST", f"/api/store/?sentry_key={key}", json.dumps(error("of 2012")))
        self.assertEqual(status, 200, answer)
        self.expect_outcomes(project, {("accepted", "monitor", ""): 3, ("invalid", "monitor", "malformed"): 1,
                                       ("accepted", "attachment", ""): 2, ("accepted", "error", ""): 2})

    def test_cors(self):
        path = f"/api/1/envelope/?sentry_key={self.server.key()}"
        status, fields, _ = self.request("OPTIONS", path, headers={"Origin": "https://a.example"})
        self.assertEqual(status, 200)
        self.assertEqual(fields["access-control-allow-origin"], "*")
        self.assertEqual(fields["access-control-allow-methods"], "POST")
        self.assertEqual(fields["access-control-max-age"], "3600")
        self.assertEqual(set(fields["access-control-allow-headers"].split(", ")), {
            "x-sentry-auth", "x-requested-with", "x-forwarded-for", "origin", "referer", "accept", "content-type",
            "authentication", "authorization", "content-encoding", "transfer-encoding"})
        for answer in (self.request("POST", path, envelope(error())), self.request("POST", path, b"x")):
            self.assertEqual(set(answer[1]["access-control-expose-headers"].split(", ")),
                             {"x-sentry-error", "x-sentry-rate-limits", "retry-after"})
        project, key = self.project("origins")
        self.change("set", "origins", "origins", '["*.shop.example"]')
        path = f"/api/{project}/envelope/?sentry_key={key}"
        evil = {"Origin": "https://evil.example"}
        self.assertEqual(self.request("POST", path, envelope(error()), evil)[0], 403)
        for headers in ({"Origin": "https://www.shop.example"}, {}, {"Referer": "https://shop.example/cart"}):
            self.assertEqual(self.request("POST", path, envelope(error()), headers)[0], 200, headers)

    # -- what becomes of it -------------------------------------------------------------------
    def test_everything_has_an_outcome(self):
        project, key = self.project("fates")
        event = error("twice")
        items = b"".join(json.dumps(head).encode() + b"\n" + body + b"\n" for head, body in (
            ({"type": "event"}, json.dumps(event).encode()),
            ({"type": "attachment", "length": 3}, b"abc"),
            ({"type": "session"}, b'{"sid":"a","started":1,"attrs":{"release":"1"}}'),
            ({"type": "sessions"}, b'{"aggregates":[{"exited":4,"errored":1}],"attrs":{"release":"1"}}'),
            ({"type": "session"}, b'{"no":"start"}'),
            ({"type": "log", "item_count": 2}, b'{"items":[{},{}]}'),
            ({"type": "span", "item_count": 2}, b'{"items":[{}]}'),
            ({"type": "check_in"}, b'{"monitor_slug":"a","status":"ok"}'),
            ({"type": "user_report"}, b'{"comments":"bad"}'),
            ({"type": "client_report"}, b'{"discarded_events":[{"reason":"before_send","category":"error","quantity":3}]}'),
            ({"type": "unknown_thing"}, b"???")))
        body = json.dumps({"event_id": event["event_id"]}).encode() + b"\n" + items
        path = f"/api/{project}/envelope/?sentry_key={key}"
        for _ in range(2):
            self.assertEqual(self.request("POST", path, body)[0], 200)
        for _ in range(5):
            self.assertEqual(self.request("POST", path, b"no envelope")[0], 400)
        self.expect_outcomes(project, {
            ("accepted", "error", ""): 1, ("duplicate", "error", ""): 1, ("accepted", "attachment", ""): 2,
            ("accepted", "session", ""): 12, ("invalid", "session", "malformed"): 2, ("accepted", "log_item", ""): 4,
            ("invalid", "span", "malformed"): 2, ("accepted", "monitor", ""): 2, ("accepted", "feedback", ""): 2,
            ("client_discard", "error", "before_send"): 6, ("invalid", "default", "unknown_type"): 2,
            ("invalid", "error", "malformed"): 5})
        self.assertEqual(self.server.issues(project)[0]["count"], "1")
        self.assertIn("before_send", self.tocsin("outcomes", "fates", "--hours", "2"))
        self.assertGreaterEqual(self.server.metrics()['tocsin_outcomes_total{outcome="duplicate",category="error"}'], 1)

    def test_filters(self):
        project, key = self.project("filters")
        path = f"/api/{project}/envelope/?sentry_key={key}"
        self.assertEqual(self.request("POST", path, envelope(error("before", release="1-beta")))[0], 200)
        self.change("set", "filters", "filters",
                    '{"releases":["*-beta"],"messages":["*ResizeObserver*"],"crawlers":true}')

        self.assertEqual(self.request("POST", path, envelope(error("x", release="2-beta")))[0], 200)
        self.request("POST", path, envelope(error("ResizeObserver loop limit exceeded")))
        self.request("POST", path, envelope(error("x")), {"User-Agent": "Googlebot/2.1"})
        self.server.wait(lambda: {reason for fate, _, reason in self.outcomes(project) if fate == "filtered"} == {
            "release-version", "error-message", "web-crawlers"}, "the reasons")

    def test_limits(self):
        project, key = self.project("limits")
        path = f"/api/{project}/envelope/?sentry_key={key}"
        self.change("set", "limits", "limits", '[{"name":"few","categories":["error"],"count":3,"seconds":3600}]')
        answers = [self.request("POST", path, envelope(error(f"number {i}"))) for i in range(6)]
        self.assertEqual([status for status, _, _ in answers], [200] * 3 + [429] * 3)
        self.assertNotIn("x-sentry-rate-limits", answers[0][1])
        for status, fields, _ in answers[2:]:
            self.assertRegex(fields["x-sentry-rate-limits"], r"^\d+:error:project:few$", "on 200 as well as 429")
            if status == 429:
                self.assertRegex(fields["retry-after"], r"^\d+$")
                self.assertLessEqual(abs(int(fields["retry-after"]) - 1200), 5)
        mixed = envelope(error("mixed")) + b'{"type":"session"}\n{"sid":"a","started":1,"attrs":{"release":"1"}}'
        self.assertEqual(self.request("POST", path, mixed)[0], 429, "the rest is taken all the same")
        report = b'{}\n{"type":"client_report"}\n{"discarded_events":[]}'
        self.assertEqual(self.request("POST", path, report)[0], 200)
        self.expect_outcomes(project, {("accepted", "error", ""): 3, ("rate_limited", "error", "few"): 4,
                                       ("accepted", "session", ""): 1})
        self.change("set", "limits", "limits", '[{"name":"crons","categories":["monitor"],"count":1,"seconds":3600}]')
        for _ in range(3):
            self.assertEqual(self.request("GET", f"/api/{project}/cron/a/{key}/?status=ok")[0], 202, "never 429")
        self.assertEqual(self.request("POST", path, envelope(error()))[0], 200)


if __name__ == "__main__":
    unittest.main()
