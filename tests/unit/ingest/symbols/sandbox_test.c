/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/sandbox.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Gives the exit status of what `inside` says in a process that went into the sandbox. */
static int in_sandbox(int (*inside)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        _exit(sandbox_enter(2) ? inside() : 99);
    }
    cr_assert(pid > 0 && waitpid(pid, &status, 0) == pid);
    cr_assert(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

static int denied(long result)
{
    return result < 0 && errno == EPERM;
}

static int reaches_nothing(void)
{
    char *const argv[] = {NULL};
    if (!denied(open("/etc/passwd", O_RDONLY))) {
        return 1;
    }
    if (!denied(open("/tmp/tocsin-sandbox", O_WRONLY | O_CREAT, 0600))) {
        return 2;
    }
    if (!denied(socket(AF_INET, SOCK_STREAM, 0)) || !denied(socket(AF_UNIX, SOCK_STREAM, 0))) {
        return 3;
    }
    if (!denied(syscall(SYS_execve, "/bin/true", argv, argv))) {
        return 4;
    }
    if (!denied(syscall(SYS_kill, getppid(), 0)) || !denied(syscall(SYS_ptrace, 0, 0, 0, 0))) {
        return 5;
    }
    return denied(syscall(SYS_clone, 17, 0, 0, 0, 0)) ? 0 : 6; /* SIGCHLD: a fork */
}

Test(sandbox, reaches_no_file_network_or_process)
{
    cr_expect_eq(in_sandbox(reaches_nothing), 0);
}

static int runs_no_code_of_its_own(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        return 1;
    }
    if (!denied(mprotect(page, 4096, PROT_READ | PROT_EXEC))) {
        return 2;
    }
    void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return code == MAP_FAILED && errno == EPERM ? 0 : 3;
}

Test(sandbox, maps_nothing_to_execute)
{
    cr_expect_eq(in_sandbox(runs_no_code_of_its_own), 0);
}

static int works_with_memory(void)
{
    for (size_t size = 16; size < (8u << 20); size *= 3) {
        char *bytes = malloc(size);
        if (bytes == NULL) {
            return 1;
        }
        bytes[size - 1] = 1;
        free(bytes);
    }
    return write(2, "", 0) == 0 ? 0 : 2;
}

Test(sandbox, can_still_allocate_and_speak)
{
    cr_expect_eq(in_sandbox(works_with_memory), 0);
}

static int has_let_go(void)
{
    struct rlimit core;
    if (fcntl(3, F_GETFD) != -1 || fcntl(100, F_GETFD) != -1) {
        return 1;
    }
    /* Asking is denied too, so that what was set shows only in that it cannot be undone. */
    return denied(getrlimit(RLIMIT_CORE, &core)) && denied(prctl(PR_SET_DUMPABLE, 1)) ? 0 : 2;
}

Test(sandbox, keeps_no_descriptor_and_cannot_leave)
{
    int low = open("/dev/null", O_RDONLY);
    cr_assert_geq(low, 3);
    cr_assert_eq(dup2(low, 100), 100);
    cr_expect_eq(in_sandbox(has_let_go), 0);
}
