#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pack over attacks and ordinary requests: how many of each class it sees, how often it cries wolf.

    application_security_test.py            the table, and the misses of each class with --misses
"""
import collections
import json
import os
import pathlib
import subprocess
import sys

from attacks import attacks
from ordinary import ordinary

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACK = ROOT / "rules/packs/application-security"
RECALL_MIN, WOLF_MAX = 0.97, 0.01


def tocsin(*arguments, lines=""):
    binary = os.environ.get("TOCSIN_BINARY") or str(ROOT / "build/dev/tocsin")
    return subprocess.run([binary, "rules", *arguments], input=lines, capture_output=True, text=True, check=False)


def matches(events):
    ran = tocsin("match", "--sentry", "--rules", str(PACK), lines="".join(json.dumps(event) + "\n" for event in events))
    answers = [json.loads(line)["matches"] for line in ran.stdout.splitlines()]
    assert len(answers) == len(events), ran.stderr
    return answers


def main():
    checked = tocsin("check", str(PACK))
    print(checked.stdout.splitlines()[-1])
    assert checked.returncode == 0 and " 0 warnings" in checked.stdout, checked.stdout
    tested = tocsin("test", str(PACK))
    print(tested.stdout.splitlines()[-1])
    assert tested.returncode == 0, tested.stdout
    bad = list(attacks())
    seen, made = collections.Counter(), collections.Counter()
    for (kind, way, event), found in zip(bad, matches([event for _, _, event in bad])):
        made[kind] += 1
        seen[kind] += bool(found)
        if not found and "--misses" in sys.argv:
            print("missed:", kind, way, json.dumps(event["request"])[:160])
    good = list(ordinary())
    wolf = [event for event, found in zip(good, matches(good)) if found]
    for kind, count in made.items():
        print(f"{kind:22} {seen[kind]:5} of {count:5}  {seen[kind] / count:7.1%}")
    print(f"{'all attacks':22} {sum(seen.values()):5} of {len(bad):5}  {sum(seen.values()) / len(bad):7.1%}")
    print(f"{'ordinary requests':22} {len(wolf):5} of {len(good):5}  {len(wolf) / len(good):7.1%} false")
    if "--misses" in sys.argv:
        print(*(json.dumps(event["request"])[:160] for event in wolf), sep="\n")
    assert sum(seen.values()) >= RECALL_MIN * len(bad), "attacks are missed"
    assert len(wolf) <= WOLF_MAX * len(good), "ordinary requests are taken for attacks"


main()
