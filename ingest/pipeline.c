/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/pipeline.h"
#include "alerting/correlated.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "ingest/decode/body.h"
#include "ingest/decode/contents.h"
#include "ingest/decode/event_json.h"
#include "ingest/decode/limited.h"
#include "ingest/decode/refusals.h"
#include "ingest/fingerprint/fingerprint.h"
#include "ingest/gather.h"
#include "ingest/normalise/normalise.h"
#include "ingest/normalise/stack_memo.h"
#include "ingest/rewrite.h"
#include <stdlib.h>

struct pipeline {
    struct inflate_scratch *inflate;
    struct stack_memo *memo;
    struct rules_scratch *rules; /* made for the rules of snapshot `generation` */
    struct rule_ledger *ledger;  /* of that snapshot: where the rules are counted */
    uint64_t generation;
    bool only_counts;     /* nobody sees the events */
    struct json *explain; /* takes why events are grouped as they are; NULL: nobody asks */
};

/* What one pass shares between its steps. */
struct pass {
    struct pipeline *pipeline;
    const struct snapshot *snapshot;
    const struct record *record;
    const struct project *project;         /* NULL: not known (any more) */
    const struct grouping_entry *grouping; /* the project's rules */
    struct arena *scratch;
    struct arena *keep;
    struct outcome *out;
    struct limited limited; /* what of it may not pass */
    struct gather gather;   /* what comes of it */
};

/* ---- the path ---- */

static struct fault pass_items(struct pass *pass, const struct envelope *envelope);
static struct fault pass_item(struct pass *pass, const struct envelope *envelope, uint32_t index);
static struct fault pass_event(struct pass *pass, struct value *root,
                               const struct envelope *envelope, const struct envelope_item *item);
static struct fault pass_rewritten(struct pass *pass);
static struct effect *pass_rules(struct pass *pass, const struct event *event,
                                 const struct scrub_rules *secrets);
static void pass_effect(struct pass *pass, const struct event *event,
                        const struct fingerprint *fingerprint, struct effect *effect);
static void pass_refusals(struct pass *pass, struct slice text);

/* What is counted of an event besides itself. */
struct counted {
    enum category category;
    size_t bytes; /* as it was sent */
};

static struct fault pass_counted(struct pass *pass, struct value *root, struct event *event,
                                 const struct fingerprint *fingerprint,
                                 const struct counted *counted);

/* How the body of each kind of record becomes an envelope (decode/body.h). */
static const struct {
    enum record_kind kind;
    body_fn *open;
} kinds[] = {
    {RECORD_ENVELOPE, body_envelope},       {RECORD_STORE, body_store},
    {RECORD_SECURITY, body_reports},        {RECORD_MINIDUMP, body_minidump},
    {RECORD_ATTACHMENTS, body_attachments}, {RECORD_CHECK_IN, body_check_in},
};

static body_fn *opener_of(enum record_kind kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].kind == kind) {
            return kinds[i].open;
        }
    }
    return NULL;
}

struct fault pipeline_run(struct pipeline *pipeline, const struct snapshot *snapshot,
                          const struct record *record, struct arena *scratch, struct arena *keep,
                          struct outcome *out)
{
    struct pass pass = {.pipeline = pipeline,
                        .snapshot = snapshot,
                        .record = record,
                        .scratch = scratch,
                        .keep = keep,
                        .out = out};
    struct body body = {pipeline->inflate, record->body, record->content_type, record->parameters};
    struct envelope envelope;
    body_fn *open = opener_of(record->kind);
    gather_start(&pass.gather, record, scratch, keep, out);
    if (record->kind == RECORD_REFUSALS) {
        pass_refusals(&pass, record->body);
        return gather_end(&pass.gather);
    }
    if (open == NULL && record->kind != RECORD_SCRUBBED) {
        return fault_make(FAULT_UNSUPPORTED, "record: of a kind this version does not know");
    }
    pass.project = projects_by_id(&snapshot->projects, record->project);
    pass.grouping = grouping_for(&snapshot->grouping, record->project);
    if (record->kind == RECORD_SCRUBBED) {
        return pass_rewritten(&pass);
    }
    limited_read(record->parameters, &pass.limited);
    struct fault fault = inflate_body(pipeline->inflate, scratch, record->content_encoding,
                                      record->body, &body.plain);
    if (!fault_is(fault)) {
        fault = open(scratch, &body, &envelope);
    }
    if (!fault_is(fault)) {
        fault = pass_items(&pass, &envelope);
    }
    return fault_is(fault) ? fault : gather_end(&pass.gather);
}

