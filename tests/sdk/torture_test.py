# SPDX-License-Identifier: Apache-2.0
"""Every way to die leaves one complete report with the right signal and the right stack, and the
process still dies by its signal. TORTURE_RUNS sets how often (1; the torture label uses 100)."""
import os
import statistics
import shutil
import subprocess
import sys
import time

from harness import Envelope, HERE, Server, WORK, build, compiler, fresh, run

RUNS = int(os.environ.get("TORTURE_RUNS", "1"))
QEMU = os.environ.get("TORTURE_EMULATOR", "").split()
MUSL = bool(os.environ.get("TORTURE_MUSL"))
FLAGS = ["-O2", "-fomit-frame-pointer", "-rdynamic", *os.environ.get("TORTURE_FLAGS", "").split()]

# scenario: signal, functions that must be in the stack (in this order, newest first)
STACK = ["level2", "level1", "main"]
EXPECTED = {
    "segv": (11, ["segv", *STACK]),
    "abort": (6, ["aborts", *STACK]),
    "fpe": (8, ["fpe", *STACK]),
    "ill": (4, ["ill", *STACK]),
    "bus": (7, ["bus", *STACK]),
    "nullcall": (11, ["nullcall", *STACK]),
    "wildjump": (11, ["wildjump", *STACK]),
    "overflow": (11, ["deeper", "deeper", "deeper", "deeper", "deeper"]),
    "overflow_thread": (11, ["deeper", "deeper", "deeper", "deeper", "deeper"]),
    "segv_thread": (11, ["segv", "run_in_thread"]),
    "heap_corruption": (6, ["heap_corruption", *STACK]),
    "double_free": (6, ["double_free", *STACK]),
    "other_in_malloc": (11, ["segv", "other_in_malloc", *STACK]),
    "while_capturing": (11, ["segv", "while_capturing", *STACK]),
    "eight_threads": (11, ["segv", "crash_together"]),
    "fork_child": (11, ["segv", "fork_child", *STACK]),
    "smashed_stack": (11, ["smashed_stack"]),
    "fd_exhausted": (11, ["segv", "fd_exhausted", *STACK]),
    "as_limit": (11, ["segv", "as_limit", *STACK]),
    "in_handler": (11, ["segv", "on_alternate_stack", "in_handler", *STACK]),
    "readonly_folder": (11, ["segv", "readonly_folder", *STACK]),
    "chained": (11, ["segv", *STACK]),
    "chain_first": (11, ["segv", "chain_first", *STACK]),
    "from_outside": (11, ["from_outside", *STACK]),
    "no_process_vm": (11, ["segv", "no_process_vm", *STACK]),
    "disk_full": (11, ["segv", "disk_full", *STACK]),
    "nested": (11, ["segv"]),
    "at_exit": (11, ["segv", "crash_at_exit", "at_exit", *STACK]),
    "no_files": (11, ["segv", "no_files", *STACK]),
    "no_file_size": (11, None),
    "tiny_stack": (11, ["deeper", "deeper", "deeper", "overflow_here"]),
    "own_stack": (11, ["deeper", "deeper", "deeper", "deeper", "deeper"]),
    "coroutine": (11, ["segv", "on_coroutine"]),
    "blocked_fault": (11, None),
    "blocked_abort": (6, ["blocked_abort", *STACK]),
    "trap": (5, ["trap", *STACK]),
    "forbidden_call": (31, ["forbidden_call", *STACK]),
    "chained_after": (11, ["segv", "chained_after", *STACK]),
    "in_before_send": (11, ["segv", "crash_in_hook"]),
    "files_closed": (11, ["segv", "files_closed", *STACK]),
    "vfork_child": (11, ["segv", "vfork_child", *STACK]),
    "raw_fork": (11, ["segv", "raw_fork", *STACK]),
    "in_library": (11, ["segv", "in_library", *STACK]),
    "jail": (11, ["segv", *STACK]),
}
# The emulator keeps its own files, memory and signals: these ask the kernel for what it cannot do.
NOT_EMULATED = {"fd_exhausted", "as_limit", "no_process_vm", "from_outside", "overflow",
                "smashed_stack", "nested", "no_files", "no_file_size", "own_stack", "tiny_stack",
                "blocked_fault", "forbidden_call", "files_closed", "vfork_child", "raw_fork", "jail"}
