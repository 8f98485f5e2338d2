/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/intake.h"
#include "ingest/admit.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/host/log.h"
#include "ingest/host/random.h"
#include "ingest/http/intake/endpoint.h"
#include "ingest/http/intake/limits.h"
#include "ingest/http/intake/refused.h"
#include "ingest/http/reply.h"
#include "ingest/rewrite.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define REFUSALS_MS 1000u /* how often what was refused is written down */
#define SEEDS       256u  /* 4 KiB of random bytes at a time */

struct intake {
    struct intake_options options;
    struct pipeline *pipeline;
    struct job_pool *jobs;
    struct snapshot *snapshot;
    struct arena scratch;
    struct intake_counters counters;
    unsigned in_flight; /* the loop's thread */
    unsigned seeds_used;
    struct refused refused; /* counted, not yet written down */
    struct loop_timer *refusals;
    struct id seeds[SEEDS]; /* fetched together: a system call for each costs more than the rest */

    pthread_mutex_t lock; /* guards `answered` */
    struct job *answered; /* by the journal, newest first; not yet replied to */
};

/* One request on its way in, on the stack. */
struct taking {
    const struct snapshot *snapshot;
    const struct route_hit *hit;
    struct job *job;
    struct auth_sources sources;
    struct auth auth;
    bool is_given;                 /* by the request itself */
    const struct project *project; /* NULL: not known */
    struct outcome outcome;
    bool is_refused; /* all that it holds is over a limit */
};

/* ---- the way back: the journal has spoken ---- */

static void count(_Atomic uint64_t *counter, uint64_t by)
{
    uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + by, memory_order_relaxed);
}

/* Refusals that could not be written down wait for the next time. */
static void end_refusals(struct intake *intake, struct job *job)
{
    if (fault_is(job->fault)) {
        refused_again(&intake->refused, job->entry.record.body);
    }
}

