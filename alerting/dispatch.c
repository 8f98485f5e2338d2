/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/dispatch.h"
#include "alerting/attempt.h"
#include "alerting/deliver/sender.h"
#include "alerting/link.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "ingest/host/random.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* How often all partitions are looked at: for what a node that died had claimed. */
#define DISPATCH_LOOK_US INT64_C(1000000)

/* When an attempt could not even begin, for want of memory. */
#define DISPATCH_AGAIN_US INT64_C(5000000)

#define NODE_BYTES_MAX 64u

struct dispatch {
    struct dispatch_options options;
    char node[NODE_BYTES_MAX];
    struct say say;
    pthread_t thread;
    struct sender *sender;
    atomic_uint_fast64_t hints;
    atomic_bool is_stopping;
    atomic_int_fast64_t stop_at_us; /* monotonic */
    pthread_mutex_t lock;           /* the next two; held while notices are sent off */
    struct alerting_config *config; /* one reference; may be NULL */
    bool is_reloaded;

    /* the thread's own */
    struct link link;
    struct arena arena; /* of one claim */
    struct attempts attempts;
    uint64_t wanted; /* partitions to claim from */
    uint32_t first;  /* partition that is asked first: each in its turn */
    int64_t due_us[PARTITION_COUNT];
    uint64_t depth[PARTITION_COUNT];
    int64_t next_look_us; /* monotonic */
};

/* ---- what came of an attempt ---- */

static void report(struct dispatch *dispatch, const struct attempt *attempt)
{
    bool is_dead = attempt->step.kind != STEP_RETRY;
    if (is_dead) {
        say(&dispatch->say, ALERTING_WARNING, "notice %.*s to %.*s given up after %u attempts: %s",
            SLICE_ARG(attempt->id), SLICE_ARG(attempt->lane->name), attempt->attempts,
            attempt->why);
    } else if (attempt->attempts == 1) {
        say(&dispatch->say, ALERTING_INFO, "notice %.*s to %.*s not delivered yet: %s",
            SLICE_ARG(attempt->id), SLICE_ARG(attempt->lane->name), attempt->why);
    }
}

static void conclude(struct dispatch *dispatch, struct attempt *attempt,
                     const struct delivery_step *step, const char *error)
{
    attempt_over(attempt, step, error);
    attempt->lane->is_closed |= step->kind == STEP_DEAD_AND_CLOSE;
    if (step->kind == STEP_DELIVERED) {
        dispatch->options.stats->delivered++;
        return;
    }
    dispatch->options.stats->dead += step->kind != STEP_RETRY;
    report(dispatch, attempt);
}

static void answered(void *context, void *ticket, const struct delivery_answer *answer)
{
    struct dispatch *dispatch = context;
    struct attempt *attempt = ticket;
    uint32_t dice = 0;
    char error[sizeof(answer->error)];
    random_bytes(&dice, sizeof(dice));
    struct delivery_step step =
        schedule_step(answer, attempt->attempts, attempt->created_us, clock_wall_us(), dice);
    bool is_status = answer->status != 0 && step.kind != STEP_DELIVERED;
    snprintf(error, sizeof(error), is_status ? "status %u" : "", answer->status);
    if (step.kind != STEP_DELIVERED) {
        MUST(step.failure < DELIVERY_FAILURE_COUNT);
        dispatch->options.stats->failed[step.failure]++;
    }
    conclude(dispatch, attempt, &step, is_status ? error : answer->error);
}

/* ---- claiming and sending ---- */

static bool send(struct dispatch *dispatch, struct attempt *attempt,
                 const struct endpoint *endpoint, struct slice body)
{
    struct buffer lines;
    buffer_init(&lines, HEADER_LINES_BYTES_MAX);
    endpoint->kind->headers(endpoint, attempt->id, body, clock_wall_us(), &lines);
    const struct sender_request request = {.url = endpoint->url,
                                           .header_lines = buffer_slice(&lines),
                                           .body = body,
                                           .timeout_ms = endpoint->timeout_ms};
    bool well = !lines.overflowed && sender_send(dispatch->sender, &request, attempt);
    buffer_done(&lines);
    return well;
}

static void begin(struct dispatch *dispatch, struct attempt *attempt, struct slice body)
{
    const struct endpoint *endpoint =
        dispatch->config != NULL ? alerting_config_endpoint(dispatch->config, attempt->lane->name)
                                 : NULL;
    struct delivery_step step = {.kind = STEP_DEAD};
    if (endpoint == NULL) {
        step.why = "its receiver is not configured any more";
    } else if (attempt->id.len != NOTICE_ID_BYTES || body.len == 0) {
        step.why = "what is stored of it is no notice";
    } else if (send(dispatch, attempt, endpoint, body)) {
        return;
    } else {
        step = (struct delivery_step){.kind = STEP_RETRY,
                                      .at_us = clock_wall_us() + DISPATCH_AGAIN_US,
                                      .why = "no memory for an attempt"};
    }
    conclude(dispatch, attempt, &step, "");
}

