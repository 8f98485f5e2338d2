#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ten thousand mutated requests over sockets: no crash, nothing answered 5xx, and no memory kept.

Seeds are real recordings where they are at hand ($TOCSIN_SHARED or ../shared), else small ones of our own. The same
$TOCSIN_MUTATION_SEED gives the same requests."""
import base64
import collections
import http.client
import json
import os
import pathlib
import random
import sys
import unittest

from tocsin import ROOT, Tocsin, envelope, error

os.environ.setdefault("ASAN_OPTIONS", "quarantine_size_mb=8")  # what is freed must not look like what is kept
COUNT = int(os.environ.get("TOCSIN_MUTATIONS", "10000"))
SEED = int(os.environ.get("TOCSIN_MUTATION_SEED", "17"))
RECORDED = pathlib.Path(os.environ.get("TOCSIN_SHARED", ROOT.parent / "shared")) / "corpus" / "requests"
WORDS = [b"{", b"}", b"[", b"]", b'"', b"\n", b"\r\n", b"\0", b"null", b"-1", b"1e999", b"NaN", b"\\ud800", b"\xff", b":",
         b'"length":0', b'"length":4294967295', b'{"type":"event"}\n', b'{"type":"log","item_count":3}\n', b"MDMP"]


def seeds():
    """(kind of endpoint, body) of everything that may be sent."""
    found = [("envelope", envelope(error())), ("store", json.dumps(error()).encode()),
             ("store", base64.b64encode(json.dumps(error()).encode())),
             ("envelope", b'{}\n{"type":"session"}\n{"sid":"a","started":1,"attrs":{"release":"1"}}\n'
                          b'{"type":"client_report"}\n{"discarded_events":[{"reason":"sample_rate","quantity":1}]}'),
             ("envelope", b'{}\n{"type":"log","item_count":1,"length":14}\n{"items":[{}]}\n{"type":"check_in"}\n'
                          b'{"monitor_slug":"a","status":"ok"}'),
             ("security", b'{"csp-report":{"document-uri":"https://a.b/","effective-directive":"img-src"}}'),
             ("nel", b'[{"type":"network-error","age":1,"url":"https://a.b/","body":{"type":"tcp.reset"}}]'),
             ("minidump", b"MDMP" + bytes(4) + b"\1\0\0\0\x20\0\0\0" + bytes(16) + b"\4\0\0\0\x70\0\0\0\x2c\0\0\0" + bytes(120)),
             ("cron/a", b'{"status":"ok"}')]
    for path in sorted(RECORDED.glob("*/*.http.json"))[::3]:
        meta = json.loads(path.read_text())
        body = pathlib.Path(str(path)[:-len(".http.json")] + ".body")
        kind = next((kind for kind in ("envelope", "store", "security") if f"/{kind}/" in meta["path"]), None)
        if kind and meta["method"] == "POST" and body.stat().st_size < 60000:
            found.append((kind, body.read_bytes()))
    return found


def mutated(random_, body, others):
    body = bytearray(body)
    for _ in range(random_.choice((1, 1, 2, 4, 16))):
        at = random_.randrange(len(body) + 1)
        what = random_.randrange(7)
        if what == 0 and body:
            body[at % len(body)] ^= 1 << random_.randrange(8)
        elif what == 1:
            body[at:at] = random_.choice(WORDS)
        elif what == 2:
            del body[at:at + random_.choice((1, 2, 8, 64, 1024))]
        elif what == 3:
            piece = body[at:at + random_.choice((1, 16, 256))]
            body[at:at] = piece * random_.choice((1, 2, 50))
        elif what == 4:
            del body[at:]
        elif what == 5:
            other = random_.choice(others)[1]
            body[at:] = other[random_.randrange(len(other) + 1):]
        else:
            body[at:at + 1] = bytes([random_.randrange(256)])
    return bytes(body[:200000])


class Mutations(unittest.TestCase):
    def test_none_breaks_anything(self):
        choice, all_seeds, statuses = random.Random(SEED), seeds(), collections.Counter()
        with Tocsin() as server:
            pid, rss, connection = server.server_pid(), [], None
            for number in range(COUNT):
                if number % 50 == 0:
                    connection = connection and connection.close() or \
                        http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
                kind, body = choice.choice(all_seeds)
                headers = {"Content-Type": choice.choice(("application/json", "application/reports+json", "text/plain",
                                                          "multipart/form-data; boundary=b"))}
                if choice.random() < 0.1:
                    headers["Content-Encoding"] = choice.choice(("gzip", "deflate", "br", "zstd", "what"))
                connection.request("POST", f"/api/1/{kind}/?sentry_key={server.key()}",
                                   mutated(choice, body, all_seeds), headers)
                answer = connection.getresponse()
                answer.read()
                statuses[answer.status] += 1
                self.assertLess(answer.status, 500, f"request {number} of seed {SEED}")
                if number % (COUNT // 10 or 1) == 0:
                    rss.append(self.rss(pid))
            rss.append(self.rss(pid))
            self.assertEqual(server.server_pid(), pid, "it was started again")
            server.wait(lambda: server.metrics()["tocsin_committer_lag_records"] == 0, "the commits", 60)
            print(f"{COUNT} requests {dict(statuses)}; RSS in MB " + " ".join(str(size >> 20) for size in rss),
                  file=sys.stderr)
            self.assertGreater(statuses[200], COUNT // 20, "some must still be what they were")
            # The first tenth warms the arenas up.
            self.assertLess(rss[-1] - rss[2], 64 << 20, "memory is kept")

    def rss(self, pid):
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) << 10 for line in file if line.startswith("VmRSS"))


if __name__ == "__main__":
    unittest.main()
