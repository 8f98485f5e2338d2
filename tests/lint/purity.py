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
        out = subprocess.run(["nm", "-f", "sysv", library], capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            hit = re.match(r"(?:Undefined )?[Ss]ymbols from .*\[(.*)\]:", line)
            member = hit.group(1) if hit else member
            columns = [column.strip() for column in line.split("|")]
            if len(columns) != 7 or member in IMPURE:
                continue
            symbol, kind, section = columns[0].split("@")[0], columns[2], columns[6]
            if kind == "U" and FORBIDDEN.match(symbol):
                print(f"{member}: calls {symbol}")
                bad += 1
            # Constant tables that hold addresses lie in .data.rel.ro: read-only once loaded.
            writable = section.startswith((".data", ".bss")) and not section.startswith(".data.rel.ro")
            if kind in "BbDdCc" and writable and not ALLOWED_STATE.search(symbol):
                print(f"{member}: mutable state {symbol}")
                bad += 1
    print(f"{len(libraries)} libraries, {bad} impurities")
    return 1 if bad or not libraries else 0


sys.exit(main(sys.argv[1:]))