# The program is static there, and the library has no contexts.
NOT_STATIC = {"nested", "in_library", "coroutine"}
# musl has no call frame information: a stack that begins inside it cannot be followed out of it.
# Its allocator stops the process by an illegal access instead of abort().
MUSL_EXPECTED = {"abort": (6, []), "heap_corruption": (6, []), "double_free": (11, []),
                 "from_outside": (11, []), "in_handler": (11, ["segv", "on_alternate_stack"]),
                 "at_exit": (11, ["segv", "crash_at_exit"]), "forbidden_call": (31, []),
                 "blocked_abort": (6, None)}  # its abort() lets no handler run then
if MUSL:
    EXPECTED.update(MUSL_EXPECTED)
NAMES = {4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV",
         31: "SIGSYS"}
ROOT = {"readonly_folder": "to become nobody", "jail": "to enter it"}


def symbols(program):
    """[(address, name)] of a program, sorted."""
    table = []
    nm = os.environ.get("TORTURE_NM", "nm")
    for line in run(nm, "-n", program).stdout.splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[1] in "tTwW":
            table.append((int(parts[0], 16), parts[2].split(".")[0]))
    return table


def functions(event, table, name):
    """Names of the program's frames, newest first."""
    found = []
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    for i, frame in enumerate(reversed(frames)):
        if not frame.get("package", "").endswith(name):
            continue
        at = int(frame["instruction_addr"], 16) - (i > 0)  # the call before a return address
        if table[0][0] < int(frame["image_addr"], 16):
            at -= int(frame["image_addr"], 16)
        best = [n for a, n in table if a <= at]
        found.append(best[-1] if best else "?")
    return found


def contains(found, wanted):
    rest = iter(found)
    return all(any(name == f for f in rest) for name in wanted)


def envelopes(folder):
    return [os.path.join(folder, n) for n in os.listdir(folder) if n.endswith("-c.envelope")]


def die(program, scenario, folder, environment):
    """Runs it; returns (signal, ms from fault to reaped, output)."""
    child = subprocess.Popen([*QEMU, program, scenario, folder], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, env=environment)
    _, status = os.waitpid(child.pid, 0)
    reaped = time.monotonic_ns()
    output = child.stdout.read().decode()
    child.stdout.close()
    child.returncode = 0
    marks = [int(x) for x in output.split("\n") if x.isdigit()]
    took = (reaped - marks[0]) / 1e6 if marks else -1
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status), took, output


def waiting(folder):
    """What the next process on the folder finds and sends."""
    server = Server()
    run(os.path.join(WORK, "sweep"), server.dsn, folder)
    return server.envelopes()


def report_of(scenario, folder):
    if scenario == "readonly_folder":  # the rename failed: the next process adopts it
        os.chmod(folder, 0o700)
        (envelope,) = [e for e in waiting(folder) if e.all("event")]
        return envelope
    where = os.path.join(folder, "spool") if scenario == "jail" else folder
    files = sorted(envelopes(where))
    wanted = 2 if scenario == "vfork_child" else 1
    assert len(files) == wanted, "%s: %d reports" % (scenario, len(files))
    with open(files[0], "rb") as f:  # named when the process began: a child's comes later
        return Envelope(f.read())


def check_host(scenario, folder, output, envelope):
    """What only some scenarios promise."""
    if scenario not in ("fork_child", "raw_fork", "at_exit"):
        (session,) = envelope.all("session")
        assert session["status"] == "crashed" and session["errors"] >= 1
    if scenario == "chained":
        assert "earlier handler ran" in output
    if scenario == "chained_after":
        assert "later handler ran" in output
    if scenario == "files_closed":
        with open(os.path.join(folder, "mine"), "rb") as f:
            assert f.read() == b"precious", "a file of the program's own was written to"


