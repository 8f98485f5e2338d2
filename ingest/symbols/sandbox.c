/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/sandbox.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the sandbox knows the system calls of x86-64 and aarch64"
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#else
#define HAS_SANITIZER 0
#endif

#define FILES_MAX 16u /* the socket, standard error, the file that is read */

/* Memory, what was given, and the end. */
static const int allowed[] = {
    SYS_read,         SYS_pread64,       SYS_lseek,          SYS_fstat,       SYS_newfstatat,
    SYS_close,        SYS_fcntl,         SYS_recvmsg,        SYS_recvfrom,    SYS_sendmsg,
    SYS_sendto,       SYS_write,         SYS_munmap,         SYS_mremap,      SYS_brk,
    SYS_madvise,      SYS_futex,         SYS_rt_sigprocmask, SYS_sigaltstack, SYS_rt_sigaction,
    SYS_rt_sigreturn, SYS_clock_gettime, SYS_getrandom,      SYS_getpid,      SYS_gettid,
    SYS_tgkill,       SYS_sched_yield,   SYS_exit,           SYS_exit_group,  SYS_restart_syscall,
};
#define ALLOWED (sizeof(allowed) / sizeof(allowed[0]))

/* Allowed unless the memory could be executed. */
static const int mapping[] = {SYS_mmap, SYS_mprotect};

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))

/* Appends the verdict on call `number`: one comparison, one return. */
static struct sock_filter *allow(struct sock_filter *at, int number)
{
    *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    return at;
}

/* As allow, but for the third argument, in whose low half the protection is. */
static struct sock_filter *allow_data(struct sock_filter *at, int number)
{
    *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4);
    *at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(args[2]));
    *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0);
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    return at;
}

static bool filter_calls(void)
{
    struct sock_filter program[5 + 2 * ALLOWED + 5 * 2];
    struct sock_filter *at = program;
    *at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(arch));
    *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0);
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    *at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIELD(nr));
    for (size_t i = 0; i < ALLOWED; i++) {
        at = allow(at, allowed[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        at = allow_data(at, mapping[i]);
    }
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog whole = {.len = (unsigned short)(at - program), .filter = program};
    MUST(whole.len == sizeof(program) / sizeof(program[0]));
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0;
}

static bool limit(__rlimit_resource_t what, rlim_t most)
{
    const struct rlimit limit = {.rlim_cur = most, .rlim_max = most};
    return setrlimit(what, &limit) == 0;
}

static bool limit_all(void)
{
    return (HAS_SANITIZER || limit(RLIMIT_AS, SYMBOL_SPACE_BYTES)) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_CORE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, FILES_MAX);
}

bool sandbox_enter(int last_fd)
{
    MUST(last_fd >= 0 && (unsigned)last_fd < FILES_MAX);
    (void)setpriority(PRIO_PROCESS, 0, 10);
    return close_range((unsigned)last_fd + 1, ~0u, 0) == 0 && limit_all() &&
           prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && filter_calls();
}
