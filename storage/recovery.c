/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/recovery.h"

#include "ingest/base/must.h"
#include "ingest/host/file.h"
#include "ingest/host/random.h"
#include "storage/segment.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fault explain(char why[static 256], const char *what, const char *path)
{
    (void)snprintf(why, 256, "journal: %s %.160s: %s", what, path, strerror(errno));
    return fault_make(FAULT_INTERNAL, "journal: the folder cannot be used");
}

static int by_first(const void *left, const void *right)
{
    uint64_t a = ((const struct segment_info *)left)->first;
    uint64_t b = ((const struct segment_info *)right)->first;
    return a < b ? -1 : a > b;
}

static void add(struct recovery *out, size_t *room, struct segment_info info)
{
    MUST(out->count <= *room);
    if (out->count == *room) {
        *room = 2 * *room + 16;
        out->list = realloc(out->list, *room * sizeof *out->list);
        MUST(out->list != NULL);
    }
    out->list[out->count++] = info;
}

static bool list_segments(struct recovery *out)
{
    size_t room = 0;
    struct stat status;
    DIR *folder = fdopendir(dup(out->folder));
    if (folder == NULL) {
        return false;
    }
    rewinddir(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        uint64_t first = 0;
        if (segment_name_parse(entry->d_name, &first) &&
            fstatat(out->folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
            uint64_t bytes = (uint64_t)status.st_size;
            add(out, &room, (struct segment_info){first, bytes, bytes});
        }
    }
    (void)closedir(folder);
    if (out->count > 0) {
        qsort(out->list, out->count, sizeof *out->list, by_first);
    }
    return true;
}

/* The id in DIR/node, or the none id. */
static struct id stored_node(const char *path)
{
    char space[256];
    struct arena arena;
    struct slice text = {0};
    struct id node = {{0}};
    arena_over(&arena, space, sizeof space);
    if (!fault_is(file_read(&arena, path, 64, &text))) {
        (void)id_parse(slice_trim(text), &node);
    }
    return node;
}

/* A valid head knows best; without any segment we are somebody new. */
static struct fault settle_node(struct recovery *out, const char *path, char why[static 256])
{
    struct id stored = stored_node(path);
    struct segment_head head;
    out->node = out->count > 0 ? stored : random_id();
    for (size_t i = out->count; i > 0; i--) {
        char name[SEGMENT_NAME_BYTES];
        char bytes[SEGMENT_HEAD_BYTES];
        segment_name(out->list[i - 1].first, name);
        int fd = openat(out->folder, name, O_RDONLY | O_CLOEXEC);
        bool is_read = fd >= 0 && pread(fd, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes;
        if (fd >= 0) {
            (void)close(fd);
        }
        if (is_read && !fault_is(segment_head_decode(slice_of(bytes, sizeof bytes), &head))) {
            out->node = head.node;
            break;
        }
    }
    if (id_is_none(out->node)) {
        out->node = random_id();
    }
    if (id_eq(out->node, stored)) {
        return FAULT_OK;
    }
    char text[ID_HEX_BYTES + 2];
    id_format(out->node, text);
    text[ID_HEX_BYTES] = '\n';
    return fault_is(file_write(path, slice_of(text, ID_HEX_BYTES + 1), 0600))
               ? explain(why, "cannot write", path)
               : FAULT_OK;
}

static void note_damage(struct recovery *out, uint64_t first, size_t offset)
{
    char name[SEGMENT_NAME_BYTES];
    segment_name(first, name);
    if (out->damage[0] == '\0') {
        (void)snprintf(out->damage, sizeof out->damage, "journal/%s is damaged at byte %zu", name,
                       offset);
    }
}

/* Makes the segment end behind its last whole record. */
static bool cut(const struct recovery *out, const char *name, size_t end)
{
    MUST(end >= SEGMENT_HEAD_BYTES);
    int fd = openat(out->folder, name, O_WRONLY | O_CLOEXEC);
    bool is_cut = fd >= 0 && ftruncate(fd, (off_t)end) == 0 && fsync(fd) == 0;
    int kept = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    errno = kept;
    return is_cut;
}

/* Looks into the last segment. False: errno. `*out_is_empty`: it was removed, look again. */
static bool settle_last(struct recovery *out, bool *out_is_empty)
{
    MUST(out->count > 0);
    struct segment_info *last = &out->list[out->count - 1];
    struct segment_head expected = {out->node, last->first};
    struct segment_head stored;
    struct segment_scan scan;
    char name[SEGMENT_NAME_BYTES];
    size_t size = 0;
    segment_name(last->first, name);
    char *bytes = segment_load(out->folder, last->first, &size);
    if (bytes == NULL) {
        return false;
    }
    segment_scan_bytes(slice_of(bytes, size), &expected, &scan);
    bool has_head = !fault_is(segment_head_decode(slice_of(bytes, size), &stored));
    free(bytes);
    *out_is_empty = scan.last < last->first;
    if (*out_is_empty) {
        out->count--;
        return unlinkat(out->folder, name, 0) == 0 && fsync(out->folder) == 0;
    }
    if (!has_head || scan.damaged > 0) {
        note_damage(out, last->first, has_head ? scan.damaged_at : 0);
    }
    MUST(scan.end <= size);
    out->end = scan.last;
    last->bytes = scan.end;
    last->used = scan.end;
    return size == scan.end || cut(out, name, scan.end);
}

static struct fault recover(const char *folder, struct recovery *out, char why[static 256])
{
    char path[PATH_MAX];
    (void)snprintf(path, sizeof path, "%s/node", folder);
    if (!list_segments(out)) {
        return explain(why, "cannot list", folder);
    }
    uint64_t newest = out->count > 0 ? out->list[out->count - 1].first : 1;
    struct fault fault = settle_node(out, path, why);
    for (bool is_empty = true; !fault_is(fault) && is_empty && out->count > 0;) {
        if (!settle_last(out, &is_empty)) {
            fault = explain(why, "cannot recover the last segment in", folder);
        }
    }
    /* A name is made only after all before it was durable. */
    if (!fault_is(fault) && out->end < newest - 1) {
        if (out->count > 0) {
            note_damage(out, out->list[out->count - 1].first,
                        (size_t)out->list[out->count - 1].bytes);
        }
        out->end = newest - 1;
    }
    return fault;
}

struct fault recovery_run(const char *folder, struct recovery *out, char why[static 256])
{
    MUST(folder != NULL);
    char path[PATH_MAX];
    *out = (struct recovery){.folder = -1};
    if (snprintf(path, sizeof path, "%s/journal", folder) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return explain(why, "cannot use", folder);
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return explain(why, "cannot make", path);
    }
    out->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (out->folder < 0 || fault_is(file_sync_folder(folder))) {
        struct fault fault = explain(why, "cannot open", path);
        recovery_done(out);
        return fault;
    }
    if (flock(out->folder, LOCK_EX | LOCK_NB) != 0) {
        (void)snprintf(why, 256, "journal: %.160s is in use by another process", path);
        recovery_done(out);
        return fault_make(FAULT_UNAVAILABLE, "journal: in use by another process");
    }
    struct fault fault = recover(folder, out, why);
    if (fault_is(fault)) {
        free(out->list);
        recovery_done(out);
    }
    return fault;
}

void recovery_done(struct recovery *recovery)
{
    if (recovery->folder >= 0) {
        (void)close(recovery->folder);
    }
    recovery->folder = -1;
}
