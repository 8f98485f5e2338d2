/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/rule_ledger.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include <pthread.h>
#include <stdlib.h>

/* One event in so many has its rules timed: two clock readings for each of some 20 rules. */
#define TIME_EVERY 256u

/* Pipelines: one a worker, the committer's, the API's. */
#define SCRATCHES_MAX 512u

struct rule_ledger {
    pthread_mutex_t lock;
    const struct ruleset *set;
    struct rules_scratch *joined[SCRATCHES_MAX];
    uint32_t joined_count;
    struct rule_tally *left; /* by rule: of those that have left */
    bool *seen;              /* by field, likewise */
    struct rule_totals totals;
    struct rule_fates *fates;
};

struct rule_ledger *rule_ledger_new(const struct ruleset *set)
{
    MUST(set != NULL);
    struct rule_ledger *ledger = calloc(1, sizeof(*ledger));
    if (ledger == NULL) {
        return NULL;
    }
    ledger->set = set;
    ledger->left = calloc(ruleset_count(set) + 1u, sizeof(*ledger->left));
    ledger->seen = calloc(ruleset_field_count(set) + 1u, sizeof(*ledger->seen));
    ledger->fates = rule_fates_new(set);
    if (ledger->left == NULL || ledger->seen == NULL || ledger->fates == NULL) {
        rule_fates_free(ledger->fates);
        free(ledger->left);
        free(ledger->seen);
        free(ledger);
        return NULL;
    }
    MUST(pthread_mutex_init(&ledger->lock, NULL) == 0);
    return ledger;
}

void rule_ledger_free(struct rule_ledger *ledger)
{
    if (ledger != NULL) {
        MUST(ledger->joined_count == 0);
        MUST(pthread_mutex_destroy(&ledger->lock) == 0);
        rule_fates_free(ledger->fates);
        free(ledger->left);
        free(ledger->seen);
        free(ledger);
    }
}

struct rule_fates *rule_ledger_fates(struct rule_ledger *ledger)
{
    MUST(ledger != NULL);
    return ledger->fates;
}

bool rule_ledger_join(struct rule_ledger *ledger, struct rules_scratch *scratch)
{
    MUST(scratch != NULL);
    rules_time(scratch, clock_monotonic_ns, TIME_EVERY);
    MUST(pthread_mutex_lock(&ledger->lock) == 0);
    bool has_room = ledger->joined_count < SCRATCHES_MAX;
    if (has_room) {
        ledger->joined[ledger->joined_count++] = scratch;
    }
    MUST(pthread_mutex_unlock(&ledger->lock) == 0);
    return has_room;
}

/* ---- sums ---- */

static void add_rule(struct rule_tally *to, const struct rule_counts *counts)
{
    to->evaluated += counts->candidate;
    to->matched += counts->matched;
    to->errors += counts->errors;
    to->timed += counts->timed;
    to->timed_ns += counts->timed_ns;
}

static void add_totals(struct rule_totals *to, const struct rules_errors *errors)
{
    to->events += errors->events;
    to->evaluated += errors->candidates;
    to->regex_limits += errors->regex_limits;
    to->memory += errors->memory;
    to->matches_cut += errors->matches_cut;
    to->checked += errors->checked;
    to->differences += errors->differences;
}

static void add_fields(const struct rule_ledger *ledger, const struct rules_scratch *scratch,
                       bool *out)
{
    for (uint32_t i = 0; i < ruleset_field_count(ledger->set); i++) {
        out[i] = out[i] || rules_has_seen(scratch, i);
    }
}

void rule_ledger_leave(struct rule_ledger *ledger, struct rules_scratch *scratch)
{
    uint32_t at = 0;
    MUST(pthread_mutex_lock(&ledger->lock) == 0);
    while (at < ledger->joined_count && ledger->joined[at] != scratch) {
        at++;
    }
    if (at < ledger->joined_count) {
        for (uint32_t i = 0; i < ruleset_count(ledger->set); i++) {
            add_rule(&ledger->left[i], rules_counts(scratch, i));
        }
        add_totals(&ledger->totals, rules_errors(scratch));
        add_fields(ledger, scratch, ledger->seen);
        ledger->joined[at] = ledger->joined[--ledger->joined_count];
    }
    MUST(pthread_mutex_unlock(&ledger->lock) == 0);
}

void rule_ledger_rules(struct rule_ledger *ledger, struct rule_tally *out)
{
    uint32_t rules = ruleset_count(ledger->set);
    MUST(pthread_mutex_lock(&ledger->lock) == 0);
    memcpy(out, ledger->left, rules * sizeof(*out));
    for (uint32_t at = 0; at < ledger->joined_count; at++) {
        for (uint32_t i = 0; i < rules; i++) {
            add_rule(&out[i], rules_counts(ledger->joined[at], i));
        }
    }
    MUST(pthread_mutex_unlock(&ledger->lock) == 0);
}

struct rule_totals rule_ledger_totals(struct rule_ledger *ledger)
{
    MUST(pthread_mutex_lock(&ledger->lock) == 0);
    struct rule_totals totals = ledger->totals;
    for (uint32_t at = 0; at < ledger->joined_count; at++) {
        add_totals(&totals, rules_errors(ledger->joined[at]));
    }
    MUST(pthread_mutex_unlock(&ledger->lock) == 0);
    return totals;
}

void rule_ledger_fields(struct rule_ledger *ledger, bool *out)
{
    MUST(pthread_mutex_lock(&ledger->lock) == 0);
    memcpy(out, ledger->seen, ruleset_field_count(ledger->set) * sizeof(*out));
    for (uint32_t at = 0; at < ledger->joined_count; at++) {
        add_fields(ledger, ledger->joined[at], out);
    }
    MUST(pthread_mutex_unlock(&ledger->lock) == 0);
}
