/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/segments.h"

#include "ingest/base/must.h"
#include "storage/recovery.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct segments {
    const struct disk *disk;
    uint64_t bytes_max;
    uint64_t segment_bytes;
    struct recovery found; /* node, folder, end at open, damage */
    int fd;                /* of the current segment; -1: the next append makes one */
    uint64_t offset;       /* durable bytes of the current segment */
    uint64_t end;          /* last durable sequence */
    atomic_uint_least64_t applied;
    pthread_mutex_t lock; /* the list below, read by others */
    struct segment_info *list;
    size_t count;
    size_t room;
    uint64_t bytes; /* of all in the list */
};

struct fault segments_open(const struct journal_options *options, struct segments **out,
                           char why[static 256])
{
    MUST(options->folder != NULL && options->bytes_max > 0);
    struct segments *segments = calloc(1, sizeof *segments);
    MUST(segments != NULL);
    struct fault fault = recovery_run(options->folder, &segments->found, why);
    if (fault_is(fault)) {
        free(segments);
        return fault;
    }
    segments->disk = options->disk != NULL ? options->disk : disk_real();
    segments->bytes_max = options->bytes_max;
    segments->segment_bytes =
        options->segment_bytes != 0 ? options->segment_bytes : JOURNAL_SEGMENT_BYTES;
    segments->fd = -1;
    segments->end = segments->found.end;
    segments->list = segments->found.list;
    segments->count = segments->found.count;
    segments->room = segments->found.count;
    for (size_t i = 0; i < segments->count; i++) {
        segments->bytes += segments->list[i].bytes;
    }
    MUST(pthread_mutex_init(&segments->lock, NULL) == 0);
    *out = segments;
    return FAULT_OK;
}

/* The current segment gives back what it did not use; without any record it goes, since the next
 * one will have its name. Not synced: what comes back after a crash is zeroes, or records that the
 * next segment's first sequence hides. */
static void seal(struct segments *segments)
{
    if (segments->fd < 0) {
        return;
    }
    char name[SEGMENT_NAME_BYTES];
    bool is_empty = segments->offset == SEGMENT_HEAD_BYTES;
    bool is_cut = ftruncate(segments->fd, (off_t)segments->offset) == 0;
    (void)close(segments->fd);
    segments->fd = -1;
    (void)pthread_mutex_lock(&segments->lock);
    struct segment_info *last = &segments->list[segments->count - 1];
    segment_name(last->first, name);
    if (is_empty) {
        (void)unlinkat(segments->found.folder, name, 0);
        segments->bytes -= last->bytes;
        segments->count--;
    } else if (is_cut) {
        segments->bytes -= last->bytes - segments->offset;
        last->bytes = segments->offset;
    }
    (void)pthread_mutex_unlock(&segments->lock);
}

void segments_close(struct segments *segments)
{
    seal(segments);
    recovery_done(&segments->found);
    free(segments->list);
    (void)pthread_mutex_destroy(&segments->lock);
    free(segments);
}

/* Deletes the oldest segment if all of it is applied and it is not being written. */
static bool delete_oldest(struct segments *segments)
{
    (void)pthread_mutex_lock(&segments->lock);
    bool is_current = segments->count == 1 && segments->fd >= 0;
    bool may_go = segments->count > 0 && !is_current;
    char name[SEGMENT_NAME_BYTES];
    if (may_go) {
        uint64_t last = segments->count > 1 ? segments->list[1].first - 1 : segments->end;
        segment_name(segments->list[0].first, name);
        may_go = last <= atomic_load(&segments->applied) &&
                 unlinkat(segments->found.folder, name, 0) == 0;
    }
    if (may_go) {
        segments->bytes -= segments->list[0].bytes;
        segments->count--;
        memmove(segments->list, segments->list + 1, segments->count * sizeof *segments->list);
    }
    (void)pthread_mutex_unlock(&segments->lock);
    return may_go;
}

static bool is_temporary(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EMFILE || error == ENFILE ||
           error == ENOMEM;
}

static enum journal_condition refuse(int error, const char *what, char why[static 192])
{
    (void)snprintf(why, 192, "journal: %s: %s", what, strerror(error));
    return is_temporary(error) ? JOURNAL_FULL : JOURNAL_FAILED;
}

/* Room under our own limit for a segment of `bytes`. */
static bool fits(struct segments *segments, uint64_t bytes, char why[static 192])
{
    while (segments->bytes + bytes > segments->bytes_max) {
        if (!delete_oldest(segments)) {
            (void)snprintf(why, 192,
                           "journal: %" PRIu64 " of %" PRIu64
                           " bytes are used, and none of them is in Redis yet",
                           segments->bytes, segments->bytes_max);
            return false;
        }
    }
    return true;
}

