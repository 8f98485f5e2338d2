/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/segment.h"

#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static const struct segment_head HEAD = {{{9, 8, 7}}, 5};

/* A segment of records 5 .. 5+count-1 in groups of two; fills where each begins. */
static size_t build(char *out, unsigned count, size_t *begins)
{
    size_t at = SEGMENT_HEAD_BYTES;
    segment_head_encode(&HEAD, out);
    for (unsigned i = 0; i < count; i++) {
        struct record record = {.sequence = 5 + i,
                                .durable = 4 + i / 2 * 2,
                                .kind = RECORD_STORE,
                                .body = SLICE("some body of a request")};
        begins[i] = at;
        record_encode(&record, record_salt(HEAD.node), out + at);
        at += record_bytes(&record);
    }
    begins[count] = at;
    return at;
}

Test(segment, names_are_twenty_digits_and_read_back)
{
    char name[SEGMENT_NAME_BYTES];
    uint64_t first = 0;

    segment_name(40001, name);
    cr_expect_str_eq(name, "00000000000000040001.seg");
    cr_expect(segment_name_parse(name, &first) && first == 40001);
    segment_name(UINT64_MAX, name);
    cr_expect(segment_name_parse(name, &first) && first == UINT64_MAX);
}

Test(segment, other_files_are_not_taken_for_segments)
{
    static const char *const names[] = {"",
                                        ".",
                                        "1.seg",
                                        "00000000000000000000.seg",
                                        "99999999999999999999.seg",
                                        "00000000000000000001.seg.bad",
                                        "0000000000000000000x.seg",
                                        "000000000000000000001.seg"};
    uint64_t first = 77;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cr_expect(!segment_name_parse(names[i], &first), "%s", names[i]);
    }
    cr_expect_eq(first, 77);
}

Test(segment, a_damaged_head_is_refused)
{
    char bytes[SEGMENT_HEAD_BYTES];
    struct segment_head head;
    segment_head_encode(&HEAD, bytes);
    cr_assert(!fault_is(segment_head_decode(slice_of(bytes, sizeof bytes), &head)));
    cr_expect(id_eq(head.node, HEAD.node) && head.first == 5);

    for (size_t at = 0; at < 36; at++) {
        bytes[at] ^= 0x10;
        cr_expect(fault_is(segment_head_decode(slice_of(bytes, sizeof bytes), &head)), "%zu", at);
        bytes[at] ^= 0x10;
    }
}

Test(segment, a_scan_finds_the_last_record_before_the_zeroes)
{
    char bytes[4096] = {0};
    size_t begins[7];
    struct segment_scan scan;
    size_t end = build(bytes, 6, begins);

    segment_scan_bytes(slice_of(bytes, sizeof bytes), &HEAD, &scan);

    cr_expect(scan.last == 10 && scan.end == end && scan.damaged == 0);
}

Test(segment, an_empty_one_ends_before_its_first_record)
{
    char bytes[512] = {0};
    size_t begins[1];
    struct segment_scan scan;
    (void)build(bytes, 0, begins);

    segment_scan_bytes(slice_of(bytes, sizeof bytes), &HEAD, &scan);

    cr_expect(scan.last == 4 && scan.end == SEGMENT_HEAD_BYTES && scan.damaged == 0);
}

Test(segment, any_cut_is_a_torn_tail_and_never_damage)
{
    char bytes[4096] = {0};
    size_t begins[7];
    struct segment_scan scan;
    size_t end = build(bytes, 6, begins);

    for (size_t len = SEGMENT_HEAD_BYTES; len <= end; len++) {
        unsigned whole = 0;
        while (whole < 6 && begins[whole + 1] <= len) {
            whole++;
        }
        segment_scan_bytes(slice_of(bytes, len), &HEAD, &scan);
        cr_expect(scan.last == 4 + whole && scan.end == begins[whole] && scan.damaged == 0,
                  "%zu bytes", len);
    }
}

