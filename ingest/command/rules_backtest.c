/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/command/rules_commands.h"
#include "ingest/host/clock.h"
#include "ingest/pipeline.h"
#include "rules/correlator.h"
#include "rules/rule_test.h"
#include "storage/history.h"
#include <stdio.h>
#include <stdlib.h>

#define EXAMPLES 3u

/* What one rule or correlation would have found. */
struct finding {
    uint64_t count;
    int64_t first_us;
    int64_t last_us;
    struct id examples[EXAMPLES];
};

struct backtest {
    struct rules_open open;
    struct pipeline *pipeline;
    struct snapshot *snapshot; /* without rules: they are matched here */
    struct rules_scratch *scratch;
    struct correlator *correlator;
    struct arena pass;
    struct arena keep;
    uint32_t *held;
    struct finding *findings; /* by rule, then by correlation */
    uint64_t events;
    uint64_t unread; /* records that are no longer understood */
    int64_t newest_ms;
    const struct event *event; /* under way */
};

static void note(struct finding *finding, int64_t at_us, struct id event)
{
    bool is_first = finding->count == 0;
    finding->first_us = is_first || at_us < finding->first_us ? at_us : finding->first_us;
    finding->last_us = is_first || at_us > finding->last_us ? at_us : finding->last_us;
    if (finding->count < EXAMPLES) {
        finding->examples[finding->count] = event;
    }
    finding->count++;
}

static void fire(void *context, const struct correlator_firing *firing)
{
    struct backtest *b = context;
    struct id event = b->event != NULL ? b->event->id : (struct id){{0}};
    uint32_t rules = ruleset_count(b->open.set);
    note(&b->findings[rules + firing->correlation], firing->at_ms * 1000, event);
}

static void correlate(struct backtest *b, uint32_t count, int64_t at_ms)
{
    uint32_t hit_count = 0;
    const struct correlation_ask ask = {
        .set = b->open.set, .rules = b->scratch, .indexes = b->held, .count = count};
    const struct correlation_hit *hits = rules_correlate(&ask, &b->pass, &hit_count);
    b->newest_ms = at_ms > b->newest_ms ? at_ms : b->newest_ms;
    int64_t settled_ms = b->newest_ms - CORRELATION_SETTLE_MS;
    correlator_settle(b->correlator, settled_ms);
    for (uint32_t i = 0; i < hit_count; i++) {
        correlator_add(b->correlator, &hits[i], at_ms, b->events, settled_ms);
    }
}

static void match_event(struct backtest *b, const struct event *event)
{
    struct subject subject;
    b->events++;
    b->event = event;
    subject_from_event(&subject, event, &b->pass);
    uint32_t count =
        rules_match(b->open.set, b->scratch, &subject, b->held, ruleset_count(b->open.set));
    for (uint32_t i = 0; i < count; i++) {
        note(&b->findings[b->held[i]], event->timestamp_us, event->id);
    }
    correlate(b, count, event->timestamp_us / 1000);
    b->event = NULL;
}

static void take_record(void *context, const struct record *record)
{
    struct backtest *b = context;
    struct outcome outcome;
    struct fault fault =
        pipeline_run(b->pipeline, b->snapshot, record, &b->pass, &b->keep, &outcome);
    if (fault_is(fault)) {
        b->unread++;
    } else {
        for (const struct passed_event *at = outcome.events; at != NULL; at = at->next) {
            match_event(b, at->event);
        }
    }
    arena_reset(&b->pass);
    arena_reset(&b->keep);
}

/* ---- the report ---- */

static const struct rule_info *info_of(const struct backtest *b, uint32_t index)
{
    uint32_t rules = ruleset_count(b->open.set);
    return index < rules ? ruleset_rule(b->open.set, index)
                         : &ruleset_correlation(b->open.set, index - rules)->info;
}

static void print_finding(const struct backtest *b, uint32_t index, double days)
{
    const struct finding *finding = &b->findings[index];
    const struct rule_info *info = info_of(b, index);
    char first[TIME_TEXT_BYTES];
    char last[TIME_TEXT_BYTES];
    char hex[ID_HEX_BYTES + 1];
    printf("%8llu  %.*s  (%s, %.*s)\n", (unsigned long long)finding->count, SLICE_ARG(info->title),
           rule_level_name(info->level), SLICE_ARG(info->id));
    if (finding->count == 0) {
        return;
    }
    time_format(finding->first_us, 0, first);
    time_format(finding->last_us, 0, last);
    printf("          %.1f a day, from %s to %s\n          events", (double)finding->count / days,
           first, last);
    for (uint64_t i = 0; i < finding->count && i < EXAMPLES; i++) {
        id_format(finding->examples[i], hex);
        printf(" %s", hex);
    }
    printf("%s\n", finding->count > EXAMPLES ? " ..." : "");
}

