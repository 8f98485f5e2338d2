/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/server.h"
#include "ingest/alarm.h"
#include "ingest/api_thread.h"
#include "ingest/banner.h"
#include "ingest/base/must.h"
#include "ingest/crew.h"
#include "ingest/host/clock.h"
#include "ingest/host/heap.h"
#include "ingest/host/log.h"
#include "ingest/readiness.h"
#include "ingest/redis_child.h"
#include "ingest/reload.h"
#include "ingest/replay.h"
#include "ingest/symbols/symbol_store.h"
#include "ingest/symbols/symboliser.h"
#include "storage/committer.h"
#include "storage/limiter.h"
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 200 /* how soon a new projects.json is noticed */

struct server {
    const struct server_start *start;
    struct redis_options redis;
    struct reload *reload;
    struct journal *journal;
    struct replay *replay;
    struct committer *committer;
    struct alarm *alarm;
    struct crew *crew;
    struct limiter *limiter;
    struct symboliser *symboliser;
    struct api_thread *api;
    struct readiness readiness;
    char public_base[512];
};

/* ---- start ---- */

static bool read_redis(struct server *server)
{
    const char *url = server->start->options->redis;
    struct fault fault =
        redis_parse(slice_str(url != NULL ? url : REDIS_CHILD_URL), &server->redis);
    if (fault_is(fault)) {
        log_write(LOG_ERROR, "--redis cannot be used", "why=\"%s\"", fault.reason);
    }
    return !fault_is(fault);
}

static bool start_storage(struct server *server)
{
    char why[256] = "";
    const struct journal_options options = {.folder = ".",
                                            .bytes_max = server->start->options->journal_bytes};
    struct fault fault = journal_open(&options, &server->journal, why);
    if (fault_is(fault)) {
        log_write(LOG_ERROR, "the journal cannot be opened", "why=\"%s\"", why);
        return false;
    }
    server->replay = replay_new(reload_box(server->reload));
    if (server->replay == NULL) {
        log_write(LOG_ERROR, "the journal cannot be replayed", "why=\"no memory left\"");
        return false;
    }
    server->committer = committer_new(&(struct committer_options){
        .journal = server->journal,
        .redis = server->redis,
        .replay = replay_run,
        .replay_context = server->replay,
        .forgot = replay_forgot,
        .forgot_context = server->replay,
    });
    server->readiness = (struct readiness){.journal = server->journal,
                                           .committer = server->committer,
                                           .started_us = clock_monotonic_us()};
    committer_start(server->committer);
    journal_start(server->journal, committer_take, server->committer);
    return true;
}

static bool start_alerting(struct server *server)
{
    server->alarm =
        alarm_start(reload_box(server->reload), &server->redis, journal_node(server->journal));
    return server->alarm != NULL;
}

static bool start_intake(struct server *server)
{
    server->limiter = limiter_new(&server->redis);
    MUST(server->limiter != NULL);
    server->crew = crew_start(&(struct crew_options){
        .options = server->start->options,
        .listen_fds = server->start->intake_fds,
        .box = reload_box(server->reload),
        .journal = server->journal,
        .limiter = server->limiter,
        .is_ready = readiness_is,
        .ready_context = &server->readiness,
    });
    return server->crew != NULL;
}

static bool start_api(struct server *server)
{
    server->symboliser =
        symboliser_start(&(struct symboliser_options){.folder = SYMBOL_STORE_FOLDER});
    MUST(server->symboliser != NULL);
    server->api = api_thread_start(&(struct api_thread_options){
        .options = server->start->options,
        .listen_fds = server->start->api_fds,
        .token = server->start->data->token,
        .public_base = server->public_base,
        .box = reload_box(server->reload),
        .journal = server->journal,
        .committer = server->committer,
        .alerting = alarm_alerting(server->alarm),
        .symboliser = server->symboliser,
        .redis = &server->redis,
        .crew = server->crew,
        .is_ready = readiness_is,
        .ready_context = &server->readiness,
    });
    return server->api != NULL;
}

/* ---- run ---- */

static void announce_ready(struct server *server, bool *announced)
{
    char why[512];
    if (!*announced && readiness_is(&server->readiness, why, sizeof(why))) {
        *announced = write(server->start->ready_fd, "r", 1) == 1;
    }
}

static void run(struct server *server, const sigset_t *signals)
{
    const struct timespec tick = {.tv_nsec = TICK_MS * 1000000L};
    bool announced = false;
    for (;;) {
        int number = sigtimedwait(signals, NULL, &tick);
        if (number == SIGTERM || number == SIGINT) {
            return;
        }
        bool is_new =
            number == SIGHUP ? reload_now(server->reload) : reload_if_changed(server->reload);
        if (is_new) {
            alarm_follow(server->alarm);
        }
        announce_ready(server, &announced);
    }
}

/* ---- stop ---- */

static void stop(struct server *server)
{
    unsigned drain_ms = server->start->options->drain_ms;
    int64_t start_us = clock_monotonic_us();
    atomic_store(&server->readiness.is_stopping, true);
    crew_drain(server->crew, drain_ms / 2);
    crew_wait(server->crew, start_us + (int64_t)drain_ms * 600);
    journal_stop(server->journal); /* everything submitted is answered before it returns */
    crew_join(server->crew);
    api_thread_join(server->api); /* it borrows what ends now */
    symboliser_stop(server->symboliser);
    int64_t left_ms = drain_ms - (clock_monotonic_us() - start_us) / 1000;
    alarm_stop(server->alarm, left_ms > 4000 ? left_ms / 4 : 1000);
    committer_stop(server->committer, left_ms > 4000 ? (uint32_t)(left_ms / 4) : 500);
}

static void release(struct server *server)
{
    crew_free(server->crew);
    limiter_free(server->limiter);
    api_thread_free(server->api);
    committer_free(server->committer);
    replay_free(server->replay);
    journal_close(server->journal);
    if (reload_is_making(server->reload)) {
        _exit(0); /* what is half made is made after the next start: nothing waits for it */
    }
    reload_free(server->reload);
}

/* Threads inherit it: signals come to the main thread, which asks for them. */
static sigset_t block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGPIPE);
    MUST(sigprocmask(SIG_BLOCK, &signals, NULL) == 0);
    return signals;
}

int server_run(void *data)
{
    struct server *server = calloc(1, sizeof(*server)); /* dies with the process */
    sigset_t signals = block_signals();
    MUST(server != NULL && data != NULL);
    heap_keep();
    server->start = data;
    MUST(chdir(server->start->data->path) == 0);
    server->reload = reload_new(server->start->options, server->start->data);
    MUST(server->reload != NULL);
    banner_base(server->start->options, server->start->intake_fds[0], server->public_base,
                sizeof(server->public_base));
    if (!read_redis(server) || !reload_now(server->reload)) {
        reload_free(server->reload);
        free(server);
        return SERVER_BAD_CONFIG;
    }
    if (!start_storage(server) || !start_alerting(server) || !start_intake(server) ||
        !start_api(server)) {
        _exit(1); /* threads that did start hold nothing that an exit would lose */
    }
    run(server, &signals);
    stop(server);
    release(server);
    free(server);
    return 0;
}

bool server_is_final(int status)
{
    return status == SERVER_BAD_CONFIG;
}
