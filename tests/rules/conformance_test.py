#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Sigma conformance data through `tocsin rules check` and `tocsin rules match` themselves, as scripts use
them. Reads $TOCSIN_SHARED or ../shared beside the checkout; exits 77 (skipped) where it is not."""
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from tocsin import ROOT, binary  # noqa: E402

SHARED = pathlib.Path(os.environ.get("TOCSIN_SHARED", ROOT.parent / "shared")) / "sigma"
YAML_1_1 = {"sigma-rust-test_match_field_list-1"}  # takes `yes` for a truth; YAML 1.2's core schema has a string


def rows(name):
    path = SHARED / name
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def check(folder):
    done = subprocess.run([binary(), "rules", "check", folder], capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines()


def match(folder, events, *options):
    """Ids of the rules that hold for each event."""
    lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
    done = subprocess.run([binary(), "rules", "match", "--rules", folder, *options], input=lines,
                          capture_output=True, text=True, encoding="utf-8", errors="surrogateescape")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(events), (len(answers), len(events), done.stderr[-2000:])
    assert [answer["line"] for answer in answers] == list(range(1, len(events) + 1))
    for answer in answers:
        assert answer["matches"] == sorted(answer["matches"])
    return [set(answer["matches"]) for answer in answers]


def write_rules(folder, rules):
    """One file a rule; JSON is YAML. `rules` are detections by id."""
    for key, detection in rules.items():
        rule = {"title": key, "id": key, "logsource": {"category": "test"}, "detection": detection}
        pathlib.Path(folder, f"{key}.yml").write_text(json.dumps(rule, ensure_ascii=False), encoding="utf-8")


def regex_of(parts):
    out = "".join(re.escape(p) if isinstance(p, str) else ".*" if "*" in p else "." for p in parts)
    return re.compile(out, re.S | re.I)


def sample_of(parts, star):
    return "".join(p if isinstance(p, str) else star if "*" in p else "q" for p in parts)


class SigmaHQ(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        with tarfile.open(SHARED / "sigmahq_rules.tar.gz") as tar:
            tar.extractall(cls.folder.name)
        cls.ids = {}
        for path in pathlib.Path(cls.folder.name).rglob("*.yml"):
            name = str(path.relative_to(cls.folder.name))
            cls.ids[name] = re.search(r"^id: *(\S+)", path.read_text(encoding="utf-8"), re.M).group(1)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path_id(self, path):
        return self.ids.get(path) or next(i for name, i in self.ids.items() if name.endswith("/" + path))

    def test_all_rules_load_but_those_that_lack_lists(self):
        status, lines = check(self.folder.name)
        self.assertEqual(status, 0, lines[:5])
        lacking = [line for line in lines if "can never hold" in line]
        self.assertEqual(len(self.ids), 3780)
        self.assertEqual(len(lacking), 11)
        self.assertRegex(lines[-1], r"^3769 rules, 0 errors, \d+ warnings$")
        for line in lines[:-1]:
            self.assertRegex(line, r"\.yml:\d+:\d+: warning: .*(stands for a list|can never hold)")

    def test_generated_cases(self):
        cases = rows("generated_cases.jsonl.gz")
        found = match(self.folder.name, [case["event"] for case in cases], "--any-logsource")
        wrong = [case["id"] for case, ids in zip(cases, found)
                 if case["strict"] and (self.path_id(case["rule_path"]) in ids) != case["expect"]]
        self.assertEqual(wrong, [], f"{len(wrong)} of {len(cases)}")

    def test_regression_data(self):
        cases = rows("sigmahq_regression.jsonl.gz")
        flat = [(case, event) for case in cases for event in case["events"]]
        found = match(self.folder.name, [event for _, event in flat], "--any-logsource")
        counts = {}
        for (case, _), ids in zip(flat, found):
            counts[case["id"]] = counts.get(case["id"], 0) + (case["rule_id"] in ids)
        wrong = {case["id"]: (counts[case["id"]], sum(case["ref_match"])) for case in cases
                 if counts[case["id"]] != sum(case["ref_match"])}
        self.assertEqual(wrong, {})

    def test_sdk_events(self):
        cases = rows("sentry_cases.jsonl.gz")
        found = match(self.folder.name, [case["event"] for case in cases], "--sentry")
        # Rules for any category see an event too: those named by no case are not in question.
        named = {i for case in cases for i in case["match_rendered"] + case["match_raw"]}
        wrong = {case["id"]: sorted((ids & named) ^ set(case["match_rendered"]))
                 for case, ids in zip(cases, found) if ids & named != set(case["match_rendered"])}
        self.assertEqual(wrong, {})


class Micro(unittest.TestCase):
    def test_cases_of_other_evaluators(self):
        cases = rows("micro_cases.jsonl")
        with tempfile.TemporaryDirectory() as folder:
            refused = {}
            for number, case in enumerate(cases):
                rule = re.sub(r"(?m)^(id|name):.*\n", "", case["rule"])
                path = pathlib.Path(folder, f"{number}.yml")
                path.write_text(f"id: case-{number}\n" + rule, encoding="utf-8")
                if case["ref"] is None:
                    refused[path] = case["id"]
            _, lines = check(folder)
            for path, name in refused.items():
                self.assertTrue(any(f"{path}:" in line and "warning" not in line for line in lines), name)
            events = [case["event"] for case in cases]
            for number, (case, ids) in enumerate(zip(cases, match(folder, events, "--any-logsource"))):
                if case["ref"] is not None:
                    self.assertEqual(f"case-{number}" in ids, case["ref"] != (case["id"] in YAML_1_1), case["id"])


class Vectors(unittest.TestCase):
    def expect(self, rules, asked):
        """`asked`: (id, event, whether it holds)."""
        with tempfile.TemporaryDirectory() as folder:
            write_rules(folder, rules)
            status, lines = check(folder)
            self.assertEqual(status, 0, lines[:5])
            found = match(folder, [event for _, event, _ in asked], "--any-logsource")
        wrong = [(rules[key], event, wanted) for (key, event, wanted), ids in zip(asked, found)
                 if (key in ids) != wanted]
        self.assertEqual(wrong[:5], [], f"{len(wrong)} of {len(asked)}")

    def test_strings(self):
        rules, asked = {}, []
        for number, case in enumerate(rows("vectors_string.jsonl.gz")):
            key, parts = f"string-{number}", case["parts"]
            rules[key] = {"sel": {f"f{number}": case["input"]}, "condition": "sel"}
            plain = sample_of(parts, "")
            for text in {plain, sample_of(parts, "~\n~"), "~" + plain, plain + "~", plain[1:], plain.upper()}:
                asked.append((key, {f"f{number}": text}, regex_of(parts).fullmatch(text) is not None))
        self.expect(rules, asked)

    def test_modifiers(self):
        rules, asked = {}, []
        for number, case in enumerate(rows("vectors_modifier.jsonl.gz")):
            key = f"modifier-{number}"
            field, _, modifiers = case["key"].partition("|")
            rules[key] = {"sel": {f"f{number}|{modifiers}" if modifiers else f"f{number}": case["value"]},
                          "condition": "sel"}
            values = [[v["str"] for v in value.get("any", [value])] for value in case["values"]]
            texts = set()
            for parts in (parts for value in values for parts in value):
                plain = sample_of(parts, "")
                texts |= {plain, sample_of(parts, "~|~"), "~" + plain, plain + "~", plain[1:]}
            if case["linking"] == "all":
                texts.add("~".join(sample_of(value[0], "") for value in values))
            for text in texts:
                held = [any(regex_of(parts).fullmatch(text) for parts in value) for value in values]
                asked.append((key, {f"f{number}": text}, all(held) if case["linking"] == "all" else any(held)))
        self.expect(rules, asked)

    def holds(self, tree, truth):
        if isinstance(tree, str):
            return truth[tree]
        children = [self.holds(child, truth) for child in tree[1:]]
        return {"and": all, "all": all, "or": any, "any": any, "not": lambda c: not c[0]}[tree[0]](children)

    def names(self, tree):
        return {tree} if isinstance(tree, str) else {name for child in tree[1:] for name in self.names(child)}

    def test_conditions(self):
        rules, asked, bad = {}, [], {}
        for number, case in enumerate(rows("vectors_condition.jsonl.gz")):
            key, ids = f"condition-{number}", case["ids"]
            detection = {name: {f"x{number}.{at}": 1} for at, name in enumerate(ids)}
            detection["condition"] = case["condition"]
            if "tree" not in case:
                bad[key] = detection
                continue
            if not self.names(case["tree"]) <= set(ids):
                continue  # `nothing` read as `not hing`: the reference's slip, which we do not follow
            rules[key] = detection
            for bits in {0, -1} | {1 << at for at in range(len(ids))} | {hash((number, at)) for at in range(24)}:
                truth = {name: bool(bits >> at & 1) for at, name in enumerate(ids)}
                event = {"n": number} | {f"x{number}.{at}": 1 for at, name in enumerate(ids) if truth[name]}
                asked.append((key, event, self.holds(case["tree"], truth)))
        self.expect(rules, asked)
        with tempfile.TemporaryDirectory() as folder:
            write_rules(folder, bad)
            status, lines = check(folder)
            self.assertEqual(status, 1)
            self.assertEqual(lines[-1].split(" errors")[0].split(", ")[-1], str(len(bad)), lines)
            for key in bad:
                self.assertTrue(any(f"/{key}.yml:1:" in line for line in lines), (bad[key], lines))


if __name__ == "__main__":
    if not (SHARED / "sigmahq_rules.tar.gz").exists():
        print("skipped: no conformance data")
        sys.exit(77)
    unittest.main()
