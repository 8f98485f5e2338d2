/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/history.h"
#include "ingest/base/must.h"
#include "storage/segment.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
    int64_t since_us;
    void (*take)(void *context, const struct record *record);
    void *context;
    struct history *out;
};

static void walk_records(struct walk *walk, struct slice file, uint32_t salt)
{
    struct record record;
    size_t at = SEGMENT_HEAD_BYTES;
    while (at < file.len) {
        struct fault fault = record_decode(slice_from(file, at), salt, &record);
        if (fault.kind == FAULT_NOT_FOUND) {
            return;
        }
        if (fault_is(fault)) {
            at = segment_resync(file, at + 8, salt, 0, &record);
            walk->out->damaged += at < file.len;
            continue;
        }
        if (record.received_us >= walk->since_us) {
            walk->out->records++;
            walk->take(walk->context, &record);
        }
        at += record_bytes(&record);
    }
}

static int only_segments(const struct dirent *entry)
{
    uint64_t first = 0;
    return segment_name_parse(entry->d_name, &first);
}

/* Nothing in it is newer than its last write. */
static bool is_too_old(int folder, const char *name, int64_t since_us)
{
    struct stat about;
    return fstatat(folder, name, &about, 0) == 0 &&
           (int64_t)about.st_mtim.tv_sec + 1 < since_us / 1000000;
}

/* False: errno. A segment that has just been deleted is none. */
static bool walk_segment(struct walk *walk, int folder, const char *name)
{
    uint64_t first = 0;
    size_t bytes = 0;
    struct segment_head head;
    MUST(segment_name_parse(name, &first));
    if (is_too_old(folder, name, walk->since_us)) {
        return true;
    }
    char *text = segment_load(folder, first, &bytes);
    if (text == NULL) {
        return errno == ENOENT;
    }
    struct slice file = slice_of(text, bytes);
    if (fault_is(segment_head_decode(file, &head))) {
        walk->out->damaged++;
    } else {
        walk->out->segments++;
        walk_records(walk, file, record_salt(head.node));
    }
    free(text);
    return true;
}

bool history_read(const char *folder, int64_t since_us,
                  void (*take)(void *context, const struct record *record), void *context,
                  struct history *out, char why[static 256])
{
    char path[4096];
    struct dirent **names = NULL;
    struct walk walk = {since_us, take, context, out};
    MUST(folder != NULL && take != NULL);
    *out = (struct history){0};
    (void)snprintf(path, sizeof(path), "%s/journal", folder);
    int at = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int count = at >= 0 ? scandir(path, &names, only_segments, alphasort) : -1;
    if (count < 0) {
        (void)snprintf(why, 256, "%.200s: %s", path, strerror(errno));
    }
    bool well = count >= 0;
    for (int i = 0; i < count; i++) {
        if (well && !walk_segment(&walk, at, names[i]->d_name)) {
            (void)snprintf(why, 256, "%.120s/%.30s: %s", path, names[i]->d_name, strerror(errno));
            well = false;
        }
        free(names[i]);
    }
    free(names);
    if (at >= 0) {
        (void)close(at); /* was only read */
    }
    return well;
}
