/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus text format 0.0.4: each family once, with HELP and TYPE, counters ending in _total. */
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"
#include <inttypes.h>

static void family(struct buffer *out, const char *name, const char *type, const char *help)
{
    MUST(strcmp(type, "counter") == 0 || strcmp(type, "gauge") == 0);
    buffer_printf(out, "# HELP tocsin_%s %s\n# TYPE tocsin_%s %s\n", name, help, name, type);
}

static void single(struct buffer *out, const char *name, const char *type, const char *help,
                   uint64_t value)
{
    size_t length = strlen(name);
    bool is_total = length > 6 && strcmp(name + length - 6, "_total") == 0;
    MUST(is_total == (strcmp(type, "counter") == 0));
    family(out, name, type, help);
    buffer_printf(out, "tocsin_%s %" PRIu64 "\n", name, value);
}

static uint64_t sum(const void *const *structs, unsigned count, size_t offset)
{
    uint64_t total = 0;
    MUST(offset % sizeof(uint64_t) == 0);
    for (unsigned i = 0; i < count; i++) {
        MUST(structs[i] != NULL);
        const _Atomic uint64_t *field =
            (const _Atomic uint64_t *)(const void *)((const char *)structs[i] + offset);
        total += atomic_load_explicit(field, memory_order_relaxed);
    }
    return total;
}

static void intake(struct buffer *out, const struct api_options *options)
{
    const void *const *all = (const void *const *)options->intakes;
#define INTAKE_ROW(field, text)                                                                    \
    single(out, "intake_" #field "_total", "counter", text,                                        \
           sum(all, options->worker_count, offsetof(struct intake_counters, field)));
    INTAKE_COUNTERS(INTAKE_ROW)
#undef INTAKE_ROW
}

static void http(struct buffer *out, const struct api_options *options)
{
    const void *const *all = (const void *const *)options->intake_http;
#define HTTP_ROW(field, text)                                                                      \
    if (offsetof(struct http_counters, field) == offsetof(struct http_counters, connections)) {    \
        single(out, "http_" #field, "gauge", text,                                                 \
               sum(all, options->worker_count, offsetof(struct http_counters, field)));            \
    } else {                                                                                       \
        single(out, "http_" #field "_total", "counter", text,                                      \
               sum(all, options->worker_count, offsetof(struct http_counters, field)));            \
    }
    HTTP_COUNTERS(HTTP_ROW)
#undef HTTP_ROW
}

static void journal(struct buffer *out, const struct api_options *options)
{
    struct journal_state state;
    journal_state(options->journal, &state);
    single(out, "journal_ok", "gauge", "1 when requests can be made durable",
           state.condition == JOURNAL_OK);
    single(out, "journal_end", "gauge", "last durable sequence", state.end);
    single(out, "journal_bytes", "gauge", "disk used by segments", state.bytes);
    single(out, "journal_segments", "gauge", "segments kept", state.segments);
    single(out, "journal_records_total", "counter", "records made durable", state.records);
    single(out, "journal_groups_total", "counter", "syncs; records over groups is the batching",
           state.groups);
    single(out, "journal_refused_total", "counter", "requests the journal refused", state.refused);
    single(out, "journal_sync_microseconds_total", "counter", "time spent writing and syncing",
           state.sync_us);
}

