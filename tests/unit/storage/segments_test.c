/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/segments.h"

#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A disk with an error to give, on writing or on syncing; 0: none. */
struct bad_disk {
    int allocate_error;
    int write_error;
    int sync_error;
    unsigned allocations;
};

static ssize_t bad_pwrite(void *context, int fd, const void *bytes, size_t size, off_t offset)
{
    struct bad_disk *bad = context;
    errno = bad->write_error;
    /* Half of it arrives. */
    ssize_t wrote = pwrite(fd, bytes, bad->write_error != 0 ? size / 2 : size, offset);
    errno = bad->write_error;
    return bad->write_error != 0 ? -1 : wrote;
}

static int bad_fdatasync(void *context, int fd)
{
    errno = ((struct bad_disk *)context)->sync_error;
    return errno != 0 ? -1 : fdatasync(fd);
}

static int bad_fallocate(void *context, int fd, off_t size)
{
    struct bad_disk *bad = context;
    bad->allocations++;
    errno = bad->allocate_error;
    return errno != 0 ? -1 : ftruncate(fd, size);
}

static char folder[64];
static char why[256];
static struct bad_disk bad;
static struct disk disk;
static struct segments *segments;

static void open_with(uint64_t bytes_max)
{
    struct journal_options options = {
        .folder = folder, .bytes_max = bytes_max, .segment_bytes = 1024, .disk = &disk};
    cr_assert(!fault_is(segments_open(&options, &segments, why)), "%s", why);
}

static void set_up(void)
{
    bad = (struct bad_disk){0};
    disk = (struct disk){&bad, bad_pwrite, bad_fdatasync, bad_fallocate};
    place_scratch(folder);
}

static void tear_down(void)
{
    segments_close(segments);
    place_remove(folder);
}

TestSuite(segments, .init = set_up, .fini = tear_down);

/* Appends record `sequence` of 160 bytes: six fill a segment. */
static enum journal_condition append(uint64_t sequence)
{
    char bytes[160];
    struct record record = {.sequence = sequence,
                            .durable = sequence - 1,
                            .kind = RECORD_STORE,
                            .body = slice_of(why, 80)};
    cr_assert_eq(record_bytes(&record), sizeof bytes);
    record_encode(&record, record_salt(segments_node(segments)), bytes);
    return segments_append(segments, slice_of(bytes, sizeof bytes), sequence, sequence, why);
}

static uint64_t count(void)
{
    uint64_t first = 0;
    uint64_t number = 0;
    uint64_t bytes = 0;
    segments_usage(segments, &first, &number, &bytes);
    return number;
}

static uint64_t oldest(void)
{
    uint64_t first = 0;
    uint64_t number = 0;
    uint64_t bytes = 0;
    segments_usage(segments, &first, &number, &bytes);
    return first;
}

Test(segments, a_full_segment_is_followed_by_the_next)
{
    struct segment_span span;
    open_with(1 << 20);

    for (uint64_t i = 1; i <= 7; i++) {
        cr_assert_eq(append(i), JOURNAL_OK);
    }

    cr_expect_eq(count(), 2);
    cr_assert(segments_find(segments, 6, &span));
    cr_expect(span.first == 1 && span.next == 7 && span.used == 64 + 6 * 160);
    cr_assert(segments_find(segments, 7, &span));
    cr_expect(span.first == 7 && span.next == UINT64_MAX && span.used == 64 + 160);
}

Test(segments, a_record_larger_than_a_segment_gets_one_of_its_own_size)
{
    open_with(1 << 20);
    char *bytes = calloc(1, 8000);
    struct record record = {.sequence = 1, .kind = RECORD_STORE, .body = slice_of(bytes, 3000)};
    char *encoded = calloc(1, 8000);
    record_encode(&record, 0, encoded);

    cr_expect_eq(segments_append(segments, slice_of(encoded, record_bytes(&record)), 1, 1, why),
                 JOURNAL_OK);
    cr_expect_eq(append(2), JOURNAL_OK);

    cr_expect_eq(count(), 2);
    free(bytes);
    free(encoded);
}

