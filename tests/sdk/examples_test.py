# SPDX-License-Identifier: Apache-2.0
"""The examples against a real Tocsin: each ends in the right issue, with functions and lines once the
program was uploaded, and a killed process shows as an abnormal session."""
import os
import shutil
import subprocess
import sys

from harness import HERE, SDK, WORK, build, compiler, fresh, main, run, sdk_object, skip

sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration"))
from tocsin import Tocsin, binary  # noqa: E402

try:
    TOCSIN = binary()
except SystemExit as why:
    skip(why)
if not shutil.which("redis-server"):
    skip("no redis-server")
SYMBOLS = "symbols upload" in run(TOCSIN, "--help").stdout


def example(server, name):
    """Compiled as a user would, and known to the server, which then shows functions and lines."""
    source, program = os.path.join(SDK, "examples", name), os.path.join(WORK, "example_" + name.split(".")[0])
    cc = shutil.which("c++") if name.endswith(".cpp") else compiler()
    sdk = sdk_object(compiler(), ["-O1"])
    done = run(cc, "-g", "-O1", "-Wl,--build-id", "-I", SDK, source, sdk, "-o", program, "-pthread")
    assert done.returncode == 0, done.stderr
    if SYMBOLS:
        done = run(TOCSIN, "symbols", "upload", program, "--data", server.data)
        assert done.returncode == 0, done.stdout + done.stderr
    return program


def ends_in(server, wanted):
    """Waits for issues with these titles and numbers of events; returns {title: issue}."""
    issues = {}

    def found():
        nonlocal issues
        issues = {issue["title"]: issue for issue in server.issues()}
        return issues if all(title in issues and int(issues[title]["count"]) == count
                             for title, count in wanted.items()) else None
    try:
        return server.wait(found, "issues", 20)
    except AssertionError as e:
        raise AssertionError("%s, not %s" % (sorted(issues), sorted(wanted))) from e


def functions(server, issue):
    """Functions of the newest event's frames, oldest first."""
    def shown():
        status, event = server.api(f"/api/0/issues/{issue['id']}/events/latest/")
        assert status == 200, event
        frames = [f for e in event["entries"] if e["type"] == "exception"
                  for f in e["data"]["values"][-1]["stacktrace"]["frames"]]
        pending = any(f.get("symbolicatorStatus") == "pending" for f in frames)
        return frames if frames and not pending else None
    return [f["function"] for f in server.wait(shown, "frames")]


def in_order(names, wanted):
    rest = iter(names)
    assert all(any(name == n for n in rest) for name in wanted), (names, wanted)


def sweep(server, folder):
    return run(build("sweep", ["sweep.c"], ["-O2"]), server.dsn, folder).stdout.strip()


def hello():
    with Tocsin() as server:
        environment = dict(os.environ, XDG_CACHE_HOME=fresh("cache"))
        assert run(example(server, "hello.c"), server.dsn, env=environment).returncode == 0
        issues = ends_in(server, {"io: cannot open the ledger": 1, "wrong password": 1})
        assert issues["wrong password"]["logger"] == "security"
        if SYMBOLS:
            in_order(functions(server, issues["io: cannot open the ledger"]), ["main"])


def fork_server():
    with Tocsin() as server:
        folder = fresh("fork")
        assert run(example(server, "fork_server.c"), server.dsn, folder).returncode == 0
        sweep(server, folder)
        issues = ends_in(server, {"SIGABRT: Aborted": 1, "worker_died: worker 2 died by signal 9": 2})
        # one issue of all workers; those that died may have had no time to send
        assert [t for t in issues if t.startswith("worker ") and t.endswith(" is up")], sorted(issues)
        if SYMBOLS:
            in_order(functions(server, issues["SIGABRT: Aborted"]), ["main"])
        # worker 1 crashed, worker 2 was killed; worker 0 and the parent ended well
        expect_sessions(server, {"crashed": 1, "abnormal": 1})


def uncaught():
    if not shutil.which("c++"):
        return
    with Tocsin() as server:
        folder = fresh("uncaught")
        assert run(example(server, "uncaught.cpp"), server.dsn, folder).returncode == -6
        sweep(server, folder)
        issues = ends_in(server, {"std::invalid_argument: no '=' in line: colour red": 1})
        if SYMBOLS:
            in_order(functions(server, *issues.values()), ["main"])
        expect_sessions(server, {"crashed": 1})


def crash():
    shutil.rmtree("/tmp/tocsin-example-crash", ignore_errors=True)
    with Tocsin() as server:
        program = example(server, "crash.c")
        assert run(program, server.dsn).returncode == -11
        assert run(program, server.dsn, "deliver").stdout == "delivered 1\n"
        issues = ends_in(server, {"SIGSEGV: Segmentation fault": 1})
        if SYMBOLS:
            # gcc inlines read_row, and where rows is NULL leaves nothing of it
            in_order(functions(server, *issues.values()), ["main", "load_table"])


def expect_sessions(server, wanted):
    """Outcomes tell sessions that ended badly apart."""
    def seen():
        status, answer = server.api("/api/0/projects/tocsin/1/outcomes/?hours=2")
        assert status == 200, answer
        ended = {g["by"]["reason"]: g["totals"]["sum(quantity)"] for g in answer["groups"]
                 if g["by"]["category"] == "session" and g["by"]["reason"]}
        return ended == wanted
    server.wait(seen, "sessions %s" % wanted)


def killed():
    with Tocsin() as server:
        folder, probe = fresh("killed"), build("probe", ["probe.c"], ["-O2"])
        assert run(probe, server.dsn, folder, "slow:2", "kill").returncode == -9
        assert sweep(server, folder) == "1"
        expect_sessions(server, {"abnormal": 1})
        shown = subprocess.run([TOCSIN, "outcomes", "--data", server.data], capture_output=True, text=True)
        assert "abnormal" in shown.stdout, shown.stdout + shown.stderr


if __name__ == "__main__":
    main({f.__name__: f for f in (hello, fork_server, uncaught, crash, killed)})
