/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/worker.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <pthread.h>
#include <stdlib.h>

#define TICK_MS 20 /* how soon a finished drain is noticed */

struct worker {
    struct loop *loop;
    struct http_server *server;
    struct intake *intake;
    pthread_t thread;
    unsigned drain_ms;
    _Atomic bool is_draining;
    _Atomic bool is_idle;
};

static void *run(void *data)
{
    struct worker *worker = data;
    loop_run(worker->loop);
    return NULL;
}

static void on_tick(void *data)
{
    struct worker *worker = data;
    if (atomic_load(&worker->is_draining) && intake_in_flight(worker->intake) == 0 &&
        http_server_connections(worker->server) == 0) {
        atomic_store(&worker->is_idle, true);
    }
}

static void on_drain(void *data)
{
    struct worker *worker = data;
    http_server_drain(worker->server, worker->drain_ms);
    atomic_store(&worker->is_draining, true);
    MUST(loop_every(worker->loop, TICK_MS, on_tick, worker) != NULL);
}

static bool build(struct worker *worker, const struct worker_options *options)
{
    struct intake_options intake = options->intake;
    worker->loop = loop_new();
    intake.loop = worker->loop;
    worker->intake = intake_new(&intake);
    if (worker->intake == NULL) {
        return false;
    }
    worker->server = http_server_new(worker->loop,
                                     &(struct http_options){
                                         .listen_fds = options->listen_fds,
                                         .listen_fd_count = options->listen_fd_count,
                                         .offer_http2 = options->offer_http2,
                                         .tls = options->tls,
                                         .body_bytes_max = BODY_WIRE_BYTES_MAX,
                                         .connections_max = options->connections_max,
                                         .connections_per_address_max = CONNECTIONS_PER_ADDRESS_MAX,
                                         .request_timeout_ms = REQUEST_TIMEOUT_MS,
                                         .idle_timeout_ms = IDLE_TIMEOUT_MS,
                                         .answer_timeout_ms = ANSWER_TIMEOUT_MS,
                                         .on_request = intake_on_request,
                                         .data = worker->intake,
                                     });
    return true;
}

struct worker *worker_start(const struct worker_options *options)
{
    MUST(options->listen_fds != NULL && options->listen_fd_count > 0 &&
         options->connections_max > 0);
    struct worker *worker = calloc(1, sizeof(*worker));
    if (worker == NULL) {
        return NULL;
    }
    if (!build(worker, options) || pthread_create(&worker->thread, NULL, run, worker) != 0) {
        worker_free(worker);
        return NULL;
    }
    return worker;
}

void worker_drain(struct worker *worker, unsigned deadline_ms)
{
    MUST(worker != NULL);
    worker->drain_ms = deadline_ms;
    if (!loop_post(worker->loop, on_drain, worker)) {
        NEVER("a worker's loop runs until worker_join");
    }
}

bool worker_is_idle(const struct worker *worker)
{
    return atomic_load(&worker->is_idle);
}

void worker_join(struct worker *worker)
{
    loop_stop(worker->loop);
    MUST(pthread_join(worker->thread, NULL) == 0);
}

void worker_free(struct worker *worker)
{
    if (worker != NULL) {
        http_server_free(worker->server);
        intake_free(worker->intake);
        loop_free(worker->loop);
        free(worker);
    }
}

const struct intake_counters *worker_intake_counters(const struct worker *worker)
{
    return intake_counters(worker->intake);
}

const struct http_counters *worker_http_counters(const struct worker *worker)
{
    return http_server_counters(worker->server);
}
