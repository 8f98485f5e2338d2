/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/place.h"
#include "ingest/base/must.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef TEST_ROOT
#define TEST_ROOT "."
#endif

struct slice place_read(struct arena *arena, const char *path)
{
    char full[4096];
    snprintf(full, sizeof(full), "%s%s%s", path[0] == '/' ? "" : TEST_ROOT,
             path[0] == '/' ? "" : "/", path);
    FILE *file = fopen(full, "rb");
    if (file == NULL) {
        perror(full);
    }
    MUST(file != NULL);
    struct stat status;
    MUST(fstat(fileno(file), &status) == 0);
    size_t size = (size_t)status.st_size;
    char *at = arena_bytes(arena, size);
    MUST(at != NULL && fread(at, 1, size, file) == size);
    fclose(file);
    return slice_of(at, size);
}

void place_scratch(char out[static 64])
{
    const char *base = getenv("TMPDIR");
    snprintf(out, 64, "%.40s/tocsin-test-XXXXXX",
             base != NULL && strlen(base) < 40 ? base : "/tmp");
    MUST(mkdtemp(out) != NULL);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

void place_remove(const char *path)
{
    MUST(strstr(path, "tocsin-test-") != NULL);
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
