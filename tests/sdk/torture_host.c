/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to die in a process that its program has bent: limits, masks, stacks, handlers, children. */
#include "torture.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

/* ---- the end of the program ---- */

static void crash_at_exit(void)
{
    zero = segv();
}

/* Registered first, so called last: the SDK's own end of the program is over by then. */
static void register_at_exit(void)
{
    atexit(crash_at_exit);
}

KEEP static int at_exit(void)
{
    exit(zero);
}

/* ---- limits ---- */

KEEP static int no_files(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_NOFILE, &none);
    return segv() + zero;
}

/* Nothing can be written then, not even the report; but the signal is still the program's own. */
KEEP static int no_file_size(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_FSIZE, &none);
    tocsin_session_start(); /* writes; may not kill the process */
    return segv() + zero;
}

/* ---- stacks ---- */

static void *overflow_here(void *unused)
{
    tocsin_thread_attach();
    overflow();
    return unused;
}

KEEP static int tiny_stack(void)
{
    pthread_t t;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, (size_t)sysconf(_SC_THREAD_STACK_MIN));
    pthread_create(&t, &attr, overflow_here, NULL);
    pthread_join(t, NULL);
    return 1;
}

/* What programs took before AVX-512: the SDK has to do with it. */
static void install_own_stack(void)
{
    stack_t own = {.ss_sp = malloc(8192), .ss_size = 8192};
    sigaltstack(&own, NULL);
}

#if defined(__GLIBC__)
static ucontext_t back;

static void on_coroutine(void)
{
    zero = segv();
}

KEEP static int coroutine(void)
{
    ucontext_t c;
    getcontext(&c);
    c.uc_stack.ss_sp = malloc(65536);
    c.uc_stack.ss_size = 65536;
    c.uc_link = &back;
    makecontext(&c, on_coroutine, 0);
    return swapcontext(&back, &c) + zero;
}
#endif

/* ---- signals ---- */

static void block_all(void)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
}

/* The kernel runs no handler for a fault whose signal is blocked: all that is left is the session.
 */
KEEP static int blocked_fault(void)
{
    block_all();
    return segv() + zero;
}

KEEP static int blocked_abort(void)
{
    block_all();
    mark();
    abort();
}

KEEP static int trap(void)
{
    mark();
#if defined(__x86_64__)
    __asm__ volatile("int3");
#else
    __asm__ volatile("brk #0");
#endif
    return zero;
}

/* A filter that does not say EPERM but sends a signal. Spelt in numbers, as in torture.c. */
KEEP static int forbidden_call(void)
{
    struct {
        uint16_t code;
        uint8_t yes, no;
        uint32_t k;
    } code[] = {{0x20, 0, 0, 0},
                {0x15, 0, 1, SYS_getppid},
                {0x06, 0, 0, 0x00030000u},
                {0x06, 0, 0, 0x7fff0000u}};
    struct {
        unsigned short n;
        void *code;
    } program = {4, code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, 2, &program);
    mark();
    return (int)syscall(SYS_getppid) + zero;
}

static struct sigaction the_sdk;

static void later(int signal, siginfo_t *info, void *context)
{
    static const char text[] = "later handler ran\n";
    if (write(1, text, sizeof text - 1) < 0) {
        _exit(7);
    }
    the_sdk.sa_sigaction(signal, info, context);
}

/* A handler put over ours, which passes the signal on. */
KEEP static int chained_after(void)
{
    struct sigaction a = {.sa_sigaction = later, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &a, &the_sdk);
    return segv() + zero;
}

/* ---- the SDK's own thread and files ---- */

static int crash_in_hook(tocsin_event *event, void *ctx)
{
    (void)event, (void)ctx;
    return segv() + zero;
}

KEEP static int in_before_send(void)
{
    tocsin_capture(TOCSIN_ERROR, "hook", "runs on the sender", 0);
    tocsin_flush(10000);
    return 1;
}

/* As a program that becomes a daemon too late: all files go, and their numbers to its own. */
KEEP static int files_closed(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/mine", folder);
    for (int fd = 3; fd < 256; fd++) {
        close(fd);
    }
    for (int i = 0; i < 8; i++) {
        FILE *mine = fopen(path, "w");
        if (!mine || fputs("precious", mine) < 0 || fflush(mine) != 0) {
            return 1;
        }
    }
    tocsin_session_start(); /* a second one, which writes its record */
    return segv() + zero;
}

/* ---- processes ---- */

/* The child shares our memory: what its crash leaves there must not spoil ours. */
KEEP static int vfork_child(void)
{
    int status = 0;
    pid_t pid = vfork();
    if (pid == 0) {
        segv();
    }
    if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status)) {
        _exit(8);
    }
    return segv() + zero;
}

/* Past the C library, and with it past the fork handlers. */
KEEP static int raw_fork(void)
{
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    return pid == 0 ? segv() + zero : die_as(pid);
}

/* ---- modules ---- */

/* A library that came after tocsin_init, and of which nobody told. */
KEEP static int in_library(void)
{
    void (*call)(int (*)(void));
    void *library = dlopen(getenv("TORTURE_LIBRARY"), RTLD_NOW);
    void *symbol = library ? dlsym(library, "call_back") : NULL;
    if (!symbol) {
        return 1;
    }
    memcpy(&call, &symbol, sizeof call);
    call(segv);
    return 1;
}

/* A jail with nothing in it but the spool. */
static void enter_jail(void)
{
    if (chroot(folder) != 0 || chdir("/") != 0) {
        _exit(6);
    }
    folder = "/spool";
}

const struct scenario host_scenarios[] = {
    {"at_exit", at_exit, register_at_exit, 0, NULL},
    {"no_files", no_files, NULL, 0, NULL},
    {"no_file_size", no_file_size, NULL, 0, NULL},
    {"tiny_stack", tiny_stack, NULL, 0, NULL},
    {"own_stack", overflow, install_own_stack, 0, NULL},
#if defined(__GLIBC__)
    {"coroutine", coroutine, NULL, 0, NULL},
#endif
    {"blocked_fault", blocked_fault, NULL, 0, NULL},
    {"blocked_abort", blocked_abort, NULL, 0, NULL},
    {"trap", trap, NULL, 0, NULL},
    {"forbidden_call", forbidden_call, NULL, 0, NULL},
    {"chained_after", chained_after, NULL, 0, NULL},
    {"in_before_send", in_before_send, NULL, 0, crash_in_hook},
    {"files_closed", files_closed, NULL, 0, NULL},
    {"vfork_child", vfork_child, NULL, 0, NULL},
    {"raw_fork", raw_fork, NULL, 0, NULL},
    {"in_library", in_library, NULL, 0, NULL},
    {"jail", segv, enter_jail, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
