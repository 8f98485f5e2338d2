/* SPDX-License-Identifier: Apache-2.0 */
/* The limits of the symboliser, its worker and the sandbox, each at its bound and one past it. */
#include "ingest/base/limits.h"
#include "ingest/host/clock.h"
#include "ingest/symbols/sandbox.h"
#include "ingest/symbols/symbol_store.h"
#include "ingest/symbols/symboliser.h"
#include "ingest/symbols/worker_process.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/symbols/made.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define LONG_MS 120000

static char scratch[64];
static char folder[96];
static char program[96];
static struct arena arena;
static struct symboliser *symboliser;

static void setup(void)
{
    place_scratch(scratch);
    snprintf(folder, sizeof(folder), "%s/symbols", scratch);
    snprintf(program, sizeof(program), "%s/worker", scratch);
    cr_assert(arena_init(&arena, 32u << 20));
}

static void teardown(void)
{
    symboliser_stop(symboliser);
    arena_done(&arena);
    place_remove(scratch);
}

TestSuite(symboliser_limits, .init = setup, .fini = teardown);

/* A worker that is a shell script. */
static void script(const char *text)
{
    made_write(program, text, strlen(text));
    cr_assert_eq(chmod(program, 0700), 0);
}

static void start(void)
{
    symboliser =
        symboliser_start(&(struct symboliser_options){.folder = folder, .program = program});
    cr_assert_not_null(symboliser);
}

static struct build_id upload(unsigned char number)
{
    struct made file = made();
    struct stored_symbols stored;
    char path[96];
    snprintf(path, sizeof(path), "%s/file", scratch);
    file.note.id[19] = number;
    made_write(path, &file, sizeof(file));
    cr_assert_not(fault_is(symbol_store_add(folder, path, &stored)));
    return stored.id;
}

static enum symbol_status ask(struct build_id id, int wait_ms)
{
    const uint64_t address = 1;
    struct symbol_request request = {.id = id, .count = 1, .addresses = &address};
    symboliser_ask(symboliser, &request, 1, wait_ms, &arena);
    cr_assert_not_null(request.symbols);
    return request.symbols[0].status;
}

Test(symboliser_limits, files_that_wait)
{
    struct build_id ids[SYMBOLISE_QUEUE_MAX + 1];
    char text[512];
    snprintf(text, sizeof(text),
             "#!/bin/sh\nwhile [ ! -e %s/go ]; do sleep 0.05; done\n"
             "while head -c 12 <&3 >/dev/null; do printf '\\002\\000\\000\\000\\001\\000' >&3\n"
             "done\n",
             scratch);
    script(text);
    start();
    for (unsigned i = 0; i <= SYMBOLISE_QUEUE_MAX; i++) {
        ids[i] = upload((unsigned char)i);
        cr_expect_eq(ask(ids[i], 0), SYMBOL_PENDING);
    }
    snprintf(text, sizeof(text), "%s/go", scratch);
    made_write(text, "", 0);
    cr_expect_eq(ask(ids[SYMBOLISE_QUEUE_MAX - 1], LONG_MS), SYMBOL_NO_SYMBOL);
    cr_expect_eq(symboliser_stats(symboliser)->looked_up, SYMBOLISE_QUEUE_MAX);
    cr_expect_eq(ask(ids[SYMBOLISE_QUEUE_MAX], LONG_MS), SYMBOL_NO_SYMBOL, "asked anew");
    cr_expect_eq(symboliser_stats(symboliser)->looked_up, SYMBOLISE_QUEUE_MAX + 1);
}

/* As the default says: a file whose worker hangs is given up then, and readers are told. */
Test(symboliser_limits, time_of_a_question, .timeout = 120)
{
    script("#!/bin/sh\nsleep 60\n");
    start();
    struct build_id id = upload(1);
    int64_t before_us = clock_monotonic_us();
    cr_expect_eq(ask(id, SYMBOLISE_DEADLINE_MS - 500), SYMBOL_PENDING);
    cr_expect_eq(ask(id, LONG_MS), SYMBOL_TIMEOUT);
    int64_t took_ms = (clock_monotonic_us() - before_us) / 1000;
    cr_expect(took_ms >= SYMBOLISE_DEADLINE_MS && took_ms < 3 * SYMBOLISE_DEADLINE_MS, "%d ms",
              (int)took_ms);
}

