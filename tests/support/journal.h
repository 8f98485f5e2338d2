/* SPDX-License-Identifier: Apache-2.0 */
/* journal — a journal in a scratch folder, for tests of what stands on it. */
#pragma once
#include "storage/journal.h"
#include "tests/support/entries.h"
#include "tests/support/place.h"

/* Opens one in `folder` with segments of `segment_bytes`; the test aborts when it cannot. */
static inline struct journal *test_journal_open(const char *folder, uint64_t segment_bytes)
{
    char why[256] = "";
    struct journal *journal = NULL;
    struct journal_options options = {
        .folder = folder, .bytes_max = UINT64_C(1) << 40, .segment_bytes = segment_bytes};
    struct fault fault = journal_open(&options, &journal, why);
    if (fault_is(fault)) {
        fprintf(stderr, "%s\n", why);
        abort();
    }
    return journal;
}

/* Submits `count` entries numbered from `number` on and waits until all are answered. */
static inline void test_journal_write(struct journal *journal, struct test_entry *entries,
                                      unsigned number, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        test_entry_fill(&entries[i], number + i);
        journal_submit(journal, &entries[i].entry);
    }
    for (unsigned i = 0; i < count; i++) {
        while (atomic_load(&entries[i].releases) == 0) {
            test_pause();
        }
    }
}
