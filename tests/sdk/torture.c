/* SPDX-License-Identifier: Apache-2.0 */
/* Dies in many ways: torture SCENARIO FOLDER. Before the fault it writes the time in ns to stdout.
 * The stack at the fault is main, level1, level2, and the scenario's own function. What the host
 * program may have done to its process before is in torture_host.c. */
#include "torture.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
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
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

const char *folder;
volatile int zero;
static int *volatile nowhere = (int *)16;

void mark(void)
{
    struct timespec t;
    char text[32];
    clock_gettime(CLOCK_MONOTONIC, &t);
    int n = snprintf(text, sizeof text, "%lld\n", (long long)t.tv_sec * 1000000000 + t.tv_nsec);
    if (write(1, text, (size_t)n) != n) {
        _exit(9);
    }
}

KEEP int segv(void)
{
    mark();
    return *nowhere + 1;
}

KEEP static int aborts(void)
{
    mark();
    abort();
}

KEEP static int fpe(void)
{
    mark();
#if defined(__x86_64__)
    return 7 / zero;
#else
    return raise(SIGFPE) + 1; /* aarch64 divides by zero silently */
#endif
}

KEEP static int ill(void)
{
    mark();
#if defined(__x86_64__)
    __asm__ volatile("ud2");
#else
    __asm__ volatile(".inst 0x00000000");
#endif
    return zero;
}

KEEP static int bus(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/short", folder);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    volatile char *p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
    mark();
    return p[0] + 1;
}

KEEP static int nullcall(void)
{
    int (*volatile call)(void) = NULL;
    mark();
    return call() + 1;
}

KEEP static int wildjump(void)
{
    int (*volatile call)(void) = (int (*)(void))(uintptr_t)0x123456789000;
    mark();
    return call() + 1;
}

KEEP static int deeper(int n)
{
    volatile char room[256];
    memset((void *)(uintptr_t)room, n & 127, sizeof room);
    return n ? deeper(n + 1) + room[n % 256] : 0;
}

/* No mark: filling 8 MiB of stack takes longer than dying. */
KEEP int overflow(void)
{
    return deeper(1) + zero;
}

static void *run_in_thread(void *function)
{
    int (*call)(void) = *(int (**)(void))function;
    tocsin_thread_attach();
    return (void *)(intptr_t)(call() + 1);
}

KEEP static int in_thread(int (*function)(void))
{
    pthread_t t;
    pthread_create(&t, NULL, run_in_thread, &function);
    pthread_join(t, NULL);
    return 1;
}

KEEP static int overflow_thread(void)
{
    return in_thread(overflow);
}

KEEP static int segv_thread(void)
{
    return in_thread(segv);
}

/* free() notices the damage with the arena locked, and aborts. */
KEEP static int heap_corruption(void)
{
    char *volatile block[10];
    for (int i = 0; i < 10; i++) {
        block[i] = malloc(2000);
    }
    memset(block[4] - 16, 0x41, 2000 + 32);
    mark();
    for (int i = 0; i < 10; i++) {
        free(block[i]);
    }
    free(malloc(5000));
    abort(); /* an allocator that does not look */
}

KEEP static int double_free(void)
{
    char *volatile p = malloc(40);
    mark();
    free(p);
    free(p);
    abort();
}

static void *churn_heap(void *unused)
{
    for (;;) {
        free(malloc(100000));
        free(malloc(100));
    }
    return unused;
}

KEEP static int other_in_malloc(void)
{
    pthread_t t;
    for (int i = 0; i < 3; i++) {
        pthread_create(&t, NULL, churn_heap, NULL);
    }
    usleep(3000);
    return segv() + zero;
}

static void *keep_capturing(void *unused)
{
    for (;;) {
        tocsin_breadcrumb(TOCSIN_INFO, "busy", "capturing all the time");
        tocsin_capture(TOCSIN_ERROR, "busy", "another thread", TOCSIN_STACK);
        tocsin_tag("turn", "x");
    }
    return unused;
}