Test(segments, at_the_limit_only_applied_segments_are_deleted_oldest_first)
{
    open_with(3 * 1024);
    uint64_t last = 0;
    while (append(last + 1) == JOURNAL_OK) {
        last++;
    }
    cr_expect(last >= 18 && strstr(why, "none of them is in Redis yet") != NULL, "%s", why);

    segments_applied(segments, 5);
    cr_expect_eq(append(last + 1), JOURNAL_FULL, "6 is in the first segment too");
    segments_applied(segments, 6);
    cr_expect_eq(append(last + 1), JOURNAL_OK);

    cr_expect_eq(oldest(), 7);
}

Test(segments, room_is_looked_for_without_an_append)
{
    open_with(2 * 1024);
    uint64_t last = 0;
    while (append(last + 1) == JOURNAL_OK) {
        last++;
    }

    cr_expect_eq(segments_make_room(segments, why), JOURNAL_FULL);
    segments_applied(segments, last);
    cr_expect_eq(segments_make_room(segments, why), JOURNAL_OK);
    cr_expect_eq(append(last + 1), JOURNAL_OK);
}

Test(segments, a_full_disk_deletes_what_is_applied_before_it_refuses)
{
    open_with(1 << 20);
    for (uint64_t i = 1; i <= 12; i++) {
        cr_assert_eq(append(i), JOURNAL_OK);
    }
    segments_applied(segments, 6);
    unsigned before = bad.allocations;

    bad.allocate_error = ENOSPC;
    cr_expect_eq(append(13), JOURNAL_FULL);

    cr_expect_eq(bad.allocations, before + 2, "once more after a segment went");
    cr_expect_eq(oldest(), 7);
    cr_expect(strstr(why, "No space left") != NULL, "%s", why);
    bad.allocate_error = 0;
    cr_expect_eq(append(13), JOURNAL_OK);
}

Test(segments, a_write_without_space_leaves_the_segment_and_its_remains)
{
    struct segment_span span;
    open_with(1 << 20);
    cr_assert_eq(append(1), JOURNAL_OK);

    bad.write_error = ENOSPC;
    cr_expect_eq(append(2), JOURNAL_FULL);
    bad.write_error = 0;
    cr_expect_eq(append(2), JOURNAL_OK);

    cr_assert(segments_find(segments, 1, &span));
    cr_expect(span.first == 1 && span.next == 2 && span.used == 64 + 160);
}

Test(segments, a_failed_first_write_of_a_segment_does_not_block_its_name)
{
    open_with(1 << 20);
    for (int i = 0; i < 3; i++) {
        bad.write_error = 0;
        cr_assert_eq(segments_make_room(segments, why), JOURNAL_OK);
        bad.write_error = ENOSPC;
        cr_expect_eq(append(1), JOURNAL_FULL);
    }
    bad.write_error = 0;

    cr_expect_eq(append(1), JOURNAL_OK);
    cr_expect_eq(count(), 1);
}

Test(segments, an_error_of_the_disk_is_failure)
{
    open_with(1 << 20);
    cr_assert_eq(append(1), JOURNAL_OK);

    bad.sync_error = EIO;
    cr_expect_eq(append(2), JOURNAL_FAILED);
    cr_expect(strstr(why, "Input/output error") != NULL, "%s", why);
}

Test(segments, where_space_cannot_be_promised_the_length_is_enough)
{
    open_with(1 << 20);

    bad.allocate_error = EOPNOTSUPP;

    cr_expect_eq(append(1), JOURNAL_OK);
}

Test(segments, nothing_is_found_in_an_empty_journal)
{
    struct segment_span span;
    open_with(1 << 20);

    cr_expect(!segments_find(segments, 1, &span));
    cr_expect(oldest() == 0 && count() == 0);
}
