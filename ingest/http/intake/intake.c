/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/intake.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/host/random.h"
#include "ingest/http/intake/routes.h"
#include "ingest/http/reply.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define SEEDS 256u /* 4 KiB of random bytes at a time */

struct intake {
    struct intake_options options;
    struct pipeline *pipeline;
    struct job_pool *jobs;
    struct snapshot *snapshot;
    struct arena scratch;
    struct intake_counters counters;
    unsigned in_flight; /* the loop's thread */
    unsigned seeds_used;
    struct id seeds[SEEDS]; /* fetched together: a system call for each costs more than the rest */

    pthread_mutex_t lock; /* guards `answered` */
    struct job *answered; /* by the journal, newest first; not yet replied to */
};

/* ---- the way back: the journal has spoken ---- */

static void count(_Atomic uint64_t *counter, uint64_t by)
{
    uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + by, memory_order_relaxed);
}

static void reply_id(struct http_ticket *ticket, struct id id)
{
    char body[64];
    char hex[ID_HEX_BYTES + 1];
    if (id_is_none(id)) {
        reply_json(ticket, 200, SLICE("{}"));
        return;
    }
    id_format(id, hex);
    int length = snprintf(body, sizeof(body), "{\"id\":\"%s\"}", hex);
    reply_json(ticket, 200, slice_of(body, (size_t)length));
}

static void answer_one(struct intake *intake, struct job *job)
{
    struct http_ticket *ticket = job->ticket;
    struct fault fault = job->fault;
    struct id id = job->event_id;
    MUST(intake->in_flight > 0);
    intake->in_flight--;
    journal_entry_drop(&job->entry);
    if (fault_is(fault)) {
        count(&intake->counters.unavailable, 1);
        reply_fault(ticket, fault);
        return;
    }
    count(&intake->counters.accepted, 1);
    reply_id(ticket, id);
}

/* On the loop: takes all that were answered since the last time, in the order they came. */
static void intake_answer(void *data)
{
    struct intake *intake = data;
    MUST(pthread_mutex_lock(&intake->lock) == 0);
    struct job *newest = intake->answered;
    intake->answered = NULL;
    MUST(pthread_mutex_unlock(&intake->lock) == 0);
    struct job *oldest = NULL;
    while (newest != NULL) {
        struct job *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest != NULL) {
        struct job *next = oldest->next;
        answer_one(intake, oldest);
        oldest = next;
    }
}

/* On the journal's thread. Only the first of a batch wakes the loop. */
static void on_answer(struct journal_entry *entry, struct fault fault)
{
    struct job *job = (struct job *)entry;
    struct intake *intake = job->owner;
    job->fault = fault;
    MUST(pthread_mutex_lock(&intake->lock) == 0);
    bool is_first = intake->answered == NULL;
    job->next = intake->answered;
    intake->answered = job;
    MUST(pthread_mutex_unlock(&intake->lock) == 0);
    if (is_first && !loop_post(intake->options.loop, intake_answer, intake)) {
        NEVER("the loop outlives every request in flight");
    }
}

static void on_release(struct journal_entry *entry)
{
    job_give((struct job *)entry);
}

/* ---- the way in ---- */

static void refuse(struct intake *intake, struct http_ticket *ticket, struct fault fault)
{
    struct intake_counters *counters = &intake->counters;
    unsigned status = reply_status(fault.kind);
    count(status == 401 || status == 403 ? &counters->unauthorised
          : status == 413                ? &counters->too_big
          : status == 503                ? &counters->overloaded
                                         : &counters->invalid,
          1);
    reply_fault(ticket, fault);
}

/* Follows the newest snapshot; cheap when there is none newer. */
static const struct snapshot *believe(struct intake *intake)
{
    uint64_t generation = snapshot_generation(intake->options.box);
    if (intake->snapshot == NULL || intake->snapshot->generation != generation) {
        struct snapshot *newest = snapshot_current(intake->options.box);
        MUST(newest != NULL);
        (void)pipeline_follow(intake->pipeline,
                              newest); /* without memory: rules rest, and are counted */
        snapshot_release(intake->snapshot);
        intake->snapshot = newest;
    }
    return intake->snapshot;
}

