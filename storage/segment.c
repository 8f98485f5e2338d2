/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/segment.h"

#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char MAGIC[8] = {'T', 'O', 'C', 'S', 'I', 'N', 'J', '1'};
enum { NODE_AT = 8, FIRST_AT = 24, CRC_AT = 32, DIGITS = 20 };

void segment_name(uint64_t first, char out[static SEGMENT_NAME_BYTES])
{
    MUST(first > 0);
    (void)snprintf(out, SEGMENT_NAME_BYTES, "%020" PRIu64 ".seg", first);
}

bool segment_name_parse(const char *name, uint64_t *out_first)
{
    MUST(name != NULL && out_first != NULL);
    if (strspn(name, "0123456789") != DIGITS || strcmp(name + DIGITS, ".seg") != 0) {
        return false;
    }
    errno = 0;
    uint64_t first = strtoull(name, NULL, 10);
    if (errno != 0 || first == 0) {
        return false;
    }
    *out_first = first;
    return true;
}

void segment_head_encode(const struct segment_head *head, char out[static SEGMENT_HEAD_BYTES])
{
    MUST(head->first > 0 && !id_is_none(head->node));
    memset(out, 0, SEGMENT_HEAD_BYTES);
    memcpy(out, MAGIC, sizeof MAGIC);
    memcpy(out + NODE_AT, head->node.bytes, sizeof head->node.bytes);
    memcpy(out + FIRST_AT, &(uint64_t){htole64(head->first)}, 8);
    uint32_t crc = hash_crc32(0, slice_of(out, CRC_AT));
    memcpy(out + CRC_AT, &(uint32_t){htole32(crc)}, 4);
}

struct fault segment_head_decode(struct slice bytes, struct segment_head *out)
{
    uint32_t crc = 0;
    struct segment_head head;
    if (bytes.len < SEGMENT_HEAD_BYTES || memcmp(bytes.at, MAGIC, sizeof MAGIC) != 0) {
        return fault_at(FAULT_MALFORMED, "journal: not a segment of this version", 0);
    }
    memcpy(&crc, bytes.at + CRC_AT, 4);
    if (le32toh(crc) != hash_crc32(0, slice_of(bytes.at, CRC_AT))) {
        return fault_at(FAULT_MALFORMED, "journal: checksum of a segment's head", CRC_AT);
    }
    memcpy(head.node.bytes, bytes.at + NODE_AT, sizeof head.node.bytes);
    memcpy(&head.first, bytes.at + FIRST_AT, 8);
    head.first = le64toh(head.first);
    if (head.first == 0 || id_is_none(head.node)) {
        return fault_at(FAULT_MALFORMED, "journal: impossible head of a segment", FIRST_AT);
    }
    *out = head;
    return FAULT_OK;
}

size_t segment_resync(struct slice file, size_t from, uint32_t salt, uint64_t lost,
                      struct record *out)
{
    struct record record;
    MUST(from % 8 == 0);
    for (size_t at = from; at + RECORD_HEAD_BYTES <= file.len; at += 8) {
        if (memcmp(file.at + at, "TREC", 4) == 0 &&
            !fault_is(record_decode(slice_from(file, at), salt, &record)) &&
            record.durable >= lost) {
            *out = record;
            return at;
        }
    }
    return file.len;
}

void segment_scan_bytes(struct slice file, const struct segment_head *head,
                        struct segment_scan *out)
{
    MUST(head->first > 0);
    uint32_t salt = record_salt(head->node);
    struct record record;
    *out = (struct segment_scan){head->first - 1, SEGMENT_HEAD_BYTES, 0, 0};
    for (size_t at = SEGMENT_HEAD_BYTES; at < file.len;) {
        bool whole = !fault_is(record_decode(slice_from(file, at), salt, &record));
        if (whole && record.sequence == out->last + 1) {
            out->last = record.sequence;
            at += record_bytes(&record);
            out->end = at;
            continue;
        }
        MUST(out->end <= file.len);
        size_t next = segment_resync(file, at + (whole ? 0 : 8), salt, out->last + 1, &record);
        if (next >= file.len) {
            return;
        }
        out->damaged_at = out->damaged++ == 0 ? at : out->damaged_at;
        out->last = record.sequence;
        at = next + record_bytes(&record);
        out->end = at;
    }
}

bool segment_write(const struct disk *disk, int fd, struct slice bytes, off_t offset)
{
    MUST(disk != NULL && fd >= 0 && offset >= 0);
    while (bytes.len > 0) {
        ssize_t wrote = disk->pwrite(disk->context, fd, bytes.at, bytes.len, offset);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            errno = wrote == 0 ? EIO : errno;
            return false;
        }
        bytes = slice_from(bytes, (size_t)wrote);
        offset += wrote;
    }
    return true;
}

/* Space for the whole file; where a file system cannot promise it, only the length. */
static bool allocate(const struct disk *disk, int fd, off_t bytes)
{
    if (disk->fallocate(disk->context, fd, bytes) == 0) {
        return true;
    }
    return (errno == EOPNOTSUPP || errno == ENOSYS) && ftruncate(fd, bytes) == 0;
}

int segment_make(const struct disk *disk, int at, const struct segment_head *head, off_t bytes)
{
    MUST(bytes >= (off_t)SEGMENT_HEAD_BYTES);
    char name[SEGMENT_NAME_BYTES];
    char first[SEGMENT_HEAD_BYTES];
    segment_name(head->first, name);
    segment_head_encode(head, first);
    int fd = openat(at, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return -1;
    }
    if (allocate(disk, fd, bytes) && segment_write(disk, fd, slice_of(first, sizeof first), 0) &&
        disk->fdatasync(disk->context, fd) == 0 && disk->fdatasync(disk->context, at) == 0) {
        return fd;
    }
    int kept = errno;
    (void)close(fd);
    (void)unlinkat(at, name, 0);
    errno = kept;
    return -1;
}

/* Reads `size` bytes; false at the end of the file or on error. */
static bool read_whole(int fd, char *to, size_t size)
{
    for (size_t len = 0; len < size;) {
        ssize_t got = pread(fd, to + len, size - len, (off_t)len);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

char *segment_load(int at, uint64_t first, size_t *out_bytes)
{
    char name[SEGMENT_NAME_BYTES];
    struct stat status;
    char *bytes = NULL;
    segment_name(first, name);
    int fd = openat(at, name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &status) == 0) {
        bytes = malloc((size_t)status.st_size + 1);
        if (bytes != NULL && !read_whole(fd, bytes, (size_t)status.st_size)) {
            free(bytes);
            bytes = NULL;
        }
    }
    int kept = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    errno = kept;
    if (bytes != NULL) {
        *out_bytes = (size_t)status.st_size;
    }
    return bytes;
}
