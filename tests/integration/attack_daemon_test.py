#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The attacks of http_attacks/ against the real server, while a good client sends events.

After each attack: the server's process is the one it was, its memory is bounded, the good client was served
(http_attacks/run.py tells how that is judged), and in the end every event answered 200 is counted, once.
ATTACK_LONG=1: all attacks, longer, with connections held until their timeouts; minutes."""
import json
import os
import pathlib
import resource
import socket
import subprocess
import sys
import time
import unittest

from tocsin import Tocsin, binary, envelope, error

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "http_attacks"))
import run  # noqa: E402
import wire  # noqa: E402

IS_LONG = bool(os.environ.get("ATTACK_LONG"))
WORKERS = 2
PER_ADDRESS = 512  # CONNECTIONS_PER_ADDRESS_MAX, for each worker
REQUEST_TIMEOUT_S, IDLE_TIMEOUT_S = 60, 75  # limits.h

SHORT = ("window_abort", "hpack_bomb", "rapid_reset", "post_reset", "continuation_flood", "settings_flood",
         "ping_flood", "slow_crowd")
LONG = SHORT + ("made_you_reset", "missing_path", "unknown_frames", "control_flood", "partial_bodies",
                "partial_bodies_http1", "connection_flood", "endless_chunk_extension", "garbage", "slow", "unread")

# What memory may grow by. Header blocks, frames and streams of a connection are bounded at about 64 KB (two
# blocks of 16 KB, a read of 64 KB, 256 streams), and 4 attackers hold at most 1200 connections: 77 MB. Bodies
# have a budget for each worker (HTTP_SERVER_BODY_BYTES_MAX, 256 MB) in buffers that double as they grow.
GROWTH_MB = 100
BODIES_MB = WORKERS * 256 * 2
BODIES = ("partial_bodies", "partial_bodies_http1", "endless_chunk_extension")


class GoodClient(run.Probe):
    """Sends one event after the other; remembers the ids that were answered 200."""

    def __init__(self, server, target):
        super().__init__(target, "POST", f"/api/1/envelope/?sentry_key={server.key()}")
        self.accepted = set()

    def ask(self):
        event = error("sent by the good client")
        status, body = self.exchange(envelope(event))
        assert status == 200, (status, body)
        assert json.loads(body)["id"] == event["event_id"]
        self.accepted.add(event["event_id"])


def in_flood(server, source, count):
    """Opens that many connections from one address. Gives how many stay open."""
    socks = []
    for _ in range(count):
        sock = socket.socket()
        sock.bind((source, 0))
        sock.settimeout(5)
        sock.connect(("127.0.0.1", server.port))
        socks.append(sock)
        time.sleep(0.0007)  # below the rate that an address may connect at
    time.sleep(1)
    still_open = 0
    for sock in socks:
        sock.setblocking(False)
        try:
            still_open += sock.recv(1) != b""
        except BlockingIOError:
            still_open += 1
        except ConnectionResetError:
            pass
    return socks, still_open


class AttackDaemon(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Freed memory would be kept in quarantine and look like growth.
        os.environ["ASAN_OPTIONS"] = "quarantine_size_mb=4"
        os.environ.setdefault("ATTACK_SECONDS", "6" if IS_LONG else "1")
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 16384), most))
        cls.server = Tocsin("--workers", str(WORKERS)).__enter__()
        cls.pid = cls.server.server_pid()
        added = subprocess.run([binary(), "project", "add", "attacked", "--data", cls.server.data],
                               capture_output=True, text=True, check=True)
        key = added.stdout.split("//")[1].split("@")[0]
        cls.target = run.Target(cls.server.port, cls.pid, IDLE_TIMEOUT_S + 10)
        cls.target.get = b"\x82\x86" + wire.path(b"/healthz")
        cls.target.post = b"\x83\x86" + wire.path(b"/api/2/envelope/?sentry_key=" + key.encode())
        cls.target.body = envelope(error("sent by an attacker"))
        cls.client = GoodClient(cls.server, cls.target)
        cls.client.watch_for(0.5)  # what is allocated once is not growth

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        cls.server.__exit__()

    def still_well(self):
        self.assertEqual(self.server.server_pid(), self.pid, "the server was started again")
        self.assertEqual(self.server.post("/healthz", b"")[0], 405)

    def test_attacks(self):
        for name in LONG if IS_LONG else SHORT:
            with self.subTest(name):
                figures, problems = run.attack(name, self.target, self.client)
                run.say(name, figures, problems)
                self.still_well()
                self.assertLess(figures["growth_mb"], BODIES_MB if name in BODIES else GROWTH_MB)
                self.assertEqual(problems, [])

    def test_connections_of_one_address_are_capped(self):
        socks, still_open = in_flood(self.server, "127.0.3.1", WORKERS * PER_ADDRESS + 300)
        rows = self.client.watch_for(0.5)
        print(f"address_flood: {still_open} of {len(socks)} open, median {run.median(rows):.2f} ms", flush=True)
        self.assertGreaterEqual(still_open, PER_ADDRESS)
        self.assertLessEqual(still_open, WORKERS * PER_ADDRESS)
        self.assertGreater(self.server.metrics()["tocsin_http_refused_address_total"], 0)
        for sock in socks:
            sock.close()
        self.still_well()

    def test_z_every_200_is_counted_once(self):
        """Last, for all that was sent before."""
        expected = str(len(self.client.accepted))
        self.server.wait(lambda: self.server.metrics()["tocsin_committer_lag_records"] == 0, "the committer", 60)
        counted = [issue["count"] for issue in self.server.issues()]
        self.assertEqual(counted, [expected])
        sample = list(self.client.accepted)[:20]
        for event in sample:
            self.assertEqual(self.server.api(f"/api/0/projects/tocsin/1/events/{event}/")[0], 200)
        print(f"{expected} events answered 200, {counted[0]} counted; attackers' "
              f"{sum(int(issue['count']) for issue in self.server.issues('attacked'))}", flush=True)


if __name__ == "__main__":
    unittest.main()