static struct auth_sources sources_of(const struct http_request *request, uint32_t project)
{
    return (struct auth_sources){.x_sentry_auth = http_header(request, "x-sentry-auth"),
                                 .authorization = http_header(request, "authorization"),
                                 .query = request->query,
                                 .project = project};
}

static struct id next_seed(struct intake *intake)
{
    if (intake->seeds_used == 0) {
        random_bytes(intake->seeds, sizeof(intake->seeds));
    }
    struct id seed = intake->seeds[intake->seeds_used];
    intake->seeds_used = (intake->seeds_used + 1) % SEEDS;
    return seed;
}

/* Fills the job's record with copies: nothing of it points into HTTP memory. */
static void copy_record(struct intake *intake, struct job *job, const struct http_request *request,
                        enum record_kind kind)
{
    struct arena *keep = &job->keep;
    job->entry.record = (struct record){
        .received_us = clock_wall_us(),
        .seed = next_seed(intake),
        .kind = kind,
        .address = arena_copy(keep, request->address),
        .content_type = arena_copy(keep, slice_head(http_header(request, "content-type"), 256)),
        .content_encoding =
            arena_copy(keep, slice_head(http_header(request, "content-encoding"), 64)),
        .user_agent = arena_copy(keep, slice_head(http_header(request, "user-agent"), 512)),
        .body = arena_copy(keep, request->body),
    };
}

static void count_items(struct intake *intake, const struct outcome *outcome)
{
    uint64_t all = 0;
    for (unsigned kind = 0; kind < ITEM_KIND_COUNT; kind++) {
        all += outcome->items[kind];
    }
    uint64_t events = outcome->items[ITEM_EVENT];
    uint64_t unknown = outcome->items[ITEM_UNKNOWN];
    count(&intake->counters.events, events);
    count(&intake->counters.unknown_items, unknown);
    count(&intake->counters.other_items, all - events - unknown);
    for (const struct effect *effect = outcome->effects; effect != NULL; effect = effect->next) {
        count(&intake->counters.rules_held, effect->match_count);
    }
}

/* Admits, runs the pass, and fills the entry. `keep` and `scratch` are empty. */
static struct fault accept(struct intake *intake, const struct http_request *request,
                           const struct route_hit *hit, struct job *job)
{
    const struct snapshot *snapshot = believe(intake);
    struct auth_sources sources = sources_of(request, hit->project);
    const struct project *project = NULL;
    struct auth auth = {0};
    struct outcome outcome;
    bool is_given = auth_is_given(&sources);
    struct fault fault = FAULT_OK;
    if (is_given) {
        fault = pipeline_admit(&intake->scratch, &snapshot->projects, &sources, &auth, &project);
        if (fault_is(fault)) {
            return fault;
        }
    }
    copy_record(intake, job, request,
                hit->route == ROUTE_STORE && !slice_starts(http_header(request, "content-type"),
                                                           SLICE("application/x-sentry-envelope"))
                    ? RECORD_STORE
                    : RECORD_ENVELOPE);
    job->entry.record.project = project != NULL ? project->id : hit->project;
    fault = pipeline_run(intake->pipeline, snapshot, &job->entry.record, &intake->scratch,
                         &job->keep, &outcome);
    if (fault_is(fault)) {
        return fault;
    }
    if (!is_given ||
        !slice_is_empty(outcome.dsn)) { /* a tunnel's only credential; else it has to agree */
        sources.dsn = outcome.dsn;
        fault = pipeline_admit(&intake->scratch, &snapshot->projects, &sources, &auth, &project);
        if (fault_is(fault)) {
            return fault;
        }
    }
    if (job->entry.record.project != project->id) { /* the path named none */
        job->entry.record.project = project->id;
        for (struct effect *effect = outcome.effects; effect != NULL; effect = effect->next) {
            effect->project = project->id;
            effect->partition = effect_partition(project->id);
        }
    }
    job->entry.record.key = arena_copy(&job->keep, auth.key);
    job->entry.effects = outcome.effects;
    job->event_id = outcome.event_id;
    count_items(intake, &outcome);
    return job->keep.exhausted ? fault_make(FAULT_TOO_BIG, "request: larger than allowed")
                               : FAULT_OK;
}

