/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/watcher.h"
#include "alerting/link.h"
#include "alerting/look.h"
#include "alerting/step.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* How long it waits for facts: what a stop waits at most. */
#define WATCHER_WAIT_US INT64_C(200000)

/* How often it looks at what other nodes did. */
#define WATCHER_LOOK_US INT64_C(1000000)

/* A partition whose steps fail this often in a row, though Redis answers, is left alone for a while
 * and does not keep the others from being told. */
#define WATCHER_FAILURES_MAX 3u
#define WATCHER_ASIDE_US     INT64_C(2000000)

struct watcher {
    struct watcher_options options;
    pthread_t thread;
    atomic_bool is_stopping;
    pthread_mutex_t lock;           /* held during a step: the next two */
    struct alerting_config *config; /* one reference */
    struct step_beliefs beliefs;

    /* the thread's own */
    struct link link;
    struct places places;
    struct arena arena; /* of the step */
    struct board board;
    struct windows *windows;            /* empty between steps */
    uint32_t failures[PARTITION_COUNT]; /* in a row */
    uint64_t aside;                     /* partitions that are left alone */
    int64_t aside_until_us;             /* monotonic, as the next */
    int64_t next_look_us;
    uint32_t most; /* facts in a step; 0: step over the next one */
};

static void believe(struct watcher *watcher, struct alerting_config *config,
                    const struct ruleset *rules, struct rule_fates *fates)
{
    struct rules_scratch *scratch = rules != NULL ? rules_scratch_new(rules) : NULL;
    MUST((rules == NULL) == (scratch == NULL));
    pthread_mutex_lock(&watcher->lock);
    struct rules_scratch *old_scratch = watcher->beliefs.rules_scratch;
    struct alerting_config *old = watcher->config;
    watcher->config = config;
    watcher->beliefs.config = config;
    watcher->beliefs.rules = rules;
    watcher->beliefs.rules_scratch = scratch;
    watcher->beliefs.fates = fates;
    pthread_mutex_unlock(&watcher->lock);
    rules_scratch_free(old_scratch);
    alerting_config_unref(old);
}

/* ---- one step ---- */

struct outcome {
    enum board_result result;
    uint32_t queued; /* notices */
};

static void count(struct watcher *watcher, const struct step_counts *counts, uint32_t queued)
{
    struct alerting_stats *stats = watcher->options.stats;
    stats->facts_read += counts->facts;
    stats->facts_malformed += counts->malformed;
    stats->alerts_fired += counts->fired;
    stats->alerts_resolved += counts->resolved;
    stats->notices_suppressed += counts->suppressed;
    stats->notices_queued += queued;
}

static struct step begin(struct watcher *watcher, uint32_t partition)
{
    arena_reset(&watcher->arena);
    watcher->board.arena = &watcher->arena;
    watcher->board.redis = watcher->link.redis;
    board_init(&watcher->board, partition, clock_wall_us());
    return (struct step){.beliefs = &watcher->beliefs, .board = &watcher->board};
}

static void note_failure(struct watcher *watcher, uint32_t partition)
{
    if (watcher->arena.exhausted) {
        watcher->most /= 2;
        return;
    }
    watcher->failures[partition]++;
    if (watcher->failures[partition] < WATCHER_FAILURES_MAX) {
        return;
    }
    watcher->failures[partition] = 0;
    watcher->aside |= UINT64_C(1) << partition;
    watcher->aside_until_us = clock_monotonic_us() + WATCHER_ASIDE_US;
    say(&watcher->options.say, ALERTING_ERROR, "partition %u is left alone for a while: %s",
        partition, redis_error(watcher->link.redis));
}

/* Hits of correlations first: what is sent again is refused, what was not sent would be lost. */
static bool feed(struct watcher *watcher, const struct step *step)
{
    const struct feed_target target = {.redis = watcher->link.redis,
                                       .windows = watcher->windows,
                                       .partition = watcher->board.partition,
                                       .fates = watcher->beliefs.fates,
                                       .settled_ms = watcher->board.now_us / TIME_US_PER_MS -
                                                     CORRELATION_SETTLE_MS};
    return feed_send(&step->feed, &target);
}

/* Commits what was decided, unless deciding went wrong, and learns where that leaves us. False
 * when Redis broke or the step was too large. */
