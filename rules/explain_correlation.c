/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain_correlation.h"
#include "ingest/base/must.h"
#include "rules/ruleset.h"
#include <math.h>

struct explaining {
    const struct correlation_ask *ask;
    const struct correlation *correlation;
    const struct correlation_hit *hits; /* of all correlations */
    uint32_t hit_count;
    uint32_t index;
};

static const char *const type_names[] = {"event_count",      "value_count", "temporal",
                                         "temporal_ordered", "value_sum",   "value_avg",
                                         "value_percentile"};

static struct explaining begin(const struct correlation_ask *ask, uint32_t correlation,
                               struct arena *arena)
{
    struct explaining x = {.ask = ask,
                           .correlation = ruleset_correlation(ask->set, correlation),
                           .index = correlation};
    x.hits = rules_correlate(ask, arena, &x.hit_count);
    MUST(x.correlation->plan.type <= CORRELATE_PERCENTILE);
    return x;
}

static const struct correlation_hit *hit_of(const struct explaining *x, uint32_t source)
{
    for (uint32_t i = 0; i < x->hit_count; i++) {
        if (x->hits[i].correlation == x->index && x->hits[i].source == source) {
            return &x->hits[i];
        }
    }
    return NULL;
}

static bool is_hit(const struct explaining *x)
{
    for (uint32_t s = 0; s < x->correlation->plan.sources; s++) {
        if (hit_of(x, s) != NULL) {
            return true;
        }
    }
    return false;
}

static const struct rule_info *info_of(const struct explaining *x, uint32_t source)
{
    const struct correlation_source *from = &x->correlation->sources[source];
    return from->is_correlation ? &ruleset_correlation(x->ask->set, from->index)->info
                                : ruleset_rule(x->ask->set, from->index);
}

static bool rule_holds(const struct explaining *x, uint32_t rule)
{
    for (uint32_t i = 0; i < x->ask->count; i++) {
        if (x->ask->indexes[i] == rule) {
            return true;
        }
    }
    return false;
}

/* The first field of the group that the event lacks; empty: none. */
static struct slice missing(const struct explaining *x, uint32_t source)
{
    const struct correlation_source *from = &x->correlation->sources[source];
    for (uint32_t i = 0; i < x->correlation->group_count; i++) {
        if (x->ask->rules->fields.slots[from->group[i]].first == NULL) {
            return x->ask->set->names.names[from->group[i]];
        }
    }
    return SLICE("");
}

static const char *bound_name(const struct correlate_bound *bound)
{
    static const char *const names[] = {"eq", "lt", "lte", "gt", "gte"};
    return bound->is_negated ? "neq" : names[bound->compare];
}

/* ---- as text ---- */

static void put_condition(const struct explaining *x, struct buffer *out)
{
    const struct correlate_plan *plan = &x->correlation->plan;
    buffer_printf(out, "holds     when %s", type_names[plan->type]);
    if (plan->step_count != 0) {
        buffer_add(out, SLICE(" satisfies its condition"));
    }
    for (uint32_t i = 0; i < plan->bound_count && plan->step_count == 0; i++) {
        buffer_printf(out, "%s %s %g", i == 0 ? " is" : " and", bound_name(&plan->bounds[i]),
                      plan->bounds[i].number);
    }
    buffer_printf(out, " within %gs", (double)plan->span_ms / 1000);
    for (uint32_t i = 0; i < x->correlation->group_count; i++) {
        buffer_printf(out, "%s%.*s", i == 0 ? ", by " : ", ",
                      SLICE_ARG(x->correlation->group_by[i]));
    }
    buffer_byte(out, '\n');
}

static void put_hit(const struct explaining *x, const struct correlation_hit *hit,
                    struct buffer *out)
{
    buffer_add(out, SLICE("a hit"));
    for (uint32_t i = 0; i < x->correlation->group_count; i++) {
        buffer_printf(out, "%s%.*s \"%.*s\"", i == 0 ? " of " : ", ",
                      SLICE_ARG(x->correlation->group_by[i]), SLICE_ARG(hit->group[i]));
    }
    if (x->correlation->value_count != 0 && isnan(hit->value)) {
        buffer_add(out, SLICE(", without a value"));
    }
}

