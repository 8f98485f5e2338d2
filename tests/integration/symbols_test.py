#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Native frames become functions, files and lines: a real program, its debug file, a real server."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from tocsin import Tocsin, binary, children, event_id

# Says where it is: its base and size in memory, and the addresses two calls return to.
SHOP = """\
#include <stdio.h>
extern const char __ehdr_start[], _end[];
static void *seen[4];
__attribute__((noinline)) static void look(int i) { seen[i] = __builtin_return_address(0); }
static inline __attribute__((always_inline)) int price(int n)
{
    look(0);
    return n * 3;
}
__attribute__((noinline)) int checkout(int n)
{
    int sum = price(n) + 1;
    return sum * n;
}
int main(void)
{
    int paid = checkout(2);
    look(1);
    printf("%p %zu %p %p\\n", (const void *)__ehdr_start, (size_t)(_end - __ehdr_start), seen[0], seen[1]);
    return paid == 0;
}
"""
INLINE_LINE, CALLED_LINE, MAIN_LINE = 7, 12, 18


def tocsin(server, *args):
    return subprocess.run([binary(), *args, "--data", server.data], capture_output=True, text=True, timeout=60)


class Program:
    """SHOP, compiled, split into what runs and what is uploaded, and run once."""

    def __init__(self, folder, *flags, source=SHOP, compiler="gcc"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.source, self.path = self.folder / "shop.c", self.folder / "shop"
        self.debug = self.folder / "shop.debug"
        self.source.write_text(source)
        self.call(compiler, "-g", "-O1", "-Wl,--build-id", *flags, "-o", self.path, self.source)
        notes = self.call("readelf", "-n", self.path)
        self.build_id = re.search(r"Build ID: ([0-9a-f]+)", notes).group(1)
        self.call("objcopy", "--only-keep-debug", self.path, self.debug)
        self.call("strip", self.path)
        base, size, self.inner, self.outer = self.call(self.path).split()
        self.base, self.size = base, int(size)

    @staticmethod
    def call(*words):
        return subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True).stdout

    def event(self, value, **image):
        """As an SDK sends it: addresses, oldest first, and the images they are in."""
        frames = [{"instruction_addr": self.outer}, {"instruction_addr": self.inner}]
        image = {"type": "elf", "image_addr": self.base, "image_size": self.size, "code_file": str(self.path),
                 "code_id": self.build_id, **image}
        return {"event_id": event_id(), "platform": "native", "debug_meta": {"images": [image]},
                "exception": {"values": [{"type": "SIGSEGV", "value": value, "stacktrace": {"frames": frames},
                                          "mechanism": {"type": "signalhandler", "handled": True}}]}}

    def debug_id(self):
        b = bytes.fromhex(self.build_id)
        return "-".join(x.hex() for x in (b[3::-1], b[5:3:-1], b[7:5:-1], b[8:10], b[10:16]))