KEEP static int while_capturing(void)
{
    pthread_t t;
    for (int i = 0; i < 2; i++) {
        pthread_create(&t, NULL, keep_capturing, NULL);
    }
    usleep(3000);
    return segv() + zero;
}

static pthread_barrier_t barrier;

static void *crash_together(void *unused)
{
    pthread_barrier_wait(&barrier);
    segv();
    return unused;
}

KEEP static int eight_threads(void)
{
    pthread_t t[8];
    pthread_barrier_init(&barrier, NULL, 8);
    for (int i = 0; i < 8; i++) {
        pthread_create(&t[i], NULL, crash_together, NULL);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(t[i], NULL);
    }
    return 1;
}

int die_as(pid_t child)
{
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) {
        _exit(8);
    }
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    return 1;
}

KEEP static int fork_child(void)
{
    pid_t pid = fork();
    return pid == 0 ? segv() + zero : die_as(pid);
}

KEEP static int smashed_stack(void)
{
    mark();
#if defined(__x86_64__)
    __asm__ volatile("movq $0x1230, %%rsp\n\tmovl $1, 8(%%rsp)" ::: "memory");
#else
    __asm__ volatile("mov x9, #0x1230\n\tmov sp, x9\n\tstr x9, [sp, #16]" ::: "memory");
#endif
    return zero;
}

KEEP static int fd_exhausted(void)
{
    while (dup(1) >= 0) {
    }
    return segv() + zero;
}

KEEP static int as_limit(void)
{
    struct rlimit none = {4096, 4096};
    setrlimit(RLIMIT_AS, &none);
    return segv() + zero;
}

static void on_alternate_stack(int signal)
{
    (void)signal;
    zero = segv();
}

KEEP static int in_handler(void)
{
    struct sigaction a = {.sa_handler = on_alternate_stack, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &a, NULL);
    return raise(SIGUSR1) + segv();
}

KEEP static int readonly_folder(void)
{
    chmod(folder, 0500);
    if (setgid(65534) != 0 || setuid(65534) != 0) {
        return 1;
    }
    return segv() + zero;
}

static void earlier(int signal, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    static const char text[] = "earlier handler ran\n";
    if (write(1, text, sizeof text - 1) < 0) {
        _exit(7);
    }
    struct sigaction a = {.sa_handler = SIG_DFL};
    sigaction(signal, &a, NULL);
}

/* Called before tocsin_init: the handlers that were there first. */
static void install_earlier(void)
{
    struct sigaction a = {.sa_sigaction = earlier, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &a, NULL);
}

static void repair(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    (void)signal, (void)info;
#if defined(__x86_64__)
    c->uc_mcontext.gregs[REG_RIP] += 2; /* over the ud2 */
#else
    c->uc_mcontext.pc += 4;
#endif
}

static void install_repair(void)
{
    struct sigaction a = {.sa_sigaction = repair, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGILL, &a, NULL);
}

/* As a virtual machine does: its faults are its own business, the next one is ours. */
KEEP static int chain_first(void)
{
    for (int i = 0; i < 5; i++) {
#if defined(__x86_64__)
        __asm__ volatile("ud2");
#else
        __asm__ volatile(".inst 0x00000000");
#endif
    }
    return segv() + zero;
}

/* Sent to the first thread: a process-wide signal may go to any, and its stack is then the report.
 */
KEEP static int from_outside(void)
{
    pid_t victim = getpid();
    int ends[2];
    char byte = 0;
    if (pipe(ends) != 0) {
        return 1;
    }
    if (fork() == 0) {
        _exit(read(ends[0], &byte, 1) != 1 || syscall(SYS_tgkill, victim, victim, SIGSEGV) != 0);
    }
    mark();
    for (;;) {
        byte = (char)(write(ends[1], &byte, 1) + pause());
    }
}

/* A seccomp filter as containers have one. Spelt in numbers: musl-gcc has no kernel headers. */
KEEP static int no_process_vm(void)
{
    struct instruction {
        uint16_t code;
        uint8_t yes, no;
        uint32_t k;
    } code[] = {{0x20, 0, 0, 0},                    /* load the system call's number */
                {0x15, 0, 1, SYS_process_vm_readv}, /* is it this one? */
                {0x06, 0, 0, 0x00050000u | EPERM},  /* then it fails */
                {0x06, 0, 0, 0x7fff0000u}};         /* all others are allowed */
    struct {
        unsigned short n;
        struct instruction *code;
    } program = {4, code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, 2, &program);
    return segv() + zero;
}

