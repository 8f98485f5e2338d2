/* SPDX-License-Identifier: Apache-2.0 */
/* step — takes some facts, or some timers, of one partition, and decides.
 *
 *   facts ─▶ which rules hold (issue facts are asked of the rule engine, detections say it)
 *         ─▶ alerts touched, in the order of the facts ─▶ policy ─▶ tell ─▶ the board, changed
 *         └▶ hits of correlations ─▶ `feed`
 *
 * The feed is then sent and the board committed by the caller, or both thrown away. Facts are taken
 * one after the other, so that it makes no difference how they were batched.
 */
#pragma once
#include "alerting/describe.h"
#include "alerting/feed.h"
#include "alerting/tell.h"

/* What the watcher believes; shared by its steps, changed by a reload. */
struct step_beliefs {
    const struct ruleset *rules; /* NULL: none */
    struct rules_scratch *rules_scratch;
    struct rule_fates *fates;             /* of the rules; NULL: nobody counts */
    const struct alerting_config *config; /* NULL: nobody is told */
    struct regex_scratch *regex;
    int64_t resolve_after_us;
};

struct step_counts {
    uint32_t facts;
    uint32_t malformed;
    uint32_t fired;
    uint32_t resolved;
    uint32_t notices;
    uint32_t suppressed;
};

/* Matches of one rule, to be counted. */
struct step_fate {
    struct step_fate *next;
    uint32_t place;
    enum rule_fate fate;
    uint64_t count;
};

struct step {
    const struct step_beliefs *beliefs; /* borrowed */
    struct board *board;                /* borrowed, after board_init */
    struct step_counts counts;          /* of what will be true once the board is committed */
    struct feed feed;                   /* to be sent before that */
    struct step_fate *fates;            /* to be noted after it */
};

/* `entries`: stream entries; borrowed until the board is committed. False when Redis broke or the
 * arena is full: take fewer then. */
MUST_USE bool step_facts(struct step *step, redisReply *const *entries, uint32_t count);

/* `members`: of the partition's `due`. */
MUST_USE bool step_timers(struct step *step, const struct slice *members, uint32_t count);

/* Counts what became of matches, once the board is committed. */
void step_note_fates(const struct step *step);
