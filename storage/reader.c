/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/reader.h"

#include "ingest/base/arena.h"
#include "ingest/base/must.h"
#include "storage/journal_inside.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Bytes read ahead; and the span below which a search walks instead of halving. */
enum { WINDOW_BYTES = 256 << 10 };

struct reader {
    struct journal *journal;
    uint32_t salt;
    uint64_t wanted; /* sequence of the next record */
    int fd;          /* of the segment; -1: none yet */
    uint64_t first;  /* of the segment */
    uint64_t next;   /* of the segment behind it; UINT64_MAX: none when last asked */
    uint64_t offset; /* of the next record in it */
    char *window;    /* bytes of the segment from `from` on */
    uint64_t from;
    size_t len;
    size_t room;
    char where[80];
};

struct reader *reader_open(struct journal *journal, uint64_t from)
{
    MUST(journal != NULL);
    struct reader *reader = calloc(1, sizeof *reader);
    MUST(reader != NULL);
    reader->journal = journal;
    reader->salt = record_salt(journal_node(journal));
    reader->wanted = from > 0 ? from : 1;
    reader->fd = -1;
    return reader;
}

static void leave_segment(struct reader *reader)
{
    if (reader->fd >= 0) {
        (void)close(reader->fd);
    }
    reader->fd = -1;
    reader->len = 0;
}

void reader_close(struct reader *reader)
{
    leave_segment(reader);
    free(reader->window);
    free(reader);
}

const char *reader_where(const struct reader *reader)
{
    return reader->where;
}

/* A span of the segment of at least `need` bytes from the reader's offset on, or what there is. */
static struct slice look(struct reader *reader, size_t need)
{
    MUST(need > 0 && reader->fd >= 0);
    size_t skip = (size_t)(reader->offset - reader->from);
    if (reader->len > 0 && reader->offset >= reader->from && skip + need <= reader->len) {
        return slice_of(reader->window + skip, reader->len - skip);
    }
    size_t room = need > WINDOW_BYTES ? need : WINDOW_BYTES;
    if (room > reader->room) {
        free(reader->window);
        reader->window = malloc(room);
        MUST(reader->window != NULL);
        reader->room = room;
    }
    reader->from = reader->offset;
    reader->len = 0;
    while (reader->len < room) {
        ssize_t got = pread(reader->fd, reader->window + reader->len, room - reader->len,
                            (off_t)(reader->from + reader->len));
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        reader->len += got > 0 ? (size_t)got : 0;
    }
    MUST(reader->len <= reader->room);
    return slice_of(reader->window, reader->len);
}

/* The whole record at the offset; its bytes are fetched in two steps, the head telling how many. */
static struct fault decode_here(struct reader *reader, struct record *out)
{
    struct record_extent extent;
    struct slice bytes = look(reader, RECORD_HEAD_BYTES);
    struct fault fault = record_peek(bytes, reader->salt, &extent);
    if (fault_is(fault)) {
        return fault;
    }
    return record_decode(slice_head(look(reader, extent.bytes), extent.bytes), reader->salt, out);
}

static struct fault damage(struct reader *reader)
{
    char name[SEGMENT_NAME_BYTES];
    segment_name(reader->first, name);
    (void)snprintf(reader->where, sizeof reader->where, "journal/%s at byte %llu", name,
                   (unsigned long long)reader->offset);
    return fault_at(FAULT_MALFORMED, "journal: damaged record", (size_t)reader->offset);
}

/* Moves the offset near to `sequence`: halves the file until the rest is quickly walked. Heads are
 * recognised by their salted checksum wherever we land. */
static void approach(struct reader *reader, uint64_t sequence, uint64_t size)
{
    struct record_extent extent;
    uint64_t low = reader->offset;
    uint64_t high = size;
    while (high - low > WINDOW_BYTES) {
        uint64_t middle = low + ((high - low) / 2 & ~UINT64_C(7));
        bool is_found = false;
        for (reader->offset = middle; reader->offset < high && !is_found; reader->offset += 8) {
            struct slice head = look(reader, RECORD_HEAD_BYTES);
            is_found = !fault_is(record_peek(head, reader->salt, &extent));
        }
        if (is_found && extent.sequence <= sequence) {
            low = reader->offset - 8;
        } else {
            high = middle;
        }
    }
    MUST(low <= high);
    reader->offset = low;
}

