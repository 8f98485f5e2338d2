#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks who includes whom: a floor may include only lower floors and itself; modules that stand on
the same floor never include each other. usage: floors.py ROOT"""
import os
import re
import sys

# The longest matching prefix decides. (floor, module)
PLACES = {
    "ingest/base/": (0, "base"),
    "ingest/event/": (1, "event"),
    "ingest/decode/": (2, "decode"),
    "ingest/normalise/": (2, "normalise"),
    "ingest/fingerprint/": (2, "fingerprint"),
    "rules/": (2, "rules"),
    "alerting/policy/": (2, "policy"),
    "ingest/host/": (3, "host"),
    "storage/": (4.0, "storage"),
    "alerting/deliver/": (4.1, "deliver"),
    "alerting/": (4.2, "alerting"),
    "ingest/symbols/": (4.3, "symbols"),
    "ingest/http/": (4.5, "http"),
    "ingest/": (7, "server"),
    "ingest/http/intake/": (6, "intake"),
    "ingest/http/api/": (6.1, "api"),
    "ingest/command/": (8, "command"),
    "ingest/main.c": (9, "main"),
    "sdk/": (99, "sdk"),
}
# Single files of ingest/ that stand on the pipeline's floor.
PIPELINE = ("pipeline", "settings", "grouping", "gather", "admit", "snapshot", "rule_ledger", "scrubbing", "projects", "config", "job", "render", "render_meta", "render_user", "render_inside", "rewrite", "replay")


def place(path):
    name = os.path.basename(path).split(".")[0]
    if os.path.dirname(path) == "ingest" and name in PIPELINE:
        return (5, "pipeline")
    best = max((p for p in PLACES if path.startswith(p)), key=len, default=None)
    return PLACES[best] if best else None


def main(root):
    bad = 0
    for folder in ("ingest", "rules", "storage", "alerting", "sdk"):
        for where, dirs, names in os.walk(os.path.join(root, folder)):
            dirs[:] = [d for d in dirs if d not in ("node_modules", "build")]
            for name in names:
                if not name.endswith((".c", ".h")):
                    continue
                path = os.path.relpath(os.path.join(where, name), root)
                floor, module = place(path)
                with open(os.path.join(root, path), encoding="utf-8") as source:
                    text = source.read()
                for number, line in enumerate(text.split("\n"), 1):
                    hit = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
                    target = place(hit.group(1)) if hit else None
                    if not target or target[1] == module:
                        continue
                    if module == "sdk" or target[1] == "sdk" or target[0] >= floor:
                        print(f"{path}:{number}: {module} (floor {floor}) includes {hit.group(1)} "
                              f"({target[1]}, floor {target[0]})")
                        bad += 1
    print(f"{bad} includes against the floors")
    return 1 if bad else 0


sys.exit(main(sys.argv[1]))
