/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/dispatch.h"
#include "alerting/courier.h"
#include "alerting/link.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include <signal.h>
#include <stdlib.h>

/* How often all partitions are looked at: for what a node that died had claimed. */
#define DISPATCH_LOOK_US INT64_C(1000000)

#define NODE_BYTES_MAX 64u

struct dispatch {
    struct dispatch_options options;
    char node[NODE_BYTES_MAX];
    pthread_t thread;
    atomic_uint_fast64_t hints;
    atomic_bool is_reloaded;
    atomic_bool is_stopping;
    atomic_int_fast64_t stop_at_us; /* monotonic */
    struct courier courier;         /* the thread's own, as all that follows */
    struct link link;
    struct arena arena; /* of one claim */
    uint64_t wanted;    /* partitions to claim from */
    uint32_t first;     /* partition that is asked first: each in its turn */
    int64_t due_us[PARTITION_COUNT];
    uint64_t depth[PARTITION_COUNT];
    int64_t next_look_us; /* monotonic */
};

/* ---- claiming ---- */

static bool has_room(const struct dispatch *dispatch)
{
    return dispatch->courier.attempts.count < DELIVERIES_MAX;
}

static bool claim(struct dispatch *dispatch, uint32_t partition)
{
    const struct attempts *attempts = &dispatch->courier.attempts;
    struct outbox_lane busy[DELIVERIES_MAX];
    struct outbox_claims claims = {.count = 0};
    struct outbox_terms terms = {.owner = dispatch->node,
                                 .now_us = clock_wall_us(),
                                 .lease_ms = dispatch->options.lease_ms,
                                 .room = DELIVERIES_MAX - attempts->count,
                                 .lane_room = DELIVERIES_PER_LANE_MAX,
                                 .lanes = busy};
    terms.lane_count = lanes_busy(&attempts->lanes, DELIVERIES_PER_LANE_MAX, busy, DELIVERIES_MAX);
    arena_reset(&dispatch->arena);
    if (!outbox_claim(dispatch->link.redis, partition, &terms, &dispatch->arena, &claims)) {
        return false;
    }
    MUST(claims.count <= terms.room);
    dispatch->due_us[partition] = claims.due_us;
    dispatch->depth[partition] = claims.depth;
    courier_take(&dispatch->courier, &claims);
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
    for (uint32_t i = 0; i < PARTITION_COUNT && has_room(dispatch); i++) {
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
    return true;
}

/* Lanes that were full have room: asks the partitions in their turn, until they are full again. */
static bool claim_opened(struct dispatch *dispatch)
{
    struct lanes *lanes = &dispatch->courier.attempts.lanes;
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        if (!lanes_opened(lanes, DELIVERIES_PER_LANE_MAX) || !has_room(dispatch)) {
            return true;
        }
        uint32_t partition = dispatch->first;
        uint64_t under_way = dispatch->courier.attempts.in_partition[partition];
        dispatch->first = (partition + 1) % PARTITION_COUNT;
        if (dispatch->depth[partition] > under_way && !claim(dispatch, partition)) {
            return false;
        }
    }
    lanes_settle(lanes);
    return true;
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
    lanes_tidy(&dispatch->courier.attempts.lanes, false);
}

static void take_reload(struct dispatch *dispatch)
{
    if (atomic_exchange(&dispatch->is_reloaded, false)) {
        lanes_tidy(&dispatch->courier.attempts.lanes, true);
        dispatch->wanted = UINT64_MAX;
    }
}

/* What this node had claimed before it died. Not while attempts are under way: they are of this
 * life, and their claims stand. */
static bool recover(struct dispatch *dispatch)
{
    bool well = true;
    for (uint32_t i = 0; i < PARTITION_COUNT && well && dispatch->courier.attempts.count == 0;
         i++) {
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
    well = well && attempts_tell(&dispatch->courier.attempts, dispatch->link.redis, dispatch->node,
                                 clock_wall_us(), &dispatch->wanted);
    well = well && (dispatch->is_stopping || (claim_wanted(dispatch) && claim_opened(dispatch)));
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
    bool is_over = dispatch->courier.attempts.count > sender_under_way(dispatch->courier.sender);
    if (is_over) {
        return 0;
    }
    if (!has_room(dispatch)) { /* until an attempt ends */
        return DISPATCH_LOOK_US / TIME_US_PER_MS;
    }
    bool is_wanted = dispatch->wanted != 0 || dispatch->hints != 0;
    return is_wanted || wait_us <= 0 ? 0 : (wait_us + TIME_US_PER_MS - 1) / TIME_US_PER_MS;
}

/* Waits for what is under way, then gives back what was cut off. */
static void finish(struct dispatch *dispatch)
{
    struct sender *sender = dispatch->courier.sender;
    int64_t left_us = dispatch->stop_at_us - clock_monotonic_us();
    while (sender_under_way(sender) > 0 && left_us > 0) {
        sender_work(sender, (left_us + TIME_US_PER_MS - 1) / TIME_US_PER_MS);
        exchange(dispatch);
        left_us = dispatch->stop_at_us - clock_monotonic_us();
    }
    courier_cut_off(&dispatch->courier);
    exchange(dispatch);
}

static void *run(void *context)
{
    struct dispatch *dispatch = context;
    while (!dispatch->is_stopping) {
        take_reload(dispatch);
        exchange(dispatch);
        if (!dispatch->is_stopping) {
            sender_work(dispatch->courier.sender, wait_ms(dispatch));
        }
    }
    finish(dispatch);
    return NULL;
}

/* ---- life ---- */

static void destroy(struct dispatch *dispatch)
{
    courier_done(&dispatch->courier);
    arena_done(&dispatch->arena);
    link_done(&dispatch->link);
    free(dispatch);
}

static bool start(struct dispatch *dispatch)
{
    sigset_t all;
    sigset_t before;
    const struct dispatch_options *options = &dispatch->options;
    const struct say to = {options->log, options->log_context};
    link_init(&dispatch->link, &options->redis, NULL); /* the watcher says when Redis is away */
    if (!courier_init(&dispatch->courier, options->config, options->stats, &to) ||
        !arena_init(&dispatch->arena, ALERTING_CLAIM_BYTES)) {
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
    dispatch->options.lease_ms = options->lease_ms != 0 ? options->lease_ms : OUTBOX_LEASE_MS;
    snprintf(dispatch->node, sizeof(dispatch->node), "%s", options->node);
    if (!start(dispatch)) {
        destroy(dispatch);
        return NULL;
    }
    return dispatch;
}

void dispatch_hint(struct dispatch *dispatch, uint64_t partitions)
{
    atomic_fetch_or(&dispatch->hints, partitions);
    sender_wake(dispatch->courier.sender);
}

void dispatch_reload(struct dispatch *dispatch, struct alerting_config *config)
{
    courier_reload(&dispatch->courier, config);
    dispatch->is_reloaded = true;
    sender_wake(dispatch->courier.sender);
}

void dispatch_stop(struct dispatch *dispatch, int64_t deadline_ms)
{
    if (dispatch == NULL) {
        return;
    }
    dispatch->stop_at_us = clock_monotonic_us() + deadline_ms * TIME_US_PER_MS;
    dispatch->is_stopping = true;
    sender_wake(dispatch->courier.sender);
    MUST(pthread_join(dispatch->thread, NULL) == 0);
    destroy(dispatch);
}
