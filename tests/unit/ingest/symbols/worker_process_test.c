/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/host/clock.h"
#include "ingest/symbols/worker_process.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/symbols/made.h"
#include <signal.h>
#include <sys/stat.h>

static struct worker_process worker;
static struct buffer answer;
static atomic_bool is_stopping;
static char scratch[64];
static char program[96];

static void setup(void)
{
    worker = (struct worker_process){.program = "/proc/self/exe"};
    buffer_init(&answer, SYMBOL_ANSWER_BYTES_MAX);
    place_scratch(scratch);
    snprintf(program, sizeof(program), "%s/worker", scratch);
}

static void teardown(void)
{
    worker_process_stop(&worker);
    buffer_done(&answer);
    place_remove(scratch);
}

TestSuite(worker_process, .init = setup, .fini = teardown);

/* The program of the worker is this one, told by its argument. */
__attribute__((constructor)) static void be_the_worker(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], SYMBOL_WORKER_COMMAND) == 0) {
        _exit(symbol_worker_run(SYMBOL_WORKER_FD));
    }
}

/* A worker that is a shell script. */
static void script(const char *text)
{
    made_write(program, text, strlen(text));
    cr_assert_eq(chmod(program, 0700), 0);
    worker.program = program;
}

static enum worker_end ask(int deadline_ms)
{
    const uint64_t addresses[2] = {made_offset((const void *)(uintptr_t)script), 1};
    int file = made_open_self();
    enum worker_end end = worker_process_ask(&worker, file, &(struct symbol_question){2, addresses},
                                             deadline_ms, &is_stopping, &answer);
    close(file);
    return end;
}

Test(worker_process, answers_and_stays)
{
    cr_assert_eq(ask(30000), WORKER_ANSWERED);
    pid_t pid = worker.pid;
    struct slice rest = buffer_slice(&answer);
    cr_expect_gt(symbol_skip(&rest).len, 20);
    cr_expect_eq(symbol_skip(&rest).len, 2);
    cr_assert_eq(ask(30000), WORKER_ANSWERED);
    cr_expect_eq(worker.pid, pid);
    cr_expect_eq(worker.starts, 1);
    worker_process_stop(&worker);
    cr_expect_eq(worker.pid, 0);
    cr_expect_eq(kill(pid, 0), -1, "reaped");
}

Test(worker_process, that_died_costs_one_answer)
{
    cr_assert_eq(ask(30000), WORKER_ANSWERED);
    cr_assert_eq(kill(worker.pid, SIGKILL), 0);
    cr_expect_eq(ask(30000), WORKER_DIED);
    cr_expect_eq(ask(30000), WORKER_ANSWERED);
    cr_expect_eq(worker.starts, 2);
}

Test(worker_process, that_hangs_is_killed_at_its_deadline)
{
    cr_assert_eq(ask(30000), WORKER_ANSWERED);
    cr_assert_eq(kill(worker.pid, SIGSTOP), 0);
    int64_t before_us = clock_monotonic_us();
    cr_expect_eq(ask(300), WORKER_LATE);
    int64_t took_us = clock_monotonic_us() - before_us;
    cr_expect(took_us >= 290000 && took_us < 5000000, "%lld us", (long long)took_us);
    cr_expect_eq(worker.pid, 0);
    cr_expect_eq(ask(30000), WORKER_ANSWERED);
}

Test(worker_process, is_not_waited_for_when_the_server_stops)
{
    script("#!/bin/sh\nsleep 60\n");
    atomic_store(&is_stopping, true);
    int64_t before_us = clock_monotonic_us();
    cr_expect_eq(ask(60000), WORKER_LATE);
    cr_expect_lt(clock_monotonic_us() - before_us, 10000000);
}

Test(worker_process, that_says_no_answer_is_ended)
{
    static const char *const says[] = {
        "printf '\\001\\000\\000\\000\\001'",                          /* one byte of a symbol */
        "printf '\\003\\000\\000\\000\\001\\000\\001'",                /* one symbol and a half */
        "printf '\\006\\000\\000\\000\\001\\000\\001\\000\\001\\000'", /* one too many */
        "printf '\\000\\000\\000\\000'",                               /* none */
        "printf '\\377\\377\\377\\377'",                               /* too long */
        "exit 0",
        "kill -SEGV $$",
    };
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text), "#!/bin/sh\n(%s) >&3\nhead -c 20 <&3 >/dev/null\n", says[i]);
        script(text);
        cr_expect_eq(ask(30000), WORKER_DIED, "%s", says[i]);
        cr_expect_eq(worker.pid, 0);
    }
    script("#!/bin/sh\nprintf '\\004\\000\\000\\000\\001\\000\\001\\000' >&3\nsleep 10\n");
    cr_expect_eq(ask(30000), WORKER_ANSWERED);
}

Test(worker_process, that_cannot_start_is_absent)
{
    worker.program = "/nonexistent/tocsin";
    cr_expect_eq(ask(30000), WORKER_ABSENT);
    script("#!/bin/sh\nexit 1\n"); /* as without a sandbox */
    cr_expect_eq(ask(30000), WORKER_ABSENT);
}

Test(worker_process, has_nothing_of_ours)
{
    char path[128];
    char text[256];
    char found[4096] = "";
    int kept = open("/dev/null", O_RDONLY); /* not closed by exec */
    cr_assert_geq(kept, 0);
    snprintf(path, sizeof(path), "%s/seen", scratch);
    snprintf(text, sizeof(text), "#!/bin/sh\n(ls /proc/$$/fd; cat /proc/$$/environ) >%s\n", path);
    script(text);
    (void)ask(30000);
    int fd = open(path, O_RDONLY);
    cr_assert(fd >= 0 && read(fd, found, sizeof(found) - 1) > 0);
    cr_expect_str_eq(found, "0\n1\n10\n2\n3\n"); /* 10: the script itself */
    close(fd);
}

Test(worker_process, takes_turns_after_so_many_questions)
{
    cr_assert_eq(ask(30000), WORKER_ANSWERED);
    worker.questions = SYMBOLISE_QUESTIONS_MAX - 2;
    cr_assert_eq(ask(30000), WORKER_ANSWERED);
    cr_expect_neq(worker.pid, 0);
    cr_assert_eq(ask(30000), WORKER_ANSWERED);
    cr_expect_eq(worker.pid, 0);
}
