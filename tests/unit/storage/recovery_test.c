/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/recovery.h"

#include "storage/segment.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static char why[256];

static void set_up(void)
{
    place_scratch(folder);
}

static void tear_down(void)
{
    place_remove(folder);
}

TestSuite(recovery, .init = set_up, .fini = tear_down);

static const struct id NODE = {{42, 1}};

/* A segment file of records first .. first+count-1, each its own group, then `zeroes`. */
static void write_segment(uint64_t first, unsigned count, size_t zeroes)
{
    char bytes[8192] = {0};
    char name[SEGMENT_NAME_BYTES];
    char path[160];
    size_t at = SEGMENT_HEAD_BYTES;
    segment_head_encode(&(struct segment_head){NODE, first}, bytes);
    for (unsigned i = 0; i < count; i++) {
        struct record record = {
            .sequence = first + i, .durable = first + i - 1, .kind = RECORD_STORE};
        record_encode(&record, record_salt(NODE), bytes + at);
        at += record_bytes(&record);
    }
    (void)snprintf(path, sizeof path, "%s/journal", folder);
    (void)mkdir(path, 0700);
    segment_name(first, name);
    (void)snprintf(path, sizeof path, "%s/journal/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert(write(fd, bytes, at + zeroes) == (ssize_t)(at + zeroes));
    (void)close(fd);
}

static void change_byte(uint64_t first, off_t offset)
{
    char name[SEGMENT_NAME_BYTES];
    char path[160];
    char byte = 0;
    segment_name(first, name);
    (void)snprintf(path, sizeof path, "%s/journal/%s", folder, name);
    int fd = open(path, O_RDWR);
    cr_assert(pread(fd, &byte, 1, offset) == 1);
    byte ^= 0x55;
    cr_assert(pwrite(fd, &byte, 1, offset) == 1);
    (void)close(fd);
}

static struct recovery run(void)
{
    struct recovery found;
    struct fault fault = recovery_run(folder, &found, why);
    cr_assert(!fault_is(fault), "%s", why);
    recovery_done(&found);
    free(found.list);
    return found;
}

Test(recovery, an_empty_folder_gets_a_node_and_no_records)
{
    struct recovery found = run();
    struct arena arena;
    char path[96];
    struct id stored;
    cr_assert(arena_init(&arena, 4096));
    (void)snprintf(path, sizeof path, "%s/node", folder);

    cr_expect(found.count == 0 && found.end == 0 && !id_is_none(found.node));
    cr_expect(id_parse(slice_head(place_read(&arena, path), 32), &stored));
    cr_expect(id_eq(stored, found.node));
    arena_done(&arena);
}

Test(recovery, a_journal_that_was_removed_makes_a_new_node)
{
    struct id before = run().node;

    cr_expect(!id_eq(run().node, before));
}

Test(recovery, the_segments_know_the_node_when_its_file_is_lost)
{
    write_segment(1, 3, 0);

    struct recovery found = run();

    cr_expect(id_eq(found.node, NODE));
    cr_expect(found.end == 3 && found.count == 1);
}

Test(recovery, the_space_behind_the_last_record_is_cut)
{
    struct stat status;
    char path[160];
    write_segment(1, 2, 1000);

    struct recovery found = run();

    (void)snprintf(path, sizeof path, "%s/journal/00000000000000000001.seg", folder);
    cr_expect_eq(found.end, 2);
    cr_assert(stat(path, &status) == 0);
    cr_expect_eq(status.st_size, SEGMENT_HEAD_BYTES + 2 * RECORD_HEAD_BYTES);
}

Test(recovery, a_last_segment_without_records_is_removed)
{
    write_segment(1, 4, 0);
    write_segment(5, 0, 500);

    struct recovery found = run();

    cr_expect(found.end == 4 && found.count == 1 && found.damage[0] == '\0');
}

Test(recovery, a_last_segment_of_zeroes_is_removed)
{
    char path[160];
    write_segment(1, 4, 0);
    (void)snprintf(path, sizeof path, "%s/journal/00000000000000000005.seg", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    cr_assert(ftruncate(fd, 4096) == 0);
    (void)close(fd);

    struct recovery found = run();

    cr_expect(found.end == 4 && found.count == 1 && id_eq(found.node, NODE));
}

Test(recovery, sequences_never_go_back_behind_a_segments_name)
{
    write_segment(1, 4, 0);
    write_segment(5, 0, 0);
    change_byte(1, SEGMENT_HEAD_BYTES + 3 * RECORD_HEAD_BYTES + 20);

    struct recovery found = run();

    cr_expect_eq(found.end, 4, "5 was begun, so 4 was durable once");
    cr_expect_str_eq(found.damage, "journal/00000000000000000001.seg is damaged at byte 304");
}

Test(recovery, damage_is_told_with_file_and_offset_and_the_rest_kept)
{
    write_segment(1, 4, 0);
    change_byte(1, SEGMENT_HEAD_BYTES + RECORD_HEAD_BYTES + 20);

    struct recovery found = run();

    cr_expect_eq(found.end, 4);
    cr_expect_str_eq(found.damage, "journal/00000000000000000001.seg is damaged at byte 144");
}

Test(recovery, a_damaged_head_of_the_file_does_not_lose_its_records)
{
    write_segment(1, 2, 0);
    write_segment(3, 2, 0);
    change_byte(3, 3);

    struct recovery found = run();

    cr_expect(found.end == 4 && id_eq(found.node, NODE));
    cr_expect_str_eq(found.damage, "journal/00000000000000000003.seg is damaged at byte 0");
}

Test(recovery, a_second_process_is_refused)
{
    struct recovery first;
    struct recovery second;
    cr_assert(!fault_is(recovery_run(folder, &first, why)));

    cr_expect_eq(recovery_run(folder, &second, why).kind, FAULT_UNAVAILABLE);
    cr_expect(strstr(why, "in use by another process") != NULL);

    recovery_done(&first);
    free(first.list);
}

Test(recovery, a_missing_folder_is_told_in_words)
{
    struct recovery found;

    cr_expect_eq(recovery_run("/nonexistent/tocsin", &found, why).kind, FAULT_INTERNAL);
    cr_expect(strstr(why, "/nonexistent/tocsin/journal") != NULL);
    cr_expect(strstr(why, "No such file") != NULL);
}
