#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attacks an HTTP server of ours while a good client measures it.

  run.py ATTACK... --server PROGRAM [ARGUMENT...]     starts PROGRAM (http_echo), which prints "port N"
  run.py ATTACK... --port N --pid PID                 a server that runs, such as the daemon

ATTACK is a name of attacks.py, or `all`. ATTACK_SECONDS (default 2) is how long each goes on, with
ATTACKERS (default 4) processes. Afterwards the server must be alive, its memory bounded, and the good client
served: its median, in the best third of the attack, at most RATIO times what it is without the attack. What
the machine does besides shows in both: without the attack is before and after it, whichever is slower, or
what a bare echo process takes meanwhile; and when it is too slow the attack is tried again, twice at most,
for a build next door is no attack. With ATTACK_MEDIAN_MS (a quiet machine, please) the median of all the
attack must be below so many milliseconds at once. For a running server, --lifetime is how long it lets a slow
client live."""
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
import wire  # noqa: E402


# Unguarded, libh2o makes the good client wait 50 to 5000 times as long. Below LEAST_MS nobody waits.
RATIO = 25
LEAST_MS = 1.0


class Target:
    """Who is attacked; `get` and `post` are header blocks of requests it answers, `body` what goes with post."""

    def __init__(self, port, pid, lifetime):
        self.host, self.port, self.pid = "127.0.0.1", port, pid
        self.lifetime, self.source = lifetime, "127.0.0.2"
        self.get, self.post, self.body = wire.GET, wire.POST, b"x" * 100


def memory_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def echo(end):
    while end.recv(1):
        end.send(b"x")


class Probe:
    """A good client: one small POST every 5 ms on a connection it keeps; `ask` may be replaced."""

    def __init__(self, target, method, path):
        self.target, self.method, self.path = target, method, path
        self.peak, self.connection = 0.0, None
        self.bare, end = socket.socketpair()
        multiprocessing.Process(target=echo, args=(end,), daemon=True).start()
        end.close()

    def close(self):
        self.bare.close()
        if self.connection:
            self.connection.close()

    def ask_bare(self):
        self.bare.send(b"x")
        self.bare.recv(1)

    def ask(self):
        self.exchange(b"x" * 200 if self.method == "POST" else None)

    def exchange(self, body):
        """One request, once more on a new connection when the old one was closed between two: that is
        allowed. Gives status and body of the answer."""
        for attempt in range(2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.target.host, self.target.port, timeout=5)
            try:
                self.connection.request(self.method, self.path, body)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection = None
                if attempt == 1:
                    raise

    def watch(self, goes_on):
        """Asks while goes_on(). Gives (at, milliseconds, milliseconds of the bare echo) of each."""
        rows = []
        while goes_on() or not rows:
            start = time.monotonic()
            self.ask()
            middle = time.monotonic()
            self.ask_bare()
            rows.append((start, (middle - start) * 1000, (time.monotonic() - middle) * 1000))
            self.peak = max(self.peak, memory_mb(self.target.pid))
            time.sleep(0.005)
        return rows

    def watch_for(self, seconds):
        end = time.monotonic() + seconds
        return self.watch(lambda: time.monotonic() < end)


def median(rows, column=1):
    return statistics.median(row[column] for row in rows)


def best_third(rows):
    """The median of that third of the time in which it was lowest."""
    start, span = rows[0][0], (rows[-1][0] - rows[0][0]) / 3 or 1.0
    thirds = [[row for row in rows if start + i * span <= row[0] <= start + (i + 1) * span] for i in range(3)]
    return min(median(third) for third in thirds if third)


def attacker(name, target, seconds, number, wrong):
    os.nice(19)  # their work is not what is measured
    target.source = f"127.0.1.{number + 1}"
    said = attacks.ALL[name](target, time.monotonic() + seconds)
    if said:
        wrong.put(said)


def measure(name, target, probe):
    """Runs one attack while the probe asks. Gives what was measured and what went wrong."""
    seconds = float(os.environ.get("ATTACK_SECONDS", "2"))
    wrong = multiprocessing.SimpleQueue()
    processes = [multiprocessing.Process(target=attacker, args=(name, target, seconds, i, wrong))
                 for i in range(int(os.environ.get("ATTACKERS", "4")))]
    problems = []
    probe.peak = before_mb = memory_mb(target.pid)
    before = rows = after = [(0, float("inf"), 0)]
    try:
        before = probe.watch_for(0.5)
        for process in processes:
            process.start()
        end = time.monotonic() + 0.5
        rows = probe.watch(lambda: time.monotonic() < end or any(p.is_alive() for p in processes))
        after = probe.watch_for(0.5)
    except (OSError, http.client.HTTPException) as error:
        problems.append(f"the good client: {error!r}")
    for process in processes:
        if process.pid:
            process.join()
        if process.exitcode != 0:
            problems.append("an attacker broke")
    while not wrong.empty():
        problems.append(wrong.get())
    quiet, bare = max(median(before), median(after)), median(rows, 2)
    figures = {"median": median(rows), "best": best_third(rows), "quiet": quiet, "bare": bare,
               "max": max(row[1] for row in rows), "requests": len(rows), "mb": before_mb,
               "growth_mb": probe.peak - before_mb}
    figures["ratio"] = figures["best"] / max(quiet, bare, LEAST_MS)
    return figures, problems


def judge(figures):
    """What is wrong with the times alone: in milliseconds where the machine is quiet, else as a ratio."""
    limit = os.environ.get("ATTACK_MEDIAN_MS")
    if limit:
        return [f"median above {limit} ms"] if figures["median"] > float(limit) else []
    ratio = figures["ratio"]
    return [f"{ratio:.0f} times as slow as without the attack"] if ratio > RATIO else []


def attack(name, target, probe):
    """Measures, again when only the times were wrong. Gives the last figures and problems."""
    attempts = 1 if os.environ.get("ATTACK_MEDIAN_MS") else 3
    while True:
        attempts -= 1
        figures, problems = measure(name, target, probe)
        slow = judge(figures)
        if problems or not slow or attempts == 0:
            break
        print(f"{name}: {slow[0]}; tried again", flush=True)
    return figures, problems + slow


def say(name, figures, problems):
    print(f"{name}: median {figures['median']:.2f} ms (best third {figures['best']:.2f}, without the attack "
          f"{figures['quiet']:.2f}, bare echo {figures['bare']:.2f}), max {figures['max']:.0f} ms, "
          f"{figures['requests']} requests, memory {figures['mb']:.0f} MB + {figures['growth_mb']:.0f} MB" +
          "".join(f"\n  FAILED: {problem}" for problem in problems), flush=True)


def run(name, target, arguments):
    probe = Probe(target, arguments.method, arguments.path)
    figures, problems = attack(name, target, probe)
    if figures["growth_mb"] > arguments.growth_mb:
        problems.append(f"memory grew by {figures['growth_mb']:.0f} MB")
    say(name, figures, problems)
    probe.close()
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
    target = Target(arguments.port, arguments.pid, arguments.lifetime)
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
