#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What may be sent, how, and what is refused."""
import base64
import gzip
import json
import os
import re
import socket
import subprocess
import tempfile
import unittest
import zlib

from tocsin import Tocsin, envelope, error, event_id, free_port


def curl(*args, data=None):
    done = subprocess.run(["curl", "-sS", "-m", "20", "-w", "\n%{http_code} %{http_version}", *args],
                          input=data, capture_output=True)
    body, _, status = done.stdout.rpartition(b"\n")
    return (*status.decode().split(), body, done.stderr.decode())


class Intake(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Tocsin().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def url(self, what="envelope", project=1, query=True):
        key = f"?sentry_key={self.server.key()}" if query else ""
        return f"http://127.0.0.1:{self.server.port}/api/{project}/{what}/{key}"

    def counted(self, event):
        """The event as the API shows it, once it is counted."""
        path = f"/api/0/projects/tocsin/1/events/{event['event_id']}/"
        self.server.wait(lambda: self.server.api(path)[0] == 200, "the event")
        return self.server.api(path)[1]

    def test_http_versions(self):
        """What was negotiated is what curl says it spoke; h2c by Upgrade is not offered, and not needed."""
        for option, version in (("--http2-prior-knowledge", "2"), ("--http1.1", "1.1"), ("--http1.0", "1.1"),
                                ("--http2", "1.1")):
            event = error(f"by {option}")
            status, spoken, body, why = curl(option, "--data-binary", "@-", self.url(), data=envelope(event))
            self.assertEqual((status, spoken), ("200", version), (option, why))
            self.assertEqual(json.loads(body), {"id": event["event_id"]})
            self.assertEqual(self.counted(event)["eventID"], event["event_id"])

    def test_expect_100_continue(self):
        """Told to go on at once over HTTP/1.1. libh2o says nothing over HTTP/2, where clients go on by
        themselves: curl after the time given here."""
        event = error("x" * 8000, extra={"blob": "y" * 600000})
        for option, version, patience in (("--http1.1", "1.1", "15"), ("--http2-prior-knowledge", "2", "0.2")):
            event["event_id"] = event_id()
            status, spoken, _, why = curl("-v", option, "-H", "Expect: 100-continue", "--expect100-timeout",
                                          patience, "--data-binary", "@-", self.url(), data=envelope(event))
            self.assertEqual((status, spoken), ("200", version), why[-500:])
            self.assertEqual("100 Continue" in why, version == "1.1", why[-500:])
            self.counted(event)

    def test_chunked_bodies(self):
        for option in ("--http1.1", "--http2-prior-knowledge"):
            event = error(f"in chunks {option}")
            status, _, body, why = curl(option, "-X", "POST", "-T", "-", "-H", "Transfer-Encoding: chunked",
                                        self.url(), data=gzip.compress(envelope(event)))
            self.assertEqual(status, "400", "gzip that is not said to be gzip")
            status, _, body, why = curl(option, "-X", "POST", "-T", "-", "-H", "Transfer-Encoding: chunked", "-H",
                                        "Content-Encoding: gzip", self.url(), data=gzip.compress(envelope(event)))
            self.assertEqual((status, json.loads(body)), ("200", {"id": event["event_id"]}), why)
            self.counted(event)
        event = error("in chunks of one byte")
        chunks = b"".join(b"1;name=value\r\n%c\r\n" % byte for byte in envelope(event))
        answers = self.raw(b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                           % self.path() + chunks + b"0\r\nx-trailer: y\r\n\r\n")
        self.assertTrue(answers.startswith(b"HTTP/1.1 200 "), answers)
        self.counted(event)

    def test_pipelining(self):
        """Twenty at once, one of them refused: answered in their order."""
        events = [error(f"piped {i}") for i in range(20)]
        asks = []
        for i, event in enumerate(events):
            body = envelope(event) if i != 7 else b"not an envelope"
            end = b"Connection: close\r\n" if i == 19 else b""
            asks.append(b"POST %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s" %
                        (self.path(), end, len(body), body))
        answers = self.raw(b"".join(asks))
        seen = re.findall(rb"HTTP/1.1 (\d+) |\{\"id\":\"([0-9a-f]{32})\"\}", answers)
        self.assertEqual([status for status, _ in seen if status], [b"200"] * 7 + [b"400"] + [b"200"] * 12)
        self.assertEqual([found.decode() for _, found in seen if found],
                         [event["event_id"] for i, event in enumerate(events) if i != 7])
        self.counted(events[19])

    def test_a_path_prefix(self):
        """A DSN may have a path: https://key@host/errors/1."""
        for prefix in ("/errors", "/a/b/c", "/api/1"):
            event = error(f"under {prefix}")
            status, _, body = self.server.post(f"{prefix}/api/1/envelope/?sentry_key={self.server.key()}",
                                               envelope(event))
            self.assertEqual((status, json.loads(body)), (200, {"id": event["event_id"]}), prefix)
            self.counted(event)
        self.assertEqual(self.server.post("/errors/healthz", b"")[0], 404)

    def path(self):
        return f"/api/1/envelope/?sentry_key={self.server.key()}".encode()

    def raw(self, text):
        """Bytes there, all that comes back until the end."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as sock:
            sock.sendall(text)
            return b"".join(iter(lambda: sock.recv(65536), b""))

    def test_codings(self):
        import brotli
        for coding, pack in (("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress),
                             ("identity", bytes), ("", bytes), ("deflate", lambda b: zlib.compress(b)[2:-4])):
            event = error(f"packed {coding}")
            status, _, body = self.server.post(f"/api/1/envelope/?sentry_key={self.server.key()}",
                                               pack(envelope(event)), {"Content-Encoding": coding})
            self.assertEqual(status, 200, (coding, body))
            self.counted(event)
        zstd = subprocess.run(["zstd", "-c"], input=envelope(error()), capture_output=True) \
            if os.path.exists("/usr/bin/zstd") else None
        if zstd:
            status, _, body = self.server.post(f"/api/1/envelope/?sentry_key={self.server.key()}", zstd.stdout,
                                               {"Content-Encoding": "zstd"})
            self.assertEqual(status, 200, body)

    def test_keys_in_every_place(self):
        key = self.server.key()
        places = [
            ("", {"X-Sentry-Auth": f"Sentry sentry_key={key}, sentry_version=7"}, {}),
            ("", {"Authorization": f"Sentry sentry_version=7,sentry_key={key}"}, {}),
            (f"?sentry_version=7&sentry_key={key}", {}, {}),
            ("", {}, {"dsn": self.server.dsn}),
        ]
        for query, headers, head in places:
            event = error("keyed")
            status, _, body = self.server.post(f"/api/1/envelope/{query}", envelope(event, head), headers)
            self.assertEqual(status, 200, (query, headers, head, body))
            self.counted(event)

    def test_store(self):
        key = self.server.key()
        for pack in (bytes, base64.b64encode, lambda b: base64.b64encode(zlib.compress(b))):
            event = error("stored")
            status, _, body = self.server.post(f"/api/1/store/?sentry_key={key}", pack(json.dumps(event).encode()))
            self.assertEqual((status, json.loads(body)), (200, {"id": event["event_id"]}))
            self.counted(event)

    def test_an_id_is_made_when_none_is_sent(self):
        body = b'{}\n{"type":"event"}\n{"message":"nameless"}'
        status, _, answer = self.server.post(f"/api/1/envelope/?sentry_key={self.server.key()}", body)
        self.assertEqual(status, 200)
        self.assertRegex(json.loads(answer)["id"], "^[0-9a-f]{32}$")

    def test_envelopes_without_an_event_are_kept_too(self):
        status, _, answer = self.server.post(f"/api/1/envelope/?sentry_key={self.server.key()}",
                                             b'{}\n{"type":"session"}\n{"sid":"x"}\n{"type":"new_thing"}\nabc')
        self.assertEqual((status, answer), (200, b"{}"))

    def test_refusals(self):
        key, good = self.server.key(), envelope(error())
        cases = [
            (401, "/api/1/envelope/", good, {}),
            (403, f"/api/1/envelope/?sentry_key={'0' * 32}", good, {}),
            (403, f"/api/99/envelope/?sentry_key={key}", good, {}),
            (401, f"/api/1/envelope/?sentry_key={key}", good, {"X-Sentry-Auth": f"Sentry sentry_key={key}"}),
            (400, f"/api/1/envelope/?sentry_key={key}&sentry_version=8", good, {}),
            (400, f"/api/1/envelope/?sentry_key={key}", b"", {}),
            (400, f"/api/1/envelope/?sentry_key={key}", b"not json", {}),
            (400, f"/api/1/envelope/?sentry_key={key}", b'{}\n{"type":"event","length":99}\n{}', {}),
            (400, f"/api/1/envelope/?sentry_key={key}", b'{}\n{"type":"event"}\n{"message":}', {}),
            (400, f"/api/1/envelope/?sentry_key={key}", b"\x1f\x8b broken", {"Content-Encoding": "gzip"}),
            (400, f"/api/1/store/?sentry_key={key}", b"[1]", {}),
            (404, "/api/1/nothing/", good, {}),
            (413, f"/api/1/store/?sentry_key={key}", b'{"message":"' + b"x" * (1 << 20) + b'"}', {}),
        ]
        for expected, path, body, headers in cases:
            status, fields, answer = self.server.post(path, body, headers)
            self.assertEqual(status, expected, (path, body[:40], answer))
            answer = json.loads(answer)
            self.assertTrue(answer["detail"], path)
            self.assertIsInstance(answer["causes"], list)
            fields = {name.lower(): value for name, value in fields.items()}
            self.assertIn("x-sentry-error", fields)
            self.assertEqual(fields["access-control-allow-origin"], "*")
        status, _, answer = self.server.post(f"/api/1/envelope/?sentry_key={key}",
                                             b'{}\n{"type":"event"}\n{"message":}')
        self.assertIn("at byte 32", json.loads(answer)["causes"][0], "where the JSON goes wrong")

    def test_a_bomb_costs_its_cap(self):
        before = self.rss()
        bomb = gzip.compress(b"\0" * (1 << 30), 1)
        for _ in range(3):
            status, _, answer = self.server.post(f"/api/1/envelope/?sentry_key={self.server.key()}", bomb,
                                                 {"Content-Encoding": "gzip"})
            self.assertEqual(status, 413, answer)
        self.assertLess(self.rss() - before, 200 << 20)

    def rss(self):
        with open(f"/proc/{self.server.server_pid()}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmRSS"))

    def test_api_asks_for_its_token(self):
        for path in ("/api/0/projects/", "/api/0/projects/tocsin/1/issues/", "/api/0/issues/1/"):
            self.assertEqual(self.server.api(path, token=False)[0], 401)
        self.assertEqual(self.server.api("/api/0/nothing")[0], 404)
        self.assertEqual(self.server.api("/api/0/issues/999999/")[0], 404)
        self.assertEqual(self.server.api("/api/0/projects/tocsin/nobody/issues/")[0], 404)
        self.assertEqual(self.server.api("/api/0/issues/1/", "DELETE")[0], 405)
        self.assertEqual(self.server.api(f"/api/0/projects/tocsin/1/events/{event_id()}/")[0], 404)
        self.assertEqual(self.server.api("/api/0/projects/tocsin/1/issues/?query=level:error")[0], 400)


class Tls(unittest.TestCase):
    def test_alpn(self):
        with tempfile.TemporaryDirectory() as folder:
            cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext",
                            "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
            server = Tocsin("--tls-cert", cert, "--tls-key", key, start=False)
            server.start(ready=0)
            try:
                ready = ["curl", "-sf", "--cacert", cert, f"https://127.0.0.1:{server.api_port}/readyz"]
                server.wait(lambda: subprocess.run(ready, capture_output=True).returncode == 0, "readiness")
                server.wait(lambda: any("@" in line for line in server.output), "the DSN")
                self.assertTrue(server.dsn.startswith("https://"))
                url = f"https://127.0.0.1:{server.port}/api/1/envelope/?sentry_key={server.key()}"
                for option, version in (("--http2", "2"), ("--http1.1", "1.1")):
                    status, spoken, body, why = curl("--cacert", cert, option, "--data-binary", "@-", url,
                                                     data=envelope(error()))
                    self.assertEqual((status, spoken), ("200", version), why)
                status, spoken, _, _ = curl("--cacert", cert, "--http2", f"https://127.0.0.1:{server.api_port}/healthz")
                self.assertEqual((status, spoken), ("200", "1.1"), "the API speaks HTTP/1.1 alone")
            finally:
                server.stop()


if __name__ == "__main__":
    unittest.main()