Test(segment, a_hole_in_the_last_group_is_a_torn_tail)
{
    char bytes[4096] = {0};
    size_t begins[7];
    struct segment_scan scan;
    (void)build(bytes, 6, begins);
    memset(bytes + begins[4], 0, 96); /* 9 of the unsynced group (9, 10) did not reach the disk */

    segment_scan_bytes(slice_of(bytes, sizeof bytes), &HEAD, &scan);

    cr_expect(scan.last == 8 && scan.end == begins[4] && scan.damaged == 0);
}

Test(segment, a_hole_before_a_later_group_is_damage_and_nothing_behind_it_is_lost)
{
    char bytes[4096] = {0};
    size_t begins[7];
    struct segment_scan scan;
    size_t end = build(bytes, 6, begins);
    bytes[begins[1] + 90] ^= 1;

    segment_scan_bytes(slice_of(bytes, sizeof bytes), &HEAD, &scan);

    cr_expect(scan.last == 10 && scan.end == end);
    cr_expect(scan.damaged == 1 && scan.damaged_at == begins[1]);
}

Test(segment, a_record_inside_a_body_is_never_found)
{
    char bytes[4096] = {0};
    char forged[256];
    size_t begins[3];
    struct segment_scan scan;
    struct record inner = {.sequence = 100, .durable = 99, .kind = RECORD_STORE};
    size_t at = build(bytes, 1, begins);
    record_encode(&inner, 0, forged); /* the sender does not know our salt */
    struct record outer = {.sequence = 6,
                           .durable = 5,
                           .kind = RECORD_STORE,
                           .body = slice_of(forged, record_bytes(&inner))};
    record_encode(&outer, record_salt(HEAD.node), bytes + at);
    bytes[at + 1] ^= 1;

    segment_scan_bytes(slice_of(bytes, sizeof bytes), &HEAD, &scan);

    cr_expect(scan.last == 5 && scan.end == at && scan.damaged == 0);
}

static ssize_t no_space(void *context, int fd, const void *bytes, size_t size, off_t offset)
{
    size_t *room = context;
    if (*room == 0) {
        errno = ENOSPC;
        return -1;
    }
    size = size < *room ? size : *room;
    *room -= size;
    return pwrite(fd, bytes, size, offset);
}

Test(segment, making_one_leaves_nothing_behind_when_it_fails)
{
    char folder[64];
    size_t room = 10;
    struct disk disk = *disk_real();
    disk.context = &room;
    disk.pwrite = no_space;
    place_scratch(folder);
    int at = open(folder, O_RDONLY | O_DIRECTORY);

    cr_expect_eq(segment_make(&disk, at, &HEAD, 4096), -1);
    cr_expect_eq(errno, ENOSPC);
    cr_expect(faccessat(at, "00000000000000000005.seg", F_OK, 0) != 0);

    int fd = segment_make(disk_real(), at, &HEAD, 4096);
    cr_expect(fd >= 0);
    cr_expect_eq(segment_make(disk_real(), at, &HEAD, 4096), -1);
    cr_expect_eq(errno, EEXIST);
    (void)close(fd);
    (void)close(at);
    place_remove(folder);
}

Test(segment, a_short_write_is_continued)
{
    char folder[64];
    size_t size = 0;
    struct disk disk = *disk_real();
    size_t room = 5;
    disk.context = &room;
    disk.pwrite = no_space;
    place_scratch(folder);
    int at = open(folder, O_RDONLY | O_DIRECTORY);
    int fd = segment_make(disk_real(), at, &HEAD, 4096);

    cr_expect(!segment_write(&disk, fd, SLICE("0123456789"), 64));
    cr_expect_eq(errno, ENOSPC);
    room = 100;
    cr_expect(segment_write(&disk, fd, SLICE("0123456789"), 64));

    char *bytes = segment_load(at, 5, &size);
    cr_assert(bytes != NULL && size == 4096);
    cr_expect(memcmp(bytes + 64, "0123456789", 10) == 0);
    cr_expect_null(segment_load(at, 6, &size));
    free(bytes);
    (void)close(fd);
    (void)close(at);
    place_remove(folder);
}