static void put_source(const struct explaining *x, uint32_t source, struct buffer *out)
{
    const struct correlation_source *from = &x->correlation->sources[source];
    const struct correlation_hit *hit = hit_of(x, source);
    const struct rule_info *info = info_of(x, source);
    struct slice name = info->name.len != 0 ? info->name : info->title;
    buffer_printf(out, "%s  %.*s  ",
                  from->is_correlation ? "   "
                  : hit != NULL        ? "yes"
                                       : "no ",
                  SLICE_ARG(name));
    if (from->is_correlation) {
        buffer_add(out, SLICE("a correlation: hits where it holds"));
    } else if (hit != NULL) {
        put_hit(x, hit, out);
    } else if (!rule_holds(x, from->index)) {
        buffer_add(out, SLICE("does not hold"));
    } else {
        buffer_printf(out, "holds, but the event has no %.*s", SLICE_ARG(missing(x, source)));
    }
    buffer_byte(out, '\n');
}

bool explain_correlation_text(const struct correlation_ask *ask, uint32_t correlation,
                              struct arena *arena, struct buffer *out)
{
    struct explaining x = begin(ask, correlation, arena);
    const struct rule_info *info = &x.correlation->info;
    buffer_printf(out, "%-9s %.*s  (%s)  %.*s:%u\n", is_hit(&x) ? "HIT" : "NO HIT",
                  SLICE_ARG(info->title), rule_level_name(info->level), SLICE_ARG(info->file),
                  info->line);
    put_condition(&x, out);
    buffer_byte(out, '\n');
    for (uint32_t s = 0; s < x.correlation->plan.sources; s++) {
        put_source(&x, s, out);
    }
    return is_hit(&x);
}

/* ---- as JSON ---- */

static void json_source(const struct explaining *x, uint32_t source, struct json *json)
{
    const struct correlation_source *from = &x->correlation->sources[source];
    const struct correlation_hit *hit = hit_of(x, source);
    bool holds = !from->is_correlation && rule_holds(x, from->index);
    json_map(json);
    json_member_string(json, "rule", info_of(x, source)->id);
    json_member_string(json, "kind", from->is_correlation ? SLICE("correlation") : SLICE("rule"));
    json_member_bool(json, "holds", holds);
    json_member_bool(json, "hits", hit != NULL);
    if (holds && hit == NULL) {
        json_member_string(json, "missing", missing(x, source));
    }
    if (hit != NULL) {
        json_key(json, "group");
        json_list(json);
        for (uint32_t i = 0; i < x->correlation->group_count; i++) {
            json_string(json, hit->group[i]);
        }
        json_list_end(json);
    }
    json_map_end(json);
}

static void json_condition(const struct correlate_plan *plan, struct json *json)
{
    json_key(json, "condition");
    json_map(json);
    for (uint32_t i = 0; i < plan->bound_count && plan->step_count == 0; i++) {
        json_key(json, bound_name(&plan->bounds[i]));
        json_real(json, plan->bounds[i].number);
    }
    json_map_end(json);
}

bool explain_correlation_json(const struct correlation_ask *ask, uint32_t correlation,
                              struct arena *arena, struct json *json)
{
    struct explaining x = begin(ask, correlation, arena);
    const struct correlate_plan *plan = &x.correlation->plan;
    json_map(json);
    json_member_string(json, "correlation", x.correlation->info.id);
    json_member_string(json, "title", x.correlation->info.title);
    json_member_bool(json, "hits", is_hit(&x));
    json_member_string(json, "type", slice_str(type_names[plan->type]));
    json_member_integer(json, "timespan_ms", plan->span_ms);
    json_key(json, "group_by");
    json_list(json);
    for (uint32_t i = 0; i < x.correlation->group_count; i++) {
        json_string(json, x.correlation->group_by[i]);
    }
    json_list_end(json);
    json_condition(plan, json);
    json_key(json, "sources");
    json_list(json);
    for (uint32_t s = 0; s < plan->sources; s++) {
        json_source(&x, s, json);
    }
    json_list_end(json);
    json_map_end(json);
    return is_hit(&x);
}
