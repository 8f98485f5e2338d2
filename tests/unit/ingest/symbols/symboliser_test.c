/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/host/clock.h"
#include "ingest/symbols/symbol_store.h"
#include "ingest/symbols/symboliser.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/symbols/made.h"
#include <sys/stat.h>

#define LONG_MS 60000

static char scratch[64];
static char folder[96];
static struct arena arena;
static struct stored_symbols stored;
static struct symboliser *symboliser;

static void setup(void)
{
    place_scratch(scratch);
    snprintf(folder, sizeof(folder), "%s/symbols", scratch);
    cr_assert(arena_init(&arena, 4u << 20));
    cr_assert_not(fault_is(symbol_store_add(folder, "/proc/self/exe", &stored)));
}

static void teardown(void)
{
    symboliser_stop(symboliser);
    arena_done(&arena);
    place_remove(scratch);
}

TestSuite(symboliser, .init = setup, .fini = teardown);

static void start(const char *program, int deadline_ms)
{
    symboliser = symboliser_start(&(struct symboliser_options){
        .folder = folder, .program = program, .deadline_ms = deadline_ms});
    cr_assert_not_null(symboliser);
}

static const char *script(const char *text)
{
    static char path[96];
    snprintf(path, sizeof(path), "%s/worker", scratch);
    made_write(path, text, strlen(text));
    cr_assert_eq(chmod(path, 0700), 0);
    return path;
}

static struct symbol ask(uint64_t address, int wait_ms)
{
    struct symbol_request request = {.id = stored.id, .count = 1, .addresses = &address};
    symboliser_ask(symboliser, &request, 1, wait_ms, &arena);
    cr_assert_not_null(request.symbols);
    return request.symbols[0];
}

static uint64_t here(void)
{
    return made_offset((const void *)(uintptr_t)here);
}

Test(symboliser, asks_the_worker_once_and_then_remembers)
{
    start(NULL, 0);
    for (int i = 0; i < 3; i++) {
        struct symbol symbol = ask(here(), LONG_MS);
        cr_assert_eq(symbol.status, SYMBOL_FOUND);
        cr_expect(slice_eq(symbol.places[symbol.count - 1].function, SLICE("here")));
    }
    cr_expect_eq(symboliser_stats(symboliser)->looked_up, 1);
    cr_expect_eq(symboliser_stats(symboliser)->cached, 2);
    cr_expect_eq(symboliser_stats(symboliser)->starts, 1);
}

Test(symboliser, answers_several_files_at_once)
{
    uint64_t addresses[] = {here(), 1};
    struct symbol_request requests[2] = {{.id = stored.id, .count = 2, .addresses = addresses},
                                         {.id = stored.id, .count = 2, .addresses = addresses}};
    requests[1].id.bytes[0] ^= 1;
    start(NULL, 0);
    symboliser_ask(symboliser, requests, 2, LONG_MS, &arena);
    cr_expect_eq(requests[0].symbols[0].status, SYMBOL_FOUND);
    cr_expect_eq(requests[0].symbols[1].status, SYMBOL_NO_SYMBOL);
    cr_expect_eq(requests[1].symbols[0].status, SYMBOL_NO_FILE);
    cr_expect_eq(requests[1].symbols[1].status, SYMBOL_NO_FILE);
    symboliser_ask(symboliser, requests, 0, LONG_MS, &arena);
}

Test(symboliser, does_not_wait_longer_than_it_was_told)
{
    start(script("#!/bin/sh\nsleep 60\n"), 0);
    int64_t before_us = clock_monotonic_us();
    cr_expect_eq(ask(here(), 200).status, SYMBOL_PENDING);
    cr_expect_eq(ask(here(), 200).status, SYMBOL_PENDING); /* and does not queue it twice */
    cr_expect_eq(ask(1, 0).status, SYMBOL_PENDING);
    int64_t took_us = clock_monotonic_us() - before_us;
    cr_expect(took_us >= 390000 && took_us < 5000000, "%lld us", (long long)took_us);
    before_us = clock_monotonic_us();
    symboliser_stop(symboliser);
    symboliser = NULL;
    cr_expect_lt(clock_monotonic_us() - before_us, 5000000, "stopping does not wait for it either");
}

Test(symboliser, spares_a_file_that_its_worker_was_late_with)
{
    start(script("#!/bin/sh\nsleep 60\n"), 200);
    cr_expect_eq(ask(here(), LONG_MS).status, SYMBOL_TIMEOUT);
    cr_expect_eq(ask(here() + 1, LONG_MS).status, SYMBOL_TIMEOUT);
    cr_expect_eq(symboliser_stats(symboliser)->timeouts, 1);
    cr_expect_eq(symboliser_stats(symboliser)->starts, 1);
}

Test(symboliser, spares_a_file_that_its_worker_died_of_until_it_is_uploaded_again)
{
    /* Dies the first time, and is then the real one. */
    char text[512];
    char self[256] = "";
    cr_assert_gt(readlink("/proc/self/exe", self, sizeof(self) - 1), 0);
    snprintf(text, sizeof(text),
             "#!/bin/sh\nif [ -e %s/died ]; then exec %s \"$1\"; fi\n: >%s/died\nkill -SEGV $$\n",
             scratch, self, scratch);
    start(script(text), 0);
    cr_expect_eq(ask(here(), LONG_MS).status, SYMBOL_MALFORMED);
    cr_expect_eq(ask(here(), LONG_MS).status, SYMBOL_MALFORMED);
    cr_expect_eq(symboliser_stats(symboliser)->crashes, 1);
    cr_assert_not(fault_is(symbol_store_add(folder, "/proc/self/exe", &stored)));
    cr_expect_eq(ask(here(), LONG_MS).status, SYMBOL_FOUND);
    cr_expect_eq(symboliser_stats(symboliser)->crashes, 1);
}

Test(symboliser, without_a_worker_says_so_in_its_numbers)
{
    start("/nonexistent", 0);
    cr_expect_eq(ask(here(), LONG_MS).status, SYMBOL_PENDING);
    cr_expect_eq(symboliser_stats(symboliser)->absent, 1);
}

Test(symboliser, forgets_what_was_removed)
{
    start(NULL, 0);
    cr_expect_eq(ask(here(), LONG_MS).status, SYMBOL_FOUND);
    cr_assert_eq(symbol_store_remove(folder, &stored.id), 1);
    cr_expect_eq(ask(here(), LONG_MS).status, SYMBOL_NO_FILE);
}

Test(symboliser, without_room_fills_nothing)
{
    uint64_t address = here();
    struct symbol_request request = {.id = stored.id, .count = 1, .addresses = &address};
    start(NULL, 0);
    while (arena_alloc(&arena, 16) != NULL) {
    }
    symboliser_ask(symboliser, &request, 1, LONG_MS, &arena);
    cr_expect_null(request.symbols);
}
