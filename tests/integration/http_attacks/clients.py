#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Good clients must not be hurt: curl over every protocol, nghttp, h2load, a client that cancels, one that
pings. usage: clients.py HTTP_ECHO"""
import http.client
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import (DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, POST, RST, frame,  # noqa: E402
                  frames, get, hello, read_all)

failures = 0


def check(claim, holds, seen=""):
    global failures
    if not holds:
        failures += 1
        print(f"FAILED: {claim}: {str(seen)[-500:]}")
    else:
        print(f"ok: {claim}")


def out(*command, timeout=60):
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    return done.stdout + done.stderr


def start(*arguments):
    server = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    return server, int(server.stdout.readline().split()[1])


def stop(server):
    server.terminate()
    check("the server ends by itself when told to", server.wait(20) == 0, server.returncode)


def connect(port):
    sock = socket.create_connection(("127.0.0.1", port), timeout=5)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def curl(place, port):
    body = os.path.join(place, "body")
    with open(body, "wb") as file:
        file.write(b"x" * 3000000)
    say = ("-s", "-S", "-w", " %{http_code} %{http_version}\n")
    url = f"http://127.0.0.1:{port}/"
    for protocol, version in (("--http1.1", "1.1"), ("--http2-prior-knowledge", "2"), ("--http2", "1.1")):
        got = out("curl", *say, protocol, url, "--data-binary", "hello")
        check(f"curl {protocol}", f"5\n 200 {version}" in got, got)
        got = out("curl", *say, protocol, url, "--data-binary", f"@{body}")
        check(f"curl {protocol}, 3 MB", f"3000000\n 200 {version}" in got, got)
        got = out("curl", *say, protocol, url, "-T", body, "-H", "transfer-encoding: chunked", "-X", "POST")
        check(f"curl {protocol}, 3 MB of chunks", f"3000000\n 200 {version}" in got, got)
        got = out("curl", *say, protocol, url + "later")
        check(f"curl {protocol}, answered later", f"later\n 200 {version}" in got, got)
        got = out("curl", "-I", "-s", protocol, url)
        check(f"curl {protocol}, HEAD", re.search(r"content-length: 2\b", got, re.I) and "h2o" not in got, got)
    got = out("curl", *say, url, "-H", "expect: 100-continue", "--expect100-timeout", "5", "--data-binary",
              f"@{body}", "-v")
    check("curl, Expect: 100-continue", "100 Continue" in got and "3000000\n 200" in got, got)
    too_large(place, say, url)


def too_large(place, say, url):
    body = os.path.join(place, "large")
    with open(body, "wb") as file:
        file.write(b"x" * (8 << 20) + b"y" * 100000)
    for protocol in ("--http1.1", "--http2-prior-knowledge"):
        got = out("curl", *say, protocol, url, "--data-binary", f"@{body}")
        check(f"curl {protocol}, 413 as JSON", '{"detail":' in got and " 413 " in got, got)
        got = out("curl", *say, protocol, url, "-T", body, "-X", "POST", "-H", "transfer-encoding: chunked")
        check(f"curl {protocol}, 413 for chunks", '{"detail":' in got and " 413 " in got, got)
    got = out("curl", *say, protocol, url, "-H", "x: " + "y" * 9000)
    check("curl, 431 for a long field", " 431 " in got, got)
    got = out("curl", *say, "--http1.1", url + "y" * 9000)
    check("curl, 414 for a long path", " 414 " in got, got)


def curl_tls(place, echo):
    key, certificate = os.path.join(place, "key.pem"), os.path.join(place, "certificate.pem")
    out("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
        "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate)
    server, port = start(echo, "--tls", certificate, key)
    url = f"https://localhost:{port}/"
    say = ("-s", "-S", "-w", " %{http_code} %{http_version}\n", "--cacert", certificate, "--data-binary", "hello")
    for protocol, version in (("--http2", "2"), ("--http1.1", "1.1"), ("--no-alpn", "1.1")):
        for tls in ("--tls-max 1.2", "--tlsv1.3"):
            got = out("curl", *say, protocol, *tls.split(), url)
            check(f"curl over TLS {protocol} {tls}", f"5\n 200 {version}" in got, got)
    got = out("curl", *say, "--tls-max", "1.1", "--ciphers", "ALL:@SECLEVEL=0", url)
    check("TLS 1.1 is refused", " 000 " in got, got)
    got = out("h2load", "-n", "2000", "-c", "4", "-m", "20", url)
    check("h2load over TLS", "2000 succeeded, 0 failed" in got, got)
    stop(server)


def tools(port):
    url = f"http://127.0.0.1:{port}/"
    got = out("nghttp", "-v", "-m", "5", url)
    check("nghttp", got.count(":status: 200") == 5, got)
    for extra in (["-m", "1"], ["-m", "100"], ["-m", "10", "-w", "14"], ["-m", "10", "--h1"]):
        got = out("h2load", "-n", "20000", "-c", "8", *extra, url)
        check("h2load " + " ".join(extra), "20000 succeeded, 0 failed" in got, got)


def sends_all_first(port):
    """Most clients write the whole body before they read; a reset would eat the answer."""
    told = 0
    for _ in range(5):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", "/", b"x" * (9 << 20))
        told += connection.getresponse().status == 413
    check("a client that reads only after a too large body learns of the 413", told == 5, told)


def fill(sock, buffer):
    more = sock.recv(65536)
    if not more:
        raise ConnectionError("closed by the server")
    buffer += more


def cancels(port):
    """One of ten requests is cancelled before its answer, some of them in the middle of the body."""
    sock = connect(port)
    sock.sendall(hello())
    ended, buffer, stream = 0, bytearray(), 1
    for _ in range(200):
        batch = b""
        for i in range(10):
            batch += get(stream, END_HEADERS, POST) + frame(DATA, 0 if i == 9 else END_STREAM, stream, b"x" * 100)
            if i == 9:
                batch += frame(RST, 0, stream, struct.pack(">I", 8))
            stream += 2
        sock.sendall(batch)
        want = ended + 9
        while ended < want:
            fill(sock, buffer)
            size = 0
            for kind, flags, _, payload in frames(bytes(buffer)):
                size += 9 + len(payload)
                ended += kind == DATA and flags & END_STREAM == END_STREAM
                if kind == GOAWAY:
                    raise ConnectionError("GOAWAY")
            del buffer[:size]
    check("a client that cancels every tenth request", ended == 1800, ended)
    sock.close()


def pings(port):
    """Node's habit, five times as often; and an acknowledgement for each."""
    sock = connect(port)
    sock.sendall(hello())
    for i in range(500):
        sock.sendall(frame(PING, 0, 0, b"%08d" % i))
        time.sleep(0.001)
    got, closed = read_all(sock, 0.5)
    acks = sum(kind == PING for kind, _, _, _ in frames(got))
    check("a client that pings every millisecond", acks == 500 and not closed, acks)
    sock.sendall(frame(0x42, 1, 7, b"grease") + get(1))
    got, closed = read_all(sock, 0.5)
    answered = any(kind == HEADERS for kind, _, _, _ in frames(got))
    check("unknown frames are ignored", answered and not closed, got)
    sock.close()


def main(echo):
    place = tempfile.mkdtemp()
    try:
        server, port = start(echo)
        curl(place, port)
        sends_all_first(port)
        tools(port)
        cancels(port)
        pings(port)
        stop(server)
        curl_tls(place, echo)
        server, port = start(echo, "--http1")
        got = out("curl", "-s", "-S", "--http2-prior-knowledge", f"http://127.0.0.1:{port}/")
        check("HTTP/2 that is not offered is not spoken", "curl:" in got, got)
        stop(server)
    finally:
        shutil.rmtree(place)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