def check(program, table, scenario, environment):
    signal, wanted = EXPECTED[scenario]
    folder = os.environ.get("TORTURE_FULL_DISK") if scenario == "disk_full" else None
    folder = folder or fresh("dir")
    os.makedirs(folder, exist_ok=True)
    got, took, output = die(program, scenario, folder, environment)
    assert got == signal, "%s: died by %d, not %d" % (scenario, got, signal)
    if wanted is None:  # no report can be written: the session tells
        sessions = [s for e in waiting(folder) for s in e.all("session")]
        assert "abnormal" in [s["status"] for s in sessions], (scenario, sessions)
        return took, 0
    envelope = report_of(scenario, folder)
    (event,) = envelope.all("event")
    value = event["exception"]["values"][-1]
    assert value["type"] == NAMES[signal], value["type"]
    assert value["mechanism"]["meta"]["signal"]["number"] == signal
    assert event["level"] == "fatal" and envelope.header["event_id"] == event["event_id"]
    if scenario != "nested":  # a second fault keeps to what is certain
        assert event["tags"]["scenario"] == scenario
        assert event["extra"]["note"] == "about to die"
        assert event["breadcrumbs"]["values"][0]["category"] in ("torture", "busy")
    check_host(scenario, folder, output, envelope)
    found = functions(event, table, os.path.basename(program))
    assert contains(found, wanted), "%s: %s does not hold %s" % (scenario, found, wanted)
    if scenario in ("overflow", "overflow_thread", "own_stack"):
        assert len(found) >= 100, len(found)
    if scenario == "nested":  # the unwinder itself was hit: it cannot have gone on to main
        assert "main" not in found and "breadcrumbs" not in event, found
    return took, len(envelope.body)


def full_disk():
    """A file system of half a MiB for disk_full, if we may mount one."""
    path = os.path.join(WORK, "small")
    os.makedirs(path, exist_ok=True)
    done = run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", path)
    return path if done.returncode == 0 else None


def main():
    cc = compiler()
    extra = ["-static", "-Wl,--eh-frame-hdr"] if MUSL else []
    program = build("torture", ["torture.c", "torture_host.c"], FLAGS + extra, libs=["-ldl"])
    build("sweep", ["sweep.c"], ["-O2"], cc=shutil.which("gcc"))
    library = os.path.join(WORK, "library.so")
    run(cc, "-O2", "-shared", "-fPIC", "-Wl,-z,separate-code", os.path.join(HERE,
        "torture_library.c"), "-o", library)
    environment = dict(os.environ, TORTURE_LIBRARY=library)
    table = symbols(program)
    small = None if QEMU else full_disk()
    failed = 0
    times, sizes = [], []
    for scenario in sys.argv[1:] or EXPECTED:
        if (QEMU and scenario in NOT_EMULATED) or (MUSL and scenario in NOT_STATIC):
            print("-- %-16s not here" % scenario)
            continue
        if scenario == "disk_full":
            if not small:
                print("-- disk_full        no file system could be mounted")
                continue
            os.environ["TORTURE_FULL_DISK"] = small
        if scenario in ROOT and os.getuid() != 0:
            print("-- %-16s needs root %s" % (scenario, ROOT[scenario]))
            continue
        took, bad = [], 0
        for _ in range(RUNS):
            if scenario == "disk_full":
                for name in os.listdir(small):
                    os.unlink(os.path.join(small, name))
            try:
                ms, size = check(program, table, scenario, environment)
                took += [ms] if ms >= 0 else []
                sizes.append(size)
            except (AssertionError, ValueError, KeyError, IndexError) as e:
                bad += 1
                print("   %s" % e)
        failed += bad
        times += took
        print("%s %-16s %3d of %3d, fault to death median %5.2f ms, max %6.2f" % (
            "ok" if not bad else "NO", scenario, RUNS - bad, RUNS,
            statistics.median(took or [-1]), max(took or [-1])), flush=True)
    if small:
        run("umount", small)
    if times:
        print("all: median %.2f ms (target 2), report median %d bytes (target 4096)" % (
            statistics.median(times), statistics.median(sizes)))
    sys.exit(failed > 0)


main()
