/* SPDX-License-Identifier: Apache-2.0 */
/* opened — the SDK as tests open it: with a transport that keeps the bodies in memory. */
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tocsin.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODIES = 256 };

static char *bodies[BODIES];
static int n_bodies;
static int answer_status = 200;
static const char *answer_limits = "";
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static char folder[] = "/tmp/tocsin-unit-XXXXXX";

/* Waits at the gate: a test that holds it makes the server hang. */
static inline int keep_body(const void *body, size_t n, tocsin_response *response, void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&gate);
    if (n_bodies < BODIES) {
        bodies[n_bodies] = strndup(body, n);
        n_bodies++;
    }
    response->status = answer_status;
    snprintf(response->rate_limits, sizeof response->rate_limits, "%s", answer_limits);
    pthread_mutex_unlock(&gate);
    return 0;
}

static inline tocsin_options options(void)
{
    tocsin_options o = {.size = sizeof o,
                        .dsn = "http://key@127.0.0.1:1/7",
                        .release = "unit@1",
                        .dir = folder,
                        .transport = keep_body,
                        .flags = TOCSIN_NO_CRASH | TOCSIN_NO_SESSION};
    return o;
}

static inline void open_with(tocsin_options o)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(tocsin_init(&o), TOCSIN_OK);
}

static inline void opened(void)
{
    open_with(options());
}

static inline void closed(void)
{
    tocsin_close(1000);
    for (int i = 0; i < n_bodies; i++) {
        free(bodies[i]);
    }
    n_bodies = 0;
    rmdir(folder);
}

/* The one body sent since `first`, after a flush. */
static inline const char *only_body(void)
{
    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    cr_assert_eq(n_bodies, 1, "%d bodies", n_bodies);
    return bodies[0];
}

static inline int count_of(const char *text, const char *part)
{
    int n = 0;
    for (const char *p = strstr(text, part); p; p = strstr(p + 1, part)) {
        n++;
    }
    return n;
}

#define HOLDS(body, part) cr_assert_not_null(strstr(body, part), "\"%s\" is not in: %s", part, body)
#define LACKS(body, part) cr_assert_null(strstr(body, part), "\"%s\" is in: %s", part, body)
