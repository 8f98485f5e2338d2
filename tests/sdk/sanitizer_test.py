# SPDX-License-Identifier: Apache-2.0
"""Many threads under ASan with UBSan, and under TSan: no report."""
import os
import re

from harness import Server, build, fresh, main, run, skip

COMMANDS = ["threads:6", "message", "checkin", "flush:3000", "threads:2", "close:4000", "stats"]


def hammered(name, flags, options, first=()):
    server = Server()
    try:
        program = build(name, ["probe.c"], ["-O1", *flags])
    except SystemExit:
        skip("this compiler has no " + name)
    done = run(program, server.dsn, fresh(name + "_dir"), *first, *COMMANDS, timeout=240,
               env=dict(os.environ, **options))
    assert done.returncode == 0, done.stdout + done.stderr[-6000:]
    assert not re.search(r"Sanitizer|runtime error", done.stderr), done.stderr[-6000:]
    assert not first or "child 0" in done.stdout, done.stdout
    assert len(server.events()) > 100  # every envelope is read: torn text would show


def address_and_undefined():
    hammered("asan", ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
             {"ASAN_OPTIONS": "detect_leaks=1:allow_user_segv_handler=1"}, ["fork"])


def threads():  # without fork: TSan cannot follow a child that starts threads
    hammered("tsan", ["-fsanitize=thread"], {"TSAN_OPTIONS": "halt_on_error=1"})


if __name__ == "__main__":
    main({f.__name__: f for f in (address_and_undefined, threads)})