static bool claim(struct dispatch *dispatch, uint32_t partition)
{
    struct outbox_lane busy[DELIVERIES_MAX];
    struct outbox_claims claims = {.count = 0};
    struct outbox_terms terms = {.owner = dispatch->node,
                                 .now_us = clock_wall_us(),
                                 .lease_ms = dispatch->options.lease_ms,
                                 .room = DELIVERIES_MAX - dispatch->attempts.count,
                                 .lane_room = DELIVERIES_PER_LANE_MAX,
                                 .lanes = busy};
    terms.lane_count =
        lanes_busy(&dispatch->attempts.lanes, DELIVERIES_PER_LANE_MAX, busy, DELIVERIES_MAX);
    arena_reset(&dispatch->arena);
    if (!outbox_claim(dispatch->link.redis, partition, &terms, &dispatch->arena, &claims)) {
        return false;
    }
    MUST(claims.count <= terms.room);
    dispatch->due_us[partition] = claims.due_us;
    dispatch->depth[partition] = claims.depth;
    pthread_mutex_lock(&dispatch->lock);
    for (uint32_t i = 0; i < claims.count; i++) {
        struct attempt *attempt = attempts_add(&dispatch->attempts, &claims.items[i]);
        if (attempt != NULL) { /* without memory the lease brings it back */
            begin(dispatch, attempt, claims.items[i].body);
        }
    }
    pthread_mutex_unlock(&dispatch->lock);
    return true;
}

static void want_due(struct dispatch *dispatch)
{
    int64_t now_us = clock_wall_us();
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        bool is_due = dispatch->due_us[i] != 0 && dispatch->due_us[i] <= now_us;
        dispatch->wanted |= (uint64_t)is_due << i;
    }
}

/* Claims from the partitions that are wanted, as long as there is room. */
static bool claim_wanted(struct dispatch *dispatch)
{
    dispatch->wanted |= atomic_exchange(&dispatch->hints, 0);
    want_due(dispatch);
    for (uint32_t i = 0; i < PARTITION_COUNT && dispatch->attempts.count < DELIVERIES_MAX; i++) {
        uint32_t partition = (dispatch->first + i) % PARTITION_COUNT;
        uint64_t bit = UINT64_C(1) << partition;
        if ((dispatch->wanted & bit) == 0) {
            continue;
        }
        if (!claim(dispatch, partition)) {
            return false;
        }
        dispatch->wanted &= ~bit;
    }
    dispatch->first = (dispatch->first + 1) % PARTITION_COUNT;
    return true;
}

/* Partitions where something is left that this node is not already sending. */
static uint64_t left_over(const struct dispatch *dispatch)
{
    uint64_t partitions = 0;
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        bool is_left = dispatch->depth[i] > dispatch->attempts.in_partition[i];
        partitions |= (uint64_t)is_left << i;
    }
    return partitions;
}

static bool tell(struct dispatch *dispatch)
{
    uint64_t freed = 0;
    bool well = attempts_tell(&dispatch->attempts, dispatch->link.redis, dispatch->node,
                              clock_wall_us(), &freed);
    uint64_t left = freed == UINT64_MAX ? left_over(dispatch) : 0;
    dispatch->wanted |= freed == UINT64_MAX ? left : freed;
    return well;
}

static void look(struct dispatch *dispatch)
{
    uint64_t depth = 0;
    int64_t now_us = clock_monotonic_us();
    if (now_us < dispatch->next_look_us) {
        return;
    }
    dispatch->next_look_us = now_us + DISPATCH_LOOK_US;
    dispatch->wanted = UINT64_MAX;
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        depth += dispatch->depth[i];
    }
    dispatch->options.stats->outbox_depth = depth;
    lanes_tidy(&dispatch->attempts.lanes, false);
}

static void take_reload(struct dispatch *dispatch)
{
    pthread_mutex_lock(&dispatch->lock);
    bool is_reloaded = dispatch->is_reloaded;
    dispatch->is_reloaded = false;
    pthread_mutex_unlock(&dispatch->lock);
    if (is_reloaded) {
        lanes_tidy(&dispatch->attempts.lanes, true);
        dispatch->wanted = UINT64_MAX;
    }
}

/* What this node had claimed before it died. Not while attempts are under way: they are of this
 * life, and their claims stand. */
static bool recover(struct dispatch *dispatch)
{
    bool well = true;
    for (uint32_t i = 0; i < PARTITION_COUNT && well && dispatch->attempts.count == 0; i++) {
        well = outbox_recover(dispatch->link.redis, i, dispatch->node, clock_wall_us());
    }
    dispatch->wanted = UINT64_MAX;
    return well;
}

/* Everything that needs Redis. */
static void exchange(struct dispatch *dispatch)
{
    enum link_state state = link_check(&dispatch->link, clock_monotonic_us());
    if (state == LINK_DOWN) {
        return;
    }
    bool well = state == LINK_UP || recover(dispatch);
    if (!dispatch->is_stopping) {
        look(dispatch);
    }
    well = well && tell(dispatch);
    well = well && (dispatch->is_stopping || claim_wanted(dispatch));
    if (!well) {
        dispatch->options.stats->redis_errors++;
        link_broke(&dispatch->link, clock_monotonic_us());
    }
}