static void answer_one(struct intake *intake, struct job *job)
{
    MUST(intake->in_flight > 0);
    intake->in_flight--;
    if (job->ticket == NULL) {
        end_refusals(intake, job);
    } else if (fault_is(job->fault)) {
        count(&intake->counters.unavailable, 1);
        reply_fault(job->ticket, job->fault);
    } else {
        count(&intake->counters.accepted, 1);
        endpoint_answer(job);
    }
    journal_entry_drop(&job->entry);
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

static struct id next_seed(struct intake *intake)
{
    if (intake->seeds_used == 0) {
        random_bytes(intake->seeds, sizeof(intake->seeds));
    }
    struct id seed = intake->seeds[intake->seeds_used];
    intake->seeds_used = (intake->seeds_used + 1) % SEEDS;
    return seed;
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

/* Who sends, as far as the request tells; the record's project is then known to the pass. A
 * tunnel's only credential is in the envelope: then the path names the project, and admit_envelope
 * judges. */
static struct fault admit_request(struct intake *intake, const struct http_request *request,
                                  struct taking *t)
{
    struct slice origin = endpoint_origin(request);
    t->sources = endpoint_sources(request, t->hit);
    t->is_given = auth_is_given(&t->sources);
    if (t->is_given) {
        struct fault fault = admit_sender(&intake->scratch, &t->snapshot->projects, &t->sources,
                                          &t->auth, &t->project);
        if (fault_is(fault)) {
            return fault;
        }
    } else {
        t->project = projects_by_id(&t->snapshot->projects, t->hit->project);
    }
    return t->project != NULL ? admit_origin(t->project, origin) : FAULT_OK;
}

/* The envelope's dsn stands in for credentials, or has to agree with them. */
static struct fault admit_envelope(struct intake *intake, struct slice dsn, struct taking *t)
{
    if (t->is_given && slice_is_empty(dsn)) {
        return FAULT_OK;
    }
    t->sources.dsn = dsn;
    return admit_sender(&intake->scratch, &t->snapshot->projects, &t->sources, &t->auth,
                        &t->project);
}

/* The journal gets the request without its secrets, and what comes of it is what comes of that. */
static struct fault take_scrubbed(struct intake *intake, struct taking *t, struct job *job)
{
    const struct scrub_rules *rules = scrubbing_rules(&t->snapshot->scrubbing, t->project);
    struct record scrubbed;
    struct outcome outcome;
    bool drop_address = rules != NULL && scrub_removes_addresses(rules);
    struct fault fault =
        rewrite_record(&job->entry.record, &t->outcome, drop_address, &job->keep, &scrubbed);
    if (!fault_is(fault)) {
        fault = pipeline_run(intake->pipeline, t->snapshot, &scrubbed, &intake->scratch, &job->keep,
                             &outcome);
    }
    if (!fault_is(fault)) {
        job->entry.record = scrubbed;
        t->outcome.effects = outcome.effects;
    }
    return fault;
}

static bool is_all_limited(const struct outcome *outcome)
{
    const struct effect *at = outcome->effects;
    while (at != NULL && effect_is_count(at) && at->fate == FATE_RATE_LIMITED) {
        at = at->next;
    }
    return at == NULL;
}

/* Takes from the project's buckets. When one is empty, the record says which categories it keeps
 * out, and the pass is run again without them. */
static struct fault keep_limits(struct intake *intake, struct taking *t)
{
    struct job *job = t->job;
    struct limits_answer answer;
    const struct bucket_name name = {.project = t->project->id, .key = job->entry.record.key};
    if (intake->options.limiter == NULL || t->project->settings.limit_count == 0) {
        return FAULT_OK;
    }
    limits_take(intake->options.limiter, &t->project->settings, &name, t->outcome.accepted,
                &job->keep, &answer);
    job->limits = answer.header;
    if (!answer.is_any) {
        return FAULT_OK;
    }
    job->is_limited = true;
    job->retry_after_s = answer.retry_after_s;
    job->entry.record.parameters =
        limited_write(&job->keep, job->entry.record.parameters, &answer.limited);
    arena_reset(&intake->scratch);
    struct fault fault = pipeline_run(intake->pipeline, t->snapshot, &job->entry.record,
                                      &intake->scratch, &job->keep, &t->outcome);
    t->is_refused = !fault_is(fault) && is_all_limited(&t->outcome);
    return fault;
}

/* Admits, runs the pass, and fills the entry. `keep` and `scratch` are empty. */
static struct fault accept(struct intake *intake, const struct http_request *request,
                           struct taking *t)
{
    struct job *job = t->job;
    struct record *record = &job->entry.record;
    struct fault fault = admit_request(intake, request, t);
    if (!fault_is(fault)) {
        fault = endpoint_record(job, request, t->hit);
    }
    if (fault_is(fault)) {
        return fault;
    }
    record->received_us = clock_wall_us();
    record->seed = next_seed(intake);
    record->project = t->project != NULL ? t->project->id : t->hit->project;
    record->key = arena_copy(&job->keep, t->auth.key);
    fault = pipeline_run(intake->pipeline, t->snapshot, record, &intake->scratch, &job->keep,
                         &t->outcome);
    if (!fault_is(fault)) {
        fault = admit_envelope(intake, t->outcome.dsn, t);
    }
    if (fault_is(fault)) {
        return fault;
    }
    MUST(t->project != NULL && t->project->id == record->project);
    record->key = arena_copy(&job->keep, t->auth.key);
    fault = keep_limits(intake, t);
    if (fault_is(fault)) {
        return fault;
    }
    if (t->snapshot->scrub_journal) {
        fault = take_scrubbed(intake, t, job);
    }
    if (fault_is(fault)) {
        return fault;
    }
    job->entry.effects = t->outcome.effects;
    job->event_id = t->outcome.event_id;
    count_items(intake, &t->outcome);
    if (t->outcome.rules_differ) {
        char id[ID_HEX_BYTES + 1];
        id_format(t->outcome.event_id, id);
        log_write(LOG_ERROR, "rules: the index and the oracle differ: please report it",
                  "event=%s project=%u", id, record->project);
    }
    return job->keep.exhausted ? fault_make(FAULT_TOO_BIG, "request: larger than allowed")
                               : FAULT_OK;
}

static void submit(struct intake *intake, struct job *job, struct http_ticket *ticket)
{
    job->owner = intake;
    job->ticket = ticket;
    job->entry.answer = on_answer;
    job->entry.release = on_release;
    intake->in_flight++;
    journal_submit(intake->options.journal, &job->entry);
}

/* What a project sends and is refused is counted as its own; keys that open nothing are nobody's.
 */
static void note_refusal(struct intake *intake, const struct taking *t, struct fault fault)
{
    bool is_cors = fault.kind == FAULT_FORBIDDEN && t->project != NULL;
    if (t->project == NULL || fault.kind == FAULT_UNAUTHORISED ||
        (fault.kind == FAULT_FORBIDDEN && !is_cors)) {
        return;
    }
    refused_add(&intake->refused,
                &(struct refusal){.project = t->project->id,
                                  .fate = FATE_INVALID,
                                  .category = endpoint_category(t->hit->route),
                                  .quantity = 1,
                                  .reason = is_cors ? SLICE("cors")
                                                    : slice_str(fault_kind_name(fault.kind))});
}

/* All of it is over a limit: counted, answered, and not written down. */
static void refuse_limited(struct intake *intake, struct job *job, struct http_ticket *ticket)
{
    for (const struct effect *at = job->entry.effects; at != NULL; at = at->next) {
        refused_add(&intake->refused, &(struct refusal){at->project, at->fate, at->category,
                                                        at->quantity, at->reason});
    }
    count(&intake->counters.limited, 1);
    job->ticket = ticket;
    endpoint_answer(job);
    job_give(job);
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
    struct taking taking = {.snapshot = believe(intake), .hit = hit, .job = job};
    pipeline_only_counts(intake->pipeline, !taking.snapshot->scrub_journal);
    struct fault fault = accept(intake, request, &taking);
    if (fault_is(fault)) {
        note_refusal(intake, &taking, fault);
        arena_reset(&intake->scratch);
        job_give(job);
        refuse(intake, ticket, fault);
        return;
    }
    arena_reset(&intake->scratch);
    if (taking.is_refused) {
        refuse_limited(intake, job, ticket);
        return;
    }
    submit(intake, job, ticket);
}

/* Every second, on the loop. */
static void write_refusals(void *data)
{
    struct intake *intake = data;
    struct job *job = intake->refused.count != 0 ? job_take(intake->jobs) : NULL;
    if (job == NULL) {
        return; /* nothing to write; or no job is free, and there is a next time */
    }
    struct slice lines = refused_write(&intake->refused, &job->keep);
    job->entry.record = (struct record){.received_us = clock_wall_us(),
                                        .seed = next_seed(intake),
                                        .kind = RECORD_REFUSALS,
                                        .body = lines};
    struct outcome outcome;
    struct fault fault = pipeline_run(intake->pipeline, believe(intake), &job->entry.record,
                                      &intake->scratch, &job->keep, &outcome);
    arena_reset(&intake->scratch);
    if (fault_is(fault)) {
        job_give(job);
        return;
    }
    job->entry.effects = outcome.effects;
    submit(intake, job, NULL);
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
    case ROUTE_SECURITY:
    case ROUTE_NEL:
    case ROUTE_MINIDUMP:
    case ROUTE_ATTACHMENTS:
    case ROUTE_CRON:
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
    intake->refusals = loop_every(options->loop, REFUSALS_MS, write_refusals, intake);
    return intake;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL) {
        return;
    }
    MUST(intake->in_flight == 0 && intake->answered == NULL);
    loop_cancel(intake->refusals);
    pipeline_free(intake->pipeline);
    snapshot_release(intake->snapshot);
    job_pool_free(intake->jobs);
    arena_done(&intake->scratch);
    MUST(pthread_mutex_destroy(&intake->lock) == 0);
    free(intake);
}

unsigned intake_in_flight(struct intake *intake)
{
    write_refusals(intake);
    return intake->in_flight;
}

const struct intake_counters *intake_counters(const struct intake *intake)
{
    return &intake->counters;
}