static void take(struct intake *intake, struct http_request *request, const struct route_hit *hit,
                 struct http_ticket *ticket)
{
    struct job *job = job_take(intake->jobs);
    if (job == NULL) {
        refuse(intake, ticket,
               fault_make(FAULT_UNAVAILABLE, "too many requests in flight; try again"));
        return;
    }
    struct fault fault = accept(intake, request, hit, job);
    arena_reset(&intake->scratch);
    if (fault_is(fault)) {
        job_give(job);
        refuse(intake, ticket, fault);
        return;
    }
    job->owner = intake;
    job->ticket = ticket;
    job->entry.answer = on_answer;
    job->entry.release = on_release;
    intake->in_flight++;
    journal_submit(intake->options.journal, &job->entry);
}

static void reply_ready(struct intake *intake, struct http_ticket *ticket)
{
    char why[512] = "ready\n";
    bool is_ready = intake->options.is_ready(intake->options.ready_context, why, sizeof(why));
    reply_text(ticket, is_ready ? 200 : 503, slice_str(why));
}

void intake_on_request(void *data, struct http_request *request, struct http_ticket *ticket)
{
    struct intake *intake = data;
    struct route_hit hit = route_find(request->method, request->path);
    if (hit.route == ROUTE_NONE) {
        reply_fault(ticket, fault_make(FAULT_NOT_FOUND, "no such endpoint; SDKs send to "
                                                        "/api/PROJECT/envelope/"));
        return;
    }
    if (!hit.takes_method) {
        reply_method(ticket, hit.methods);
        return;
    }
    if (slice_eq(request->method, SLICE("OPTIONS"))) {
        reply_preflight(ticket);
        return;
    }
    switch (hit.route) {
    case ROUTE_HEALTH:
        reply_text(ticket, 200, SLICE("ok\n"));
        return;
    case ROUTE_READY:
        reply_ready(intake, ticket);
        return;
    case ROUTE_ENVELOPE:
    case ROUTE_STORE:
        take(intake, request, &hit, ticket);
        return;
    case ROUTE_NONE:
    case ROUTE_COUNT:
        break;
    }
    NEVER("every route has a case");
}

/* ---- life ---- */

struct intake *intake_new(const struct intake_options *options)
{
    struct intake *intake = calloc(1, sizeof(*intake));
    if (intake == NULL) {
        return NULL;
    }
    MUST(pthread_mutex_init(&intake->lock, NULL) == 0);
    intake->options = *options;
    intake->pipeline = pipeline_new();
    intake->jobs = job_pool_new(JOBS_PER_WORKER_MAX);
    if (intake->pipeline == NULL || intake->jobs == NULL ||
        !arena_init(&intake->scratch, SCRATCH_BYTES)) {
        intake_free(intake);
        return NULL;
    }
    return intake;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL) {
        return;
    }
    MUST(intake->in_flight == 0 && intake->answered == NULL);
    pipeline_free(intake->pipeline);
    snapshot_release(intake->snapshot);
    job_pool_free(intake->jobs);
    arena_done(&intake->scratch);
    MUST(pthread_mutex_destroy(&intake->lock) == 0);
    free(intake);
}

unsigned intake_in_flight(struct intake *intake)
{
    return intake->in_flight;
}

const struct intake_counters *intake_counters(const struct intake *intake)
{
    return &intake->counters;
}