/* One symbol of `size` bytes: two places with six texts. */
static void write_symbol(struct buffer *out, size_t size)
{
    static char text[SYMBOL_TEXT_BYTES_MAX];
    struct symbol_place places[2];
    size_t left = size - 2 - sizeof(places) / sizeof(places[0]) * (2 * 4 + 3 * 2);
    memset(text, 'x', sizeof(text));
    for (size_t i = 0; i < 2; i++) {
        struct slice *texts[3] = {&places[i].function, &places[i].raw_function, &places[i].file};
        places[i].line = places[i].column = 1;
        for (size_t k = 0; k < 3; k++) {
            size_t n = left < sizeof(text) ? left : sizeof(text);
            *texts[k] = slice_of(text, n);
            left -= n;
        }
    }
    cr_assert_eq(left, 0);
    symbol_write(out, &(struct symbol){SYMBOL_FOUND, 2, places});
}

static enum worker_end hear(uint32_t bytes)
{
    const atomic_bool is_stopping = false;
    static uint64_t addresses[SYMBOL_ADDRESSES_MAX];
    struct worker_process worker = {.program = program};
    struct buffer wire;
    struct buffer answer;
    char path[96];
    char text[256];
    buffer_init(&wire, 2 * SYMBOL_ANSWER_BYTES_MAX);
    buffer_init(&answer, SYMBOL_ANSWER_BYTES_MAX);
    buffer_add(&wire, slice_of((const char *)&bytes, sizeof(bytes)));
    for (uint32_t i = 0; i < SYMBOL_ADDRESSES_MAX; i++) {
        uint32_t written = (uint32_t)(wire.len - sizeof(bytes));
        write_symbol(&wire, (bytes - written) / (SYMBOL_ADDRESSES_MAX - i));
    }
    cr_assert_eq(wire.len, bytes + sizeof(bytes));
    snprintf(path, sizeof(path), "%s/answer", scratch);
    made_write(path, wire.at, wire.len);
    snprintf(text, sizeof(text), "#!/bin/sh\nhead -c 8004 <&3 >/dev/null\ncat %s >&3\nsleep 60\n",
             path);
    script(text);
    int file = open("/dev/null", O_RDONLY);
    enum worker_end end = worker_process_ask(
        &worker, file, &(struct symbol_question){SYMBOL_ADDRESSES_MAX, addresses}, LONG_MS,
        &is_stopping, &answer);
    cr_expect(end != WORKER_ANSWERED || answer.len == bytes);
    worker_process_stop(&worker);
    close(file);
    buffer_done(&answer);
    buffer_done(&wire);
    return end;
}

Test(symboliser_limits, bytes_of_an_answer)
{
    cr_expect_eq(hear(SYMBOL_ANSWER_BYTES_MAX), WORKER_ANSWERED);
    cr_expect_eq(hear(SYMBOL_ANSWER_BYTES_MAX + 1), WORKER_DIED);
}

/* Beside what the program has already. */
static int has_room(void)
{
    const size_t own = (size_t)1 << 30;
    void *most =
        mmap(NULL, SYMBOL_SPACE_BYTES - own, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void *more = mmap(NULL, own, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return most == MAP_FAILED ? 1 : more != MAP_FAILED || errno != ENOMEM ? 2 : 0;
}

Test(symboliser_limits, address_space_of_the_worker)
{
    int status = 0;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    cr_skip_test("a sanitizer takes terabytes of it");
#endif
    pid_t pid = fork();
    if (pid == 0) {
        _exit(sandbox_enter(2) ? has_room() : 99);
    }
    cr_assert(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    cr_expect_eq(WEXITSTATUS(status), 0);
}
