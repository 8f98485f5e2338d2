/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/condition.h"
#include "rules/correlation_read.h"
#include <math.h>

static bool refuse(struct compile *c, const struct value *at, const char *what)
{
    problem_error(c->problems, c->file, at->line, at->column, "%s", what);
    return false;
}

/* ---- bounds ---- */

static const struct bound_row {
    const char *name;
    enum compare compare;
    bool is_negated;
} rows[] = {{"gt", COMPARE_GT, false},   {"gte", COMPARE_GTE, false}, {"lt", COMPARE_LT, false},
            {"lte", COMPARE_LTE, false}, {"eq", COMPARE_EQ, false},   {"neq", COMPARE_EQ, true}};

static bool is_number_type(const struct correlate_plan *plan)
{
    return plan->type >= CORRELATE_SUM;
}

static bool read_bound(struct compile *c, struct correlate_plan *plan, const struct value *at,
                       const struct bound_row *row)
{
    double number = 0;
    if (!value_real(at, &number)) {
        return refuse(c, at, "a number is expected here");
    }
    if (!is_number_type(plan)) {
        if (number != floor(number) || number < 0) {
            return refuse(c, at, "what is counted is compared with a whole number");
        }
        if (number > CORRELATION_COUNT_MAX) {
            problem_error(c->problems, c->file, at->line, at->column,
                          "at most %u can be counted; a shorter timespan needs less",
                          CORRELATION_COUNT_MAX);
            return false;
        }
    }
    MUST(plan->bound_count < CORRELATE_BOUNDS_MAX); /* keys of a map are there once */
    plan->bounds[plan->bound_count++] =
        (struct correlate_bound){row->compare, row->is_negated, number};
    return true;
}

static bool read_percentile(struct compile *c, struct reading *r, const struct value *at)
{
    const struct value *type = value_get(r->spec, SLICE("type"));
    if (!slice_eq(value_text(type), SLICE("value_percentile"))) {
        return refuse(c, at, "`percentile` goes with the type value_percentile");
    }
    return (value_real(at, &r->correlation.plan.percentile) &&
            r->correlation.plan.percentile >= 0 && r->correlation.plan.percentile <= 100) ||
           refuse(c, at, "percentile is a number from 0 to 100");
}

static bool read_member(struct compile *c, struct reading *r, const struct value *at)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (slice_eq(at->key, slice_str(rows[i].name))) {
            return read_bound(c, &r->correlation.plan, at, &rows[i]);
        }
    }
    if (slice_eq(at->key, SLICE("percentile"))) {
        return read_percentile(c, r, at);
    }
    return slice_eq(at->key, SLICE("field")) ||
           refuse(c, at, "a condition has gt, gte, lt, lte, eq, neq, field and percentile");
}

/* Counts that no number of events can satisfy, and those that any can. */
static bool is_sensible(struct compile *c, const struct correlate_plan *plan,
                        const struct value *condition)
{
    uint32_t most = plan->type == CORRELATE_TEMPORAL || plan->type == CORRELATE_ORDERED
                        ? plan->sources
                        : CORRELATION_COUNT_MAX + 1u;
    uint32_t held = 0;
    for (uint32_t n = 0; n <= most; n++) {
        held += correlate_bounds_hold(plan, (double)n);
    }
    if (held == 0) {
        return refuse(c, condition, "no number satisfies this condition");
    }
    if (held == most + 1) {
        return refuse(c, condition, "every number satisfies this condition");
    }
    bool is_temporal = plan->type == CORRELATE_TEMPORAL || plan->type == CORRELATE_ORDERED;
    return !is_temporal || !correlate_bounds_hold(plan, 0) ||
           refuse(c, condition, "this holds when no rule was there: write gte, or a text with not");
}

static bool read_bounds(struct compile *c, struct reading *r, const struct value *condition)
{
    struct correlate_plan *plan = &r->correlation.plan;
    for (const struct value *at = value_first(condition); at != NULL; at = at->next) {
        if (!read_member(c, r, at)) {
            return false;
        }
    }
    if (plan->bound_count == 0) {
        return refuse(c, condition, "the condition needs one of gt, gte, lt, lte, eq, neq");
    }
    return is_number_type(plan) || is_sensible(c, plan, condition);
}

/* ---- text ---- */

struct writer {
    struct compile *c;
    int16_t *steps;
    uint32_t count;
    bool is_full;
};

static void put(struct writer *w, int step)
{
    w->is_full |= w->count == CORRELATION_STEPS_MAX;
    if (!w->is_full) {
        w->steps[w->count++] = (int16_t)step;
    }
}

/* As deep as the condition, which condition_parse bounds. */
static void write_steps(struct writer *w, const struct condition *condition)
{
    bool is_and = condition->kind == CONDITION_AND || condition->kind == CONDITION_ALL;
    if (condition->kind == CONDITION_NAME) {
        put(w, (int)condition->name);
        return;
    }
    for (const struct condition *at = condition->first; at != NULL; at = at->next) {
        write_steps(w, at);
        if (at != condition->first) {
            put(w, is_and ? CORRELATE_AND : CORRELATE_OR);
        }
    }
    if (condition->kind == CONDITION_NOT) {
        put(w, CORRELATE_NOT);
    }
}

static bool read_text(struct compile *c, struct reading *r, const struct value *condition)
{
    struct correlate_plan *plan = &r->correlation.plan;
    struct condition_error error = {0};
    struct slice text = value_string(condition);
    struct writer w = {.c = c};
    if (plan->type != CORRELATE_TEMPORAL) {
        return refuse(c, condition, "only a temporal correlation has a text as its condition");
    }
    struct condition *tree = condition_parse(c->load, text, r->rules, plan->sources, &error);
    w.steps = arena_array(c->set, CORRELATION_STEPS_MAX, sizeof(*w.steps));
    if (tree == NULL || w.steps == NULL) {
        bool is_one_line = slice_find(text, '\n') == text.len;
        problem_error(c->problems, c->file, condition->line,
                      condition->column + (is_one_line ? (uint32_t)error.offset : 0),
                      "condition: %s: `%.*s` (the names are those of the rules)", error.reason,
                      SLICE_ARG(error.word));
        return false;
    }
    write_steps(&w, tree);
    plan->steps = w.steps;
    plan->step_count = w.count;
    return !w.is_full || refuse(c, condition, "a condition of more words than allowed");
}

/* ---- the whole ---- */

static bool read_default(struct compile *c, struct reading *r)
{
    struct correlate_plan *plan = &r->correlation.plan;
    if (plan->type != CORRELATE_TEMPORAL && plan->type != CORRELATE_ORDERED) {
        return refuse(c, r->spec, "condition is missing");
    }
    plan->bounds[0] = (struct correlate_bound){COMPARE_GTE, false, plan->sources};
    plan->bound_count = 1;
    return true;
}

bool correlation_read_condition(struct compile *c, struct reading *reading)
{
    const struct value *condition = value_get(reading->spec, SLICE("condition"));
    bool well = condition == NULL || condition->kind == VALUE_NULL ? read_default(c, reading)
                : condition->kind == VALUE_MAP ? read_bounds(c, reading, condition)
                : condition->kind == VALUE_STRING
                    ? read_text(c, reading, condition)
                    : refuse(c, condition, "a condition is a map such as gte: 3");
    if (well) {
        struct correlate_plan *plan = &reading->correlation.plan;
        plan->late_ms = 2 * plan->span_ms + CORRELATION_LATE_MS;
        correlate_plan_finish(plan);
    }
    return well;
}
