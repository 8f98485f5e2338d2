/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation_read.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/info.h"

static bool refuse(struct compile *c, const struct value *at, const char *what)
{
    problem_error(c->problems, c->file, at->line, at->column, "%s", what);
    return false;
}

/* ---- type ---- */

static const struct type_row {
    const char *name;
    enum correlate_type type;
} types[] = {{"event_count", CORRELATE_EVENT_COUNT}, {"value_count", CORRELATE_VALUE_COUNT},
             {"temporal", CORRELATE_TEMPORAL},       {"temporal_ordered", CORRELATE_ORDERED},
             {"value_sum", CORRELATE_SUM},           {"value_avg", CORRELATE_AVERAGE},
             {"value_median", CORRELATE_PERCENTILE}, {"value_percentile", CORRELATE_PERCENTILE}};

static bool read_type(struct compile *c, struct reading *r)
{
    const struct value *type = value_get(r->spec, SLICE("type"));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (slice_eq(value_text(type), slice_str(types[i].name))) {
            r->correlation.plan.type = types[i].type;
            r->correlation.plan.percentile = 50;
            return true;
        }
    }
    return refuse(c, type != NULL ? type : r->spec,
                  "a correlation's type is event_count, value_count, temporal, temporal_ordered, "
                  "value_sum, value_avg, value_median or value_percentile");
}

/* ---- timespan ---- */

static const struct unit_row {
    char letter;
    int64_t ms;
} units[] = {{'s', 1000},
             {'m', 60000},
             {'h', 3600000},
             {'d', 86400000},
             {'w', 604800000},
             {'M', INT64_C(2629746000)},
             {'y', INT64_C(31556952000)}};

static bool parse_span(struct slice text, int64_t *out_ms)
{
    int64_t count = 0;
    if (text.len < 2) {
        return false;
    }
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || count > CORRELATION_SPAN_MS_MAX) {
            return false;
        }
        count = count * 10 + (text.at[i] - '0');
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (units[i].letter == text.at[text.len - 1]) {
            bool fits = count > 0 && count <= CORRELATION_SPAN_MS_MAX / units[i].ms;
            *out_ms = fits ? count * units[i].ms : 0;
            return fits;
        }
    }
    return false;
}

static bool read_span(struct compile *c, struct reading *r)
{
    const struct value *span = value_get(r->spec, SLICE("timespan"));
    if (span == NULL) {
        const struct value *old = value_get(r->spec, SLICE("timeframe"));
        return old != NULL ? refuse(c, old, "a correlation's `timeframe` is called timespan")
                           : refuse(c, r->spec, "timespan is missing");
    }
    return parse_span(value_text(span), &r->correlation.plan.span_ms) ||
           refuse(c, span, "timespan is a number and one of s, m, h, d, w, M, y: at most 400d");
}

/* ---- lists of names ---- */

/* The texts of a list, or the one that stands where a list could; NULL after an error. */
static struct slice *read_names(struct compile *c, const struct value *value, uint32_t max,
                                uint32_t *out_count)
{
    bool is_list = value->kind == VALUE_LIST;
    struct slice *names = ARENA_ARRAY(c->set, max, struct slice);
    const struct value *at = is_list ? value_first(value) : value;
    *out_count = 0;
    for (; at != NULL && names != NULL; at = is_list ? at->next : NULL) {
        if (value_text(at).len == 0) {
            (void)refuse(c, at, "a name is expected here");
            return NULL;
        }
        if (*out_count == max) {
            (void)refuse(c, at, "more names than a correlation can have");
            return NULL;
        }
        names[(*out_count)++] = arena_copy(c->set, value_text(at));
    }
    return names;
}

static bool read_groups(struct compile *c, struct reading *r)
{
    r->group_value = value_get(r->spec, SLICE("group-by"));
    if (r->group_value == NULL || r->group_value->kind == VALUE_NULL) {
        const struct value *wrong = value_get(r->spec, SLICE("group_by"));
        return wrong == NULL || refuse(c, wrong, "write `group-by`, with a hyphen");
    }
    r->correlation.group_by =
        read_names(c, r->group_value, CORRELATION_FIELDS_MAX, &r->correlation.group_count);
    return r->correlation.group_by != NULL;
}

/* The rules a boolean condition names, where `rules` does not: its words but the operators. */
static uint32_t rules_of_text(struct compile *c, struct slice text, struct slice *out)
{
    static const char stops[] = " \t\r\n()";
    uint32_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        size_t start = i;
        while (i < text.len && strchr(stops, text.at[i]) == NULL) {
            i++;
        }
        struct slice word = slice_of(text.at + start, i - start);
        bool is_known = word.len == 0 || slice_eq(word, SLICE("and")) ||
                        slice_eq(word, SLICE("or")) || slice_eq(word, SLICE("not"));
        for (uint32_t k = 0; k < count && !is_known; k++) {
            is_known = slice_eq(out[k], word);
        }
        if (!is_known && count < CORRELATION_SOURCES_MAX) {
            out[count++] = arena_copy(c->set, word);
        }
    }
    return count;
}