static struct fault pass_items(struct pass *pass, const struct envelope *envelope)
{
    struct outcome *out = pass->out;
    struct fault fault = FAULT_OK;
    out->dsn = envelope->dsn;
    if (envelope_needs_event_id(envelope)) {
        out->event_id = id_is_none(envelope->event_id) ? pass->record->seed : envelope->event_id;
    }
    for (uint32_t i = 0; i < envelope->count && !fault_is(fault); i++) {
        out->items[envelope->items[i].kind]++;
        fault = pass_item(pass, envelope, i);
    }
    return fault;
}

static struct fault pass_events(struct pass *pass, const struct value *events,
                                const struct envelope *envelope, const struct envelope_item *item)
{
    struct fault fault = FAULT_OK;
    struct value *at = events != NULL ? events->of.children.first : NULL;
    for (; at != NULL && !fault_is(fault); at = at->next) {
        fault = pass_event(pass, at, envelope, item);
    }
    return fault;
}

/* One item: its events, or its quantity; or why neither. A wrong event makes the request wrong, so
 * that its sender learns of it; other items that are wrong are counted as such. */
static struct fault pass_item(struct pass *pass, const struct envelope *envelope, uint32_t index)
{
    const struct envelope_item *item = &envelope->items[index];
    enum category category = item_category(item->kind);
    const struct report_source source = {pass->record->received_us, pass->record->user_agent,
                                         pass->record->parameters};
    struct contents contents;
    struct fault fault = contents_read(pass->scratch, &source, envelope, index, &contents);
    bool is_alone = item->kind == ITEM_EVENT || pass->record->kind != RECORD_ENVELOPE;
    if (fault_is(fault) && (is_alone || fault.kind == FAULT_TOO_BIG)) {
        return fault;
    }
    gather_parts(&pass->gather, item, &contents);
    struct count count = {0, FATE_ACCEPTED, category, contents.reason, contents.quantity};
    struct slice limit = limited_item(&pass->limited, envelope, item);
    if (fault_is(fault) || item->kind == ITEM_UNKNOWN) {
        pass->out->invalid += fault_is(fault);
        count.fate = FATE_INVALID;
        count.reason =
            fault_is(fault) ? slice_str(fault_kind_name(fault.kind)) : SLICE("unknown_type");
        count.quantity = 1;
    } else if (limit.len != 0) {
        pass->out->limited++;
        count.fate = FATE_RATE_LIMITED;
        count.reason = limit;
        count.quantity += contents.events != NULL ? contents.events->count : 0;
    } else {
        pass->out->accepted[category] += contents.quantity;
        fault = pass_events(pass, contents.events, envelope, item);
        gather_count(&pass->gather, &count);
        return fault;
    }
    gather_count(&pass->gather, &count);
    return FAULT_OK;
}

/* Fills `*out` with the event of a document, in the one shape. */
static struct fault pass_shape(struct pass *pass, const struct value *root,
                               const struct envelope *envelope, struct event **out)
{
    struct event *event = ARENA_NEW(pass->scratch, struct event);
    if (event == NULL) {
        return fault_make(FAULT_TOO_BIG, "event: needs more memory than allowed");
    }
    struct fault fault = event_decode(pass->scratch, root, event);
    if (fault_is(fault)) {
        return fault;
    }
    const struct normalise_input input = {
        .received_us = pass->record->received_us,
        .sent_at_us = envelope->sent_at_us,
        .client_address = pass->record->address,
        .envelope_id = pass->gather.events == 0 ? envelope->event_id : (struct id){{0}},
        .seed = gather_seed(&pass->gather),
        .stack_config = pass->grouping->stack,
        .geo = pass->snapshot->geo,
        .memo = pass->pipeline->memo,
    };
    normalise_event(pass->scratch, &input, event);
    *out = event;
    return FAULT_OK;
}

static struct fault pass_event(struct pass *pass, struct value *root,
                               const struct envelope *envelope, const struct envelope_item *item)
{
    struct event *event = NULL;
    struct fingerprint fingerprint;
    struct fault fault = pass_shape(pass, root, envelope, &event);
    if (fault_is(fault)) {
        return fault;
    }
    struct slice user_agent = pass->record->user_agent;
    const char *unwanted = pass->project != NULL
                               ? filter_event(&pass->project->settings.filter, event, user_agent)
                               : NULL;
    enum category category = item->kind == ITEM_EVENT || item->kind == ITEM_ATTACHMENT
                                 ? CATEGORY_ERROR
                                 : item_category(item->kind);
    if (unwanted != NULL) {
        pass->out->event_id = event->id;
        gather_count(&pass->gather,
                     &(struct count){0, FATE_FILTERED, category, slice_str(unwanted), 1});
        return FAULT_OK;
    }
    (void)fingerprint_rules_apply(pass->scratch, pass->grouping->fingerprints, event);
    if (pass->pipeline->explain != NULL) {
        fingerprint_explain(pass->scratch, event, &fingerprint, pass->pipeline->explain);
        pass->pipeline->explain = NULL; /* one value, one event */
    } else {
        fingerprint_of(pass->scratch, event, &fingerprint);
    }
    return pass_counted(pass, root, event, &fingerprint,
                        &(struct counted){category, item->payload.len});
}

