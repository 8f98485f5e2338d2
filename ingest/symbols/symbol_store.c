/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/symbol_store.h"
#include "ingest/base/must.h"
#include "ingest/host/file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_BYTES (1u << 20)
#define DEBUG_END  ".debug"

static struct symbol_file_identity identity_of(const struct stat *status)
{
    return (struct symbol_file_identity){.device = status->st_dev,
                                         .inode = status->st_ino,
                                         .size = (uint64_t)status->st_size,
                                         .modified_ns =
                                             (int64_t)status->st_mtim.tv_sec * INT64_C(1000000000) +
                                             status->st_mtim.tv_nsec};
}

/* "FOLDER/ab", and with `end` "FOLDER/ab/cdef…END"; false when that is too long for a path. */
static bool path_of(const char *folder, const struct build_id *id, const char *end,
                    char out[static PATH_MAX])
{
    char hex[BUILD_ID_HEX_BYTES];
    MUST(id->len >= BUILD_ID_BYTES_MIN);
    build_id_format(id, hex);
    int length = end == NULL ? snprintf(out, PATH_MAX, "%s/%.2s", folder, hex)
                             : snprintf(out, PATH_MAX, "%s/%.2s/%s%s", folder, hex, hex + 2, end);
    return length > 0 && length < PATH_MAX;
}

static struct fault failed(const char *reason)
{
    return fault_make(FAULT_UNAVAILABLE, reason);
}

/* ---- storing ---- */

static bool write_all(int fd, const char *at, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(fd, at, size);
        if (wrote <= 0 && errno != EINTR) {
            return false;
        }
        at += wrote > 0 ? wrote : 0;
        size -= wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

/* A file that is no ELF file is not copied to find that out. */
static struct fault check_source(int fd)
{
    struct stat status;
    char mark[4] = "";
    if (fstat(fd, &status) != 0) {
        return failed("cannot be read");
    }
    if (!S_ISREG(status.st_mode)) {
        return fault_make(FAULT_UNSUPPORTED, "not a regular file");
    }
    if ((uint64_t)status.st_size > SYMBOL_FILE_BYTES_MAX) {
        return fault_make(FAULT_TOO_BIG, "larger than 2 GiB");
    }
    if (pread(fd, mark, sizeof(mark), 0) != sizeof(mark) || memcmp(mark, "\177ELF", 4) != 0) {
        return fault_at(FAULT_MALFORMED, "not an ELF file", 0);
    }
    return FAULT_OK;
}

static struct fault copy(int from, int to)
{
    char *chunk = malloc(COPY_BYTES);
    uint64_t total = 0;
    struct fault fault = chunk != NULL ? FAULT_OK : failed("no memory left");
    while (!fault_is(fault)) {
        ssize_t got = read(from, chunk, COPY_BYTES);
        if (got == 0) {
            break;
        }
        total += got > 0 ? (uint64_t)got : 0;
        if (got < 0 && errno != EINTR) {
            fault = failed("cannot be read");
        } else if (total > SYMBOL_FILE_BYTES_MAX) {
            fault = fault_make(FAULT_TOO_BIG, "grew past 2 GiB while it was read");
        } else if (got > 0 && !write_all(to, chunk, (size_t)got)) {
            fault = failed("cannot be stored");
        }
    }
    free(chunk);
    return fault;
}

/* Of our copy: nobody cuts it short while it is mapped. */
static struct fault inspect(int fd, struct stored_symbols *out)
{
    struct stat status;
    struct elf_file elf;
    if (fsync(fd) != 0 || fstat(fd, &status) != 0 || status.st_size <= 0) {
        return failed("cannot be stored");
    }
    size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        return failed("cannot be mapped");
    }
    struct fault fault = elf_file_read(slice_of(bytes, size), &elf);
    MUST(munmap(bytes, size) == 0);
    if (!fault_is(fault)) {
        *out = (struct stored_symbols){elf.id, elf.has_debug, identity_of(&status)};
    }
    return fault;
}

static struct fault take_name(const char *folder, const char *temporary,
                              const struct stored_symbols *stored)
{
    char parent[PATH_MAX];
    char path[PATH_MAX];
    const char *end = stored->has_debug ? DEBUG_END : "";
    if (!path_of(folder, &stored->id, NULL, parent) || !path_of(folder, &stored->id, end, path)) {
        errno = ENAMETOOLONG;
        return failed("cannot be stored");
    }
    struct fault fault = file_make_folder(parent, 0750);
    if (!fault_is(fault) && rename(temporary, path) != 0) {
        fault = failed("cannot be stored");
    }
    return fault_is(fault) ? fault : file_sync_folder(parent);
}

static struct fault store(const char *folder, int source, struct stored_symbols *out)
{
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof(temporary), "%s/upload.tmp", folder) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return failed("cannot be stored");
    }
    int fd = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) {
        return failed("cannot be stored");
    }
    struct fault fault = copy(source, fd);
    if (!fault_is(fault)) {
        fault = inspect(fd, out);
    }
    if (!fault_is(fault)) {
        fault = take_name(folder, temporary, out);
    }
    int why = errno;
    if (fault_is(fault)) {
        (void)unlink(temporary);
    }
    close(fd);
    errno = why;
    return fault;
}

