/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/server.h"
#include "ingest/banner.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/host/log.h"
#include "ingest/http/api/api.h"
#include "ingest/http/guard.h"
#include "ingest/load.h"
#include "ingest/redis_child.h"
#include "ingest/replay.h"
#include "ingest/worker.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS                200 /* how soon a new projects.json is noticed */
#define READY_WITHOUT_REDIS_US (5 * INT64_C(1000000))
#define API_CONNECTS_PER_S     100000u /* scripts on this host connect for each question */
#define API_CONNECTIONS_MAX    1000u   /* people and scrapers; each costs a few KB */

struct server {
    const struct server_start *start;
    struct redis_options redis;
    struct snapshot_box *box;
    struct snapshot *alerting_snapshot; /* what alerting borrows its rules from */
    struct journal *journal;
    struct committer *committer;
    struct replay *replay;
    struct alerting *alerting;
    struct worker *workers[API_WORKERS_MAX];
    unsigned worker_count;
    void *tls;
    void *api_tls;
    struct loop *api_loop;
    struct api *api;
    struct http_server *api_server;
    pthread_t api_thread;
    char public_base[512];
    int64_t started_us; /* monotonic */
    struct timespec projects_time;
    _Atomic bool is_draining;
    _Atomic bool was_connected;
};

/* ---- readiness ---- */

/* Any thread. Redis away is no reason: events are taken and kept. But a fresh start waits a moment
 * for it, so that the first reads find something. */
static bool is_ready(void *context, char *why, size_t room)
{
    struct server *server = context;
    struct journal_state journal;
    struct committer_state committer;
    if (atomic_load(&server->is_draining)) {
        snprintf(why, room, "not ready: stopping\n");
        return false;
    }
    journal_state(server->journal, &journal);
    if (journal.condition != JOURNAL_OK) {
        snprintf(why, room, "not ready: %s\n", journal.text);
        return false;
    }
    committer_state(server->committer, &committer);
    if (committer.connected) {
        atomic_store(&server->was_connected, true);
        snprintf(why, room, "ready\n");
        return true;
    }
    bool waited = clock_monotonic_us() - server->started_us > READY_WITHOUT_REDIS_US;
    bool ready = waited || atomic_load(&server->was_connected);
    snprintf(why, room, "%s; Redis is away (%s), events are kept in the journal\n",
             ready ? "ready" : "not ready: starting", committer.error);
    return ready;
}

/* ---- snapshot: configuration, rules, projects ---- */

static void tell(void *context, bool is_warning, struct slice text)
{
    (void)context;
    log_write(is_warning ? LOG_WARNING : LOG_ERROR, "problem", "text=\"%.*s\"", SLICE_ARG(text));
}

static struct timespec projects_time(const struct server *server)
{
    struct stat status = {0};
    (void)server;
    return stat("projects.json", &status) == 0 ? status.st_mtim : (struct timespec){0};
}

static bool load(struct server *server)
{
    server->projects_time = projects_time(server);
    struct loaded loaded = load_snapshot(server->start->options, server->start->data, tell, NULL);
    if (loaded.snapshot == NULL) {
        return false;
    }
    uint32_t rules = loaded.snapshot->rules != NULL ? ruleset_count(loaded.snapshot->rules) : 0;
    if (snapshot_generation(server->box) > 0 || loaded.errors > 0) {
        log_write(LOG_INFO, "loaded", "projects=%u rules=%u rule_errors=%u warnings=%u",
                  loaded.snapshot->projects.count, rules, loaded.rule_errors, loaded.warnings);
    }
    snapshot_publish(server->box, loaded.snapshot);
    return true;
}

static void reload(struct server *server)
{
    if (!load(server)) {
        log_write(LOG_ERROR, "reload refused: what was loaded before stays in use",
                  "generation=%llu", (unsigned long long)snapshot_generation(server->box));
        return;
    }
    struct snapshot *old = server->alerting_snapshot;
    server->alerting_snapshot = snapshot_current(server->box);
    alerting_reload(server->alerting, alerting_config_ref(server->alerting_snapshot->alerts),
                    server->alerting_snapshot->rules);
    snapshot_release(old);
}

/* ---- start ---- */

