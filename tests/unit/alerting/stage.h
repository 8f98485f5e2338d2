/* SPDX-License-Identifier: Apache-2.0 */
/* stage — steps on a real Redis, on a clock of their own, one at a time.
 *
 * Facts are written to one partition's stream, then taken: all in one step, or one after the other.
 * What is queued is noted as "reason status alerts" a line. */
#pragma once
#include "alerting/step.h"
#include "tests/unit/alerting/world.h"

#define STAGE_PARTITION 7u
#define STAGE_START_US  INT64_C(1700000000000000)

struct stage {
    struct world world;
    struct step_beliefs beliefs;
    struct alerting_config *config;
    struct arena arena; /* of a step */
    struct board board;
    int64_t now_us;
    uint64_t version;
    char cursor[48];
    struct step_counts counts; /* summed up */
    char trace[8192];
    size_t trace_bytes;
};

static inline void stage_begin(struct stage *stage, const char *yaml)
{
    *stage = (struct stage){.now_us = STAGE_START_US, .cursor = "-"};
    world_begin_alone(&stage->world);
    cr_assert(arena_init(&stage->arena, 256u << 20));
    stage->config = world_config(&stage->world, yaml);
    stage->beliefs = (struct step_beliefs){.rules = stage->world.rules,
                                           .rules_scratch = rules_scratch_new(stage->world.rules),
                                           .config = stage->config,
                                           .regex = regex_scratch_new(),
                                           .resolve_after_us = RESOLVE_AFTER_US};
}

static inline void stage_end(struct stage *stage)
{
    alerting_config_unref(stage->config);
    rules_scratch_free(stage->beliefs.rules_scratch);
    regex_scratch_free(stage->beliefs.regex);
    arena_done(&stage->arena);
    world_end(&stage->world);
}

/* Forgets everything, the clock too. */
static inline void stage_again(struct stage *stage)
{
    freeReplyObject(redis_command(stage->world.redis, "FLUSHALL"));
    stage->now_us = STAGE_START_US;
    stage->version = 0;
    stage->trace_bytes = 0;
    stage->counts = (struct step_counts){0};
    snprintf(stage->cursor, sizeof(stage->cursor), "-");
}

/* Issue 7, 71, 135 ... of project 7; `rule` names the rule of a detection. */
static inline void stage_fact(struct stage *stage, const char *kind, unsigned issue,
                              const char *rule)
{
    redisReply *reply = redis_command(
        stage->world.redis,
        "XADD t:{07}:facts * kind %s project 7 issue %u event %032x title T level error at %lld "
        "n 2 rule %s rule_title %s rule_level high environment prod",
        kind, issue, issue, (long long)(stage->now_us / 1000), rule, rule);
    cr_assert(reply != NULL && reply->type == REDIS_REPLY_STRING);
    freeReplyObject(reply);
}

static inline struct step stage_step(struct stage *stage)
{
    arena_reset(&stage->arena);
    stage->board.arena = &stage->arena;
    stage->board.redis = stage->world.redis;
    board_init(&stage->board, STAGE_PARTITION, stage->now_us);
    return (struct step){.beliefs = &stage->beliefs, .board = &stage->board};
}

static inline void stage_commit(struct stage *stage, const struct step *step)
{
    uint32_t queued = 0;
    for (const struct board_notice *at = stage->board.notices; at != NULL; at = at->next) {
        const struct slice *items = at->fields.items; /* group, reason, status, alerts, ... */
        stage->trace_bytes += (size_t)snprintf(
            stage->trace + stage->trace_bytes, sizeof(stage->trace) - stage->trace_bytes,
            "%.*s %.*s %.*s\n", SLICE_ARG(items[3]), SLICE_ARG(items[5]), SLICE_ARG(items[7]));
        cr_assert_lt(stage->trace_bytes, sizeof(stage->trace));
    }
    stage->counts.facts += step->counts.facts;
    stage->counts.malformed += step->counts.malformed;
    stage->counts.fired += step->counts.fired;
    stage->counts.resolved += step->counts.resolved;
    stage->counts.notices += step->counts.notices;
    stage->counts.suppressed += step->counts.suppressed;
    cr_assert_eq(board_commit(&stage->board, &stage->version, slice_of(NULL, 0), &queued),
                 BOARD_DONE, "%s", redis_error(stage->world.redis));
    step_note_fates(step);
    cr_assert_eq(queued, step->counts.notices);
}

/* Takes the facts that were not taken yet, at most `most` in one step. */
static inline void stage_take(struct stage *stage, uint32_t most)
{
    for (;;) {
        redisReply *reply = redis_command(stage->world.redis, "XRANGE t:{07}:facts %s + COUNT %u",
                                          stage->cursor, most);
        cr_assert(reply != NULL && reply->type == REDIS_REPLY_ARRAY);
        uint32_t count = (uint32_t)reply->elements;
        if (count > 0) {
            struct step step = stage_step(stage);
            const redisReply *last = reply->element[count - 1];
            cr_assert(step_facts(&step, reply->element, count));
            snprintf(stage->cursor, sizeof(stage->cursor), "(%s", last->element[0]->str);
            stage_commit(stage, &step);
        }
        freeReplyObject(reply);
        if (count == 0) {
            return;
        }
    }
}

/* Lets timers go off, each at its moment, up to `to_us`. */
static inline void stage_advance(struct stage *stage, int64_t to_us)
{
    for (;;) {
        redisReply *reply = redis_command(stage->world.redis, "ZRANGE t:{07}:due 0 0 WITHSCORES");
        int64_t due_us = reply->elements == 2 ? redis_number(reply->element[1]) * 1000 : to_us + 1;
        freeReplyObject(reply);
        if (due_us > to_us) {
            break;
        }
        struct slice due[FACTS_PER_STEP_MAX];
        uint32_t count = 0;
        cr_assert(stage->now_us < due_us, "a timer that went off is not due again");
        stage->now_us = due_us;
        struct step step = stage_step(stage);
        cr_assert(board_due(&stage->board, due, FACTS_PER_STEP_MAX, &count));
        cr_assert(step_timers(&step, due, count));
        stage_commit(stage, &step);
    }
    stage->now_us = to_us;
}