/* Fills the disk the folder is on, after the report's room was taken. */
KEEP static int disk_full(void)
{
    char path[512], block[4096] = {1};
    snprintf(path, sizeof path, "%s/filler", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    while (write(fd, block, sizeof block) > 0) {
    }
    return segv() + zero;
}

/* A library without its call frame information: the unwinder faults on it, inside the handler. */
KEEP static int nested(void)
{
    void (*call)(int (*)(void));
    void *library = dlopen(getenv("TORTURE_LIBRARY"), RTLD_NOW);
    void *symbol = library ? dlsym(library, "call_back") : NULL;
    Dl_info info;
    if (!symbol || !dladdr(symbol, &info)) {
        return 1;
    }
    tocsin_modules_changed();
    memcpy(&call, &symbol, sizeof call);
    /* The read-only segments hold .eh_frame; the code page stays. */
    uintptr_t page = (uintptr_t)symbol & ~(uintptr_t)4095;
    munmap((void *)(page + 4096), 4096);
    call(segv);
    return 1;
}

static const struct scenario scenarios[] = {
    {"segv", segv, NULL, 0},
    {"abort", aborts, NULL, 0},
    {"fpe", fpe, NULL, 0},
    {"ill", ill, NULL, 0},
    {"bus", bus, NULL, 0},
    {"nullcall", nullcall, NULL, 0},
    {"wildjump", wildjump, NULL, 0},
    {"overflow", overflow, NULL, 0},
    {"overflow_thread", overflow_thread, NULL, 0},
    {"segv_thread", segv_thread, NULL, 0},
    {"heap_corruption", heap_corruption, NULL, 0},
    {"double_free", double_free, NULL, 0},
    {"other_in_malloc", other_in_malloc, NULL, 0},
    {"while_capturing", while_capturing, NULL, 0},
    {"eight_threads", eight_threads, NULL, 0},
    {"fork_child", fork_child, NULL, 0},
    {"smashed_stack", smashed_stack, NULL, 0},
    {"fd_exhausted", fd_exhausted, NULL, 0},
    {"as_limit", as_limit, NULL, 0},
    {"in_handler", in_handler, NULL, 0},
    {"readonly_folder", readonly_folder, NULL, 0},
    {"chained", segv, install_earlier, 0},
    {"chain_first", chain_first, install_repair, TOCSIN_CHAIN_FIRST},
    {"from_outside", from_outside, NULL, 0},
    {"no_process_vm", no_process_vm, NULL, 0},
    {"disk_full", disk_full, NULL, 0},
    {"nested", nested, NULL, 0},
};

KEEP static int level2(const struct scenario *s)
{
    return s->run() + zero;
}

KEEP static int level1(const struct scenario *s)
{
    return level2(s) + zero;
}

static const struct scenario *find(const char *name)
{
    for (const struct scenario *s = host_scenarios; s->name; s++) {
        if (strcmp(s->name, name) == 0) {
            return s;
        }
    }
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        if (strcmp(scenarios[i].name, name) == 0) {
            return &scenarios[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    tocsin_options o = {.size = sizeof o, .dsn = "http://key@127.0.0.1:1/7"};
    const struct scenario *s = argc > 2 ? find(argv[1]) : NULL;
    if (!s) {
        return 2;
    }
    folder = argv[2];
    alarm(20); /* a hang is worse than a crash */
    if (s->before) {
        s->before();
    }
    o.dir = folder;
    o.flags = s->flags;
    o.before_send = s->before_send;
    if (tocsin_init(&o) != TOCSIN_OK) {
        return 3;
    }
    tocsin_tag("scenario", argv[1]);
    tocsin_note("about to die");
    tocsin_breadcrumb(TOCSIN_INFO, "torture", argv[1]);
    return level1(s);
}
