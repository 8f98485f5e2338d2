#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pure core asks nobody the time, rolls no dice, opens nothing, and keeps no mutable state.
usage: purity.py LIBRARY...   Reads each static library's symbols with nm."""
import re
import subprocess
import sys

FORBIDDEN = re.compile(
    r"^(time|clock|clock_gettime|gettimeofday|nanosleep|sleep|usleep|localtime(_r)?|rand|random|"
    r"srand|getrandom|arc4random.*|getenv|setlocale|open(64)?|openat|fopen(64)?|opendir|stat(64)?|read|write|"
    r"socket|connect|accept4?|send(to|msg)?|recv(from|msg)?|poll|select|epoll_.*|fork|exec.*|"
    r"pthread_.*|mtx_.*|exit|_exit|printf|puts|__printf_chk|syslog)$")
# One file each that reads from disk on behalf of its module, never during a pass.
IMPURE = {"load_folder.c.o"}
ALLOWED_STATE = re.compile(r"asan|ubsan|sancov|__odr|gcov|\.str|llvm", re.I)


def main(libraries):
    bad = 0
    for library in libraries:
        member = ""
        out = subprocess.run(["nm", "-A", library], capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            head, _, rest = line.rpartition(":")
            member = head.split(":")[-1]
            parts = rest.split()
            if len(parts) < 2 or member in IMPURE:
                continue
            kind, symbol = parts[-2], parts[-1]
            symbol = symbol.split("@")[0]
            if kind == "U" and FORBIDDEN.match(symbol):
                print(f"{member}: calls {symbol}")
                bad += 1
            if kind in "BbDdCc" and not ALLOWED_STATE.search(symbol) and not symbol.startswith("."):
                if kind in "Dd" and symbol.endswith(".0") and "rel" in symbol:
                    continue
                print(f"{member}: mutable state {symbol}")
                bad += 1
    print(f"{len(libraries)} libraries, {bad} impurities")
    return 1 if bad or not libraries else 0


sys.exit(main(sys.argv[1:]))
