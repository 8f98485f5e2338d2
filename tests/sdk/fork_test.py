# SPDX-License-Identifier: Apache-2.0
"""Children: each reports for itself, none disturbs its parent, one that only execs leaves nothing.
And the examples, as a user would run them."""
import os

from harness import (SDK, Server, WORK, build, compiler, fresh, main, run, sdk_object, shutil,
                     spooled)

PROBE = build("probe", ["probe.c"], ["-O2"])


def example(name):
    return build("example_" + name.split(".")[0], [os.path.join(SDK, "examples", name)],
                 ["-O2"], cc=compiler())


def child_and_parent_both_report():
    server = Server()
    done = run(PROBE, server.dsn, fresh("fork"), "capture:3", "fork", "fork", "capture:2",
               "close:2000")
    assert done.stdout.count("child 0") == 2, done.stdout
    values = [e["exception"]["values"][0] for e in server.events()]
    assert sum(v["type"] == "child" for v in values) == 2
    assert sum(v["type"] == "probe" for v in values) == 5, "nothing sent twice"
    assert len({e["event_id"] for e in server.events()}) == 7
    assert [s["status"] for s in server.sessions()].count("exited") == 3
    (child, *_) = [v for v in values if v["type"] == "child"]
    assert len(child["stacktrace"]["frames"]) >= 3


def fork_then_exec_leaves_nothing():
    source = os.path.join(WORK, "exec.c")
    with open(source, "w") as f:
        f.write('#include "tocsin.h"\n#include <sys/wait.h>\n#include <unistd.h>\n'
                "int main(int c, char **v) { (void)c; tocsin_options o = {sizeof o};\n"
                "  o.dsn = v[1]; o.dir = v[2]; if (tocsin_init(&o)) return 1;\n"
                "  for (int i = 0; i < 20; i++) { if (!fork()) execl(\"/bin/true\", \"true\", NULL);\n"
                "    wait(0); }\n"
                '  tocsin_capture(TOCSIN_ERROR, "after", "forks", 0); return tocsin_close(2000); }\n')
    server, folder = Server(), fresh("execdir")
    program = build("exec", [source], ["-O2"])
    assert run(program, server.dsn, folder).returncode == 0
    assert os.listdir(folder) == [], os.listdir(folder)
    assert len(server.events()) == 1 and [s["status"] for s in server.sessions()] == ["exited"]


def example_hello():
    server = Server()
    env = dict(os.environ, XDG_CACHE_HOME=fresh("cache"))
    done = run(example("hello.c"), server.dsn, env=env)
    assert done.returncode == 0, done
    error, security = server.events()
    assert error["exception"]["values"][0]["value"] == "cannot open the ledger"
    assert error["breadcrumbs"]["values"][0]["message"] == "opening day 42"
    assert security["user"] == {"username": "alice", "ip_address": "203.0.113.9"}
    assert security["contexts"]["security"]["kind"] == "login_failed"
    assert run(example("hello.c")).returncode == 2


def example_fork_server():
    server, folder = Server(), fresh("fs")
    done = run(example("fork_server.c"), server.dsn, folder)
    assert done.returncode == 0, done
    run(PROBE, server.dsn, folder, "message", "wait:600", "close:2000")
    messages = [e["exception"]["values"][0]["value"] for e in server.events()
                if e.get("exception", {}).get("values", [{}])[0].get("type") == "worker_died"]
    assert messages == ["worker 1 died by signal 6", "worker 2 died by signal 9"], messages
    states = sorted(s["status"] for s in server.sessions())
    assert states == ["abnormal", "crashed", "exited", "exited", "exited"], states


def example_uncaught():
    if not shutil.which("c++"):
        return
    server, folder = Server(), fresh("cpp")
    sdk = sdk_object(compiler(), ["-O2"])
    program = os.path.join(WORK, "uncaught")
    done = run("c++", "-O2", "-g", "-I", SDK, os.path.join(SDK, "examples", "uncaught.cpp"), sdk,
               "-o", program, "-pthread")
    assert done.returncode == 0, done.stderr
    assert run(program, server.dsn, folder).returncode == -6
    (event,) = [e for envelope in spooled(folder) for e in envelope.all("event")]
    value = event["exception"]["values"][0]
    assert value["type"] == "std::invalid_argument", value
    assert value["value"] == "no '=' in line: colour red"
    assert len(value["stacktrace"]["frames"]) >= 8  # abort, terminate, throw, parse, main, ...


def example_crash():
    shutil.rmtree("/tmp/tocsin-example-crash", ignore_errors=True)
    server, program = Server(), example("crash.c")
    assert run(program, server.dsn).returncode == -11
    done = run(program, server.dsn, "deliver")
    assert done.stdout == "delivered 1\n", done.stdout
    (event,) = server.events()
    assert event["extra"]["note"] == "reading rows of table orders"
    assert event["exception"]["values"][0]["mechanism"]["data"]["address"] == "0x0"


if __name__ == "__main__":
    main({f.__name__: f for f in (
        child_and_parent_both_report, fork_then_exec_leaves_nothing, example_hello,
        example_fork_server, example_uncaught, example_crash)})
