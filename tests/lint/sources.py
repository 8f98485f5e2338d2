#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House rules that a machine can check: licence line, line length, banned functions and words, a unit
test beside every source. usage: sources.py ROOT"""
import os
import re
import sys

BANNED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|strncpy|atoi|alloca|rand|system)\s*\(")
UNDONE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
NAMES = re.compile(r"(^|[/_-])(utils?|misc|common|helpers?|manager)[._/-]")


def check(root, path, problems):
    with open(os.path.join(root, path), encoding="utf-8") as source:
        lines = source.read().split("\n")
    first = lines[1] if lines[0].startswith("#!") else lines[0]
    if "SPDX-License-Identifier: Apache-2.0" not in first:
        problems.append(f"{path}:1: no SPDX licence line")
    if NAMES.search(path):
        problems.append(f"{path}: say what it does, not that it helps")
    for number, line in enumerate(lines, 1):
        if path.endswith((".c", ".h")) and len(line) > 100:
            problems.append(f"{path}:{number}: {len(line)} columns")
        if not path.startswith("tests/lint/") and UNDONE.search(line) and not path.endswith(".py"):
            problems.append(f"{path}:{number}: unfinished work is an issue, not a comment")
        if path.endswith(".c") and not path.startswith("tests/") and BANNED.search(line):
            problems.append(f"{path}:{number}: banned function")


def main(root):
    problems, sources = [], 0
    for folder in ("ingest", "rules", "storage", "alerting", "sdk", "tests"):
        for where, dirs, names in os.walk(os.path.join(root, folder)):
            dirs[:] = [d for d in dirs if d not in ("node_modules", "build", "seeds", "golden", "__pycache__")]
            for name in names:
                path = os.path.relpath(os.path.join(where, name), root)
                if name.endswith((".c", ".h", ".py", ".lua")):
                    sources += 1
                    check(root, path, problems)
                if name.endswith(".c") and not path.startswith("tests/") and name != "main.c" and "/examples/" not in path:
                    test = os.path.join("tests/unit", path[:-2] + "_test.c")
                    if not os.path.exists(os.path.join(root, test)):
                        problems.append(f"{path}:1: has no {test}")
    print("\n".join(problems))
    print(f"{sources} sources, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main(sys.argv[1]))
