# SPDX-License-Identifier: Apache-2.0
"""The other targets: aarch64 cross-compiled and run under qemu-user, and musl. Skips when the tools
are missing (Debian: gcc-aarch64-linux-gnu qemu-user, musl-tools)."""
import os
import shutil
import subprocess
import sys

from harness import HERE, Server, build, fresh, run, skip


def reports(cc, emulator):
    """Events of every kind arrive from a program of that target (static with musl)."""
    server = Server()
    fork = [] if emulator else ["fork"]  # qemu-user cannot start threads in a forked child
    program = build("probe-" + sys.argv[1], ["probe.c"],
                    ["-O2", *(() if emulator else ("-static", "-Wl,--eh-frame-hdr"))], cc=cc)
    done = subprocess.run([*emulator, program, server.dsn, fresh("t"), "crumb:3", "slow:5", "stack:1",
                           "message", "checkin", *fork, "flush:60000", "close:60000", "stats"],
                          capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert len(server.events()) == 7 + len(fork), done.stdout
    stacks = [e["exception"]["values"][0]["stacktrace"]["frames"] for e in server.events()
              if "stacktrace" in e.get("exception", {}).get("values", [{}])[0]]
    assert len(stacks) == 1 + len(fork) and all(stacks), stacks
    assert all(s[-1]["package"].endswith("probe-" + sys.argv[1]) for s in stacks), stacks
    size = run("size", program).stdout
    print(size)


def main():
    wanted = sys.argv[1]
    if wanted == "aarch64":
        cc, qemu = shutil.which("aarch64-linux-gnu-gcc"), shutil.which("qemu-aarch64")
        if not cc or not qemu:
            skip("no aarch64 compiler or emulator")
        emulator = [qemu, "-L", os.environ.get("QEMU_LD_PREFIX", "/usr/aarch64-linux-gnu")]
        extra = {"TORTURE_EMULATOR": " ".join(emulator), "TORTURE_NM": "aarch64-linux-gnu-nm"}
    else:
        cc = shutil.which("musl-gcc")
        if not cc:
            skip("no musl-gcc")
        emulator, extra = [], {"TORTURE_MUSL": "1"}
    reports(cc, emulator)
    environment = dict(os.environ, TOCSIN_CC=cc, TORTURE_RUNS=os.environ.get("TORTURE_RUNS", "1"), **extra)
    done = subprocess.run([sys.executable, os.path.join(HERE, "torture_test.py")], env=environment)
    sys.exit(done.returncode)


main()
