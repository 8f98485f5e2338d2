/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/command/lines.h"
#include "ingest/command/rules_commands.h"
#include "ingest/command/sdk_event.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FILE_BYTES_MAX ((size_t)4 << 30)
#define LINES_MAX      10000000u
#define ROUNDS         7u
#define ROUNDS_MAX     1000

struct bench {
    struct rules_open open;
    struct rules_scratch *scratch;
    struct sdk_events *sdk; /* NULL: events are taken as they stand */
    struct arena texts;     /* all lines, read before the first round */
    struct arena event;
    struct slice *lines;
    uint32_t count;
    size_t bytes;
    uint32_t *indexes;
    bool any_logsource;
    bool without_index;
};

/* What one round took, and found. */
struct round {
    uint64_t parse_ns;
    uint64_t detect_ns;
    uint64_t matches;
    uint64_t candidates;
    uint64_t bad; /* lines that are no events */
};

static uint64_t now_ns(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at);
    return (uint64_t)at.tv_sec * UINT64_C(1000000000) + (uint64_t)at.tv_nsec;
}

static bool keep_line(void *context, unsigned long number, struct slice line)
{
    struct bench *bench = context;
    (void)number;
    if (slice_trim(line).len == 0) {
        return true;
    }
    bench->lines[bench->count++] = arena_copy(&bench->texts, line);
    bench->bytes += line.len;
    return bench->count < LINES_MAX && !bench->texts.exhausted;
}

/* Parsing, which is not what is measured, but what comes before it in the server too. */
static bool make_subject(struct bench *bench, struct slice line, struct subject *subject)
{
    struct value *value = NULL;
    const char *reason = NULL;
    if (bench->sdk == NULL) {
        if (fault_is(value_parse_json(&bench->event, line, &value)) || value->kind != VALUE_MAP) {
            return false;
        }
        subject_from_value(subject, value, bench->any_logsource, &bench->event);
        return true;
    }
    const struct event *event = sdk_events_decode(bench->sdk, line, &bench->event, &reason);
    if (event != NULL) {
        subject_from_event(subject, event, &bench->event);
        subject->any_logsource = bench->any_logsource;
    }
    return event != NULL;
}

/* Time that others took of the core is taken off both parts alike. */
static void scale_to_cpu(struct round *round, uint64_t wall_ns, uint64_t cpu_ns)
{
    double share = wall_ns > cpu_ns ? (double)cpu_ns / (double)wall_ns : 1;
    round->parse_ns = (uint64_t)((double)round->parse_ns * share);
    round->detect_ns = (uint64_t)((double)round->detect_ns * share);
}

static struct round run_round(struct bench *bench)
{
    struct round round = {0};
    uint64_t wall_ns = now_ns(CLOCK_MONOTONIC);
    uint64_t cpu_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
    struct subject subject;
    uint32_t max = ruleset_count(bench->open.set);
    uint64_t candidates = rules_errors(bench->scratch)->candidates;
    for (uint32_t i = 0; i < bench->count; i++) {
        arena_reset(&bench->event);
        uint64_t start = now_ns(CLOCK_MONOTONIC);
        if (!make_subject(bench, bench->lines[i], &subject)) {
            round.bad++;
            continue;
        }
        uint64_t parsed = now_ns(CLOCK_MONOTONIC);
        round.matches +=
            bench->without_index
                ? rules_match_full(bench->open.set, bench->scratch, &subject, bench->indexes, max)
                : rules_match(bench->open.set, bench->scratch, &subject, bench->indexes, max);
        round.detect_ns += now_ns(CLOCK_MONOTONIC) - parsed;
        round.parse_ns += parsed - start;
    }
    scale_to_cpu(&round, now_ns(CLOCK_MONOTONIC) - wall_ns,
                 now_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns);
    round.candidates = rules_errors(bench->scratch)->candidates - candidates;
    return round;
}