static void committer(struct buffer *out, const struct api_options *options)
{
    struct committer_state state;
    committer_state(options->committer, &state);
    single(out, "redis_connected", "gauge", "1 while the committer's link to Redis stands",
           state.connected);
    single(out, "committer_behind", "gauge", "1 while reading back from the journal", state.behind);
    single(out, "committer_lag_records", "gauge", "durable records not yet in Redis",
           state.journal_end > state.position ? state.journal_end - state.position : 0);
    single(out, "committer_applied", "gauge", "all records up to this sequence are in Redis",
           state.applied);
    single(out, "committer_queued", "gauge", "entries waiting in memory", state.queued);
    single(out, "events_counted_total", "counter", "events counted in Redis", state.events);
    single(out, "events_duplicate_total", "counter", "events whose id was counted before",
           state.duplicates);
    family(out, "outcomes_total", "counter", "what became of all that was counted in Redis");
    for (unsigned fate = 0; fate < FATE_COUNT; fate++) {
        for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
            if (state.outcomes[fate][i] != 0) {
                buffer_printf(out,
                              "tocsin_outcomes_total{outcome=\"%s\",category=\"%s\"} %" PRIu64 "\n",
                              fate_name((enum fate)fate), category_name((enum category)i),
                              state.outcomes[fate][i]);
            }
        }
    }
    single(out, "issues_new_total", "counter", "issues that began", state.issues_new);
    single(out, "facts_total", "counter", "facts written for alerting", state.facts);
    single(out, "committer_batches_total", "counter", "calls of tocsin_commit", state.batches);
    single(out, "committer_batch_events_total", "counter", "events in those calls",
           state.batch_events);
    single(out, "redis_commands_total", "counter", "commands sent by the committer",
           state.commands);
    single(out, "committer_microseconds_total", "counter", "time spent waiting for Redis",
           state.commit_us);
    single(out, "committer_replayed_total", "counter", "records read back from the journal",
           state.replayed);
    single(out, "committer_replay_faults_total", "counter",
           "records read back that could not be understood", state.replay_faults);
    single(out, "journal_damaged_total", "counter", "damaged places passed over", state.damaged);
}

static void alerting(struct buffer *out, const struct api_options *options)
{
    const struct alerting_stats *stats = alerting_stats(options->alerting);
    MUST(stats != NULL);
    single(out, "alerting_facts_total", "counter", "facts read", stats->facts_read);
    single(out, "alerting_facts_malformed_total", "counter", "facts that could not be read",
           stats->facts_malformed);
    single(out, "alerts_fired_total", "counter", "alerts that began to fire", stats->alerts_fired);
    single(out, "alerts_resolved_total", "counter", "alerts that were over",
           stats->alerts_resolved);
    single(out, "alerts_firing", "gauge", "alerts firing now", stats->alerts_firing);
    single(out, "notices_queued_total", "counter", "notices put into the outbox",
           stats->notices_queued);
    single(out, "notices_suppressed_total", "counter", "notices held back by configuration",
           stats->notices_suppressed);
    single(out, "notifications_total", "counter", "notices delivered", stats->delivered);
    family(out, "notifications_failed_total", "counter", "attempts that failed, by reason");
    for (unsigned i = 0; i < DELIVERY_FAILURE_COUNT; i++) {
        buffer_printf(out, "tocsin_notifications_failed_total{reason=\"%s\"} %" PRIuFAST64 "\n",
                      delivery_failure_name((enum delivery_failure)i), stats->failed[i]);
    }
    single(out, "notices_dead_total", "counter", "notices given up, kept for replay", stats->dead);
    single(out, "outbox_depth", "gauge", "notices waiting", stats->outbox_depth);
    single(out, "alerting_conflicts_total", "counter", "steps another node took first",
           stats->conflicts);
}

static void symbols(struct buffer *out, const struct api_options *options)
{
    const struct symboliser_stats *stats = symboliser_stats(options->symboliser);
    single(out, "symbols_cached_total", "counter", "addresses of programs known from before",
           stats->cached);
    single(out, "symbols_looked_up_total", "counter", "addresses the symbol worker answered",
           stats->looked_up);
    single(out, "symbol_worker_starts_total", "counter", "starts of that process", stats->starts);
    single(out, "symbol_worker_crashes_total", "counter", "files it died of", stats->crashes);
    single(out, "symbol_worker_timeouts_total", "counter", "files it was killed over, too slow",
           stats->timeouts);
    single(out, "symbol_worker_absent_total", "counter",
           "questions without it: no process to be had, or no sandbox", stats->absent);
}

