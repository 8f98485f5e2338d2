/* SPDX-License-Identifier: Apache-2.0 */
/* rule_ledger — how the rules of one set fare, over all threads that match them.
 *
 *   pipeline A ─ scratch ─┐
 *   pipeline B ─ scratch ─┼─ joined ─▶ sums: events, per rule evaluated, matched, errors, time
 *   pipeline C (gone) ────┘ its counts stay
 *
 * Each thread writes the counters of its own scratch, without a lock; only joining, leaving and
 * reading take one. Owned by the snapshot that has the rules: counts begin anew with a reload. Any
 * thread. Rejected: counters shared by all threads (a contended cache line for each candidate).
 */
#pragma once
#include "rules/fates.h"

struct rule_ledger;

struct rule_ledger *rule_ledger_new(const struct ruleset *set); /* NULL without memory */
void rule_ledger_free(struct rule_ledger *ledger);              /* NULL is fine; all have left */

/* The scratch counts from now on, and is timed for one event in 256. False without memory: what it
 * does is then not counted. */
bool rule_ledger_join(struct rule_ledger *ledger, struct rules_scratch *scratch);

/* Before it is freed. Also for one that has not joined. */
void rule_ledger_leave(struct rule_ledger *ledger, struct rules_scratch *scratch);

struct rule_tally {
    uint64_t evaluated;
    uint64_t matched;
    uint64_t errors;   /* evaluated while a pattern gave up */
    uint64_t timed;    /* evaluations that were timed */
    uint64_t timed_ns; /* of those */
};

/* Fills one for each rule; the caller's `out` has room for all. */
void rule_ledger_rules(struct rule_ledger *ledger, struct rule_tally *out);

struct rule_totals {
    uint64_t events;
    uint64_t evaluated;
    uint64_t regex_limits;
    uint64_t memory;
    uint64_t matches_cut;
    uint64_t checked;     /* events evaluated a second time without the index */
    uint64_t differences; /* of these, answers that were not the same */
};
struct rule_totals rule_ledger_totals(struct rule_ledger *ledger);

/* What became of matches, to be counted by whoever decides it. Lives as long as the ledger. */
struct rule_fates *rule_ledger_fates(struct rule_ledger *ledger);

/* Fills by field number whether any event has had the field. */
void rule_ledger_fields(struct rule_ledger *ledger, bool *out);
