#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attacks an HTTP server of ours while a good client measures it.

  run.py ATTACK... --server PROGRAM [ARGUMENT...]     starts PROGRAM (http_echo), which prints "port N"
  run.py ATTACK... --port N --pid PID                 a server that runs, such as the daemon

ATTACK is a name of attacks.py, or `all`. ATTACK_SECONDS (default 2) is how long each goes on, with
ATTACKERS (default 4) processes. Afterwards the server must be alive, its memory bounded, and the good
client's median below 5 ms. The machine may be busy with other things: next to each request the good client
asks a bare echo process too, and when that is slow (and only then) five times its median is allowed. For a
running server, --lifetime is how long it lets a slow client live."""
import argparse
import multiprocessing
import os
import re
import socket
import statistics
import subprocess
import sys
import time
import http.client

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import attacks  # noqa: E402


class Target:
    def __init__(self, arguments):
        self.host, self.port, self.pid = "127.0.0.1", arguments.port, arguments.pid
        self.lifetime, self.source = arguments.lifetime, "127.0.0.2"


def memory_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def echo(end):
    while end.recv(1):
        end.send(b"x")


class Probe:
    """A good client: one small POST every 5 ms on a connection it keeps."""

    def __init__(self, target, method, path):
        self.target, self.method, self.path = target, method, path
        self.times, self.peak, self.connection = [], 0.0, None
        self.bare_times = []
        self.bare, end = socket.socketpair()
        multiprocessing.Process(target=echo, args=(end,), daemon=True).start()

    def ask_bare(self):
        start = time.monotonic()
        self.bare.send(b"x")
        self.bare.recv(1)
        self.bare_times.append((time.monotonic() - start) * 1000)

    def ask(self):
        start = time.monotonic()
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.target.host, self.target.port, timeout=5)
        try:
            self.connection.request(self.method, self.path, b"x" * 200 if self.method == "POST" else None)
            self.connection.getresponse().read()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection = None  # closed between requests: allowed, and asked again
            return
        self.times.append((time.monotonic() - start) * 1000)

    def watch(self, processes, least):
        end = time.monotonic() + least
        while time.monotonic() < end or any(p.is_alive() for p in processes):
            self.ask()
            self.ask_bare()
            self.peak = max(self.peak, memory_mb(self.target.pid))
            time.sleep(0.005)


def attacker(name, target, seconds, number, wrong):
    os.nice(19)  # their work is not what is measured
    target.source = f"127.0.1.{number + 1}"
    said = attacks.ALL[name](target, time.monotonic() + seconds)
    if said:
        wrong.put(said)


def run(name, target, arguments):
    seconds = float(os.environ.get("ATTACK_SECONDS", "2"))
    before = memory_mb(target.pid)
    wrong = multiprocessing.SimpleQueue()
    processes = [multiprocessing.Process(target=attacker, args=(name, target, seconds, i, wrong))
                 for i in range(int(os.environ.get("ATTACKERS", "4")))]
    probe = Probe(target, arguments.method, arguments.path)
    probe.ask()
    for process in processes:
        process.start()
    problems = []
    try:
        probe.watch(processes, 0.5)
    except (OSError, http.client.HTTPException) as error:
        problems.append(f"the good client: {error!r}")
    for process in processes:
        process.join()
        if process.exitcode != 0:
            problems.append("an attacker broke")
    while not wrong.empty():
        problems.append(wrong.get())
    times = sorted(probe.times) or [float("inf")]
    median, last = statistics.median(times), times[-1]
    bare = statistics.median(probe.bare_times or [0])
    growth = probe.peak - before
    if median > max(arguments.median_ms, 5 * bare):
        problems.append(f"median of {median:.1f} ms")
    if growth > arguments.growth_mb:
        problems.append(f"memory grew by {growth:.0f} MB")
    print(f"{name}: median {median:.2f} ms (bare {bare:.2f}), max {last:.0f} ms, {len(times)} requests, "
          f"memory {before:.0f} MB + {growth:.0f} MB" + "".join(f"\n  FAILED: {p}" for p in problems))
    return not problems


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("attack", nargs="+")
    parser.add_argument("--server", nargs=argparse.REMAINDER)
    parser.add_argument("--port", type=int)
    parser.add_argument("--pid", type=int)
    parser.add_argument("--method", default="POST")
    parser.add_argument("--path", default="/")
    parser.add_argument("--lifetime", type=float, default=9.0)
    parser.add_argument("--median-ms", type=float, default=5.0)
    parser.add_argument("--growth-mb", type=float, default=300.0)
    arguments = parser.parse_args()
    server = None
    if arguments.server:
        # Freed memory would be kept in quarantine and look like growth.
        environment = dict(os.environ, ASAN_OPTIONS="quarantine_size_mb=4:detect_leaks=1")
        server = subprocess.Popen(arguments.server, stdout=subprocess.PIPE, text=True, env=environment)
        arguments.port = int(server.stdout.readline().split()[1])
        arguments.pid = server.pid
    names = list(attacks.ALL) if arguments.attack == ["all"] else arguments.attack
    target = Target(arguments)
    fine = all([run(name, target, arguments) for name in names])
    if server:
        if server.poll() is not None:
            print(f"FAILED: the server ended with {server.returncode}")
            return 1
        server.terminate()
        if server.wait(20) != 0:
            print(f"FAILED: the server ended with {server.returncode} when told to")
            return 1
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
