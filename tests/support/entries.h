/* SPDX-License-Identifier: Apache-2.0 */
/* entries — journal entries for tests: made in a row, with a note of what became of each. */
#pragma once
#include "storage/journal.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct test_entry {
    struct journal_entry entry; /* first */
    atomic_int answers;         /* how often it was answered */
    enum fault_kind answer;     /* of the last one */
    atomic_int releases;
    char body[64];
    struct effect effect;
};

static inline void test_answer(struct journal_entry *entry, struct fault fault)
{
    struct test_entry *test = (struct test_entry *)(void *)entry;
    test->answer = fault.kind;
    atomic_fetch_add(&test->answers, 1);
    journal_entry_drop(entry);
}

static inline void test_release(struct journal_entry *entry)
{
    atomic_fetch_add(&((struct test_entry *)(void *)entry)->releases, 1);
}

/* Entry number `number`: its body is "body <number>". */
static inline void test_entry_fill(struct test_entry *test, unsigned number)
{
    memset(test, 0, sizeof *test);
    int len = snprintf(test->body, sizeof test->body, "body %u", number);
    test->entry.record = (struct record){.received_us = 1000000 + number,
                                         .seed = {{1, 2, 3}},
                                         .project = 7,
                                         .kind = RECORD_ENVELOPE,
                                         .key = SLICE("0123456789abcdef0123456789abcdef"),
                                         .address = SLICE("192.0.2.7"),
                                         .user_agent = SLICE("sentry.test/1"),
                                         .body = slice_of(test->body, (size_t)len)};
    test->entry.answer = test_answer;
    test->entry.release = test_release;
}

static inline void test_pause(void)
{
    (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
}
