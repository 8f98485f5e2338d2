/* SPDX-License-Identifier: Apache-2.0 */
/* client — commands asking a running server, over its API, by libcurl.
 *
 * Knows the server by its data folder: DIR/api says where, DIR/token opens it. Problems are printed
 * to standard error with a way out; functions then give false.
 */
#pragma once
#include "ingest/base/buffer.h"
#include "ingest/base/value.h"
#include "ingest/data_dir.h"

struct client {
    struct data_dir data;
    char base[256]; /* "http://127.0.0.1:8628" */
    struct arena arena;
    struct buffer answer;
};

/* A client of no server in particular: for client_post only. */
bool client_init(struct client *client);

/* `data` NULL: ./data. */
bool client_open(struct client *client, const char *data);

/* Also after either of them gave false. */
void client_close(struct client *client);

/* Sends one request to `path` of the API; `body` NULL: GET, else PUT. Fills the answer's tree,
 * which borrows the client. False also for statuses other than 2xx, after printing their "detail".
 */
bool client_call(struct client *client, const char *path, const char *body,
                 const struct value **out);

/* As client_call, with DELETE. */
bool client_delete(struct client *client, const char *path, const struct value **out);

/* POSTs to any URL without a token; fills status and body (client->answer). */
bool client_post(struct client *client, const char *url, struct slice body, long *out_status);
