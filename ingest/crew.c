/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/crew.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/host/log.h"
#include "ingest/http/guard.h"
#include "ingest/worker.h"
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define FILES_OF_OTHERS   1000u /* journal, Redis, API, delivery */
#define CONNECTIONS_LEAST 500u  /* of one worker, where the system allows hardly any files */
#define POLL_MS           5

struct crew {
    void *tls;
    struct worker *workers[CREW_MAX];
    unsigned count;
};

static unsigned cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

/* As many open files as the system lets us have: each connection is one. */
static unsigned raise_file_limit(void)
{
    struct rlimit limit;
    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    return limit.rlim_cur > 1000000 ? 1000000u : (unsigned)limit.rlim_cur;
}

static bool make_tls(struct crew *crew, const struct options *options, bool offer_http2)
{
    char error[256] = "";
    if (options->tls_cert == NULL) {
        return true;
    }
    crew->tls = http_tls_new(options->tls_cert, options->tls_key, offer_http2, error);
    if (crew->tls == NULL) {
        log_write(LOG_ERROR, "TLS cannot be offered", "why=\"%s\"", error);
    }
    return crew->tls != NULL;
}

static bool is_http2_safe(void)
{
    char why[256] = "";
    bool is_safe = guard_self_test(why, sizeof(why));
    if (!is_safe) {
        log_write(LOG_ERROR, "HTTP/2 is not offered: this libh2o could not be made safe",
                  "why=\"%s\"", why);
    }
    return is_safe;
}

static bool add_workers(struct crew *crew, const struct crew_options *options, bool offer_http2)
{
    unsigned wanted = options->options->workers != 0 ? options->options->workers : cores();
    unsigned count = wanted < CREW_MAX ? wanted : CREW_MAX;
    unsigned files = raise_file_limit();
    const struct worker_options worker = {
        .listen_fds = options->listen_fds,
        .listen_fd_count = options->options->listen_count,
        .tls = crew->tls,
        .offer_http2 = offer_http2,
        .connections_max =
            files > 2 * FILES_OF_OTHERS ? (files - FILES_OF_OTHERS) / count : CONNECTIONS_LEAST,
        .intake = {.box = options->box,
                   .journal = options->journal,
                   .limiter = options->limiter,
                   .is_ready = options->is_ready,
                   .ready_context = options->ready_context},
    };
    while (crew->count < count) {
        crew->workers[crew->count] = worker_start(&worker);
        if (crew->workers[crew->count] == NULL) {
            log_write(LOG_ERROR, "a worker cannot be started", "worker=%u", crew->count);
            return false;
        }
        crew->count++;
    }
    return true;
}

/* What runs cannot be taken back here: its owner ends the process. */
static struct crew *give_up(struct crew *crew)
{
    if (crew != NULL && crew->count == 0) {
        crew_free(crew);
    }
    return NULL;
}

struct crew *crew_start(const struct crew_options *options)
{
    MUST(options->options != NULL && options->options->listen_count > 0);
    struct crew *crew = calloc(1, sizeof(*crew));
    bool offer_http2 = is_http2_safe();
    if (crew == NULL || !make_tls(crew, options->options, offer_http2) ||
        !add_workers(crew, options, offer_http2)) {
        return give_up(crew);
    }
    return crew;
}

void crew_drain(struct crew *crew, unsigned deadline_ms)
{
    MUST(crew != NULL && crew->count > 0);
    for (unsigned i = 0; i < crew->count; i++) {
        worker_drain(crew->workers[i], deadline_ms);
    }
}

static bool is_idle(const struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++) {
        if (!worker_is_idle(crew->workers[i])) {
            return false;
        }
    }
    return true;
}

void crew_wait(const struct crew *crew, int64_t deadline_us)
{
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    while (!is_idle(crew) && clock_monotonic_us() <= deadline_us) {
        (void)nanosleep(&pause, NULL);
    }
}

void crew_join(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++) {
        worker_join(crew->workers[i]);
    }
}

void crew_free(struct crew *crew)
{
    if (crew != NULL) {
        for (unsigned i = 0; i < crew->count; i++) {
            worker_free(crew->workers[i]);
        }
        http_tls_free(crew->tls);
        free(crew);
    }
}

unsigned crew_count(const struct crew *crew)
{
    MUST(crew->count <= CREW_MAX);
    return crew->count;
}

const struct worker *crew_worker(const struct crew *crew, unsigned index)
{
    MUST(index < crew->count);
    return crew->workers[index];
}