static void print_json(const struct backtest *b, uint32_t index)
{
    const struct finding *finding = &b->findings[index];
    char hex[ID_HEX_BYTES + 1];
    char at[TIME_TEXT_BYTES];
    struct buffer out;
    struct json json;
    buffer_init(&out, 1u << 20);
    json_init(&json, &out);
    json_map(&json);
    json_member_string(&json, "rule", info_of(b, index)->id);
    json_member_string(&json, "title", info_of(b, index)->title);
    json_member_integer(&json, "count", (int64_t)finding->count);
    if (finding->count != 0) {
        time_format(finding->first_us, 3, at);
        json_member_string(&json, "first", slice_str(at));
        time_format(finding->last_us, 3, at);
        json_member_string(&json, "last", slice_str(at));
    }
    json_key(&json, "events");
    json_list(&json);
    for (uint64_t i = 0; i < finding->count && i < EXAMPLES; i++) {
        id_format(finding->examples[i], hex);
        json_string(&json, slice_str(hex));
    }
    json_list_end(&json);
    json_map_end(&json);
    printf("%.*s\n", (int)out.len, out.at);
    buffer_done(&out);
}

static void report(const struct backtest *b, const struct history *history, int64_t since_us,
                   bool as_json)
{
    uint32_t count = ruleset_count(b->open.set) + ruleset_correlation_count(b->open.set);
    double days = (double)(clock_wall_us() - since_us) / 86400e6;
    if (!as_json) {
        printf("%u rules over %llu events (%llu requests) of the last %.1f days\n", count,
               (unsigned long long)b->events, (unsigned long long)history->records, days);
        printf("   WOULD HAVE HELD\n");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (as_json) {
            print_json(b, i);
        } else {
            print_finding(b, i, days);
        }
    }
    if (history->damaged != 0 || b->unread != 0) {
        fprintf(stderr, "tocsin: %llu damaged places and %llu requests could not be read\n",
                (unsigned long long)history->damaged, (unsigned long long)b->unread);
    }
}

/* ---- the command ---- */

static void prepare(struct backtest *b, const char *rules)
{
    rules_open(&b->open, &rules, 1, true);
    uint32_t count = ruleset_count(b->open.set);
    b->pipeline = pipeline_new();
    b->snapshot = snapshot_new();
    b->scratch = rules_scratch_new(b->open.set);
    b->correlator = correlator_new(b->open.set, fire, b);
    b->held = calloc(count + 1u, sizeof(*b->held));
    b->findings =
        calloc((size_t)count + ruleset_correlation_count(b->open.set) + 1, sizeof(*b->findings));
    MUST(b->pipeline != NULL && b->snapshot != NULL && b->scratch != NULL &&
         b->correlator != NULL && b->held != NULL && b->findings != NULL &&
         arena_init(&b->pass, SCRATCH_BYTES) && arena_init(&b->keep, JOB_BYTES));
}

static void done(struct backtest *b)
{
    correlator_free(b->correlator);
    rules_scratch_free(b->scratch);
    pipeline_free(b->pipeline);
    snapshot_release(b->snapshot);
    free(b->held);
    free(b->findings);
    arena_done(&b->pass);
    arena_done(&b->keep);
    rules_close(&b->open);
}

static int usage(void)
{
    fprintf(
        stderr,
        "usage: tocsin rules backtest --rules PATH [--since 7d] [--data DIR] [--json]\n"
        "What rules and correlations would have found in the events of the journal, whether or\n"
        "not a server is running; nothing is changed.\n"
        "example: tocsin rules backtest --rules new_rule.yml --since 12h\n");
    return EXIT_USAGE;
}

int rules_command_backtest(int argc, char **argv)
{
    struct backtest b = {0};
    struct history history;
    char why[256];
    int64_t span_us = 0;
    const char *rules = NULL;
    const char *since = "7d";
    const char *data = "./data";
    bool as_json = command_flag(&argc, argv, "--json");
    if (!command_option(&argc, argv, "--rules", &rules) ||
        !command_option(&argc, argv, "--since", &since) ||
        !command_option(&argc, argv, "--data", &data) || !command_no_more_options(argc, argv) ||
        argc != 1 || rules == NULL || !rule_test_span(slice_str(since), &span_us) || span_us == 0) {
        return usage();
    }
    prepare(&b, rules);
    int64_t since_us = clock_wall_us() - span_us;
    uint32_t errors = rules_open_complain(&b.open);
    bool well = history_read(data, since_us, take_record, &b, &history, why);
    if (well) {
        correlator_settle(b.correlator, b.newest_ms);
        report(&b, &history, since_us, as_json);
    } else {
        fprintf(stderr, "tocsin: %s\n", why);
    }
    done(&b);
    return well && errors == 0 ? 0 : 1;
}
