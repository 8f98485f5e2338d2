/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/history.h"
#include "storage/segment.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct id node = {{7}};

struct seen {
    uint64_t sequences[16];
    unsigned count;
};

static void see(void *context, const struct record *record)
{
    struct seen *seen = context;
    cr_assert(seen->count < 16);
    seen->sequences[seen->count++] = record->sequence;
}

/* A segment of records `first` to `last`, received in the second of their number. */
static void write_segment(const char *folder, uint64_t first, uint64_t last, size_t spoil)
{
    static char file[65536];
    char name[SEGMENT_NAME_BYTES];
    char path[256];
    const struct segment_head head = {node, first};
    size_t used = SEGMENT_HEAD_BYTES;
    memset(file, 0, sizeof(file));
    segment_head_encode(&head, file);
    for (uint64_t at = first; at <= last; at++) {
        struct record record = {.sequence = at,
                                .received_us = (int64_t)at * 1000000,
                                .kind = RECORD_STORE,
                                .project = 1,
                                .body = SLICE("{\"message\":\"x\"}")};
        record_encode(&record, record_salt(node), file + used);
        used += record_bytes(&record);
    }
    if (spoil != 0) {
        file[spoil] ^= 1;
    }
    segment_name(first, name);
    snprintf(path, sizeof(path), "%s/journal/%s", folder, name);
    FILE *out = fopen(path, "w");
    cr_assert(out != NULL && fwrite(file, 1, sizeof(file), out) == sizeof(file));
    cr_assert_eq(fclose(out), 0);
}

static void make_folder(char folder[static 64])
{
    char path[128];
    place_scratch(folder);
    snprintf(path, sizeof(path), "%s/journal", folder);
    cr_assert_eq(mkdir(path, 0700), 0);
}

Test(history, records_come_in_order_from_a_time_on)
{
    char folder[64];
    char why[256];
    struct seen seen = {.count = 0};
    struct history history;
    make_folder(folder);
    write_segment(folder, 4, 5, 0);
    write_segment(folder, 1, 3, 0);

    cr_assert(history_read(folder, 2000000, see, &seen, &history, why), "%s", why);

    cr_assert_eq(seen.count, 4);
    for (unsigned i = 0; i < 4; i++) {
        cr_expect_eq(seen.sequences[i], i + 2);
    }
    cr_expect_eq(history.records, 4);
    cr_expect_eq(history.segments, 2);
    cr_expect_eq(history.damaged, 0);
    place_remove(folder);
}

Test(history, damage_is_passed_over_and_counted)
{
    char folder[64];
    char why[256];
    struct seen seen = {.count = 0};
    struct history history;
    make_folder(folder);
    write_segment(folder, 1, 3, SEGMENT_HEAD_BYTES + 90);

    cr_assert(history_read(folder, 0, see, &seen, &history, why));

    cr_assert_eq(seen.count, 2);
    cr_expect_eq(seen.sequences[0], 2);
    cr_expect_eq(history.damaged, 1);
    place_remove(folder);
}

Test(history, a_file_that_nobody_wrote_to_since_is_not_read)
{
    char folder[64];
    char why[256];
    struct seen seen = {.count = 0};
    struct history history;
    make_folder(folder);
    write_segment(folder, 1, 3, 0);

    cr_assert(history_read(folder, INT64_C(253402300000000000), see, &seen, &history, why));

    cr_expect_eq(history.segments, 0);
    place_remove(folder);
}

Test(history, no_journal_is_said_in_words)
{
    char why[256] = "";
    struct seen seen = {.count = 0};
    struct history history;
    cr_expect(!history_read("/nonexistent", 0, see, &seen, &history, why));
    cr_expect(strstr(why, "/nonexistent/journal: ") == why, "%s", why);
}
