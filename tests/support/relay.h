/* SPDX-License-Identifier: Apache-2.0 */
/* relay — stands between a client and a private Redis and breaks the connection where it is told.
 *
 *   client ──▶ folder/relay.sock ──▶ target
 *
 * One connection at a time. What was on its way when it breaks is lost: after so many bytes of
 * requests (the server carries out a part of them), or of replies (the server carried out all, and
 * the client does not learn it).
 */
#pragma once
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct relay {
    char socket[96];
    char url[104]; /* "unix:..." */
    char target[96];
    int listener;
    pthread_t thread;
    atomic_bool stopping;
    atomic_llong requests_left; /* bytes until it breaks; negative: never */
    atomic_llong replies_left;
    atomic_uint breaks; /* so far */
};

/* Listens in `folder`; the test aborts when it cannot. */
void relay_start(struct relay *relay, const char *folder, const char *target);
void relay_stop(struct relay *relay);

/* The next break: after this many bytes. Once broken, connections hold again. */
void relay_lose_requests(struct relay *relay, int64_t bytes);
void relay_lose_replies(struct relay *relay, int64_t bytes);
