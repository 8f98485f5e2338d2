# SPDX-License-Identifier: Apache-2.0
"""Crashes of programs that are built otherwise: C++, static, position-independent or not, bound at
start, with no call frame information. VARIANT_RUNS sets how often (1)."""
import os
import re
import shutil
import subprocess
import sys

from harness import HERE, SDK, WORK, Envelope, compiler, fresh, main, run, sdk_object

RUNS = int(os.environ.get("VARIANT_RUNS", "1"))
THROWN = "std::runtime_error"

# scenario: signal, type and value of the report, functions that must be in its stack
CPP = {
    "noexcept": (6, THROWN, "too much", ["thrower", "promises", "main"]),
    "uncaught": (6, THROWN, "too much", ["thrower", "no_handler", "main"]),
    "uncaught_thread": (6, THROWN, "too much", ["thrower", "no_handler"]),
    "number": (6, "int", "", ["a_number", "main"]),
    "destructor": (6, "std::logic_error", "the first", ["in_destructor", "main"]),
    "pure_virtual": (6, "SIGABRT", "Aborted", ["call", "pure_virtual", "main"]),
    "terminate": (6, "SIGABRT", "Aborted", ["no_exception", "main"]),
    "global_destructor": (11, "SIGSEGV", "Segmentation fault", ["~global"]),
}


def named(program, value):
    """Functions of the program's frames, newest first, as addr2line knows them."""
    pie = "DYN" in run("readelf", "-h", program).stdout
    addresses = []
    for i, frame in enumerate(reversed(value["stacktrace"]["frames"])):
        if frame.get("package", "").endswith(os.path.basename(program)):
            at = int(frame["instruction_addr"], 16) - (i > 0)  # the call before a return address
            addresses.append(hex(at - int(frame["image_addr"], 16) if pie else at))
    lines = run("addr2line", "-f", "-C", "-s", "-e", program, *addresses).stdout.splitlines()
    return [re.sub(r"\(anonymous namespace\)::|global::|base::|\(.*", "", line) for line in lines[::2]]


def crash(program, scenario, signal):
    """Dies by `signal` and leaves one report: its last exception."""
    folder = fresh("variant")
    os.makedirs(folder)
    done = subprocess.run([program, scenario, folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env=dict(os.environ, TORTURE_LIBRARY="none"))
    assert done.returncode == -signal, (scenario, done.returncode)
    (name,) = [n for n in os.listdir(folder) if n.endswith("-c.envelope")]
    with open(os.path.join(folder, name), "rb") as f:
        (event,) = Envelope(f.read()).all("event")
    return event["exception"]["values"][-1]


def in_order(found, wanted):
    rest = iter(found)
    assert all(any(w == f for f in rest) for w in wanted), (found, wanted)


def cpp():
    if not shutil.which("c++"):
        print("   no C++ compiler")
        return
    program = os.path.join(WORK, "torture_cpp")
    done = run("c++", "-std=c++11", "-O1", "-g", "-I", SDK, os.path.join(HERE, "torture_cpp.cpp"),
               sdk_object(compiler(), ["-O2"]), "-o", program, "-pthread")
    assert done.returncode == 0, done.stderr
    for scenario, (signal, kind, text, stack) in CPP.items():
        for _ in range(RUNS):
            value = crash(program, scenario, signal)
            assert (value["type"], value["value"]) == (kind, text), (scenario, value["type"], value["value"])
            in_order(named(program, value), stack)


def built(name, flags):
    """The torture program and the SDK, both with `flags`."""
    program = os.path.join(WORK, name)
    sources = [os.path.join(HERE, n) for n in ("torture.c", "torture_host.c")] + [os.path.join(SDK, "tocsin.c")]
    done = run(compiler(), "-std=gnu11", "-g", "-I", SDK, *flags, *sources, "-o", program, "-pthread")
    assert done.returncode == 0, done.stderr
    return program


STACK = ["level2", "level1", "main"]
SCENARIOS = {"segv": (11, ["segv", *STACK]), "abort": (6, ["aborts", *STACK]), "overflow": (11, ["deeper", "deeper"]),
             "nullcall": (11, ["nullcall", *STACK]), "fork_child": (11, ["segv", "fork_child", *STACK]),
             "in_handler": (11, ["segv", "on_alternate_stack", "in_handler", *STACK])}


def variant(name, flags, scenarios=SCENARIOS):
    program = built(name, flags)
    for scenario, (signal, stack) in scenarios.items():
        for _ in range(RUNS):
            in_order(named(program, crash(program, scenario, signal)), stack)


def static():
    variant("static", ["-O2", "-static", "-Wl,--eh-frame-hdr", "-DTOCSIN_NO_DLOPEN"])


def static_pie():
    variant("static_pie", ["-O2", "-static-pie", "-fPIE", "-DTOCSIN_NO_DLOPEN"])


def fixed_address():
    variant("fixed", ["-O2", "-fno-pie", "-no-pie", "-Wl,-z,now"])


def hardened():
    variant("hardened", ["-O3", "-flto", "-D_FORTIFY_SOURCE=2", "-fstack-protector-strong", "-fstack-clash-protection",
                         "-Wl,-z,relro,-z,now", "-Wl,-z,noseparate-code"])


def unoptimised():
    variant("unoptimised", ["-O0"])


def clang():
    if shutil.which("clang"):
        os.environ["TOCSIN_CC"] = "clang"
        variant("clang", ["-O2"])
        del os.environ["TOCSIN_CC"]


def frame_pointers_only():
    variant("frame_pointers", ["-O1", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables",
                               "-fno-omit-frame-pointer"],
            {"segv": SCENARIOS["segv"], "nullcall": SCENARIOS["nullcall"], "overflow": SCENARIOS["overflow"]})


def nothing_to_unwind_by():
    """No call frame information, no frame pointers: the place of the fault is all there is."""
    variant("bare", ["-O2", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-fomit-frame-pointer"],
            {"segv": (11, ["segv"]), "abort": (6, []), "overflow": (11, ["deeper"])})


if __name__ == "__main__":
    main({f.__name__: f for f in (cpp, static, static_pie, fixed_address, hardened, unoptimised, clang,
                                  frame_pointers_only, nothing_to_unwind_by)})