static void alerting_log(void *context, enum alerting_log_level level, const char *text)
{
    (void)context;
    log_write(level == ALERTING_ERROR     ? LOG_ERROR
              : level == ALERTING_WARNING ? LOG_WARNING
                                          : LOG_INFO,
              "alerting", "text=\"%s\"", text);
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
    server->replay = replay_new(server->box);
    server->committer = committer_new(&(struct committer_options){
        .journal = server->journal,
        .redis = server->redis,
        .replay = replay_run,
        .replay_context = server->replay,
    });
    committer_start(server->committer);
    journal_start(server->journal, committer_take, server->committer);
    return true;
}

static bool start_alerting(struct server *server)
{
    char node[ID_HEX_BYTES + 1];
    id_format(journal_node(server->journal), node);
    server->alerting_snapshot = snapshot_current(server->box);
    server->alerting = alerting_start(&(struct alerting_options){
        .redis = server->redis,
        .node = node,
        .config = alerting_config_ref(server->alerting_snapshot->alerts),
        .rules = server->alerting_snapshot->rules,
        .log = alerting_log,
    });
    return server->alerting != NULL;
}

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

static bool start_tls(struct server *server, bool offer_http2)
{
    const struct options *options = server->start->options;
    char error[256] = "";
    if (options->tls_cert == NULL) {
        return true;
    }
    server->tls = http_tls_new(options->tls_cert, options->tls_key, offer_http2, error);
    server->api_tls = server->tls == NULL
                          ? NULL
                          : http_tls_new(options->tls_cert, options->tls_key, false, error);
    if (server->api_tls == NULL) {
        log_write(LOG_ERROR, "TLS cannot be offered", "why=\"%s\"", error);
    }
    return server->api_tls != NULL;
}

static bool start_workers(struct server *server)
{
    const struct options *options = server->start->options;
    char why[256] = "";
    bool offer_http2 = guard_self_test(why, sizeof(why));
    if (!offer_http2) {
        log_write(LOG_ERROR, "HTTP/2 is not offered: this libh2o could not be made safe",
                  "why=\"%s\"", why);
    }
    if (!start_tls(server, offer_http2)) {
        return false;
    }
    unsigned count = options->workers != 0 ? options->workers : cores();
    count = count > API_WORKERS_MAX ? API_WORKERS_MAX : count;
    unsigned files = raise_file_limit();
    for (unsigned i = 0; i < count; i++) {
        const struct worker_options worker = {
            .listen_fds = server->start->intake_fds,
            .listen_fd_count = options->listen_count,
            .tls = server->tls,
            .offer_http2 = offer_http2,
            .connections_max = files > 2000 ? (files - 1000) / count : 500,
            .intake = {.box = server->box,
                       .journal = server->journal,
                       .is_ready = is_ready,
                       .ready_context = server},
        };
        server->workers[i] = worker_start(&worker);
        if (server->workers[i] == NULL) {
            log_write(LOG_ERROR, "a worker cannot be started", "worker=%u", i);
            return false;
        }
        server->worker_count++;
    }
    return true;
}

static void *run_api(void *data)
{
    loop_run(data);
    return NULL;
}

static bool start_api(struct server *server)
{
    const struct options *options = server->start->options;
    struct api_options api = {.box = server->box,
                              .journal = server->journal,
                              .committer = server->committer,
                              .alerting = server->alerting,
                              .redis = server->redis,
                              .token = server->start->data->token,
                              .public_base = server->public_base,
                              .worker_count = server->worker_count,
                              .started_us = (uint64_t)clock_wall_us(),
                              .is_ready = is_ready,
                              .ready_context = server};
    for (unsigned i = 0; i < server->worker_count; i++) {
        api.intakes[i] = worker_intake_counters(server->workers[i]);
        api.intake_http[i] = worker_http_counters(server->workers[i]);
    }
    server->api_loop = loop_new();
    api.loop = server->api_loop;
    server->api = api_new(&api);
    if (server->api == NULL) {
        return false;
    }
    server->api_server =
        http_server_new(server->api_loop, &(struct http_options){
                                              .listen_fds = server->start->api_fds,
                                              .listen_fd_count = options->api_listen_count,
                                              .tls = server->api_tls,
                                              .body_bytes_max = 1u << 20,
                                              .connections_max = API_CONNECTIONS_MAX,
                                              .connections_per_address_max = API_CONNECTIONS_MAX,
                                              .connects_per_address_per_s = API_CONNECTS_PER_S,
                                              .request_timeout_ms = REQUEST_TIMEOUT_MS,
                                              .idle_timeout_ms = IDLE_TIMEOUT_MS,
                                              .answer_timeout_ms = ANSWER_TIMEOUT_MS,
                                              .on_request = api_on_request,
                                              .data = server->api,
                                          });
    return pthread_create(&server->api_thread, NULL, run_api, server->api_loop) == 0;
}

