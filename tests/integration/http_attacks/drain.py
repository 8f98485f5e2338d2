#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stopping under load: what is in flight finishes, the idle are told, the stubborn are cut, the process ends.
usage: drain.py HTTP_ECHO"""
import http.client
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clients import check, connect, failures, start  # noqa: E402
from wire import (CONTINUATION, END_HEADERS, END_STREAM, GOAWAY, GET, HEADERS, frame, frames, get,  # noqa: E402
                  hello, path, read_all)

LAST = b"\x82\x86" + path(b"/last")
NEVER = b"\x82\x86" + path(b"/never")
HEAD = b" HTTP/1.1\r\nhost: x\r\n\r\n"


def ends_within(server, seconds, claim):
    try:
        code = server.wait(seconds)
    except subprocess.TimeoutExpired:
        server.kill()
        code = "still running"
    check(f"{claim}: ends within {seconds} s", code == 0, code)


def arrived(port, http1, http2):
    """Waits until the server has so many requests: what is in flight is then in flight for it too."""
    for asked in range(1, 1000):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/counters", headers={"connection": "close"})
        told = dict(line.split() for line in connection.getresponse().read().decode().splitlines())
        connection.close()
        if int(told["requests_http1"]) - asked >= http1 and int(told["requests_http2"]) >= http2:
            return
        time.sleep(0.01)
    raise TimeoutError(f"the server has {told}")


def until_goaways(sock, count):
    got = bytearray()
    sock.settimeout(10)
    while sum(kind == GOAWAY for kind, _, _, _ in frames(bytes(got))) < count:
        more = sock.recv(65536)
        if not more:
            raise ConnectionError(f"closed before GOAWAY number {count}")
        got += more


def polite(echo):
    server, port = start(echo)
    idle, later, later_h2 = connect(port), connect(port), connect(port)
    idle.sendall(b"GET /" + HEAD)
    idle.recv(4096)
    later.sendall(b"GET /last" + HEAD)
    later_h2.sendall(hello() + get(1, END_STREAM | END_HEADERS, LAST))
    arrived(port, 2, 1)
    server.terminate()
    got, closed = read_all(idle, 10)
    check("an idle HTTP/1 connection is closed", got == b"" and closed, got)
    got, closed = read_all(later, 10)
    check("an HTTP/1 request in flight is answered", b"last" in got and b"onnection: close" in got and closed, got)
    got, closed = read_all(later_h2, 10)
    kinds = [kind for kind, _, _, _ in frames(got)]
    check("an HTTP/2 request in flight is answered, with GOAWAY", HEADERS in kinds and GOAWAY in kinds and closed,
          kinds)
    ends_within(server, 20, "polite clients")


def stubborn(echo):
    server, port = start(echo)
    socks = [connect(port) for _ in range(3)]
    socks[0].sendall(b"GET /never" + HEAD)
    socks[1].sendall(hello() + get(1, END_STREAM | END_HEADERS, NEVER))
    socks[2].sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nx")
    arrived(port, 1, 1)
    server.terminate()
    got, _ = read_all(socks[0], 10)
    check("at the deadline the client is told 503", b" 503 " in got, got)
    ends_within(server, 20, "clients that never end")


def stuck_continuation(echo):
    """libh2o would decode the CONTINUATION of a stream opened before its GOAWAY for ever."""
    server, port = start(echo)
    sock = connect(port)
    sock.sendall(hello() + get(1, END_STREAM | END_HEADERS, NEVER) + frame(HEADERS, END_STREAM, 3, GET))
    arrived(port, 0, 1)
    server.terminate()
    until_goaways(sock, 2)
    sock.sendall(frame(CONTINUATION, END_HEADERS, 3, b""))
    _, closed = read_all(sock, 10)
    check("a CONTINUATION after GOAWAY ends the connection", closed)
    ends_within(server, 20, "a CONTINUATION after GOAWAY")


def main(echo):
    polite(echo)
    stubborn(echo)
    stuck_continuation(echo)
    return 1 if failures_now() else 0


def failures_now():
    import clients
    return clients.failures


if __name__ == "__main__":
    assert failures == 0
    sys.exit(main(sys.argv[1]))
