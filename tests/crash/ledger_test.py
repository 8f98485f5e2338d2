#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A 2xx means kept: kills a process again and again under load and compares a ledger with Redis.

usage: ledger_test.py --victim daemon|server|redis [--kills 50] [--seed N]

The ledger holds every event that was sent: answered 200, refused, or unknown (the connection died
before an answer). At the end each event answered 200 must be counted exactly once, each refused one
not at all, and an unknown one at most once: for those the server is asked by id.
"""
import argparse
import http.client
import os
import pathlib
import random
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from tocsin import Tocsin, error  # noqa: E402

SENDERS = 4
KINDS = 5  # issues


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.answered, self.unknown, self.refused = [], [], []

    def note(self, where, entry):
        with self.lock:
            where.append(entry)


def send_forever(server, key, ledger, stop, seed):
    dice = random.Random(seed)
    connection = None
    while not stop.is_set():
        kind = dice.randrange(KINDS)
        event = error(f"attempt {dice.random()}", type_=f"Kind{kind}Error", function=f"kind_{kind}")
        entry = (event["event_id"], kind)
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            status = server.send(event, connection=connection, key=key)[0]
            ledger.note(ledger.answered if status == 200 else ledger.refused, entry)
        except ConnectionRefusedError:
            connection = None  # never sent
            time.sleep(0.02)
        except (OSError, http.client.HTTPException):
            connection = None
            ledger.note(ledger.unknown, entry)


def kill_one(server, victim):
    if victim == "daemon":
        server.kill()
        time.sleep(random.random() * 0.2)
        server.start(ready=60)
        return
    find = server.server_pid if victim == "server" else server.redis_pid
    pid = server.wait(find, victim)
    os.kill(pid, signal.SIGKILL)
    server.wait(lambda: find() not in (None, pid), f"a new {victim}")


def counts(server):
    return {issue["title"].split("Error")[0]: int(issue["count"]) for issue in server.issues(query="?limit=100")}


def is_counted(server, event_id):
    return server.api(f"/api/0/projects/tocsin/1/events/{event_id}/")[0] == 200


def settle(server):
    """Until the committer has nothing left to do."""
    def done():
        if not server.is_ready():
            return False
        metrics = server.metrics()
        return metrics["tocsin_redis_connected"] == 1 and metrics["tocsin_committer_lag_records"] == 0
    server.wait(done, "the committer", 120)


def verdict(server, ledger):
    settle(server)
    counted_unknown = [entry for entry in ledger.unknown if is_counted(server, entry[0])]
    expected = {f"Kind{kind}": 0 for kind in range(KINDS)}
    for _, kind in ledger.answered + counted_unknown:
        expected[f"Kind{kind}"] += 1
    have = counts(server)
    missing = [entry for entry in random.sample(ledger.answered, min(15000, len(ledger.answered)))
               if not is_counted(server, entry[0])]
    print(f"answered {len(ledger.answered)}, unknown {len(ledger.unknown)} ({len(counted_unknown)} counted), "
          f"refused {len(ledger.refused)}")
    print("expected", expected)
    print("counted ", {name: have.get(name, 0) for name in expected})
    if missing or {name: have.get(name, 0) for name in expected} != expected:
        print("\n".join(server.output[-60:]))
        print({name: value for name, value in server.metrics().items() if "journal" in name or "committer" in name or "duplic" in name})
        if os.environ.get("KEEP"):
            import shutil
            server.stop()
            shutil.copytree(server.data, os.environ["KEEP"])
    assert not missing, f"answered 200 and not found: {missing[:5]}"
    assert {name: have.get(name, 0) for name in expected} == expected, "counts differ"
    assert not [entry for entry in ledger.refused if is_counted(server, entry[0])], "refused and counted"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--victim", choices=("daemon", "server", "redis"), required=True)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options = options.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}")
    with Tocsin() as server:
        ledger, stop, key = Ledger(), threading.Event(), server.key()
        senders = [threading.Thread(target=send_forever, args=(server, key, ledger, stop, options.seed + i))
                   for i in range(SENDERS)]
        for sender in senders:
            sender.start()
        for kill in range(options.kills):
            time.sleep(0.1 + random.random() * 0.6)
            before = len(ledger.answered)
            kill_one(server, options.victim)
            server.wait(lambda: len(ledger.answered) > before, "an answer after a kill", 60)
            if kill % 10 == 9:
                print(f"{kill + 1} kills, {len(ledger.answered)} answered", flush=True)
        time.sleep(1)
        stop.set()
        for sender in senders:
            sender.join()
        verdict(server, ledger)
    print("1 passed, 0 failed")


if __name__ == "__main__":
    main()
