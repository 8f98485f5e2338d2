# SPDX-License-Identifier: Apache-2.0
"""What the compiler makes of the two files: size, symbols of the crash section, every switch, every
language level of the header."""
import os
import re
import shutil
import subprocess

from harness import HERE, SDK, WORK, compiler, main, run

WARNINGS = ("-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes "
            "-Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 "
            "-Wundef -Wswitch-enum -Wimplicit-fallthrough -Wdouble-promotion -Werror").split()
KIB = 1024


def sections(path):
    """Bytes of code, constants and unwind tables, and of memory fixed in the program."""
    fixed = text = 0
    for line in run("size", "-A", path).stdout.splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[1].isdigit():
            if parts[0] in (".text", ".rodata", ".eh_frame", ".eh_frame_hdr"):
                text += int(parts[1])
            elif parts[0] in (".data", ".bss", ".tbss", ".data.rel.ro"):
                fixed += int(parts[1])
    return text, fixed


def compiled(name, source, flags):
    path = os.path.join(WORK, name)
    done = run(compiler(), *flags, "-I", SDK, *source, "-o", path, "-pthread", "-s", timeout=120)
    assert done.returncode == 0, done.stderr
    return path


def size():
    """Growth of a stripped program over an empty main: the gate of the SDK's promise."""
    empty = os.path.join(WORK, "empty.c")
    with open(empty, "w") as f:
        f.write("int main(void) { return 0; }\n")
    hello, sdk = os.path.join(SDK, "examples", "hello.c"), os.path.join(SDK, "tocsin.c")
    sections_flags = ["-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"]
    late = []
    for level, flags, target in (("-O2", ["-O2"], 48 * KIB),
                                 ("-Os", ["-Os", *sections_flags], 40 * KIB)):
        base, _ = sections(compiled("empty" + level, [empty], flags))
        text, fixed = sections(compiled("hello" + level, [hello, sdk], flags))
        print("   %s: +%.1f KiB of code and constants (target %d), %.0f KiB fixed data" % (
            level, (text - base) / KIB, target / KIB, fixed / KIB))
        if text - base > target:
            late.append(level)
    assert not late, "too big at " + " and ".join(late)


def crash_section_calls_only_what_is_allowed():
    with open(os.path.join(HERE, "allowed_symbols.txt")) as f:
        allowed = {line.strip() for line in f if line.strip() and not line.startswith("#")}
    for flags in (["-O2"], ["-Os"], ["-O0"], ["-O2", "-fstack-protector-strong"]):
        path = os.path.join(WORK, "crash_only.o")
        done = run(compiler(), "-std=c11", *flags, "-DTOCSIN_CRASH_ONLY", "-c",
                   os.path.join(SDK, "tocsin.c"), "-o", path)
        assert done.returncode == 0, done.stderr
        used = {line.split()[-1] for line in run("nm", "-u", path).stdout.splitlines()}
        assert "pwrite" in used or "pwrite64" in used, used
        extra = used - allowed - {"_GLOBAL_OFFSET_TABLE_"}
        assert not extra, "%s: the handler may call %s" % (flags, sorted(extra))


def warnings_and_switches():
    def check(cc, *flags):
        done = run(cc, "-std=c11", *WARNINGS, *flags, os.path.join(SDK, "tocsin.c"), timeout=120)
        assert done.returncode == 0, "%s %s\n%s" % (cc, flags, done.stderr)

    for cc in filter(None, (shutil.which("gcc"), shutil.which("clang"))):
        for switch in ([], ["-DTOCSIN_NO_DLOPEN"], ["-DTOCSIN_NO_CRASH_HANDLER"],
                       ["-DTOCSIN_WRAP_PTHREAD"]):
            check(cc, *switch, "-fsyntax-only")
        for level in ("-O0", "-O2", "-O3"):  # some warnings come only with the code
            check(cc, level, "-c", "-o", os.devnull)


def header_languages():
    source = os.path.join(WORK, "use")
    for cc, standard, suffix in (("gcc", "c99", ".c"), ("gcc", "c11", ".c"), ("g++", "c++98", ".cpp"),
                                 ("g++", "c++17", ".cpp"), ("clang", "c99", ".c"),
                                 ("clang++", "c++11", ".cpp")):
        if not shutil.which(cc):
            continue
        with open(source + suffix, "w") as f:
            f.write('#include "tocsin.h"\nint f(void);\nint f(void) { return tocsin_flush(1); }\n')
        done = run(cc, "-std=" + standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I", SDK,
                   "-c", source + suffix, "-o", os.path.join(WORK, "use.o"))
        assert done.returncode == 0, done.stderr