static int by_number(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* "name   1234 ns/event   810,000 events/s (…)" of the rounds' totals, which it sorts. */
static void put_times(const char *name, uint64_t *totals, uint32_t rounds, uint64_t events)
{
    qsort(totals, rounds, sizeof(*totals), by_number);
    double each[3] = {(double)totals[0] / (double)events,
                      (double)totals[rounds / 2] / (double)events,
                      (double)totals[rounds - 1] / (double)events};
    printf("%-11s %7.0f ns/event  %9.0f events/s   (min %.0f, median %.0f, max %.0f ns over %u "
           "rounds)\n",
           name, each[1], 1e9 / each[1], each[0], each[1], each[2], rounds);
}

static void report(const struct bench *bench, const struct round *rounds, uint32_t count)
{
    uint64_t totals[ROUNDS_MAX];
    uint64_t events = bench->count - rounds[0].bad;
    const struct round *first = &rounds[0];
    if (events == 0) {
        printf("no line is an event\n");
        return;
    }
    printf("rules       %u\nevents      %llu of %.0f bytes", ruleset_count(bench->open.set),
           (unsigned long long)events, (double)bench->bytes / (double)bench->count);
    if (first->bad != 0) {
        printf(", %llu lines that are none", (unsigned long long)first->bad);
    }
    printf("\n");
    for (uint32_t i = 0; i < count; i++) {
        totals[i] = rounds[i].parse_ns;
    }
    put_times(bench->sdk != NULL ? "decoding" : "parsing", totals, count, events);
    for (uint32_t i = 0; i < count; i++) {
        totals[i] = rounds[i].detect_ns;
    }
    put_times("detection", totals, count, events);
    printf("candidates  %.2f/event\nmatches     %.4f/event (%llu)\n",
           (double)first->candidates / (double)events, (double)first->matches / (double)events,
           (unsigned long long)first->matches);
}

/* The rules that are evaluated most for how seldom they hold. */
#define SHOWN 5u

static void put_busiest(const struct bench *bench, uint64_t events)
{
    uint32_t last = UINT32_MAX;
    uint64_t bound = UINT64_MAX;
    for (uint32_t shown = 0; shown < SHOWN; shown++) {
        uint32_t best = UINT32_MAX;
        uint64_t most = 0;
        for (uint32_t i = 0; i < ruleset_count(bench->open.set); i++) {
            uint64_t count = rules_counts(bench->scratch, i)->candidate;
            bool is_next = count < bound || (count == bound && last != UINT32_MAX && i > last);
            if (is_next && count > most) {
                best = i;
                most = count;
            }
        }
        if (best == UINT32_MAX) {
            return;
        }
        const struct rule_counts *counts = rules_counts(bench->scratch, best);
        printf("%s %5.1f %% evaluated, %5.1f %% hold  %.*s\n",
               shown == 0 ? "busiest    " : "           ",
               100.0 * (double)counts->candidate / (double)events,
               100.0 * (double)counts->matched / (double)events,
               SLICE_ARG(ruleset_rule(bench->open.set, best)->title));
        last = best;
        bound = most;
    }
}

static int usage(void)
{
    fprintf(stderr,
            "usage: tocsin rules bench --rules PATH [--any-logsource] [--sentry] [--rounds N]\n"
            "                          [--without-index] FILE\n"
            "How fast the rules are on one core over FILE's events (JSON, one a line): reading an\n"
            "event and detection apart. --without-index evaluates every rule.\n"
            "example: tocsin rules bench --rules sigma/rules events.ndjson\n");
    return EXIT_USAGE;
}

static void run(struct bench *bench, uint32_t count)
{
    struct round rounds[ROUNDS_MAX];
    MUST(count > 0 && count <= ROUNDS_MAX);
    (void)run_round(bench); /* caches, and pages of the arenas */
    for (uint32_t i = 0; i < count; i++) {
        rounds[i] = run_round(bench);
    }
    report(bench, rounds, count);
    put_busiest(bench, (count + 1) * (uint64_t)bench->count);
}

static bool prepare(struct bench *bench, const char *file, bool is_sentry)
{
    bench->scratch = rules_scratch_new(bench->open.set);
    bench->sdk = is_sentry ? sdk_events_new() : NULL;
    MUST(bench->scratch != NULL && (bench->sdk != NULL || !is_sentry) &&
         arena_init(&bench->texts, FILE_BYTES_MAX) && arena_init(&bench->event, SCRATCH_BYTES));
    bench->lines = arena_alloc_raw(&bench->texts, LINES_MAX * sizeof(struct slice));
    bench->indexes = ARENA_ARRAY(&bench->texts, ruleset_count(bench->open.set) + 1u, uint32_t);
    MUST(bench->lines != NULL && bench->indexes != NULL);
    return lines_read(file, keep_line, bench) && bench->count != 0;
}

int rules_command_bench(int argc, char **argv)
{
    struct bench bench = {.without_index = command_flag(&argc, argv, "--without-index"),
                          .any_logsource = command_flag(&argc, argv, "--any-logsource")};
    bool is_sentry = command_flag(&argc, argv, "--sentry");
    const char *rules = NULL;
    const char *rounds_text = NULL;
    if (!command_option(&argc, argv, "--rules", &rules) ||
        !command_option(&argc, argv, "--rounds", &rounds_text) ||
        !command_no_more_options(argc, argv) || rules == NULL || argc != 2) {
        return usage();
    }
    long rounds = rounds_text != NULL ? strtol(rounds_text, NULL, 10) : (long)ROUNDS;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        return usage();
    }
    rules_open(&bench.open, &rules, 1, true);
    bool well = prepare(&bench, argv[1], is_sentry);
    if (well) {
        run(&bench, (uint32_t)rounds);
    }
    rules_scratch_free(bench.scratch);
    sdk_events_free(bench.sdk);
    arena_done(&bench.texts);
    arena_done(&bench.event);
    rules_close(&bench.open);
    return well ? 0 : 1;
}
