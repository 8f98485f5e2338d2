/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/file.h"

#include "ingest/base/must.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Closes without losing the errno that tells what went wrong before. */
static void close_quietly(int fd)
{
    int kept = errno;
    (void)close(fd);
    errno = kept;
}

/* Bytes read: less than `room` at the end of the file, -1 on error. */
static ssize_t read_all(int fd, char *at, size_t room)
{
    size_t len = 0;
    while (len < room) {
        ssize_t got = read(fd, at + len, room - len);
        if (got < 0 && errno != EINTR) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        len += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)len;
}

static struct fault read_open(struct arena *arena, int fd, size_t bytes_max, struct slice *out)
{
    struct stat status;
    if (fstat(fd, &status) != 0) {
        return fault_make(FAULT_UNAVAILABLE, "file: cannot be read");
    }
    if (!S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        return fault_make(FAULT_UNAVAILABLE, "file: not a regular file");
    }
    /* One byte more than it has: a file that grows under our eyes is read whole or refused. */
    size_t room = (size_t)status.st_size + 1;
    char *at = room <= bytes_max + 1 ? arena_bytes(arena, room) : NULL;
    if (at == NULL) {
        return fault_make(FAULT_TOO_BIG, "file: too big");
    }
    ssize_t len = read_all(fd, at, room);
    if (len < 0) {
        return fault_make(FAULT_UNAVAILABLE, "file: cannot be read");
    }
    if ((size_t)len == room) {
        return fault_make(FAULT_TOO_BIG, "file: grew while it was read");
    }
    *out = slice_of(at, (size_t)len);
    return FAULT_OK;
}

struct fault file_read(struct arena *arena, const char *path, size_t bytes_max, struct slice *out)
{
    MUST(arena != NULL && path != NULL && out != NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT ? fault_make(FAULT_NOT_FOUND, "file: there is none")
                               : fault_make(FAULT_UNAVAILABLE, "file: cannot be opened");
    }
    struct fault fault = read_open(arena, fd, bytes_max, out);
    close_quietly(fd);
    return fault;
}

static bool write_all(int fd, struct slice content)
{
    while (content.len > 0) {
        ssize_t wrote = write(fd, content.at, content.len);
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        content = slice_from(content, wrote > 0 ? (size_t)wrote : 0);
    }
    return true;
}

/* The folder part of `path`, "." when it has none. False: too long. */
static bool folder_of(const char *path, char out[static PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int len = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
    return snprintf(out, PATH_MAX, "%.*s", len, slash == NULL ? "." : path) < PATH_MAX;
}

struct fault file_sync_folder(const char *path)
{
    MUST(path != NULL);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fault_make(FAULT_UNAVAILABLE, "file: folder cannot be opened");
    }
    bool synced = fsync(fd) == 0;
    close_quietly(fd);
    return synced ? FAULT_OK : fault_make(FAULT_UNAVAILABLE, "file: folder cannot be synced");
}

struct fault file_write(const char *path, struct slice content, mode_t mode)
{
    MUST(path != NULL && (mode & ~(mode_t)07777) == 0);
    char beside[PATH_MAX];
    char folder[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.tmp", path) >= PATH_MAX || !folder_of(path, folder)) {
        errno = ENAMETOOLONG;
        return fault_make(FAULT_UNAVAILABLE, "file: path is too long");
    }
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return fault_make(FAULT_UNAVAILABLE, "file: cannot be made");
    }
    bool whole = fchmod(fd, mode) == 0 && write_all(fd, content) && fsync(fd) == 0;
    close_quietly(fd);
    if (!whole || rename(beside, path) != 0) {
        int kept = errno;
        (void)unlink(beside);
        errno = kept;
        return fault_make(FAULT_UNAVAILABLE, "file: cannot be written");
    }
    return file_sync_folder(folder);
}

struct fault file_make_folder(const char *path, mode_t mode)
{
    MUST(path != NULL && path[0] != '\0');
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s", path) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return fault_make(FAULT_UNAVAILABLE, "file: path is too long");
    }
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, mode) != 0 && errno != EEXIST) {
            return fault_make(FAULT_UNAVAILABLE, "file: folder cannot be made");
        }
        *slash = '/';
    }
    struct stat status;
    if (mkdir(part, mode) != 0 && errno != EEXIST) {
        return fault_make(FAULT_UNAVAILABLE, "file: folder cannot be made");
    }
    if (stat(part, &status) != 0 || !S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return fault_make(FAULT_UNAVAILABLE, "file: there is a file where a folder should be");
    }
    return FAULT_OK;
}