/* Opens the segment that holds `wanted` and goes near to it. MALFORMED: its file is gone. */
static struct fault enter_segment(struct reader *reader)
{
    struct segments *segments = journal_segments(reader->journal);
    struct segment_span span = {0};
    char name[SEGMENT_NAME_BYTES];
    leave_segment(reader);
    while (reader->fd < 0) {
        uint64_t before = span.first;
        if (!segments_find(segments, reader->wanted, &span)) {
            return fault_make(FAULT_NOT_FOUND, "journal: no such record");
        }
        reader->first = span.first;
        reader->next = span.next;
        reader->offset = SEGMENT_HEAD_BYTES;
        segment_name(span.first, name);
        reader->fd = openat(segments_folder(segments), name, O_RDONLY | O_CLOEXEC);
        if (reader->fd < 0 && errno != ENOENT) {
            return fault_make(FAULT_UNAVAILABLE, "journal: cannot be read");
        }
        if (reader->fd < 0 && before == span.first) {
            return damage(reader); /* not deleted by the writer in this moment */
        }
    }
    if (reader->wanted < reader->first) {
        reader->wanted = reader->first; /* what is older was deleted */
    }
    approach(reader, reader->wanted, span.used);
    return FAULT_OK;
}

/* The sequence after the last one this segment holds, as far as readers may look. */
static uint64_t segment_stop(struct reader *reader)
{
    struct segment_span span;
    if (reader->next == UINT64_MAX &&
        segments_find(journal_segments(reader->journal), reader->first, &span)) {
        reader->next = span.first == reader->first ? span.next : span.first;
    }
    uint64_t stop = journal_end(reader->journal) + 1;
    return reader->next < stop ? reader->next : stop;
}

/* What was read ahead of the writer is stale: a failed look is repeated on fresh bytes. */
static struct fault decode_fresh(struct reader *reader, struct record *out)
{
    MUST(reader->fd >= 0);
    struct fault fault = decode_here(reader, out);
    if (fault_is(fault)) {
        reader->len = 0;
        fault = decode_here(reader, out);
    }
    return fault;
}

struct fault reader_next(struct reader *reader, struct record *out)
{
    MUST(reader->wanted > 0);
    while (reader->wanted <= journal_end(reader->journal)) {
        if (reader->fd < 0 || reader->wanted >= segment_stop(reader)) {
            struct fault fault = enter_segment(reader);
            if (fault_is(fault)) {
                return fault;
            }
            continue;
        }
        if (fault_is(decode_fresh(reader, out)) || out->sequence > reader->wanted) {
            return damage(reader);
        }
        reader->offset += record_bytes(out);
        if (out->sequence == reader->wanted) {
            reader->wanted++;
            return FAULT_OK;
        }
    }
    return fault_make(FAULT_NOT_FOUND, "journal: no more records");
}

/* Moves the offset to the next whole record of the segment; false when there is none. */
static bool resync(struct reader *reader)
{
    struct record record;
    reader->len = 0;
    for (;; reader->offset += 8) {
        struct slice bytes = look(reader, RECORD_HEAD_BYTES);
        if (bytes.len < RECORD_HEAD_BYTES) {
            return false;
        }
        if (memcmp(bytes.at, "TREC", 4) == 0 && !fault_is(decode_here(reader, &record)) &&
            record.sequence >= reader->wanted) {
            break;
        }
    }
    reader->wanted = record.sequence;
    return true;
}

uint64_t reader_skip(struct reader *reader)
{
    uint64_t from = reader->wanted;
    if (reader->fd < 0 || !resync(reader) || reader->wanted >= segment_stop(reader)) {
        uint64_t stop = segment_stop(reader);
        reader->wanted = stop > from ? stop : from + 1;
        leave_segment(reader);
    }
    MUST(reader->wanted >= from);
    return reader->wanted - from;
}

static struct fault read_one(struct reader *reader, struct record *out)
{
    uint64_t sequence = reader->wanted;
    MUST(sequence > 0);
    struct fault fault = enter_segment(reader);
    if (fault_is(fault) || reader->wanted != sequence) {
        return fault_is(fault) ? fault : fault_make(FAULT_NOT_FOUND, "journal: no longer kept");
    }
    do {
        fault = decode_here(reader, out);
        if (fault_is(fault)) {
            return damage(reader);
        }
        reader->offset += record_bytes(out);
    } while (out->sequence < sequence);
    return out->sequence == sequence ? FAULT_OK : damage(reader);
}

static bool copy_all(struct arena *arena, struct record *record)
{
    struct slice *fields[] = {
        &record->key,        &record->address, &record->content_type, &record->content_encoding,
        &record->user_agent, &record->body,    &record->parameters};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct slice copy = arena_copy(arena, *fields[i]);
        if (copy.len != fields[i]->len) {
            return false;
        }
        *fields[i] = copy;
    }
    return true;
}

struct fault reader_one(struct journal *journal, uint64_t sequence, struct arena *arena,
                        struct record *out)
{
    MUST(arena != NULL && out != NULL);
    if (sequence == 0 || sequence > journal_end(journal)) {
        return fault_make(FAULT_NOT_FOUND, "journal: no such record");
    }
    struct record record;
    struct reader *reader = reader_open(journal, sequence);
    struct fault fault = read_one(reader, &record);
    if (!fault_is(fault) && !copy_all(arena, &record)) {
        fault = fault_make(FAULT_TOO_BIG, "journal: the record does not fit");
    }
    reader_close(reader);
    if (!fault_is(fault)) {
        *out = record;
    }
    return fault;
}
