/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_config.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/event/matcher.h"

enum action_kind {
    ACTION_APP,
    ACTION_GROUP,
    ACTION_CATEGORY,
    ACTION_MAX_FRAMES,
    ACTION_MIN_FRAMES
};

enum action_range { RANGE_HERE, RANGE_UP, RANGE_DOWN };

struct action {
    enum action_kind kind;
    enum action_range range;
    bool is_on;
    uint32_t number;
    struct slice name;
};

struct own_rule {
    const struct matcher *matchers;
    const struct action *actions;
    uint32_t matcher_count;
    uint32_t action_count;
    const char *why; /* the line it stands on, for explanations */
    struct own_rule *next;
};

struct stack_config {
    struct own_rule *first;
    uint32_t count;
};

/* ---- reading ---- */

static bool read_flag(struct rule_text *text, struct action *out)
{
    struct slice rest = slice_from(text->line, text->at);
    size_t at = 0;
    *out = (struct action){.range = RANGE_HERE};
    if (rest.at[0] == '^' || rest.at[0] == 'v') {
        out->range = rest.at[at++] == '^' ? RANGE_UP : RANGE_DOWN;
    }
    if (at == rest.len || (rest.at[at] != '+' && rest.at[at] != '-')) {
        return false;
    }
    out->is_on = rest.at[at++] == '+';
    struct slice name = slice_from(rest, at);
    if (slice_starts(name, SLICE("app"))) {
        out->kind = ACTION_APP;
        text->at += at + 3;
        return true;
    }
    if (slice_starts(name, SLICE("group"))) {
        out->kind = ACTION_GROUP;
        text->at += at + 5;
        return true;
    }
    return false;
}

static bool read_number(struct rule_text *text, uint32_t *out)
{
    struct slice digits = rule_text_name(text);
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9' || *out > FRAMES_MAX) {
            digits.len = 0;
            break;
        }
        *out = *out * 10 + (uint32_t)(digits.at[i] - '0');
    }
    if (digits.len == 0 || *out > FRAMES_MAX) {
        rule_text_error(text, "a number of frames, up to %u", FRAMES_MAX);
        return false;
    }
    return true;
}

static bool read_action(struct rule_text *text, struct action *out)
{
    static const struct {
        struct slice name;
        enum action_kind kind;
    } rows[] = {{SLICE_INIT("max-frames="), ACTION_MAX_FRAMES},
                {SLICE_INIT("min-frames="), ACTION_MIN_FRAMES}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rule_text_take(text, rows[i].name)) {
            *out = (struct action){.kind = rows[i].kind};
            return read_number(text, &out->number);
        }
    }
    if (rule_text_take(text, SLICE("category="))) {
        *out = (struct action){.kind = ACTION_CATEGORY};
        return rule_text_value(text, "", &out->name);
    }
    bool is_end = false;
    if (read_flag(text, out)) {
        is_end = text->at == text->line.len || strchr(" \t\r", text->line.at[text->at]) != NULL;
    }
    if (!is_end) {
        rule_text_error(text, "an action is +app, -app, +group or -group, after ^ or v for the "
                              "frames around, or max-frames=, min-frames=, category=");
    }
    return is_end;
}

static bool read_actions(struct rule_text *text, struct own_rule *rule)
{
    struct action list[GROUPING_MATCHERS_MAX];
    if (rule_text_is_done(text)) {
        rule_text_error(text, "actions follow the matchers: -app, +group, max-frames=5, …");
        return false;
    }
    while (!rule_text_is_done(text) && text->line.at[text->at] != '#') {
        if (rule->action_count == GROUPING_MATCHERS_MAX) {
            rule_text_error(text, "more than %u actions", GROUPING_MATCHERS_MAX);
            return false;
        }
        if (!read_action(text, &list[rule->action_count])) {
            return false;
        }
        rule->action_count++;
    }
    struct action *kept = ARENA_ARRAY(text->arena, rule->action_count, struct action);
    if (kept == NULL || rule->action_count == 0) {
        rule_text_error(text, kept == NULL ? "no memory left for this rule" : "no action");
        return false;
    }
    memcpy(kept, list, rule->action_count * sizeof(list[0]));
    rule->actions = kept;
    return true;
}