static void rules(struct buffer *out, struct rule_ledger *ledger)
{
    struct rule_totals totals = rule_ledger_totals(ledger);
    single(out, "rule_events_total", "counter", "events matched against the rules in use",
           totals.events);
    single(out, "rule_evaluations_total", "counter", "rules evaluated for them", totals.evaluated);
    single(out, "rule_regex_limits_total", "counter", "patterns that gave up on a value",
           totals.regex_limits);
    single(out, "rule_memory_exhausted_total", "counter", "events too large to be matched whole",
           totals.memory);
    single(out, "rule_matches_cut_total", "counter",
           "events that more rules held for than are kept", totals.matches_cut);
    single(out, "rule_oracle_checked_total", "counter", "events also matched without the index",
           totals.checked);
    single(out, "rule_oracle_differences_total", "counter", "of these, answers that differed",
           totals.differences);
}

/* A label's value: ids of rules may be any text. */
static void put_label(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\\' || c == '\n') {
            buffer_byte(out, '\\');
            c = c == '\n' ? 'n' : c;
        }
        buffer_byte(out, c);
    }
}

/* Only rules that have any: a set may have thousands that never match. */
static void put_fates(struct buffer *out, const struct rule_fates *fates, enum rule_fate fate,
                      const char *name)
{
    for (uint32_t i = 0; i < rule_fates_count(fates); i++) {
        uint64_t count = rule_fates_get(fates, i, fate);
        if (count != 0) {
            buffer_printf(out, "tocsin_%s{rule=\"", name);
            put_label(out, rule_fates_info(fates, i)->id);
            buffer_printf(out, "\"} %" PRIu64 "\n", count);
        }
    }
}

static void fates(struct buffer *out, struct rule_ledger *ledger)
{
    static const struct {
        const char *name;
        const char *help;
    } rows[RULE_FATE_COUNT] = {
        [RULE_FIRED] = {"rule_fired_total", "alerts of the rule that began"},
        [RULE_SUPPRESSED] = {"rule_suppressed_total", "matches of the rule that began no alert"},
        [RULE_FORGOTTEN] = {"correlation_groups_forgotten_total",
                            "groups of a correlation given up for want of room"},
    };
    for (unsigned i = 0; i < RULE_FATE_COUNT; i++) {
        family(out, rows[i].name, "counter", rows[i].help);
        put_fates(out, rule_ledger_fates(ledger), (enum rule_fate)i, rows[i].name);
    }
}

struct fault api_metrics(struct call *call)
{
    struct buffer *out = &call->api->buffer;
    const struct api_options *options = &call->api->options;
    const struct snapshot *snapshot = call->api->snapshot;
    call->content_type = "text/plain; version=0.0.4; charset=utf-8";
    MUST(options->worker_count <= API_WORKERS_MAX);
    family(out, "build_info", "gauge", "the running version");
    buffer_printf(out, "tocsin_build_info{version=\"%s\"} 1\n", TOCSIN_VERSION);
    single(out, "start_time_seconds", "gauge", "when this server started, unix time",
           options->started_us / 1000000);
    single(out, "workers", "gauge", "intake threads", options->worker_count);
    single(out, "projects", "gauge", "projects known", snapshot->projects.count);
    single(out, "rules", "gauge", "rules in use",
           snapshot->rules != NULL ? ruleset_count(snapshot->rules) : 0);
    single(out, "snapshot_generation", "gauge", "loads of configuration, rules and projects",
           snapshot->generation);
    single(out, "rule_errors", "gauge", "problems in rule files, which were left out",
           snapshot->rule_errors);
    if (snapshot->ledger != NULL) {
        rules(out, snapshot->ledger);
        fates(out, snapshot->ledger);
    }
    intake(out, options);
    http(out, options);
    journal(out, options);
    committer(out, options);
    alerting(out, options);
    symbols(out, options);
    return FAULT_OK;
}