/* ---- run ---- */

static void announce_ready(struct server *server, bool *announced)
{
    char why[512];
    if (!*announced && is_ready(server, why, sizeof(why))) {
        *announced = write(server->start->ready_fd, "r", 1) == 1;
    }
}

static void watch_projects(struct server *server)
{
    struct timespec now = projects_time(server);
    if (now.tv_sec != server->projects_time.tv_sec ||
        now.tv_nsec != server->projects_time.tv_nsec) {
        reload(server);
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
        if (number == SIGHUP) {
            reload(server);
        }
        announce_ready(server, &announced);
        watch_projects(server);
    }
}

/* ---- stop ---- */

static void wait_for_workers(struct server *server, int64_t deadline_us)
{
    const struct timespec pause = {.tv_nsec = 5000000L};
    for (;;) {
        bool all_idle = true;
        for (unsigned i = 0; i < server->worker_count; i++) {
            all_idle = all_idle && worker_is_idle(server->workers[i]);
        }
        if (all_idle || clock_monotonic_us() > deadline_us) {
            return;
        }
        (void)nanosleep(&pause, NULL);
    }
}

static void stop(struct server *server)
{
    unsigned drain_ms = server->start->options->drain_ms;
    int64_t start_us = clock_monotonic_us();
    atomic_store(&server->is_draining, true);
    for (unsigned i = 0; i < server->worker_count; i++) {
        worker_drain(server->workers[i], drain_ms / 2);
    }
    wait_for_workers(server, start_us + (int64_t)drain_ms * 600);
    journal_stop(server->journal); /* everything submitted is answered before it returns */
    for (unsigned i = 0; i < server->worker_count; i++) {
        worker_join(server->workers[i]);
    }
    int64_t left_ms = drain_ms - (clock_monotonic_us() - start_us) / 1000;
    alerting_stop(server->alerting, left_ms > 4000 ? left_ms / 4 : 1000);
    committer_stop(server->committer, left_ms > 4000 ? (uint32_t)(left_ms / 4) : 500);
    loop_stop(server->api_loop);
    MUST(pthread_join(server->api_thread, NULL) == 0);
}

static void release(struct server *server)
{
    for (unsigned i = 0; i < server->worker_count; i++) {
        worker_free(server->workers[i]);
    }
    http_server_free(server->api_server);
    api_free(server->api);
    loop_free(server->api_loop);
    committer_free(server->committer);
    replay_free(server->replay);
    journal_close(server->journal);
    snapshot_release(server->alerting_snapshot);
    snapshot_box_free(server->box);
    http_tls_free(server->tls);
    http_tls_free(server->api_tls);
}

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

int server_run(void *data)
{
    struct server *server = calloc(1, sizeof(*server)); /* dies with the process */
    sigset_t signals;
    MUST(server != NULL);
    server->start = data;
    server->started_us = clock_monotonic_us();
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGPIPE);
    MUST(sigprocmask(SIG_BLOCK, &signals, NULL) == 0); /* threads inherit it */
    MUST(chdir(server->start->data->path) == 0);
    server->box = snapshot_box_new();
    MUST(server->box != NULL);
    banner_base(server->start->options, server->start->intake_fds[0], server->public_base,
                sizeof(server->public_base));
    if (!read_redis(server) || !load(server)) {
        snapshot_box_free(server->box);
        free(server);
        return SERVER_BAD_CONFIG;
    }
    if (!start_storage(server) || !start_alerting(server) || !start_workers(server) ||
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