static int64_t wait_ms(const struct dispatch *dispatch)
{
    int64_t now_us = clock_wall_us();
    int64_t wait_us = dispatch->next_look_us - clock_monotonic_us();
    if (!dispatch->link.is_up) {
        return LINK_RETRY_US / TIME_US_PER_MS;
    }
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        int64_t due_us = dispatch->due_us[i];
        wait_us = due_us != 0 && due_us - now_us < wait_us ? due_us - now_us : wait_us;
    }
    bool has_room = dispatch->attempts.count < DELIVERIES_MAX;
    bool is_wanted = dispatch->wanted != 0 || dispatch->hints != 0;
    bool is_over = dispatch->attempts.count > sender_under_way(dispatch->sender);
    if (wait_us <= 0 || (has_room && is_wanted) || is_over) {
        return has_room || is_over ? 0 : DISPATCH_LOOK_US / TIME_US_PER_MS;
    }
    return (wait_us + TIME_US_PER_MS - 1) / TIME_US_PER_MS;
}

/* Waits for what is under way, then gives back what was cut off. */
static void finish(struct dispatch *dispatch)
{
    int64_t left_us = dispatch->stop_at_us - clock_monotonic_us();
    while (sender_under_way(dispatch->sender) > 0 && left_us > 0) {
        sender_work(dispatch->sender, (left_us + TIME_US_PER_MS - 1) / TIME_US_PER_MS);
        exchange(dispatch);
        left_us = dispatch->stop_at_us - clock_monotonic_us();
    }
    const struct delivery_step again = {
        .kind = STEP_RETRY, .at_us = clock_wall_us(), .why = "cut off by a stop"};
    for (struct attempt *at = dispatch->attempts.first; at != NULL; at = at->next) {
        if (!at->is_over) {
            attempt_over(at, &again, "");
        }
    }
    exchange(dispatch);
}

static void *run(void *context)
{
    struct dispatch *dispatch = context;
    while (!dispatch->is_stopping) {
        take_reload(dispatch);
        exchange(dispatch);
        if (!dispatch->is_stopping) {
            sender_work(dispatch->sender, wait_ms(dispatch));
        }
    }
    finish(dispatch);
    return NULL;
}

/* ---- life ---- */

static void destroy(struct dispatch *dispatch)
{
    sender_free(dispatch->sender);
    attempts_done(&dispatch->attempts);
    arena_done(&dispatch->arena);
    link_done(&dispatch->link);
    pthread_mutex_destroy(&dispatch->lock);
    alerting_config_unref(dispatch->config);
    free(dispatch);
}

static bool start(struct dispatch *dispatch)
{
    sigset_t all;
    sigset_t before;
    dispatch->sender = sender_new(answered, dispatch);
    if (dispatch->sender == NULL || !arena_init(&dispatch->arena, ALERTING_CLAIM_BYTES)) {
        return false;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool well = pthread_create(&dispatch->thread, NULL, run, dispatch) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (well) {
        pthread_setname_np(dispatch->thread, "dispatch");
    }
    return well;
}

struct dispatch *dispatch_start(const struct dispatch_options *options)
{
    struct dispatch *dispatch = calloc(1, sizeof(*dispatch));
    if (dispatch == NULL) {
        alerting_config_unref(options->config);
        return NULL;
    }
    MUST(strlen(options->node) < NODE_BYTES_MAX && options->stats != NULL);
    dispatch->options = *options;
    dispatch->options.node = NULL;
    dispatch->options.lease_ms = options->lease_ms != 0 ? options->lease_ms : OUTBOX_LEASE_MS;
    snprintf(dispatch->node, sizeof(dispatch->node), "%s", options->node);
    dispatch->say = (struct say){options->log, options->log_context};
    dispatch->config = options->config;
    pthread_mutex_init(&dispatch->lock, NULL);
    link_init(&dispatch->link, &options->redis, NULL); /* the watcher says when Redis is away */
    if (!start(dispatch)) {
        destroy(dispatch);
        return NULL;
    }
    return dispatch;
}

void dispatch_hint(struct dispatch *dispatch, uint64_t partitions)
{
    atomic_fetch_or(&dispatch->hints, partitions);
    sender_wake(dispatch->sender);
}

void dispatch_reload(struct dispatch *dispatch, struct alerting_config *config)
{
    pthread_mutex_lock(&dispatch->lock);
    struct alerting_config *old = dispatch->config;
    dispatch->config = config;
    dispatch->is_reloaded = true;
    pthread_mutex_unlock(&dispatch->lock);
    alerting_config_unref(old);
    sender_wake(dispatch->sender);
}

void dispatch_stop(struct dispatch *dispatch, int64_t deadline_ms)
{
    if (dispatch == NULL) {
        return;
    }
    dispatch->stop_at_us = clock_monotonic_us() + deadline_ms * TIME_US_PER_MS;
    dispatch->is_stopping = true;
    sender_wake(dispatch->sender);
    MUST(pthread_join(dispatch->thread, NULL) == 0);
    destroy(dispatch);
}