static bool end(struct watcher *watcher, const struct step *step, bool well, struct slice cursor)
{
    uint32_t partition = watcher->board.partition;
    struct place *place = &watcher->places.items[partition];
    uint32_t queued = 0;
    well = well && feed(watcher, step);
    enum board_result result =
        well ? board_commit(&watcher->board, &place->version, cursor, &queued) : BOARD_BROKEN;
    if (result == BOARD_BROKEN) {
        note_failure(watcher, partition);
        return false;
    }
    watcher->most = FACTS_PER_STEP_MAX;
    watcher->failures[partition] = 0;
    if (result == BOARD_CONFLICT) {
        watcher->options.stats->conflicts++;
    } else {
        count(watcher, &step->counts, queued);
        step_note_fates(step);
    }
    if (queued != 0) {
        MUST(result == BOARD_DONE);
        dispatch_hint(watcher->options.dispatch, UINT64_C(1) << partition);
    }
    return look_at(watcher->link.redis, &watcher->places, UINT64_C(1) << partition);
}

static bool take_facts(struct watcher *watcher, const struct facts *facts)
{
    struct step step = begin(watcher, facts->partition);
    uint32_t taken = facts->count < watcher->most ? facts->count : watcher->most;
    bool is_too_large = watcher->most == 0;
    taken = is_too_large ? 1 : taken;
    MUST(facts->count > 0);
    const redisReply *last = facts->entries[taken - 1];
    bool is_entry = last->type == REDIS_REPLY_ARRAY && last->elements == 2;
    struct slice cursor = is_entry ? redis_text(last->element[0]) : slice_of(NULL, 0);
    if (is_too_large) {
        say(&watcher->options.say, ALERTING_ERROR,
            "fact %.*s of partition %u is too large to take: stepped over", SLICE_ARG(cursor),
            facts->partition);
        step.counts = (struct step_counts){.facts = 1, .malformed = 1};
    }
    pthread_mutex_lock(&watcher->lock);
    bool well = is_entry && (is_too_large || step_facts(&step, facts->entries, taken));
    well = end(watcher, &step, well, cursor);
    pthread_mutex_unlock(&watcher->lock);
    return well;
}

static bool take_timers(struct watcher *watcher, uint32_t partition)
{
    struct slice due[FACTS_PER_STEP_MAX];
    uint32_t most = watcher->most > 0 ? watcher->most : 1;
    uint32_t due_count = 0;
    pthread_mutex_lock(&watcher->lock);
    struct step step = begin(watcher, partition);
    bool well =
        board_due(&watcher->board, due, most, &due_count) && step_timers(&step, due, due_count);
    well = end(watcher, &step, well, slice_of(NULL, 0));
    pthread_mutex_unlock(&watcher->lock);
    return well;
}

/* ---- passes ---- */

static bool look(struct watcher *watcher)
{
    uint64_t firing = 0;
    int64_t now_us = clock_monotonic_us();
    if (now_us < watcher->next_look_us) {
        return true;
    }
    watcher->next_look_us = now_us + WATCHER_LOOK_US;
    if (!look_at(watcher->link.redis, &watcher->places, UINT64_MAX)) {
        return false;
    }
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        firing += watcher->places.items[i].firing;
    }
    watcher->options.stats->alerts_firing = firing;
    return true;
}

/* Takes timers that are due; fills when the next is. */
static bool run_timers(struct watcher *watcher, int64_t *out_next_us)
{
    int64_t next_us = INT64_MAX;
    int64_t now_us = clock_wall_us();
    for (uint32_t i = 0; i < PARTITION_COUNT && !watcher->is_stopping; i++) {
        const struct place *place = &watcher->places.items[i];
        if ((watcher->aside >> i & 1) != 0) {
            continue;
        }
        bool is_due = place->due_us != 0 && place->due_us <= now_us;
        if (is_due && !take_timers(watcher, i)) {
            return false;
        }
        next_us = place->due_us != 0 && place->due_us < next_us ? place->due_us : next_us;
    }
    *out_next_us = next_us;
    return true;
}

static void note_lag(struct watcher *watcher, const struct facts *facts)
{
    const redisReply *newest = facts->entries[facts->count - 1];
    bool is_entry = newest->type == REDIS_REPLY_ARRAY && newest->elements == 2;
    int64_t read_ms = clock_wall_us() / TIME_US_PER_MS;
    int64_t fact_ms = is_entry ? fact_entry_ms(redis_text(newest->element[0])) : read_ms;
    watcher->options.stats->lag_ms = fact_ms < read_ms ? (uint64_t)(read_ms - fact_ms) : 0;
}