def exports_only_its_prefix():
    path = os.path.join(WORK, "all.o")
    run(compiler(), "-std=c11", "-O2", "-c", os.path.join(SDK, "tocsin.c"), "-o", path)
    names = [line.split()[-1] for line in run("nm", "-g", "--defined-only", path).stdout.splitlines()]
    assert names and all(n.startswith("tocsin_") for n in names), names
    with open(os.path.join(SDK, "tocsin.h")) as f:
        declared = set(re.findall(r"\b(tocsin_[a-z_]+)\(", re.sub(r"/\*.*?\*/", "", f.read(),
                                                                  flags=re.S)))
    assert set(names) == declared, set(names) ^ declared
    print("   %d functions" % len(names))


def wrapped_threads():
    """With the linker's help an unprepared thread's stack overflow is reported too."""
    source = os.path.join(WORK, "wrap.c")
    with open(source, "w") as f:
        f.write('#include "tocsin.h"\n#include <pthread.h>\n#include <string.h>\n'
                "__attribute__((noinline)) static int deeper(int n) {\n"
                "  volatile char r[512]; memset((void *)r, n, sizeof r);\n"
                "  return n ? deeper(n + 1) + r[n % 512] : 0; }\n"
                "static void *t(void *p) { return (char *)p + deeper(1); }\n"
                "int main(int c, char **v) { (void)c; pthread_t p; tocsin_options o = {sizeof o};\n"
                '  o.dsn = "http://k@127.0.0.1:1/1"; o.dir = v[1]; tocsin_init(&o);\n'
                "  pthread_create(&p, 0, t, 0); pthread_join(p, 0); return 0; }\n")
    program = compiled("wrap", [source, os.path.join(SDK, "tocsin.c")],
                       ["-O1", "-DTOCSIN_WRAP_PTHREAD", "-Wl,--wrap=pthread_create"])
    folder = os.path.join(WORK, "wrapdir")
    done = subprocess.run([program, folder])
    assert done.returncode == -11, done.returncode
    assert [n for n in os.listdir(folder) if n.endswith("-c.envelope")]


def installed():
    """As a package: pkg-config's flags and CMake's find_package each build the first example."""
    if not shutil.which("cmake") or not shutil.which("pkg-config"):
        print("   no cmake or pkg-config")
        return
    prefix, made, hello = (os.path.join(WORK, n) for n in ("prefix", "made", "hello"))
    source = os.path.join(SDK, "examples", "hello.c")

    def call(*command, **more):
        done = run(*command, timeout=300, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    call("cmake", "-S", SDK, "-B", made, "-DCMAKE_INSTALL_PREFIX=" + prefix, "-DCMAKE_INSTALL_LIBDIR=lib")
    call("cmake", "--build", made)
    call("cmake", "--install", made)
    environment = dict(os.environ, PKG_CONFIG_PATH=os.path.join(prefix, "lib", "pkgconfig"))
    flags = call("pkg-config", "--cflags", "--libs", "tocsin", env=environment).split()
    call(compiler(), source, "-o", hello, *flags)
    assert run(hello).returncode == 2, "says how it is used"
    with open(os.path.join(WORK, "CMakeLists.txt"), "w") as f:
        f.write("cmake_minimum_required(VERSION 3.18)\nproject(app C)\nfind_package(tocsin REQUIRED)\n"
                "add_executable(app %s)\ntarget_link_libraries(app PRIVATE tocsin::tocsin_sdk)\n" % source)
    app = os.path.join(WORK, "app")
    call("cmake", "-S", WORK, "-B", app, "-DCMAKE_PREFIX_PATH=" + prefix)
    call("cmake", "--build", app)
    assert run(os.path.join(app, "app")).returncode == 2


if __name__ == "__main__":
    main({f.__name__: f for f in (
        size, crash_section_calls_only_what_is_allowed, warnings_and_switches, header_languages,
        exports_only_its_prefix, wrapped_threads, installed)})
