/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/fingerprint_rules.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/fingerprint/custom.h"
#include "ingest/fingerprint/fingerprint_rule.h"

struct fingerprint_rules {
    struct fingerprint_rule *first;
    uint32_t count;
};

/* ---- reading ---- */

/* "{{ transaction }}", of which spaces are a part; or a text up to a comma. */
static bool read_value(struct rule_text *text, struct slice *out)
{
    struct slice rest = slice_from(text->line, text->at);
    size_t end = slice_search(rest, SLICE("}}"));
    if (slice_starts(rest, SLICE("{{")) && end < rest.len) {
        *out = arena_copy(text->arena, slice_head(rest, end + 2));
        text->at += end + 2;
        return true;
    }
    return rule_text_value(text, ",", out);
}

static bool read_title(struct rule_text *text, struct fingerprint_rule *rule)
{
    if (text->at == text->line.len || text->line.at[text->at] != '"') {
        rule_text_error(text, "a title is a text in quotes: title=\"Timeout in shop\"");
        return false;
    }
    return rule_text_value(text, "", &rule->title);
}

static bool read_values(struct rule_text *text, struct fingerprint_rule *rule)
{
    struct slice list[FINGERPRINT_PARTS_MAX];
    if (!rule_text_take(text, SLICE("->"))) {
        rule_text_error(text, "'->' and a fingerprint follow the matchers");
        return false;
    }
    while (!rule_text_is_done(text) && text->line.at[text->at] != '#') {
        if (rule_text_take(text, SLICE("title="))) {
            if (!read_title(text, rule)) {
                return false;
            }
            continue;
        }
        if (rule->value_count == FINGERPRINT_PARTS_MAX) {
            rule_text_error(text, "more than %u values", FINGERPRINT_PARTS_MAX);
            return false;
        }
        if (!read_value(text, &list[rule->value_count])) {
            return false;
        }
        rule->value_count++;
        (void)rule_text_take(text, SLICE(","));
    }
    if (rule->value_count == 0) {
        rule_text_error(text, "a fingerprint is missing: a text, or {{ default }}");
        return false;
    }
    struct slice *kept = ARENA_ARRAY(text->arena, rule->value_count, struct slice);
    if (kept != NULL) {
        memcpy(kept, list, rule->value_count * sizeof(list[0]));
    }
    rule->values = kept;
    return kept != NULL;
}

/* NULL when there is a mistake in the line. */
static struct fingerprint_rule *read_rule(struct rule_text *text)
{
    struct fingerprint_rule *rule = ARENA_NEW(text->arena, struct fingerprint_rule);
    if (rule == NULL) {
        rule_text_error(text, "no memory left for this rule");
        return NULL;
    }
    rule->line = slice_str(rule_text_line(text));
    rule->matchers = matchers_read(text, MATCHER_FINGERPRINT, &rule->matcher_count);
    return rule->matchers != NULL && read_values(text, rule) ? rule : NULL;
}

const struct fingerprint_rules *fingerprint_rules_parse(struct arena *arena, struct slice content,
                                                        struct slice file,
                                                        struct problems *problems)
{
    struct rule_text text;
    uint32_t errors_before = problems->errors;
    struct fingerprint_rules *rules = ARENA_NEW(arena, struct fingerprint_rules);
    struct fingerprint_rule *last = NULL;
    rule_text_init(&text, arena, problems, file, content);
    while (rules != NULL && rule_text_next(&text)) {
        struct fingerprint_rule *rule = read_rule(&text);
        if (rule == NULL) {
            continue; /* told; the next lines may hold more mistakes */
        }
        if (rules->count++ == GROUPING_RULES_MAX) {
            rule_text_error(&text, "more than %u rules", GROUPING_RULES_MAX);
            return NULL;
        }
        *(last != NULL ? &last->next : &rules->first) = rule;
        last = rule;
    }
    MUST(rules == NULL || (rules->first == NULL) == (rules->count == 0));
    return problems->errors == errors_before && !arena->exhausted ? rules : NULL;
}

uint32_t fingerprint_rules_count(const struct fingerprint_rules *rules)
{
    return rules != NULL ? rules->count : 0;
}

/* ---- applying ---- */

static void take(struct arena *arena, const struct fingerprint_rule *rule, struct event *event)
{
    struct slice *values = ARENA_ARRAY(arena, rule->value_count, struct slice);
    MUST(rule->value_count > 0 && rule->value_count <= FINGERPRINT_PARTS_MAX);
    if (values == NULL) {
        return;
    }
    memcpy(values, rule->values, rule->value_count * sizeof(struct slice));
    event->fingerprint = values;
    event->fingerprint_count = rule->value_count;
    event->fingerprint_rule = rule->line;
    struct slice title =
        rule->title.len != 0 ? custom_expand(arena, event, rule->title) : slice_of(NULL, 0);
    title = slice_cut_utf8(title, TITLE_BYTES_MAX);
    event->title = title.len != 0 ? title : event->title;
    event->is_title_given = title.len != 0;
}

bool fingerprint_rules_apply(struct arena *arena, const struct fingerprint_rules *rules,
                             struct event *event)
{
    const struct fingerprint_rule *rule = rules != NULL ? rules->first : NULL;
    for (; rule != NULL; rule = rule->next) {
        if (fingerprint_rule_matches(rule, event)) {
            take(arena, rule, event);
            return true;
        }
    }
    for (uint32_t i = 0; i < built_in_rules_count; i++) {
        if (fingerprint_rule_matches(&built_in_rules[i], event)) {
            take(arena, &built_in_rules[i], event);
            return true;
        }
    }
    return false;
}