/* Gives the descriptor of the lock, which goes when it is closed; -1 when it cannot be had. */
static int lock(const char *folder)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/lock", folder) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd >= 0 && flock(fd, LOCK_EX) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

struct fault symbol_store_add(const char *folder, const char *path, struct stored_symbols *out)
{
    MUST(folder != NULL && path != NULL && out != NULL);
    int source = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (source < 0) {
        return failed("cannot be read");
    }
    struct fault fault = check_source(source);
    if (!fault_is(fault)) {
        fault = file_make_folder(folder, 0750);
    }
    int held = fault_is(fault) ? -1 : lock(folder);
    if (held < 0 && !fault_is(fault)) {
        fault = failed("the store cannot be locked");
    }
    if (!fault_is(fault)) {
        fault = store(folder, source, out);
    }
    int why = errno;
    if (held >= 0) {
        close(held);
    }
    close(source);
    errno = why;
    return fault;
}

/* ---- finding ---- */

static int open_file(const char *path, struct symbol_file_identity *out)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0 ||
        (uint64_t)status.st_size > SYMBOL_FILE_BYTES_MAX) {
        close(fd);
        return -1;
    }
    *out = identity_of(&status);
    return fd;
}

/* Fills the whole id of a file in `parent` whose name starts with the rest of `id`. */
static bool complete(const char *parent, const struct build_id *id, struct build_id *out)
{
    char wanted[BUILD_ID_HEX_BYTES];
    char hex[BUILD_ID_HEX_BYTES];
    bool found = false;
    DIR *names = opendir(parent);
    build_id_format(id, wanted);
    const struct dirent *entry = names != NULL ? readdir(names) : NULL;
    for (; entry != NULL && !found; entry = readdir(names)) {
        struct slice name = slice_str(entry->d_name);
        name = slice_head(name, slice_find(name, '.'));
        int length = snprintf(hex, sizeof(hex), "%.2s%.*s", wanted, SLICE_ARG(name));
        struct slice whole = slice_of(hex, length < (int)sizeof(hex) ? (size_t)length : 0);
        found = slice_starts(whole, slice_str(wanted)) && build_id_parse(whole, out);
    }
    if (names != NULL) {
        closedir(names);
    }
    return found;
}

int symbol_store_open(const char *folder, const struct build_id *id,
                      struct symbol_file_identity *out)
{
    char path[PATH_MAX];
    struct build_id whole = *id;
    if (id->is_prefix && (!path_of(folder, id, NULL, path) || !complete(path, id, &whole))) {
        return -1;
    }
    int fd = path_of(folder, &whole, DEBUG_END, path) ? open_file(path, out) : -1;
    if (fd < 0 && path_of(folder, &whole, "", path)) {
        fd = open_file(path, out);
    }
    return fd;
}

unsigned symbol_store_remove(const char *folder, const struct build_id *id)
{
    static const char *const ends[] = {DEBUG_END, ""};
    char path[PATH_MAX];
    unsigned removed = 0;
    int held = lock(folder);
    for (size_t i = 0; i < 2 && held >= 0; i++) {
        removed += path_of(folder, id, ends[i], path) && unlink(path) == 0;
    }
    if (held >= 0) {
        close(held);
    }
    return removed;
}

/* ---- listing ---- */

/* Tells of one name in folder `ab`, if it is one of ours. */
static void tell(int parent, const char *ab, const char *name, symbol_store_each *each, void *data)
{
    struct stored_symbols stored = {.has_debug = false};
    char hex[BUILD_ID_HEX_BYTES];
    struct stat status;
    struct slice text = slice_str(name);
    stored.has_debug = slice_ends(text, SLICE(DEBUG_END));
    text = slice_head(text, stored.has_debug ? text.len - strlen(DEBUG_END) : text.len);
    int length = snprintf(hex, sizeof(hex), "%.2s%.*s", ab, SLICE_ARG(text));
    if (length < (int)sizeof(hex) && build_id_parse(slice_str(hex), &stored.id) &&
        fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        stored.identity = identity_of(&status);
        each(data, &stored);
    }
}

static void list_part(int folder, const char *ab, symbol_store_each *each, void *data)
{
    int fd = openat(folder, ab, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *names = fd >= 0 ? fdopendir(fd) : NULL;
    if (names == NULL) {
        return;
    }
    const struct dirent *entry = readdir(names);
    for (; entry != NULL; entry = readdir(names)) {
        tell(fd, ab, entry->d_name, each, data);
    }
    closedir(names);
}

void symbol_store_list(const char *folder, symbol_store_each *each, void *data)
{
    MUST(folder != NULL && each != NULL);
    DIR *parts = opendir(folder);
    if (parts == NULL) {
        return;
    }
    const struct dirent *entry = readdir(parts);
    for (; entry != NULL; entry = readdir(parts)) {
        if (strlen(entry->d_name) == 2 && entry->d_name[0] != '.') {
            list_part(dirfd(parts), entry->d_name, each, data);
        }
    }
    closedir(parts);
}
