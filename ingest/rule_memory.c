/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/rule_memory.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/file.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEPT_SECONDS (30 * 86400)

static bool path_of(const struct rule_memory *memory, const uint8_t key[static 32],
                    char out[static PATH_MAX])
{
    int length = snprintf(out, PATH_MAX, "%s/", memory->folder);
    for (size_t i = 0; i < 32 && length + 3 < PATH_MAX; i++) {
        length += snprintf(out + length, 3, "%02x", key[i]);
    }
    return length + 3 < PATH_MAX;
}

static bool recall(void *context, const uint8_t key[static 32], struct arena *arena,
                   struct slice *bytes)
{
    char path[PATH_MAX];
    if (!path_of(context, key, path) ||
        fault_is(file_read(arena, path, RULE_AUTOMATON_BYTES_MAX, bytes))) {
        return false;
    }
    (void)utimensat(AT_FDCWD, path, NULL, 0); /* it was of use: keeps it from being deleted */
    return true;
}

static void forget_old(const char *folder)
{
    DIR *open = opendir(folder);
    struct dirent *entry = NULL;
    while (open != NULL && (entry = readdir(open)) != NULL) {
        struct stat about;
        if (fstatat(dirfd(open), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(about.st_mode) && about.st_mtime < time(NULL) - KEPT_SECONDS) {
            (void)unlinkat(dirfd(open), entry->d_name, 0); /* tried again next time */
        }
    }
    if (open != NULL) {
        (void)closedir(open); /* was only read */
    }
}

static void keep(void *context, const uint8_t key[static 32], struct slice bytes)
{
    const struct rule_memory *memory = context;
    char path[PATH_MAX];
    if (bytes.len > RULE_AUTOMATON_BYTES_MAX || !path_of(memory, key, path) ||
        fault_is(file_make_folder(memory->folder, 0700))) {
        return;
    }
    if (!fault_is(file_write(path, bytes, 0600))) {
        forget_old(memory->folder);
    }
}

const struct rules_memory *rule_memory_init(struct rule_memory *memory, const char *data_path,
                                            bool makes)
{
    MUST(memory != NULL && data_path != NULL);
    int length = snprintf(memory->folder, sizeof(memory->folder), "%s/rules.cache", data_path);
    memory->face = (struct rules_memory){memory, recall, keep, makes};
    return length > 0 && (size_t)length < sizeof(memory->folder) ? &memory->face : NULL;
}
