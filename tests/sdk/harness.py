# SPDX-License-Identifier: Apache-2.0
"""What the SDK's tests share: a small server that behaves as told, a compiler, an envelope reader.

The tests compile the SDK themselves, so that crash tests run without the sanitizers that a build
preset may add (their own signal handlers and stack layout would be tested instead of ours).
"""
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SDK = os.path.join(os.path.dirname(os.path.dirname(HERE)), "sdk")
SKIP = 77


def skip(why):
    print("skipped:", why)
    sys.exit(SKIP)


def compiler():
    return os.environ.get("TOCSIN_CC") or shutil.which("cc") or skip("no C compiler")


def sdk_object(cc, flags):
    """The SDK compiled once per compiler and flags, kept over test runs until a source changes."""
    folder = os.environ.get("TOCSIN_SDK_CACHE") or WORK
    os.makedirs(folder, exist_ok=True)
    key = hashlib.sha256(repr((cc, flags)).encode()).hexdigest()[:16]
    path = os.path.join(folder, "tocsin-%s.o" % key)
    sources = [os.path.join(SDK, name) for name in ("tocsin.c", "tocsin.h")]
    if not os.path.exists(path) or any(
            os.path.getmtime(s) > os.path.getmtime(path) for s in sources):
        fresh_path = "%s.%d" % (path, os.getpid())
        compile_or_fail([cc, "-std=c11", "-g", *flags, "-c", sources[0], "-o", fresh_path])
        os.replace(fresh_path, path)
    return path


def compile_or_fail(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(" ".join(command), done.stderr, sep="\n")
        sys.exit(1)


def build(out, sources, flags=(), cc=None, libs=()):
    """Compiles `sources` and the SDK into `out`; returns its path."""
    cc = cc or compiler()
    target = os.path.join(WORK, out)
    sdk = sdk_object(cc, [f for f in flags if not f.startswith("-Wl,") and f != "-rdynamic"])
    compile_or_fail([cc, "-std=gnu11", "-g", "-I", SDK, *flags,
                     *(os.path.join(HERE, s) for s in sources), sdk, "-o", target, "-pthread",
                     *libs])
    return target


class Envelope:
    """One body: `header` and `items`, a list of (type, payload)."""

    def __init__(self, body):
        lines = body.rstrip(b"\n").split(b"\n")
        self.body = body
        self.header = json.loads(lines[0])
        assert len(lines) % 2 == 1, "an item without payload"
        self.items = []
        for head, payload in zip(lines[1::2], lines[2::2]):
            self.items.append((json.loads(head)["type"], json.loads(payload)))

    def all(self, kind):
        return [payload for name, payload in self.items if name == kind]


class Server:
    """HTTP on an ephemeral port of the loopback. `answer(n, body)` gives (status, headers) for the
    n-th request, "hang" to never answer, "close" to hang up, or a number of seconds to wait."""

    def __init__(self, answer=lambda n, body: (200, {})):
        self.answer, self.requests, self.lock = answer, [], threading.Lock()
        self.connections, self.arrived = 0, []
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(128)
        self.port = self.socket.getsockname()[1]
        self.dsn = "http://0123456789abcdef0123456789abcdef@127.0.0.1:%d/7" % self.port
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        data = b""
        try:
            while True:
                while b"\r\n\r\n" not in data:
                    more = connection.recv(65536)
                    if not more:
                        return
                    data += more
                head, _, data = data.partition(b"\r\n\r\n")
                fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
                length = int(fields[b"Content-Length"])
                assert b"sentry_key=0123456789abcdef0123456789abcdef" in fields[b"X-Sentry-Auth"]
                assert head.startswith(b"POST /api/7/envelope/ HTTP/1.1"), head
                while len(data) < length:
                    more = connection.recv(65536)
                    if not more:
                        return
                    data += more
                body, data = data[:length], data[length:]
                with self.lock:
                    self.requests.append(body)
                    self.arrived.append(time.monotonic())
                    n = len(self.requests)
                said = self.answer(n, body)
                if said == "hang":
                    time.sleep(3600)
                if said == "close":
                    connection.close()
                    return
                status, headers = said
                reply = "HTTP/1.1 %d X\r\n" % status
                for name, value in headers.items():
                    reply += "%s: %s\r\n" % (name, value)
                connection.sendall((reply + "Content-Length: 2\r\n\r\n{}").encode())
        except OSError:
            pass

    def close(self):
        self.socket.close()

    def envelopes(self):
        with self.lock:
            return [Envelope(body) for body in self.requests]

    def events(self):
        return [e for envelope in self.envelopes() for e in envelope.all("event")]

    def sessions(self):
        return [e for envelope in self.envelopes() for e in envelope.all("session")]

    def lost(self):
        """Sums of all client reports by (reason, category)."""
        total = {}
        for envelope in self.envelopes():
            for report in envelope.all("client_report"):
                for line in report["discarded_events"]:
                    key = (line["reason"], line["category"])
                    total[key] = total.get(key, 0) + line["quantity"]
        return total


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def dsn(port):
    return "http://0123456789abcdef0123456789abcdef@127.0.0.1:%d/7" % port


def spooled(folder):
    """Waiting files as envelopes: reading one that is torn fails the test."""
    result = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".envelope"):
            with open(os.path.join(folder, name), "rb") as f:
                result.append(Envelope(f.read()))
    return result


def run(*command, timeout=120, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True,
                          timeout=timeout, **more)


def fresh(name):
    path = os.path.join(WORK, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def main(tests):
    """Runs the tests whose name is given, or all; a failing assert is a failing test."""
    wanted = sys.argv[1:] or list(tests)
    for name in wanted:
        started = time.monotonic()
        tests[name]()
        print("ok %-34s %6.2f s" % (name, time.monotonic() - started), flush=True)


WORK = tempfile.mkdtemp(prefix="tocsin-sdk-")


def clean_up():
    if not os.environ.get("TOCSIN_KEEP"):
        shutil.rmtree(WORK, ignore_errors=True)


import atexit  # noqa: E402

atexit.register(clean_up)
