/* SPDX-License-Identifier: Apache-2.0 */
/* segment — one file of the journal.
 *
 *   0  "TOCSINJ1"   8  16 bytes node id   24 u64 first sequence   32 u32 crc of 0..32   36 zeroes
 *  64  record, record, record ... (record.h), then zeroes: space that is already ours
 *
 * The file is allocated whole when it is made, so that a full disk shows there and not in the
 * middle of a record; when the next one begins it is cut to what was written.
 *
 * The head, the names and the scan are pure; making, sealing and loading touch the disk.
 */
#pragma once
#include "storage/disk.h"
#include "storage/record.h"
#include <stdlib.h>

#define SEGMENT_HEAD_BYTES 64u
#define SEGMENT_NAME_BYTES 25u /* 20 digits, ".seg" and a NUL */

struct segment_head {
    struct id node;
    uint64_t first; /* sequence of the first record */
};

void segment_name(uint64_t first, char out[static SEGMENT_NAME_BYTES]);

/* Fills from a file name; false when it is not one of ours. */
bool segment_name_parse(const char *name, uint64_t *out_first);

void segment_head_encode(const struct segment_head *head, char out[static SEGMENT_HEAD_BYTES]);
MUST_USE struct fault segment_head_decode(struct slice bytes, struct segment_head *out);

/* What a scan found. */
struct segment_scan {
    uint64_t last;     /* sequence of the last whole record; first - 1 when there is none */
    size_t end;        /* offset behind it */
    unsigned damaged;  /* places inside that are not whole and were once durable */
    size_t damaged_at; /* offset of the first of them */
};

/* Walks the records of a whole file. What follows the last whole record and was never durable is a
 * torn tail and ends the scan; a hole before a record that was written after it is damage. */
void segment_scan_bytes(struct slice file, const struct segment_head *head,
                        struct segment_scan *out);

/* Offset, at or after `from`, of the next whole record whose `durable` is at least `lost`: the hole
 * before it was once on disk; fills it. `file.len` when there is none. */
size_t segment_resync(struct slice file, size_t from, uint32_t salt, uint64_t lost,
                      struct record *out);

/* Makes the file `name` in the folder `at`, `bytes` long, and its name and head durable; gives the
 * descriptor. -1 and errno; then there is no such file. */
int segment_make(const struct disk *disk, int at, const struct segment_head *head, off_t bytes);

/* Writes all; false and errno. */
bool segment_write(const struct disk *disk, int fd, struct slice bytes, off_t offset);

/* The whole file, for free(); NULL and errno. */
char *segment_load(int at, uint64_t first, size_t *out_bytes);