/* Hashes and rules are of the event as it was sent; nothing leaves the pass before it is scrubbed,
 * values that correlations group by each on its own. */
static struct fault pass_counted(struct pass *pass, struct value *root, struct event *event,
                                 const struct fingerprint *fingerprint,
                                 const struct counted *counted)
{
    const struct scrub_rules *secrets = scrubbing_rules(&pass->snapshot->scrubbing, pass->project);
    struct effect *effect = pass_rules(pass, event, secrets);
    if (effect == NULL) {
        return fault_make(FAULT_TOO_BIG, "event: needs more memory than allowed");
    }
    if (secrets != NULL && pass->pipeline->only_counts) {
        scrub_kept(pass->scratch, secrets, event);
    } else if (secrets != NULL) {
        scrub_event(pass->scratch, secrets, root, event);
    }
    pass_effect(pass, event, fingerprint, effect);
    effect->category = counted->category;
    const struct event *shown = pass->pipeline->only_counts ? NULL : event;
    gather_event(&pass->gather, shown, effect, counted->bytes);
    return FAULT_OK;
}

/* What was scrubbed before the journal had it: its hashes are of what was sent (rewrite.h). */
static struct fault pass_rewritten(struct pass *pass)
{
    static const struct envelope none;
    struct rewritten *list = NULL;
    struct slice counts;
    uint32_t count = 0;
    struct fault fault = rewrite_read(pass->scratch, pass->record->body, &list, &count, &counts);
    for (uint32_t i = 0; i < count && !fault_is(fault); i++) {
        struct event *event = NULL;
        struct fingerprint fingerprint = {.count = list[i].hash_count};
        memcpy(fingerprint.hashes, list[i].hashes, sizeof(list[i].hashes));
        fault = pass_shape(pass, list[i].event, &none, &event);
        if (!fault_is(fault)) {
            fault = pass_counted(pass, list[i].event, event, &fingerprint,
                                 &(struct counted){list[i].category, list[i].bytes});
        }
    }
    if (fault_is(fault)) {
        return fault;
    }
    pass_refusals(pass, counts);
    return gather_end(&pass->gather);
}

/* What workers refused, as they wrote it down (decode/refusals.h). */
static void pass_refusals(struct pass *pass, struct slice text)
{
    struct refusal refusal;
    while (refusal_next(&text, &refusal)) {
        gather_count(&pass->gather, &(struct count){refusal.project, refusal.fate, refusal.category,
                                                    refusal.reason, refusal.quantity});
    }
}

/* ---- what changes: copied to `keep`, since the event goes with `scratch` ---- */

/* A stable name of who was affected: the first of what identifies a person or, last, an address. */
static struct slice user_key(struct arena *keep, const struct user *user)
{
    const struct {
        const char *kind;
        struct slice value;
    } candidates[] = {{"id:", user->id},
                      {"email:", user->email},
                      {"username:", user->username},
                      {"ip:", user->ip_address}};
    for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]); i++) {
        if (!slice_is_empty(candidates[i].value)) {
            struct slice parts[] = {slice_str(candidates[i].kind),
                                    slice_cut_utf8(candidates[i].value, TAG_VALUE_BYTES_MAX)};
            return arena_concat(keep, parts, 2);
        }
    }
    return slice_of(NULL, 0);
}

/* One event in so many, chosen by its id, is matched a second time without the index. */
static uint32_t pass_match(struct pass *pass, const struct event *event,
                           const struct subject *subject, uint32_t held[MATCHES_PER_EVENT_MAX])
{
    const struct snapshot *snapshot = pass->snapshot;
    struct rules_scratch *scratch = pass->pipeline->rules;
    struct slice id = slice_of((const char *)event->id.bytes, sizeof(event->id.bytes));
    bool is_checked =
        snapshot->oracle != 0 && hash_fnv1a(HASH_FNV1A_START, id) % snapshot->oracle == 0;
    if (!is_checked) {
        return rules_match(snapshot->rules, scratch, subject, held, MATCHES_PER_EVENT_MAX);
    }
    bool agrees = true;
    uint32_t count = rules_match_checked(snapshot->rules, scratch, subject, held,
                                         MATCHES_PER_EVENT_MAX, &agrees);
    pass->out->rules_differ = !agrees;
    return count;
}

static bool clean_group(const void *secrets, struct arena *arena, struct slice field,
                        struct slice *text)
{
    return scrub_value(arena, secrets, field, text);
}

