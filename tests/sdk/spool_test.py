# SPDX-License-Identifier: Apache-2.0
"""Killed while spooling, many times: no file that waits is torn, none is lost track of.
SPOOL_KILLS sets how often (40; the torture label uses 1000)."""
import os
import random
import subprocess
import time

from harness import Server, build, dsn, fresh, free_port, main, run, spooled

KILLS = int(os.environ.get("SPOOL_KILLS", "40"))
PROBE = build("probe", ["probe.c"], ["-O2"])


def killed_while_spooling():
    folder, port, seen, interrupted = fresh("kill"), free_port(), 0, 0
    random.seed(5)
    for i in range(KILLS):
        child = subprocess.Popen([PROBE, dsn(port), folder, "crumb:100", "slow:1000000"],
                                 stdout=subprocess.DEVNULL)
        time.sleep(0.004 + random.random() * 0.03)
        child.kill()
        child.wait()
        if i % 10 == 9 or i == KILLS - 1:
            seen += len(spooled(folder))  # reads every file as an envelope
        if os.path.isdir(folder):
            interrupted += sum(n.endswith(".tmp") for n in os.listdir(folder))
            for name in os.listdir(folder):
                if name.endswith(".tmp"):
                    os.unlink(os.path.join(folder, name))
    assert seen > KILLS / 4, seen
    files = spooled(folder)
    assert len(files) <= 96, len(files)
    abnormal = [s for e in files for s in e.all("session") if s["status"] == "abnormal"]
    print("   %d kills, %d files read whole, %d writes interrupted before their rename, "
          "%d abnormal sessions waiting" % (KILLS, seen, interrupted, len(abnormal)))


def old_and_unfinished_files_go():
    folder, server = fresh("old"), Server()
    os.makedirs(folder)
    ancient = os.path.join(folder, "0000000000000001-%032x-e.envelope" % 1)
    stale = os.path.join(folder, "0000000000000002-%032x-e.tmp" % 2)
    torn = os.path.join(folder, "0000000000000003-%032x-e.envelope" % 3)
    for path, text in ((ancient, b"{}\n"), (stale, b"{"), (torn, b"{\"a\"\0\0\0")):
        with open(path, "wb") as f:
            f.write(text)
    past = time.time() - 31 * 86400
    os.utime(ancient, (past, past))
    os.utime(stale, (past, past))
    run(PROBE, server.dsn, folder, "message", "wait:300", "close:1000")
    assert os.listdir(folder) == [], os.listdir(folder)
    assert all(body != b"{}\n" for body in server.requests)


def strange_names_do_no_harm():
    base = fresh("odd")
    folder = os.path.join(base, *["d" * 100] * 4)
    folder = os.path.join(folder, "e" * (510 - len(folder)))
    os.makedirs(folder)
    for suffix in (".envelope", ".live", ".crash", ".tmp"):
        for stem in ("", "a", "b" * 100, "c" * (126 - len(suffix)), "d" * 200):
            with open(os.path.join(folder, stem + suffix), "wb") as f:
                f.write(b"?")
    server = Server()
    done = run(PROBE, server.dsn, folder, "slow:2", "wait:300", "close:60000", "stats")
    assert done.returncode == 0 and len(server.events()) == 2, done


def two_processes_never_send_a_file_twice():
    folder, server = fresh("two"), Server(lambda n, body: (time.sleep(0.01), (200, {}))[1])
    run(PROBE, dsn(free_port()), folder, "capture:20", "close:500")
    waiting = len(spooled(folder))
    children = [subprocess.Popen([PROBE, server.dsn, folder, "wait:2600", "close:1000"],
                                 stdout=subprocess.DEVNULL) for _ in range(3)]
    for child in children:
        assert child.wait() == 0
    ids = [e["event_id"] for e in server.events()]
    assert len(ids) == len(set(ids)) == 20, (len(ids), waiting)


def a_crash_being_written_is_left_alone():
    """A forked child's report has no lock: until it is old, a sibling must not take it for done."""
    folder, server = fresh("being"), Server()
    os.makedirs(folder)
    paths = [os.path.join(folder, "%016x.crash" % i) for i in range(3)]
    for path, text in zip(paths, (b"\0" * 4096 + b"scratch", b'{"old":1}\n', b"torn\0")):
        with open(path, "wb") as f:
            f.write(text)
    past = time.time() - 61
    for path in paths[1:]:
        os.utime(path, (past, past))
    run(PROBE, server.dsn, folder, "message", "replayed:1", "close:1000")
    assert os.listdir(folder) == [os.path.basename(paths[0])], os.listdir(folder)
    assert b'{"old":1}\n' in server.requests


def bounds():
    """Files and bytes at their bounds, and asked for below the least: plain files leave 8 places to
    crashes, and those take them."""
    for asked, most in (("", 96), ("16", 16), ("1", 16), ("20", 20)):
        folder = fresh("files")
        env = dict(os.environ, PROBE_SPOOL_FILES=asked, PROBE_FLAGS="2")
        run(PROBE, dsn(free_port()), folder, "slow:150", "close:60000", env=env)
        assert len(spooled(folder)) == most - 8, (asked, len(spooled(folder)))
        for _ in range(2):
            run(PROBE, dsn(free_port()), folder, "crash:11", env=env)
        kinds = [n[-len("c.envelope")] for n in os.listdir(folder) if n.endswith(".envelope")]
        assert kinds.count("c") == 2, kinds
    for asked, most in (("1", 256 * 1024), ("400000", 400000)):
        folder = fresh("bytes")
        env = dict(os.environ, PROBE_SPOOL_BYTES=asked, PROBE_SPOOL_FILES="1000", PROBE_FLAGS="2")
        run(PROBE, dsn(free_port()), folder, "crumb:100", "slow:80", "close:60000", env=env)
        size = sum(os.path.getsize(os.path.join(folder, n)) for n in os.listdir(folder))
        assert most - 16384 < size <= most, (asked, size)


if __name__ == "__main__":
    main({f.__name__: f for f in (killed_while_spooling, old_and_unfinished_files_go,
                                  a_crash_being_written_is_left_alone, bounds,
                                  strange_names_do_no_harm,
                                  two_processes_never_send_a_file_twice)})