static void list_add(struct segments *segments, uint64_t first, uint64_t bytes)
{
    (void)pthread_mutex_lock(&segments->lock);
    if (segments->count == segments->room) {
        segments->room = 2 * segments->room + 16;
        segments->list = realloc(segments->list, segments->room * sizeof *segments->list);
        MUST(segments->list != NULL);
    }
    segments->list[segments->count++] = (struct segment_info){first, bytes, SEGMENT_HEAD_BYTES};
    segments->bytes += bytes;
    (void)pthread_mutex_unlock(&segments->lock);
}

/* Begins a new segment that has room for `bytes` of records from `first` on. */
static enum journal_condition begin(struct segments *segments, uint64_t first, uint64_t bytes,
                                    char why[static 192])
{
    uint64_t whole = SEGMENT_HEAD_BYTES + bytes;
    whole = whole > segments->segment_bytes ? whole : segments->segment_bytes;
    seal(segments);
    if (!fits(segments, whole, why)) {
        return JOURNAL_FULL;
    }
    struct segment_head head = {segments->found.node, first};
    int fd = -1;
    do {
        fd = segment_make(segments->disk, segments->found.folder, &head, (off_t)whole);
    } while (fd < 0 && errno == ENOSPC && delete_oldest(segments));
    if (fd < 0) {
        return refuse(errno, "no new segment", why);
    }
    segments->fd = fd;
    segments->offset = SEGMENT_HEAD_BYTES;
    list_add(segments, first, whole);
    return JOURNAL_OK;
}

static uint64_t current_size(struct segments *segments)
{
    return segments->fd >= 0 ? segments->list[segments->count - 1].bytes : 0;
}

enum journal_condition segments_make_room(struct segments *segments, char why[static 192])
{
    if (segments->offset < current_size(segments)) {
        return JOURNAL_OK;
    }
    return begin(segments, segments->end + 1, 0, why);
}

/* What was synced is read again only after a crash, or when somebody looks at an event. Its pages
 * are given back, warm, to the next write, and what others have cached stays. Measured: fresh pages
 * cost a virtual machine 20 us for each 10 KB written, these 2 us. Advice: it may be refused. */
static void forget_pages(int fd, uint64_t from, uint64_t to)
{
    const uint64_t page = 4096;
    MUST(from <= to);
    from -= from % page; /* the page that was half full then */
    to -= to % page;
    if (to > from) {
        (void)posix_fadvise(fd, (off_t)from, (off_t)(to - from), POSIX_FADV_DONTNEED);
    }
}

enum journal_condition segments_append(struct segments *segments, struct slice records,
                                       uint64_t first, uint64_t last, char why[static 192])
{
    MUST(first == segments->end + 1 && last >= first && records.len % 8 == 0);
    if (segments->fd < 0 || segments->offset + records.len > current_size(segments)) {
        enum journal_condition begun = begin(segments, first, records.len, why);
        if (begun != JOURNAL_OK) {
            return begun;
        }
    }
    const struct disk *disk = segments->disk;
    if (segment_write(disk, segments->fd, records, (off_t)segments->offset) &&
        disk->fdatasync(disk->context, segments->fd) == 0) {
        forget_pages(segments->fd, segments->offset, segments->offset + records.len);
        segments->offset += records.len;
        segments->end = last;
        (void)pthread_mutex_lock(&segments->lock);
        segments->list[segments->count - 1].used = segments->offset;
        (void)pthread_mutex_unlock(&segments->lock);
        return JOURNAL_OK;
    }
    int error = errno;
    seal(segments);
    return refuse(error, "write or sync failed", why);
}

struct id segments_node(const struct segments *segments)
{
    return segments->found.node;
}

uint64_t segments_end_at_open(const struct segments *segments)
{
    return segments->found.end;
}

const char *segments_damage(const struct segments *segments)
{
    return segments->found.damage;
}

void segments_applied(struct segments *segments, uint64_t sequence)
{
    atomic_store(&segments->applied, sequence);
}

uint64_t segments_applied_mark(const struct segments *segments)
{
    return atomic_load(&segments->applied);
}

bool segments_find(struct segments *segments, uint64_t sequence, struct segment_span *out)
{
    (void)pthread_mutex_lock(&segments->lock);
    size_t at = segments->count;
    while (at > 1 && segments->list[at - 1].first > sequence) {
        at--;
    }
    bool is_any = at > 0;
    if (is_any) {
        bool is_last = at == segments->count;
        out->first = segments->list[at - 1].first;
        out->next = is_last ? UINT64_MAX : segments->list[at].first;
        out->used = segments->list[at - 1].used;
    }
    (void)pthread_mutex_unlock(&segments->lock);
    return is_any;
}

void segments_usage(struct segments *segments, uint64_t *out_first, uint64_t *out_count,
                    uint64_t *out_bytes)
{
    (void)pthread_mutex_lock(&segments->lock);
    *out_first = segments->count > 0 ? segments->list[0].first : 0;
    *out_count = segments->count;
    *out_bytes = segments->bytes;
    (void)pthread_mutex_unlock(&segments->lock);
}

int segments_folder(const struct segments *segments)
{
    return segments->found.folder;
}
