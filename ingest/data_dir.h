/* SPDX-License-Identifier: Apache-2.0 */
/* data_dir — the folder that is one Tocsin.
 *
 *   DIR/lock            held by whoever runs on it (flock); holds the process id, for people
 *   DIR/token           bearer token of the API, mode 0600, made at the first start
 *   DIR/projects.json   who may send (projects.h)
 *   DIR/api             where the API listens, for the commands that ask it
 *   DIR/node, journal/  the journal (storage/journal.h)
 *   DIR/redis/          our own redis-server's data and socket
 *   DIR/rules.cache/    ingest/rule_memory.h
 *
 * The lock's descriptor is inherited by the server child: a new start waits until the last of the
 * old processes has gone, and so never shares a journal with one that is dying.
 */
#pragma once
#include "ingest/projects.h"
#include <limits.h>

#define TOKEN_BYTES 64u /* hex digits: 256 bits */

struct data_dir {
    char path[PATH_MAX]; /* absolute */
    char token[TOKEN_BYTES + 1];
    int lock_fd;
};

/* Makes the folder when missing, locks it, and makes token and project 1 at the first start. False
 * fills `problem` with one line: most often that another Tocsin runs on it. */
bool data_dir_open(struct data_dir *data, const char *path, char *problem, size_t room);
void data_dir_close(struct data_dir *data);

/* Writes DIR/api: the address bound to `api_fd` and whether it speaks TLS. */
bool data_dir_announce(const struct data_dir *data, int api_fd, bool is_tls, char *problem,
                       size_t room);

/* For commands beside a running server: fills path and token, takes no lock. */
bool data_dir_visit(struct data_dir *data, const char *path, char *problem, size_t room);

/* Fills "http://127.0.0.1:8628"; false when no server has run here. */
bool data_dir_api(const struct data_dir *data, char *out, size_t room);

/* Reads and replaces DIR/projects.json; a running server notices (reload.h). Faults as
 * projects_parse; NOT_FOUND; UNAVAILABLE. */
MUST_USE struct fault data_dir_projects(const struct data_dir *data, struct arena *arena,
                                        struct projects *out);
MUST_USE struct fault data_dir_save_projects(const struct data_dir *data, struct arena *arena,
                                             const struct projects *projects);
