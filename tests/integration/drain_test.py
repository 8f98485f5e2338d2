#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIGTERM under load: what is in flight is answered, everybody is told to go, the process ends with 0 before
its deadline, and every event answered 200 is counted once after the next start."""
import http.client
import pathlib
import signal
import socket
import sys
import threading
import time
import unittest

from tocsin import Tocsin, envelope, error

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "http_attacks"))
from wire import (DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, frame, frames, get, hello,  # noqa: E402
                  path, read_all)

DRAIN_S = 10
STATUS_200 = 0x88  # the first byte of the answer's fields, by the static table


class Ledger:
    """What was sent and what became of it; any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.accepted, self.unanswered, self.wrong = set(), set(), []

    def note(self, event, status):
        with self.lock:
            if status == 200:
                self.accepted.add(event["event_id"])
            elif status is None or status == 503:
                self.unanswered.add(event["event_id"])
            else:
                self.wrong.append(status)


def by_http1(server, url, ledger):
    """One event after the other until the server closes the connection and takes no new one."""
    try:
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            connection.connect()
            while connection.sock:
                event = error("loaded")
                try:
                    connection.request("POST", url, envelope(event))
                    answer = connection.getresponse()
                    answer.read()
                except (http.client.HTTPException, ConnectionError):
                    ledger.note(event, None)
                    connection.close()
                    break
                ledger.note(event, answer.status)
    except ConnectionError:
        pass


def by_http2(server, url, ledger):
    """Ten at a time on one connection until GOAWAY, then what is out is waited for."""
    fields = b"\x83\x86" + path(url.encode())
    sock = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    sock.sendall(hello())
    stream, out, buffer, is_told = 1, {}, b"", False
    while not is_told or out:
        asks = b""
        while len(out) < 10 and not is_told:
            event = error("loaded")
            asks += get(stream, END_HEADERS, fields) + frame(DATA, END_STREAM, stream, envelope(event))
            out[stream] = event
            stream += 2
        try:
            sock.sendall(asks)
            more = sock.recv(65536)
        except OSError:
            more = b""
        if not more:
            break
        buffer += more
        size = 0
        for kind, _, number, payload in frames(buffer):
            size += 9 + len(payload)
            is_told = is_told or kind == GOAWAY
            if kind == HEADERS:
                ledger.note(out.pop(number), 200 if payload[0] == STATUS_200 else -1)
        buffer = buffer[size:]
    for event in out.values():
        ledger.note(event, None)
    if not is_told:
        ledger.wrong.append("an HTTP/2 connection ended without GOAWAY")
    sock.close()


def begin(server, opening, body):
    """A request whose last byte is still to come."""
    sock = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    sock.sendall(opening + body[:-1])
    return sock


class Drain(unittest.TestCase):
    def test_under_load(self):
        ledger = Ledger()
        with Tocsin("--drain", str(DRAIN_S)) as server:
            url = f"/api/1/envelope/?sentry_key={server.key()}"
            threads = [threading.Thread(target=kind, args=(server, url, ledger))
                       for kind in (by_http1, by_http1, by_http1, by_http2, by_http2)]
            for thread in threads:
                thread.start()
            idle = socket.create_connection(("127.0.0.1", server.port), timeout=20)
            slow = error("loaded")
            body = envelope(slow)
            upload = begin(server, f"POST {url} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n".encode(),
                           body)
            slow_too = error("loaded")
            body_too = envelope(slow_too)
            upload_too = begin(server, hello() + get(1, END_HEADERS, b"\x83\x86" + path(url.encode())) +
                               frame(DATA, 0, 1, body_too[:-1]), b"x")
            time.sleep(1)
            self.assertGreater(len(ledger.accepted), 20)
            told_at = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(idle.recv(1), b"", "an idle connection is closed")
            upload.sendall(body[-1:])
            got, closed = read_all(upload, 10)
            self.assertTrue(got.startswith(b"HTTP/1.1 200 ") and closed, got)
            self.assertIn(b"connection: close", got.lower())
            ledger.note(slow, 200)
            upload_too.sendall(frame(DATA, END_STREAM, 1, body_too[-1:]))
            got, closed = read_all(upload_too, 10)
            seen = [(kind, payload[:1]) for kind, _, _, payload in frames(got)]
            self.assertIn((HEADERS, bytes([STATUS_200])), seen)
            self.assertIn(GOAWAY, [kind for kind, _ in seen])
            self.assertTrue(closed)
            ledger.note(slow_too, 200)
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - told_at, DRAIN_S)
            for thread in threads:
                thread.join()
            for sock in (idle, upload, upload_too):
                sock.close()
            self.assertEqual(ledger.wrong, [])
            server.output.clear()
            server.start()
            self.check(server, ledger)

    def check(self, server, ledger):
        server.wait(lambda: server.metrics()["tocsin_committer_lag_records"] == 0, "the committer")
        counted = int(server.issues()[0]["count"])
        print(f"{len(ledger.accepted)} answered 200, {len(ledger.unanswered)} not answered, {counted} counted")
        self.assertEqual(len(server.issues()), 1)
        self.assertGreaterEqual(counted, len(ledger.accepted))
        self.assertLessEqual(counted, len(ledger.accepted) + len(ledger.unanswered))
        for event in list(ledger.accepted)[:500]:
            status, answer = server.api(f"/api/0/projects/tocsin/1/events/{event}/")
            self.assertEqual(status, 200, (event, answer))

    def test_an_upload_that_never_ends_does_not_keep_it(self):
        with Tocsin("--drain", "4") as server:
            sock = begin(server, b"POST /api/1/envelope/ HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n", b"xx")
            time.sleep(0.2)
            told_at = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - told_at, 4 + 10, "its deadline, and what a busy machine adds")
            sock.close()


if __name__ == "__main__":
    unittest.main()