/* Each name with the place it stands at, for problems. */
static bool place_rules(struct compile *c, struct reading *r, const struct value *rules)
{
    uint32_t count = r->correlation.plan.sources;
    r->rule_values = arena_array(c->load, CORRELATION_SOURCES_MAX, sizeof(*r->rule_values));
    r->correlation.sources =
        ARENA_ARRAY(c->set, CORRELATION_SOURCES_MAX, struct correlation_source);
    if (r->rule_values == NULL || r->correlation.sources == NULL) {
        return false;
    }
    const struct value *at = rules->kind == VALUE_LIST ? value_first(rules) : rules;
    for (uint32_t i = 0; i < count; i++) {
        r->rule_values[i] = at;
        at = rules->kind == VALUE_LIST ? at->next : at;
    }
    return true;
}

static bool read_rules(struct compile *c, struct reading *r)
{
    struct correlate_plan *plan = &r->correlation.plan;
    const struct value *rules = value_get(r->spec, SLICE("rules"));
    const struct value *condition = value_get(r->spec, SLICE("condition"));
    if (rules == NULL && value_is(condition, VALUE_STRING)) {
        rules = condition;
        r->rules = ARENA_ARRAY(c->set, CORRELATION_SOURCES_MAX, struct slice);
        plan->sources = r->rules != NULL ? rules_of_text(c, value_string(condition), r->rules) : 0;
    } else if (rules != NULL) {
        r->rules = read_names(c, rules, CORRELATION_SOURCES_MAX, &plan->sources);
        if (r->rules == NULL) {
            return false;
        }
    }
    if (plan->sources == 0) {
        return refuse(c, rules != NULL ? rules : r->spec,
                      "rules is missing: the ids or names of rules or correlations");
    }
    return place_rules(c, r, rules);
}

static bool read_fields(struct compile *c, struct reading *r)
{
    const struct value *condition = value_get(r->spec, SLICE("condition"));
    enum correlate_type type = r->correlation.plan.type;
    bool wants_one = type >= CORRELATE_SUM;
    r->field_value = value_get(condition, SLICE("field"));
    if (r->field_value == NULL) {
        return (!wants_one && type != CORRELATE_VALUE_COUNT) ||
               refuse(c, condition != NULL ? condition : r->spec,
                      "the condition needs `field:`, whose values are taken");
    }
    if (!wants_one && type != CORRELATE_VALUE_COUNT) {
        return refuse(c, r->field_value, "`field` goes with the value_ types; use value_count");
    }
    r->fields = read_names(c, r->field_value, CORRELATION_FIELDS_MAX, &r->correlation.value_count);
    if (r->fields != NULL && wants_one && r->correlation.value_count != 1) {
        return refuse(c, r->field_value, "only value_count takes more than one field");
    }
    return r->fields != NULL;
}

/* ---- the rest ---- */

static bool read_aliases(struct compile *c, struct reading *r)
{
    r->aliases = value_get(r->spec, SLICE("aliases"));
    if (r->aliases == NULL || r->aliases->kind == VALUE_NULL) {
        return true;
    }
    if (r->aliases->kind != VALUE_MAP) {
        return refuse(c, r->aliases, "aliases is a map of alias to a map of rule to field");
    }
    for (const struct value *at = value_first(r->aliases); at != NULL; at = at->next) {
        if (at->kind != VALUE_MAP) {
            return refuse(c, at, "an alias is a map of rule to field");
        }
    }
    return true;
}

static bool read_generate(struct compile *c, struct reading *r)
{
    const struct value *generate = value_get(r->spec, SLICE("generate"));
    generate = generate != NULL ? generate : value_get(r->document->root, SLICE("generate"));
    return generate == NULL || value_bool(generate, &r->correlation.generate) ||
           refuse(c, generate, "generate is true or false");
}

static void warn_unknown(struct compile *c, const struct reading *r)
{
    static const char *const keys[] = {"type",      "rules",   "group-by", "timespan",
                                       "condition", "aliases", "generate"};
    for (const struct value *at = value_first(r->spec); at != NULL; at = at->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
            is_known = is_known || slice_eq(at->key, slice_str(keys[i]));
        }
        if (!is_known) {
            problem_warning(c->problems, c->file, at->line, at->column,
                            "a correlation has no key `%.*s`: it is not looked at",
                            SLICE_ARG(at->key));
        }
    }
}

bool correlation_read(struct compile *c, const struct document *document, struct reading *out)
{
    MUST(document->kind == DOCUMENT_CORRELATION);
    *out = (struct reading){.document = document,
                            .spec = value_get(document->root, SLICE("correlation"))};
    c->file = document->file;
    if (!info_read(c, document->root, false, &out->correlation.info)) {
        return false;
    }
    out->correlation.written = document_digest(document->root);
    if (out->spec->kind != VALUE_MAP) {
        return refuse(c, out->spec, "correlation is a map of type, rules, timespan and so on");
    }
    bool well = read_type(c, out) && read_span(c, out) && read_rules(c, out) &&
                read_groups(c, out) && read_fields(c, out) && read_aliases(c, out) &&
                read_generate(c, out) && correlation_read_condition(c, out);
    if (well) {
        warn_unknown(c, out);
    }
    return well;
}