class Symbols(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="tocsin-symbols-")
        cls.shop = Program(cls.folder + "/c")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def frames(self, server, event, path="/api/0/projects/tocsin/1/events/{}/"):
        """The frames the API shows, once the worker has had its say."""
        def read():
            status, shown = server.api(path.format(event["event_id"]))
            entries = shown["entries"] if status == 200 else []
            got = [f for e in entries if e["type"] == "exception"
                   for f in e["data"]["values"][0]["stacktrace"]["frames"]]
            return got if got and not any(f["symbolicatorStatus"] == "pending" for f in got) else None
        return server.wait(read, "the frames")

    def send(self, server, event):
        self.assertEqual(server.send(event)[0], 200)
        return event

    def assert_symbolised(self, frames, source):
        self.assertEqual([(f["function"], f["lineNo"]) for f in frames],
                         [("main", MAIN_LINE), ("checkout", CALLED_LINE), ("price", INLINE_LINE)], frames)
        for frame in frames:
            self.assertEqual((frame["filename"], frame["absPath"]), ("shop.c", str(source)))
            self.assertEqual(frame["symbolicatorStatus"], "symbolicated")

    def test_over_the_api_and_by_the_command_also_when_uploaded_late(self):
        with Tocsin() as server:
            event = self.send(server, self.shop.event("late"))
            before = self.frames(server, event)
            self.assertEqual([f["symbolicatorStatus"] for f in before], ["missing"] * 2)
            self.assertEqual([f["function"] for f in before], [None] * 2)
            issue = server.issues()[0]["id"]
            stored = tocsin(server, "symbols", "upload", str(self.shop.debug))
            self.assertEqual((stored.returncode, stored.stderr), (0, ""))
            self.assertEqual(stored.stdout, f"{self.shop.build_id} debug {self.shop.debug}\n")
            self.assert_symbolised(self.frames(server, event), self.shop.source)
            latest = f"/api/0/issues/{issue}/events/latest/"
            self.assert_symbolised(self.frames(server, event, latest), self.shop.source)
            self.assertEqual(server.api(latest)[1]["culprit"], "shop.c in price")
            shown = tocsin(server, "issue", issue).stdout
            for line in (f"shop.c:{INLINE_LINE}  price", f"shop.c:{CALLED_LINE}  checkout",
                         f"shop.c:{MAIN_LINE}  main", "where    shop.c in price"):
                self.assertIn(line, shown)
            # The same crash after the upload is the same issue.
            self.send(server, self.shop.event("late"))
            server.wait(lambda: server.issues()[0]["count"] == "2", "the second event")
            self.assertEqual(len(server.issues()), 1)
            # Taken away, and they are missing again.
            self.assertEqual(tocsin(server, "symbols", "remove", self.shop.build_id).returncode, 0)
            self.assertEqual([f["symbolicatorStatus"] for f in self.frames(server, event)], ["missing"] * 2)

    def test_kinds_of_programs(self):
        kinds = {"not position-independent": ["-no-pie"], "compressed": ["-gz"], "DWARF 4": ["-gdwarf-4"],
                 "clang": []}
        with Tocsin() as server:
            for name, flags in kinds.items():
                program = Program(f"{self.folder}/{name}", *flags, compiler="clang" if name == "clang" else "gcc")
                with self.subTest(name):
                    event = self.send(server, program.event(name))
                    tocsin(server, "symbols", "upload", str(program.debug))
                    self.assert_symbolised(self.frames(server, event), program.source)
            with self.subTest("by its debug id alone"):
                program = Program(self.folder + "/c")
                event = self.send(server, program.event("guid", code_id=None, debug_id=program.debug_id()))
                tocsin(server, "symbols", "upload", str(program.debug))
                self.assert_symbolised(self.frames(server, event), program.source)
            with self.subTest("a C++ program says its functions as people write them"):
                source = SHOP.replace("int checkout(int n)", "int checkout(int n);\nint checkout(int n)")
                program = Program(self.folder + "/cpp", "-xc++", source=source)
                event = self.send(server, program.event("cpp"))
                tocsin(server, "symbols", "upload", str(program.debug))
                frames = self.frames(server, event)
                self.assertEqual([(f["function"], f["rawFunction"]) for f in frames[:2]],
                                 [("main", None), ("checkout(int)", "_Z8checkouti")])

    def test_a_symbol_table_gives_functions(self):
        with Tocsin() as server:
            program = Program(self.folder + "/exported", "-rdynamic")
            stored = tocsin(server, "symbols", "upload", str(program.path))
            self.assertEqual(stored.stdout, f"{program.build_id} code  {program.path}\n")
            frames = self.frames(server, self.send(server, program.event("exported")))
            self.assertEqual([f["function"] for f in frames], ["main", "checkout"])
            self.assertEqual([f["lineNo"] for f in frames], [None, None])

    def test_files_that_are_not_what_they_should_be(self):
        with Tocsin() as server:
            wrong = pathlib.Path(self.folder, "wrong")
            wrong.write_bytes(b"no program")
            Program.call("gcc", "-c", "-o", self.folder + "/shop.o", self.shop.source)
            Program.call("gcc", "-Wl,--build-id=none", "-o", self.folder + "/noid", self.shop.source)
            for path, why in ((str(wrong), "not an ELF file"), (self.folder + "/shop.o", "an object file?"),
                              (self.folder + "/noid", "it has no build id: link with -Wl,--build-id"),
                              (self.folder + "/none", "No such file or directory"),
                              (self.folder, "not a regular file")):
                refused = tocsin(server, "symbols", "upload", path)
                self.assertEqual((refused.returncode, refused.stdout), (1, ""), path)
                self.assertIn(why, refused.stderr)
                self.assertIn(path, refused.stderr)
            self.assertIn("no symbols", tocsin(server, "symbols", "list").stdout)
            # One bad file does not keep the good ones out.
            mixed = tocsin(server, "symbols", "upload", str(wrong), str(self.shop.debug))
            self.assertEqual(mixed.returncode, 1)
            self.assertIn(self.shop.build_id, tocsin(server, "symbols", "list").stdout)
            # Another program's build id is missing, whatever was uploaded.
            event = self.send(server, self.shop.event("other", code_id="ab" * 20))
            self.assertEqual([f["symbolicatorStatus"] for f in self.frames(server, event)], ["missing"] * 2)
            event = self.send(server, self.shop.event("none", code_id="../../../../etc/passwd"))
            self.assertEqual([f["symbolicatorStatus"] for f in self.frames(server, event)], ["unknown_image"] * 2)

    def test_a_corrupt_file_costs_its_answer_alone(self):
        with Tocsin() as server:
            event = self.send(server, self.shop.event("corrupt"))
            tocsin(server, "symbols", "upload", str(self.shop.debug))
            whole = pathlib.Path(self.shop.debug).read_bytes()
            kept = pathlib.Path(server.data, "symbols", self.shop.build_id[:2], self.shop.build_id[2:] + ".debug")
            self.assertEqual(kept.read_bytes(), whole)
            for seed in range(12):
                broken = bytearray(whole)
                for i in range(64):  # anywhere behind the ELF header
                    at = 64 + (seed * 7919 + i * 104729 + i * i * 31) % (len(broken) - 64)
                    broken[at] = (broken[at] + 1 + i) & 255
                kept.write_bytes(broken[:len(broken) // (1 + seed % 2)])
                for frame in self.frames(server, event):
                    self.assertIn(frame["symbolicatorStatus"],
                                  ("symbolicated", "missing_symbol", "malformed", "timeout"))
            tocsin(server, "symbols", "upload", str(self.shop.debug))
            self.assert_symbolised(self.frames(server, event), self.shop.source)

    def test_a_worker_that_is_killed_is_started_again(self):
        with Tocsin() as server:
            event = self.send(server, self.shop.event("killed"))
            tocsin(server, "symbols", "upload", str(self.shop.debug))
            self.assert_symbolised(self.frames(server, event), self.shop.source)
            (worker,) = children(server.server_pid())
            status = pathlib.Path(f"/proc/{worker}/status").read_text()
            self.assertRegex(status, r"NoNewPrivs:\s+1")
            self.assertRegex(status, r"Seccomp:\s+2")
            if os.geteuid() == 0:  # the worker shows nothing of itself to others, nor to its user
                self.assertEqual(sorted(os.listdir(f"/proc/{worker}/fd")), ["0", "1", "2", "3"])
                self.assertEqual(pathlib.Path(f"/proc/{worker}/environ").read_bytes(), b"")
            os.kill(worker, signal.SIGKILL)
            second = self.send(server, Program(self.folder + "/again", "-O2").event("again"))
            tocsin(server, "symbols", "upload", self.folder + "/again/shop.debug")
            # What it was asked when it was found dead is spared for a while; nothing else is.
            tocsin(server, "symbols", "upload", self.folder + "/again/shop.debug")
            self.frames(server, second)
            self.assertEqual(server.metrics()["tocsin_symbol_worker_crashes_total"], 1)
            third = self.send(server, Program(self.folder + "/third", "-no-pie").event("third"))
            tocsin(server, "symbols", "upload", self.folder + "/third/shop.debug")
            self.assertEqual(len(self.frames(server, third)), 3)
            self.assertEqual(server.metrics()["tocsin_symbol_worker_starts_total"], 2)


if __name__ == "__main__":
    unittest.main()
