/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/reader.h"

#include "ingest/base/arena.h"
#include "storage/journal_inside.h"
#include "tests/support/journal.h"
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char folder[64];
static struct journal *journal;
enum { COUNT = 400 };
static struct test_entry entries[COUNT];

static void set_up(void)
{
    place_scratch(folder);
    journal = test_journal_open(folder, 16384); /* about 80 records each */
    journal_start(journal, NULL, NULL);
    /* A group goes into one segment: the first eight are in the first one whatever follows. */
    test_journal_write(journal, entries, 1, 8);
    test_journal_write(journal, entries + 8, 9, 192);
    test_journal_write(journal, entries, 201, 200);
}

static void tear_down(void)
{
    journal_close(journal);
    place_remove(folder);
}

TestSuite(reader, .init = set_up, .fini = tear_down);

static void change_byte(const char *name, off_t offset)
{
    char path[160];
    char byte = 0;
    (void)snprintf(path, sizeof path, "%s/journal/%s", folder, name);
    int fd = open(path, O_RDWR);
    cr_assert(pread(fd, &byte, 1, offset) == 1);
    byte ^= 0x55;
    cr_assert(pwrite(fd, &byte, 1, offset) == 1);
    (void)close(fd);
}

Test(reader, starts_anywhere_and_ends_at_the_end)
{
    struct record record;
    static const uint64_t starts[] = {0, 1, 2, 79, 80, 81, 199, 200, 201, 399, 400};

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct reader *reader = reader_open(journal, starts[i]);
        uint64_t next = starts[i] > 0 ? starts[i] : 1;
        while (!fault_is(reader_next(reader, &record))) {
            cr_assert_eq(record.sequence, next++);
        }
        cr_expect_eq(next, COUNT + 1, "from %d", (int)starts[i]);
        cr_expect_eq(reader_next(reader, &record).kind, FAULT_NOT_FOUND);
        reader_close(reader);
    }
}

Test(reader, sees_what_is_appended_after_it_reached_the_end)
{
    struct record record;
    struct reader *reader = reader_open(journal, COUNT);
    cr_assert(!fault_is(reader_next(reader, &record)));

    for (unsigned i = 1; i <= 300; i++) {
        cr_expect_eq(reader_next(reader, &record).kind, FAULT_NOT_FOUND);
        test_journal_write(journal, entries, COUNT + i, 1);
        cr_assert(!fault_is(reader_next(reader, &record)), "%s", reader_where(reader));
        cr_assert_eq(record.sequence, COUNT + i);
    }
    reader_close(reader);
}

Test(reader, one_record_is_found_by_its_sequence)
{
    struct arena arena;
    struct record record;
    char body[32];
    cr_assert(arena_init(&arena, 1 << 20));

    for (uint64_t sequence = 1; sequence <= COUNT; sequence++) {
        arena_reset(&arena);
        cr_assert(!fault_is(reader_one(journal, sequence, &arena, &record)));
        (void)snprintf(body, sizeof body, "body %u", (unsigned)sequence);
        cr_expect(slice_eq(record.body, slice_str(body)));
        cr_expect(slice_eq(record.address, SLICE("192.0.2.7")));
    }
    cr_expect_eq(reader_one(journal, 0, &arena, &record).kind, FAULT_NOT_FOUND);
    cr_expect_eq(reader_one(journal, COUNT + 1, &arena, &record).kind, FAULT_NOT_FOUND);
    arena_done(&arena);
}

Test(reader, one_record_is_found_in_a_large_segment)
{
    enum { LARGE = 20000 };
    struct test_entry *many = calloc(LARGE, sizeof *many);
    struct arena arena;
    struct record record;
    journal_close(journal);
    journal = test_journal_open(folder, 32 << 20);
    journal_start(journal, NULL, NULL);
    test_journal_write(journal, many, COUNT + 1, LARGE);
    cr_assert(arena_init(&arena, 1 << 20));

    for (uint64_t sequence = COUNT + 1; sequence <= COUNT + LARGE; sequence += 997) {
        cr_assert(!fault_is(reader_one(journal, sequence, &arena, &record)));
        cr_expect_eq(record.sequence, sequence);
    }
    arena_done(&arena);
    free(many);
}