/* Gives an effect that has the rules that hold; NULL without memory. */
static struct effect *pass_rules(struct pass *pass, const struct event *event,
                                 const struct scrub_rules *secrets)
{
    const struct ruleset *rules = pass->snapshot->rules;
    struct subject subject;
    uint32_t held[MATCHES_PER_EVENT_MAX];
    struct effect *effect = ARENA_NEW(pass->keep, struct effect);
    if (effect == NULL || pass->pipeline->rules == NULL) {
        return effect;
    }
    subject_from_event(&subject, event, pass->scratch);
    uint32_t count = pass_match(pass, event, &subject, held);
    struct effect_match *matches = ARENA_ARRAY(pass->keep, count, struct effect_match);
    for (uint32_t i = 0; i < count && matches != NULL; i++) {
        const struct rule_info *rule = ruleset_rule(rules, held[i]);
        matches[effect->match_count++] =
            (struct effect_match){.rule = arena_copy(pass->keep, rule->id),
                                  .title = arena_copy(pass->keep, rule->title),
                                  .level = slice_str(rule_level_name(rule->level))};
    }
    effect->matches = matches;
    const struct correlation_ask all = {
        .set = rules,
        .rules = pass->pipeline->rules,
        .indexes = held,
        .count = count,
        .clean = secrets != NULL ? clean_group : NULL,
        .context = secrets,
    };
    correlated_windows(&all, pass->scratch, pass->keep, effect);
    return effect;
}

static void pass_effect(struct pass *pass, const struct event *event,
                        const struct fingerprint *fingerprint, struct effect *effect)
{
    struct arena *keep = pass->keep;
    MUST(fingerprint->count > 0 && fingerprint->count <= EFFECT_HASHES_MAX);
    *effect = (struct effect){
        .partition = effect_partition(pass->record->project),
        .project = pass->record->project,
        .event = event->id,
        .hash_count = fingerprint->count,
        .hash_own = fingerprint->own,
        .grouping = FINGERPRINT_VERSION,
        .at_us = event->timestamp_us,
        .received_us = pass->record->received_us,
        .level = event->level,
        .type = event->type,
        .title = arena_copy(keep, event->title),
        .culprit = arena_copy(keep, event->culprit),
        .platform = arena_copy(keep, event->platform),
        .logger = arena_copy(keep, event->logger),
        .environment = arena_copy(keep, event->environment),
        .release = arena_copy(keep, event->release),
        .server_name = arena_copy(keep, event->server_name),
        .user = user_key(keep, &event->user),
        .matches = effect->matches,
        .match_count = effect->match_count,
        .windows = effect->windows,
        .window_count = effect->window_count,
    };
    memcpy(effect->hashes, fingerprint->hashes, fingerprint->count * sizeof(struct id));
}

/* ---- tools ---- */

struct pipeline *pipeline_new(void)
{
    struct pipeline *pipeline = calloc(1, sizeof(*pipeline));
    if (pipeline == NULL) {
        return NULL;
    }
    pipeline->inflate = inflate_scratch_new(BODY_PLAIN_BYTES_MAX);
    pipeline->memo = stack_memo_new();
    if (pipeline->inflate == NULL || pipeline->memo == NULL) {
        pipeline_free(pipeline);
        return NULL;
    }
    return pipeline;
}

/* Rules' counts stay in the ledger. */
static void drop_rules(struct pipeline *pipeline)
{
    if (pipeline->rules != NULL && pipeline->ledger != NULL) {
        rule_ledger_leave(pipeline->ledger, pipeline->rules);
    }
    rules_scratch_free(pipeline->rules);
    pipeline->rules = NULL;
    pipeline->ledger = NULL;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (pipeline != NULL) {
        inflate_scratch_free(pipeline->inflate);
        stack_memo_free(pipeline->memo);
        drop_rules(pipeline);
        free(pipeline);
    }
}

void pipeline_only_counts(struct pipeline *pipeline, bool only_counts)
{
    pipeline->only_counts = only_counts;
}

void pipeline_explain(struct pipeline *pipeline, struct json *json)
{
    pipeline->explain = json;
}

bool pipeline_follow(struct pipeline *pipeline, const struct snapshot *snapshot)
{
    if (pipeline->generation == snapshot->generation) {
        return true;
    }
    drop_rules(pipeline);
    pipeline->rules = snapshot->rules != NULL && ruleset_count(snapshot->rules) > 0
                          ? rules_scratch_new(snapshot->rules)
                          : NULL;
    pipeline->generation = snapshot->generation;
    if (pipeline->rules != NULL && snapshot->ledger != NULL &&
        rule_ledger_join(snapshot->ledger, pipeline->rules)) {
        pipeline->ledger = snapshot->ledger;
    }
    return pipeline->rules != NULL || snapshot->rules == NULL ||
           ruleset_count(snapshot->rules) == 0;
}
