/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/api_thread.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/crew.h"
#include "ingest/host/clock.h"
#include "ingest/host/log.h"
#include "ingest/http/api/api.h"
#include "ingest/worker.h"
#include <pthread.h>
#include <stdlib.h>

#define BODY_BYTES_MAX (1u << 20) /* the longest thing written to it is a status */
#define CONNECTS_PER_S 100000u    /* scripts on this host connect for each question */
#define CONNECTIONS    1000u      /* people and scrapers; each costs a few KB */

_Static_assert(CREW_MAX <= API_WORKERS_MAX, "every worker's counters are told");

struct api_thread {
    struct loop *loop;
    struct api *api;
    struct http_server *server;
    void *tls;
    pthread_t thread;
};

static void *run(void *data)
{
    loop_run(data);
    return NULL;
}

static bool make_tls(struct api_thread *self, const struct options *options)
{
    char error[256] = "";
    if (options->tls_cert == NULL) {
        return true;
    }
    self->tls = http_tls_new(options->tls_cert, options->tls_key, false, error);
    if (self->tls == NULL) {
        log_write(LOG_ERROR, "TLS cannot be offered", "why=\"%s\"", error);
    }
    return self->tls != NULL;
}

static bool make_api(struct api_thread *self, const struct api_thread_options *options)
{
    struct api_options api = {.loop = self->loop,
                              .box = options->box,
                              .journal = options->journal,
                              .committer = options->committer,
                              .alerting = options->alerting,
                              .symboliser = options->symboliser,
                              .redis = *options->redis,
                              .token = options->token,
                              .public_base = options->public_base,
                              .worker_count = crew_count(options->crew),
                              .started_us = (uint64_t)clock_wall_us(),
                              .is_ready = options->is_ready,
                              .ready_context = options->ready_context};
    for (unsigned i = 0; i < api.worker_count; i++) {
        api.intakes[i] = worker_intake_counters(crew_worker(options->crew, i));
        api.intake_http[i] = worker_http_counters(crew_worker(options->crew, i));
    }
    self->api = api_new(&api);
    return self->api != NULL;
}

static void make_server(struct api_thread *self, const struct api_thread_options *options)
{
    const struct http_options http = {
        .listen_fds = options->listen_fds,
        .listen_fd_count = options->options->api_listen_count,
        .tls = self->tls,
        .body_bytes_max = BODY_BYTES_MAX,
        .connections_max = CONNECTIONS,
        .connections_per_address_max = CONNECTIONS,
        .connects_per_address_per_s = CONNECTS_PER_S,
        .request_timeout_ms = REQUEST_TIMEOUT_MS,
        .idle_timeout_ms = IDLE_TIMEOUT_MS,
        .answer_timeout_ms = ANSWER_TIMEOUT_MS,
        .on_request = api_on_request,
        .data = self->api,
    };
    self->server = http_server_new(self->loop, &http);
}

struct api_thread *api_thread_start(const struct api_thread_options *options)
{
    MUST(options->token != NULL && options->token[0] != '\0');
    struct api_thread *self = calloc(1, sizeof(*self));
    if (self == NULL || !make_tls(self, options->options)) {
        api_thread_free(self);
        return NULL;
    }
    self->loop = loop_new();
    if (!make_api(self, options)) {
        log_write(LOG_ERROR, "the API cannot be started", "why=\"no memory left\"");
        api_thread_free(self);
        return NULL;
    }
    make_server(self, options);
    if (pthread_create(&self->thread, NULL, run, self->loop) != 0) {
        log_write(LOG_ERROR, "the API cannot be started", "why=\"no thread can be had\"");
        api_thread_free(self);
        return NULL;
    }
    return self;
}

void api_thread_join(struct api_thread *self)
{
    MUST(self != NULL && self->loop != NULL);
    loop_stop(self->loop);
    MUST(pthread_join(self->thread, NULL) == 0);
}

void api_thread_free(struct api_thread *self)
{
    if (self != NULL) {
        http_server_free(self->server);
        api_free(self->api);
        loop_free(self->loop);
        http_tls_free(self->tls);
        free(self);
    }
}