Test(reader, one_record_that_does_not_fit_the_arena_is_told)
{
    char space[16];
    struct arena arena;
    struct record record;
    arena_over(&arena, space, sizeof space);

    cr_expect_eq(reader_one(journal, 5, &arena, &record).kind, FAULT_TOO_BIG);
}

Test(reader, damage_is_a_fault_with_its_place_until_it_is_skipped)
{
    struct record record;
    struct arena arena;
    struct reader *reader = reader_open(journal, 1);
    cr_assert(!fault_is(reader_next(reader, &record)));
    size_t size = record_bytes(&record);
    cr_assert_eq(size, record_bytes(&entries[8].entry.record));
    change_byte("00000000000000000001.seg", (off_t)(SEGMENT_HEAD_BYTES + 2 * size + 50));
    reader_close(reader);
    reader = reader_open(journal, 1);
    cr_assert(arena_init(&arena, 1 << 16));

    cr_assert(!fault_is(reader_next(reader, &record)));
    cr_assert(!fault_is(reader_next(reader, &record)));
    struct fault fault = reader_next(reader, &record);
    cr_expect(fault.kind == FAULT_MALFORMED && fault.offset == SEGMENT_HEAD_BYTES + 2 * size);
    cr_expect(strstr(reader_where(reader), "00000000000000000001.seg at byte ") != NULL);
    cr_expect_eq(reader_next(reader, &record).kind, FAULT_MALFORMED, "it does not go away");
    cr_expect_eq(reader_one(journal, 3, &arena, &record).kind, FAULT_MALFORMED);

    cr_expect_eq(reader_skip(reader), 1);
    for (uint64_t sequence = 4; sequence <= COUNT; sequence++) {
        cr_assert(!fault_is(reader_next(reader, &record)));
        cr_assert_eq(record.sequence, sequence);
    }
    reader_close(reader);
    arena_done(&arena);
}

Test(reader, a_damaged_end_of_a_segment_is_not_the_end_of_the_journal)
{
    struct record record;
    struct segment_span span;
    char name[SEGMENT_NAME_BYTES];
    cr_assert(segments_find(journal_segments(journal), 1, &span));
    segment_name(span.first, name);
    change_byte(name, (off_t)span.used - 20);
    struct reader *reader = reader_open(journal, 1);
    for (uint64_t sequence = 1; sequence < span.next - 1; sequence++) {
        cr_assert(!fault_is(reader_next(reader, &record)));
    }

    cr_expect_eq(reader_next(reader, &record).kind, FAULT_MALFORMED);
    cr_expect_eq(reader_skip(reader), 1);
    cr_assert(!fault_is(reader_next(reader, &record)));
    cr_expect_eq(record.sequence, span.next);
    reader_close(reader);
}

Test(reader, what_was_deleted_is_not_found_and_reading_starts_at_the_oldest)
{
    char path[160];
    struct arena arena;
    struct record record;
    struct segment_span span;
    char why[256];
    cr_assert(segments_find(journal_segments(journal), 1, &span));
    journal_close(journal);
    (void)snprintf(path, sizeof path, "%s/journal/00000000000000000001.seg", folder);
    cr_assert(unlink(path) == 0);
    struct journal_options options = {.folder = folder, .bytes_max = 1 << 20};
    cr_assert(!fault_is(journal_open(&options, &journal, why)), "%s", why);
    struct reader *reader = reader_open(journal, 1);
    cr_assert(arena_init(&arena, 1 << 16));

    cr_assert(!fault_is(reader_next(reader, &record)));
    cr_expect_eq(record.sequence, span.next);
    cr_expect_eq(reader_one(journal, 1, &arena, &record).kind, FAULT_NOT_FOUND);
    reader_close(reader);
    arena_done(&arena);
}
