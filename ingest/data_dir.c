/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/data_dir.h"
#include "ingest/base/must.h"
#include "ingest/host/file.h"
#include "ingest/host/random.h"
#include "ingest/listener.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* A killed server needs milliseconds to die, its redis-server a moment to write out. */
#define LOCK_WAIT_MS       3000
#define LOCK_POLL_MS       20
#define PROJECTS_BYTES_MAX (16u << 20)
#define WORK_BYTES         (64u << 20) /* a file of PROJECTS_BYTES_MAX and its tree */

static bool path_of(const struct data_dir *data, const char *name, char *out)
{
    MUST(data->path[0] == '/');
    int length = snprintf(out, PATH_MAX, "%s/%s", data->path, name);
    return length > 0 && length < PATH_MAX;
}

static bool resolve(struct data_dir *data, const char *path, char *problem, size_t room)
{
    if (realpath(path, data->path) == NULL) {
        snprintf(problem, room, "data folder %s: %s", path, strerror(errno));
        return false;
    }
    return true;
}

/* The process that holds the lock, as it wrote there; 0 when unreadable. */
static pid_t holder(int fd)
{
    char text[32] = "";
    ssize_t length = pread(fd, text, sizeof(text) - 1, 0);
    return length > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

static bool take_lock(struct data_dir *data, char *problem, size_t room)
{
    MUST(data->lock_fd < 0);
    const struct timespec pause = {.tv_nsec = LOCK_POLL_MS * 1000000L};
    char path[PATH_MAX];
    if (!path_of(data, "lock", path)) {
        snprintf(problem, room, "data folder %s: its name is too long", data->path);
        return false;
    }
    data->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (data->lock_fd < 0) {
        snprintf(problem, room, "data folder %s cannot be written: %s", data->path,
                 strerror(errno));
        return false;
    }
    for (int waited = 0; flock(data->lock_fd, LOCK_EX | LOCK_NB) != 0; waited += LOCK_POLL_MS) {
        if (waited >= LOCK_WAIT_MS) {
            snprintf(problem, room,
                     "data folder %s is in use by another Tocsin (process %d); stop that one, or "
                     "give this one a folder of its own with --data",
                     data->path, (int)holder(data->lock_fd));
            close(data->lock_fd);
            return false;
        }
        (void)nanosleep(&pause, NULL);
    }
    char text[32];
    int length = snprintf(text, sizeof(text), "%d\n", (int)getpid());
    return ftruncate(data->lock_fd, 0) == 0 &&
           pwrite(data->lock_fd, text, (size_t)length, 0) == length;
}

static struct fault read_token(struct data_dir *data, struct arena *arena)
{
    char path[PATH_MAX];
    struct slice text;
    MUST(path_of(data, "token", path));
    struct fault fault = file_read(arena, path, 4096, &text);
    if (fault_is(fault)) {
        return fault;
    }
    text = slice_trim(text);
    if (text.len == 0 || text.len > TOKEN_BYTES) {
        return fault_make(FAULT_MALFORMED, "token: not of the form that Tocsin writes");
    }
    memcpy(data->token, text.at, text.len);
    data->token[text.len] = '\0';
    return FAULT_OK;
}

static struct fault make_token(struct data_dir *data, struct arena *arena)
{
    char path[PATH_MAX];
    uint8_t bytes[TOKEN_BYTES / 2];
    struct fault fault = read_token(data, arena);
    if (fault.kind != FAULT_NOT_FOUND) {
        return fault;
    }
    MUST(path_of(data, "token", path));
    random_bytes(bytes, sizeof(bytes));
    id_hex(bytes, sizeof(bytes), data->token);
    return file_write(path, arena_printf(arena, "%s\n", data->token), 0600);
}

static struct fault make_projects(const struct data_dir *data, struct arena *arena)
{
    struct projects none = {0};
    struct projects first;
    struct fault fault = data_dir_projects(data, arena, &first);
    if (fault.kind != FAULT_NOT_FOUND) {
        return fault;
    }
    fault = projects_add(arena, &none, SLICE("default"), random_id(), &first);
    return fault_is(fault) ? fault : data_dir_save_projects(data, arena, &first);
}

static bool first_start(struct data_dir *data, char *problem, size_t room)
{
    struct arena arena;
    if (!arena_init(&arena, WORK_BYTES)) {
        snprintf(problem, room, "no memory left");
        return false;
    }
    const char *what = "token";
    struct fault fault = make_token(data, &arena);
    if (!fault_is(fault)) {
        what = "projects.json";
        fault = make_projects(data, &arena);
    }
    if (fault_is(fault)) {
        snprintf(problem, room, "%s/%s: %s", data->path, what, fault.reason);
    }
    arena_done(&arena);
    return !fault_is(fault);
}

bool data_dir_open(struct data_dir *data, const char *path, char *problem, size_t room)
{
    MUST(path != NULL && problem != NULL && room > 0);
    *data = (struct data_dir){.lock_fd = -1};
    if (fault_is(file_make_folder(path, 0750))) {
        snprintf(problem, room, "data folder %s cannot be made: %s", path, strerror(errno));
        return false;
    }
    return resolve(data, path, problem, room) && take_lock(data, problem, room) &&
           first_start(data, problem, room);
}

void data_dir_close(struct data_dir *data)
{
    if (data->lock_fd >= 0) {
        close(data->lock_fd);
        data->lock_fd = -1;
    }
}

bool data_dir_announce(const struct data_dir *data, int api_fd, bool is_tls, char *problem,
                       size_t room)
{
    MUST(api_fd >= 0);
    char path[PATH_MAX];
    char address[96];
    char text[128];
    listener_name(api_fd, address, sizeof(address));
    int length = snprintf(text, sizeof(text), "%s://%s\n", is_tls ? "https" : "http", address);
    MUST(path_of(data, "api", path));
    if (fault_is(file_write(path, slice_of(text, (size_t)length), 0644))) {
        snprintf(problem, room, "%s cannot be written: %s", path, strerror(errno));
        return false;
    }
    return true;
}

bool data_dir_visit(struct data_dir *data, const char *path, char *problem, size_t room)
{
    MUST(path != NULL && problem != NULL && room > 0);
    struct arena arena;
    *data = (struct data_dir){.lock_fd = -1};
    if (!resolve(data, path, problem, room)) {
        return false;
    }
    if (!arena_init(&arena, 1u << 20)) {
        snprintf(problem, room, "no memory left");
        return false;
    }
    struct fault fault = read_token(data, &arena);
    arena_done(&arena);
    if (fault_is(fault)) {
        snprintf(problem, room, "%s is no data folder of Tocsin (token: %s); name it with --data",
                 data->path, fault.kind == FAULT_NOT_FOUND ? "missing" : fault.reason);
        return false;
    }
    return true;
}

bool data_dir_api(const struct data_dir *data, char *out, size_t room)
{
    MUST(out != NULL && room > 0);
    char path[PATH_MAX];
    struct arena arena;
    struct slice text;
    if (!path_of(data, "api", path) || !arena_init(&arena, 64u << 10)) {
        return false;
    }
    bool found = !fault_is(file_read(&arena, path, 4096, &text));
    if (found) {
        snprintf(out, room, "%.*s", SLICE_ARG(slice_trim(text)));
    }
    arena_done(&arena);
    return found;
}

struct fault data_dir_projects(const struct data_dir *data, struct arena *arena,
                               struct projects *out)
{
    char path[PATH_MAX];
    struct slice text;
    MUST(path_of(data, "projects.json", path));
    struct fault fault = file_read(arena, path, PROJECTS_BYTES_MAX, &text);
    return fault_is(fault) ? fault : projects_parse(arena, text, out);
}

struct fault data_dir_save_projects(const struct data_dir *data, struct arena *arena,
                                    const struct projects *projects)
{
    MUST(projects->count > 0);
    char path[PATH_MAX];
    MUST(path_of(data, "projects.json", path));
    return file_write(path, projects_write(arena, projects), 0640);
}