static bool read_facts(struct watcher *watcher, uint32_t wait_ms)
{
    redisReply *reply = NULL;
    const struct look_terms terms = {
        .partitions = ~watcher->aside, .most = FACTS_PER_STEP_MAX, .wait_ms = wait_ms};
    if (!look_for_facts(watcher->link.redis, &watcher->places, &terms, &reply)) {
        return false;
    }
    bool well = true;
    size_t streams = reply != NULL ? reply->elements : 0;
    for (size_t i = 0; i < streams && well && !watcher->is_stopping; i++) {
        struct facts facts;
        well = look_facts(reply, i, &facts);
        if (well && facts.count > 0) {
            note_lag(watcher, &facts);
            well = take_facts(watcher, &facts);
        }
    }
    freeReplyObject(reply);
    return well;
}

/* In whole milliseconds, at least one: a timer does not go off early. */
static uint32_t wait_of(const struct watcher *watcher, int64_t next_timer_us)
{
    int64_t wait_us = WATCHER_WAIT_US;
    int64_t timer_us = next_timer_us != INT64_MAX ? next_timer_us - clock_wall_us() : wait_us;
    int64_t look_us = watcher->next_look_us - clock_monotonic_us();
    wait_us = timer_us < wait_us ? timer_us : wait_us;
    wait_us = look_us < wait_us ? look_us : wait_us;
    return wait_us > 0 ? (uint32_t)((wait_us + TIME_US_PER_MS - 1) / TIME_US_PER_MS) : 0;
}

static bool pass(struct watcher *watcher)
{
    int64_t next_us = INT64_MAX;
    bool is_aside_over = clock_monotonic_us() >= watcher->aside_until_us;
    watcher->aside = is_aside_over || watcher->aside == UINT64_MAX ? 0 : watcher->aside;
    return look(watcher) && run_timers(watcher, &next_us) &&
           (watcher->is_stopping || read_facts(watcher, wait_of(watcher, next_us)));
}

static void rest(void)
{
    const struct timespec time = {.tv_nsec = LINK_RETRY_US / 4 * 1000};
    nanosleep(&time, NULL);
}

static void *run(void *context)
{
    struct watcher *watcher = context;
    while (!watcher->is_stopping) {
        enum link_state state = link_check(&watcher->link, clock_monotonic_us());
        watcher->options.stats->redis_connected = state != LINK_DOWN;
        if (state == LINK_DOWN) {
            rest();
            continue;
        }
        watcher->next_look_us = state == LINK_NEW ? 0 : watcher->next_look_us;
        if (!pass(watcher)) {
            watcher->options.stats->redis_errors++;
            link_broke(&watcher->link, clock_monotonic_us());
        }
    }
    return NULL;
}

/* ---- life ---- */

static bool start(struct watcher *watcher)
{
    sigset_t all;
    sigset_t before;
    size_t bytes = watcher->options.step_bytes;
    watcher->beliefs.regex = regex_scratch_new();
    if (watcher->beliefs.regex == NULL ||
        !arena_init(&watcher->arena, bytes != 0 ? bytes : ALERTING_STEP_BYTES)) {
        return false;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool well = pthread_create(&watcher->thread, NULL, run, watcher) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (well) {
        pthread_setname_np(watcher->thread, "watcher");
    }
    return well;
}

static void destroy(struct watcher *watcher)
{
    believe(watcher, NULL, NULL, NULL);
    regex_scratch_free(watcher->beliefs.regex);
    arena_done(&watcher->arena);
    windows_free(watcher->windows);
    link_done(&watcher->link);
    pthread_mutex_destroy(&watcher->lock);
    free(watcher);
}

struct watcher *watcher_start(const struct watcher_options *options)
{
    struct watcher *watcher = calloc(1, sizeof(*watcher));
    if (watcher == NULL) {
        alerting_config_unref(options->config);
        return NULL;
    }
    MUST(options->stats != NULL && options->dispatch != NULL);
    watcher->options = *options;
    watcher->most = FACTS_PER_STEP_MAX;
    watcher->windows = windows_new();
    watcher->beliefs.resolve_after_us =
        options->resolve_after_us != 0 ? options->resolve_after_us : RESOLVE_AFTER_US;
    pthread_mutex_init(&watcher->lock, NULL);
    link_init(&watcher->link, &options->redis, &watcher->options.say);
    believe(watcher, options->config, options->rules, options->fates);
    if (!start(watcher)) {
        destroy(watcher);
        return NULL;
    }
    return watcher;
}

void watcher_reload(struct watcher *watcher, struct alerting_config *config,
                    const struct ruleset *rules, struct rule_fates *fates)
{
    believe(watcher, config, rules, fates);
}

void watcher_stop(struct watcher *watcher)
{
    if (watcher == NULL) {
        return;
    }
    watcher->is_stopping = true;
    MUST(pthread_join(watcher->thread, NULL) == 0);
    destroy(watcher);
}
