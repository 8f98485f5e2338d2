/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/command/lines.h"
#include "ingest/command/rules_commands.h"
#include "ingest/command/sdk_event.h"
#include "rules/explain.h"
#include "rules/explain_correlation.h"
#include <stdio.h>
#include <stdlib.h>

#define OUT_BYTES_MAX  (64u << 20)
#define EVENT_FILE_MAX (16u << 20)
#define ANSWER_NO      2

struct explaining {
    struct rules_open open;
    struct rules_scratch *scratch;
    struct arena event;
    struct subject subject;
    struct buffer out;
    bool any_logsource;
    bool as_json;
    bool any_holds;
    uint32_t count;
};

static int usage(void)
{
    fprintf(stderr,
            "usage: tocsin rules explain [--json] [--sentry] [--any-logsource] RULE EVENT\n"
            "       tocsin rules explain --rules PATH [...] ID EVENT\n"
            "Why a rule holds for an event, or why not. RULE is a file; EVENT a file of one JSON\n"
            "event, - for standard input, or the JSON itself. Of a correlation: whether the event\n"
            "counts for it, and in which group. Exit 0: a rule holds, 2: none does.\n"
            "example: tocsin rules explain sqli.yml '{\"message\":\"near UNION SELECT\"}'\n");
    return EXIT_USAGE;
}

static bool keep_line(void *context, unsigned long number, struct slice line)
{
    (void)number;
    buffer_add(context, line);
    buffer_byte(context, '\n');
    return true;
}

/* The event's text, from wherever it is, in the event's arena. */
static bool read_text(struct explaining *x, const char *from, struct slice *out)
{
    struct buffer text;
    if (from[0] == '{') {
        *out = slice_str(from);
        return true;
    }
    buffer_init(&text, EVENT_FILE_MAX);
    bool well = lines_read(from, keep_line, &text) && !text.overflowed;
    *out = arena_copy(&x->event, buffer_slice(&text));
    buffer_done(&text);
    return well;
}

static bool make_subject(struct explaining *x, const char *from, struct sdk_events *sdk)
{
    struct value *value = NULL;
    struct slice text;
    const char *reason = "an event is a JSON object";
    if (!read_text(x, from, &text)) {
        return false;
    }
    if (sdk != NULL) {
        const struct event *event = sdk_events_decode(sdk, text, &x->event, &reason);
        if (event != NULL) {
            subject_from_event(&x->subject, event, &x->event);
            x->subject.any_logsource = x->any_logsource;
            return true;
        }
    } else {
        struct fault fault = value_parse_json(&x->event, text, &value);
        if (!fault_is(fault) && value->kind == VALUE_MAP) {
            subject_from_value(&x->subject, value, x->any_logsource, &x->event);
            return true;
        }
        reason = fault_is(fault) ? fault.reason : reason;
    }
    fprintf(stderr, "tocsin: the event: %s\n", reason);
    return false;
}

static void explain_rule(struct explaining *x, uint32_t rule)
{
    struct explanation explanation;
    struct json json;
    explain(&explanation, x->open.set, x->scratch, &x->subject, rule);
    x->any_holds = x->any_holds || explanation_holds(&explanation);
    if (x->as_json) {
        json_init(&json, &x->out);
        explain_json(&explanation, &json);
        buffer_byte(&x->out, '\n');
    } else {
        buffer_add(&x->out, x->count > 0 ? SLICE("\n") : SLICE(""));
        explain_text(&explanation, slice_of(NULL, 0), &x->out);
    }
    x->count++;
}

/* As explain_rule; matches again, since explaining a rule leaves nothing of the match. */
static void explain_correlation(struct explaining *x, uint32_t index)
{
    const struct ruleset *set = x->open.set;
    struct correlation_ask ask = {.set = set, .rules = x->scratch};
    uint32_t *held = malloc((ruleset_count(set) + 1u) * sizeof(*held));
    struct json json;
    MUST(held != NULL);
    ask.indexes = held;
    ask.count = rules_match(set, x->scratch, &x->subject, held, ruleset_count(set));
    json_init(&json, &x->out);
    if (!x->as_json && x->count > 0) {
        buffer_byte(&x->out, '\n');
    }
    bool is_hit = x->as_json ? explain_correlation_json(&ask, index, &x->event, &json)
                             : explain_correlation_text(&ask, index, &x->event, &x->out);
    if (x->as_json) {
        buffer_byte(&x->out, '\n');
    }
    x->any_holds = x->any_holds || is_hit;
    x->count++;
    free(held);
}

static bool explain_named_correlation(struct explaining *x, const char *id)
{
    uint32_t index = ruleset_correlation_find(x->open.set, slice_str(id));
    if (index == ruleset_correlation_count(x->open.set)) {
        fprintf(stderr, "tocsin: no rule has the id or name %s\n", id);
        return false;
    }
    explain_correlation(x, index);
    return true;
}

/* Every rule and correlation of a file, or the one of that id or name. */
static bool explain_rules(struct explaining *x, const char *id)
{
    uint32_t rules = ruleset_count(x->open.set);
    if (id == NULL) {
        for (uint32_t i = 0; i < rules; i++) {
            explain_rule(x, i);
        }
        for (uint32_t i = 0; i < ruleset_correlation_count(x->open.set); i++) {
            explain_correlation(x, i);
        }
        return rules != 0;
    }
    uint32_t rule = ruleset_find(x->open.set, slice_str(id));
    if (rule == rules) {
        return explain_named_correlation(x, id);
    }
    explain_rule(x, rule);
    return true;
}

int rules_command_explain(int argc, char **argv)
{
    struct explaining x = {.as_json = command_flag(&argc, argv, "--json"),
                           .any_logsource = command_flag(&argc, argv, "--any-logsource")};
    const char *rules = NULL;
    bool is_sentry = command_flag(&argc, argv, "--sentry");
    if (!command_option(&argc, argv, "--rules", &rules) || !command_no_more_options(argc, argv) ||
        argc != 3) {
        return usage();
    }
    const char *path = rules != NULL ? rules : argv[1];
    struct sdk_events *sdk = is_sentry ? sdk_events_new() : NULL;
    MUST((sdk != NULL || !is_sentry) && arena_init(&x.event, SCRATCH_BYTES));
    buffer_init(&x.out, OUT_BYTES_MAX);
    rules_open(&x.open, &path, 1, false);
    uint32_t errors = rules == NULL ? rules_open_complain(&x.open) : 0;
    x.scratch = rules_scratch_new(x.open.set);
    MUST(x.scratch != NULL);
    bool well = make_subject(&x, argv[2], sdk) && explain_rules(&x, rules != NULL ? argv[1] : NULL);
    if (x.out.len != 0) {
        fwrite(x.out.at, 1, x.out.len, stdout);
    }
    rules_scratch_free(x.scratch);
    rules_close(&x.open);
    buffer_done(&x.out);
    arena_done(&x.event);
    sdk_events_free(sdk);
    return !well || (errors != 0 && x.count == 0) ? 1 : x.any_holds ? 0 : ANSWER_NO;
}