/* NULL when there is a mistake in the line. */
static struct own_rule *read_rule(struct rule_text *text)
{
    struct own_rule *rule = ARENA_NEW(text->arena, struct own_rule);
    if (rule == NULL) {
        rule_text_error(text, "no memory left for this rule");
        return NULL;
    }
    const char *line = rule_text_line(text);
    struct slice why[] = {SLICE("the project's stack rule "), slice_str(line)};
    rule->why = arena_str(text->arena, arena_concat(text->arena, why, 2));
    rule->matchers = matchers_read(text, MATCHER_STACK, &rule->matcher_count);
    return rule->matchers != NULL && read_actions(text, rule) ? rule : NULL;
}

const struct stack_config *stack_config_parse(struct arena *arena, struct slice content,
                                              struct slice file, struct problems *problems)
{
    struct rule_text text;
    uint32_t errors_before = problems->errors;
    struct stack_config *config = ARENA_NEW(arena, struct stack_config);
    struct own_rule *last = NULL;
    rule_text_init(&text, arena, problems, file, content);
    while (config != NULL && rule_text_next(&text)) {
        struct own_rule *rule = read_rule(&text);
        if (rule == NULL) {
            continue; /* told; the next lines may hold more mistakes */
        }
        if (config->count++ == GROUPING_RULES_MAX) {
            rule_text_error(&text, "more than %u rules", GROUPING_RULES_MAX);
            return NULL;
        }
        *(last != NULL ? &last->next : &config->first) = rule;
        last = rule;
    }
    MUST(config == NULL || (config->first == NULL) == (config->count == 0));
    return problems->errors == errors_before && !arena->exhausted ? config : NULL;
}

uint32_t stack_config_count(const struct stack_config *config)
{
    return config != NULL ? config->count : 0;
}

/* ---- applying ---- */

/* One stack trace, and what is believed of its frames. */
struct own_trace {
    const struct event *event;
    const struct exception *exception;
    struct stacktrace *stack;
    struct slice *categories;
};

static bool holds(const struct own_trace *trace, const struct matcher *matcher, uint32_t index)
{
    bool has_caller = index > 0;
    bool has_callee = index + 1 < trace->stack->count;
    if ((matcher->place == MATCHER_CALLER && !has_caller) ||
        (matcher->place == MATCHER_CALLEE && !has_callee)) {
        return false;
    }
    index += matcher->place == MATCHER_CALLEE;
    index -= matcher->place == MATCHER_CALLER;
    MUST(index < trace->stack->count);
    const struct matcher_frame at = {trace->event, trace->exception, &trace->stack->frames[index],
                                     trace->categories[index]};
    return matcher_holds_frame(matcher, &at);
}

static bool all_hold(const struct own_trace *trace, const struct own_rule *rule, uint32_t index)
{
    for (uint32_t i = 0; i < rule->matcher_count; i++) {
        if (!holds(trace, &rule->matchers[i], index)) {
            return false;
        }
    }
    return true;
}

static void act_on(struct own_trace *trace, const struct action *action, const char *why,
                   uint32_t index)
{
    struct frame *frame = &trace->stack->frames[index];
    switch (action->kind) {
    case ACTION_APP:
        frame->in_app = action->is_on ? YES : NO;
        return;
    case ACTION_GROUP:
        frame->ignored_by = action->is_on ? NULL : why;
        return;
    case ACTION_CATEGORY:
        trace->categories[index] = action->name;
        return;
    case ACTION_MAX_FRAMES:
        trace->stack->frames_max = action->number;
        return;
    case ACTION_MIN_FRAMES:
        trace->stack->frames_min = action->number;
        return;
    }
    NEVER("an action without an effect");
}

static void act(struct own_trace *trace, const struct own_rule *rule, uint32_t index)
{
    for (uint32_t i = 0; i < rule->action_count; i++) {
        const struct action *action = &rule->actions[i];
        bool is_up = action->range == RANGE_UP;
        uint32_t from = is_up ? index + 1 : action->range == RANGE_DOWN ? 0 : index;
        uint32_t to = is_up ? trace->stack->count : action->range == RANGE_DOWN ? index : index + 1;
        for (uint32_t at = from; at < to; at++) {
            act_on(trace, action, rule->why, at);
        }
    }
}

void stack_config_apply(const struct stack_config *config, const struct event *event,
                        const struct exception *exception, struct stacktrace *stack,
                        struct slice *categories)
{
    struct own_trace trace = {event, exception, stack, categories};
    MUST(config != NULL && categories != NULL && stack->count <= FRAMES_MAX);
    for (const struct own_rule *rule = config->first; rule != NULL; rule = rule->next) {
        for (uint32_t i = 0; i < stack->count; i++) {
            if (all_hold(&trace, rule, i)) {
                act(&trace, rule, i);
            }
        }
    }
}
