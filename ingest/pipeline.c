/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/pipeline.h"
#include "ingest/base/must.h"
#include "ingest/decode/envelope.h"
#include "ingest/decode/event_json.h"
#include "ingest/decode/inflate.h"
#include "ingest/decode/store.h"
#include "ingest/fingerprint/fingerprint.h"
#include "ingest/normalise/normalise.h"
#include <stdlib.h>

struct pipeline {
    struct inflate_scratch *inflate;
    struct rules_scratch *rules; /* made for the rules of snapshot `generation` */
    uint64_t generation;
};

/* What one pass shares between its steps. */
struct pass {
    struct pipeline *pipeline;
    const struct snapshot *snapshot;
    const struct record *record;
    struct arena *scratch;
    struct arena *keep;
    struct outcome *out;
};

/* ---- the path ---- */

static struct fault pass_envelope(struct pass *pass, struct slice plain);
static struct fault pass_store(struct pass *pass, struct slice plain);
static struct fault pass_event(struct pass *pass, struct slice json, size_t offset,
                               const struct envelope *envelope);
static void pass_effect(struct pass *pass, const struct event *event,
                        const struct fingerprint *fingerprint);

struct fault pipeline_run(struct pipeline *pipeline, const struct snapshot *snapshot,
                          const struct record *record, struct arena *scratch, struct arena *keep,
                          struct outcome *out)
{
    struct pass pass = {pipeline, snapshot, record, scratch, keep, out};
    struct slice plain;
    *out = (struct outcome){0};
    struct fault fault =
        inflate_body(pipeline->inflate, scratch, record->content_encoding, record->body, &plain);
    if (fault_is(fault)) {
        return fault;
    }
    switch (record->kind) {
    case RECORD_ENVELOPE:
        return pass_envelope(&pass, plain);
    case RECORD_STORE:
        return pass_store(&pass, plain);
    }
    return fault_make(FAULT_UNSUPPORTED, "record: of a kind this version does not know");
}

static struct fault pass_envelope(struct pass *pass, struct slice plain)
{
    struct envelope envelope;
    struct fault fault = envelope_parse(pass->scratch, plain, &envelope);
    if (fault_is(fault)) {
        return fault;
    }
    pass->out->dsn = envelope.dsn;
    for (uint32_t i = 0; i < envelope.count; i++) {
        pass->out->items[envelope.items[i].kind]++;
    }
    if (envelope_needs_event_id(&envelope)) {
        pass->out->event_id =
            id_is_none(envelope.event_id) ? pass->record->seed : envelope.event_id;
    }
    const struct envelope_item *item = envelope_event(&envelope);
    if (item == NULL || item->kind != ITEM_EVENT) {
        return FAULT_OK;
    }
    return pass_event(pass, item->payload, item->offset, &envelope);
}

static struct fault pass_store(struct pass *pass, struct slice plain)
{
    static const struct envelope none;
    struct slice json;
    struct fault fault = store_open(pass->pipeline->inflate, pass->scratch, plain, &json);
    if (fault_is(fault)) {
        return fault;
    }
    if (json.len > EVENT_BYTES_MAX) {
        return fault_make(FAULT_TOO_BIG, "store: an event larger than allowed");
    }
    pass->out->items[ITEM_EVENT]++;
    return pass_event(pass, json, 0, &none);
}

static struct fault pass_event(struct pass *pass, struct slice json, size_t offset,
                               const struct envelope *envelope)
{
    struct value *root = NULL;
    struct event *event = ARENA_NEW(pass->scratch, struct event);
    struct fingerprint fingerprint;
    struct fault fault = store_parse(pass->scratch, json, &root);
    if (fault_is(fault)) {
        fault.offset += fault.offset != FAULT_NO_OFFSET ? offset : 0;
        return fault;
    }
    if (event == NULL) {
        return fault_make(FAULT_TOO_BIG, "event: needs more memory than allowed");
    }
    fault = event_decode(pass->scratch, root, event);
    if (fault_is(fault)) {
        return fault;
    }
    const struct grouping_entry *grouping =
        grouping_for(&pass->snapshot->grouping, pass->record->project);
    const struct normalise_input input = {
        .received_us = pass->record->received_us,
        .sent_at_us = envelope->sent_at_us,
        .client_address = pass->record->address,
        .envelope_id = envelope->event_id,
        .seed = pass->record->seed,
        .stack_config = grouping->stack,
    };
    normalise_event(pass->scratch, &input, event);
    (void)fingerprint_rules_apply(pass->scratch, grouping->fingerprints, event);
    fingerprint_of(pass->scratch, event, &fingerprint);
    pass->out->event_id = event->id;
    pass->out->event = event;
    pass->out->event_bytes = json.len;
    pass_effect(pass, event, &fingerprint);
    if (pass->scratch->exhausted || pass->keep->exhausted) {
        return fault_make(FAULT_TOO_BIG, "event: needs more memory than allowed");
    }
    return FAULT_OK;
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

static void pass_rules(struct pass *pass, const struct event *event, struct effect *effect)
{
    const struct ruleset *rules = pass->snapshot->rules;
    struct subject subject;
    uint32_t held[MATCHES_PER_EVENT_MAX];
    if (pass->pipeline->rules == NULL) {
        return;
    }
    subject_from_event(&subject, event, pass->scratch);
    uint32_t count =
        rules_match(rules, pass->pipeline->rules, &subject, held, MATCHES_PER_EVENT_MAX);
    struct effect_match *matches = ARENA_ARRAY(pass->keep, count, struct effect_match);
    for (uint32_t i = 0; i < count && matches != NULL; i++) {
        const struct rule_info *rule = ruleset_rule(rules, held[i]);
        matches[effect->match_count++] =
            (struct effect_match){.rule = arena_copy(pass->keep, rule->id),
                                  .title = arena_copy(pass->keep, rule->title),
                                  .level = slice_str(rule_level_name(rule->level))};
    }
    effect->matches = matches;
}

static void pass_effect(struct pass *pass, const struct event *event,
                        const struct fingerprint *fingerprint)
{
    struct arena *keep = pass->keep;
    struct effect *effect = ARENA_NEW(keep, struct effect);
    if (effect == NULL) {
        return;
    }
    MUST(fingerprint->count > 0 && fingerprint->count <= EFFECT_HASHES_MAX);
    *effect = (struct effect){
        .partition = effect_partition(pass->record->project),
        .project = pass->record->project,
        .event = event->id,
        .hash_count = fingerprint->count,
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
    };
    memcpy(effect->hashes, fingerprint->hashes, fingerprint->count * sizeof(struct id));
    pass_rules(pass, event, effect);
    pass->out->effects = effect;
}

/* ---- who may send ---- */

struct fault pipeline_admit(struct arena *arena, const struct projects *projects,
                            const struct auth_sources *sources, struct auth *out_auth,
                            const struct project **out_project)
{
    struct auth auth;
    struct id key;
    struct fault fault = auth_read(arena, sources, &auth);
    if (fault_is(fault)) {
        return fault;
    }
    const struct project *project = projects_by_id(projects, auth.project);
    if (project == NULL) {
        return fault_make(FAULT_FORBIDDEN, "event submission rejected with_reason: ProjectId");
    }
    if (!id_parse(auth.key, &key) || !project_has_key(project, key)) {
        return fault_make(FAULT_FORBIDDEN, "event submission rejected with_reason: KeyMismatch");
    }
    *out_auth = auth;
    *out_project = project;
    return FAULT_OK;
}

/* ---- tools ---- */

struct pipeline *pipeline_new(void)
{
    struct pipeline *pipeline = calloc(1, sizeof(*pipeline));
    if (pipeline == NULL) {
        return NULL;
    }
    pipeline->inflate = inflate_scratch_new(BODY_PLAIN_BYTES_MAX);
    if (pipeline->inflate == NULL) {
        pipeline_free(pipeline);
        return NULL;
    }
    return pipeline;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (pipeline != NULL) {
        inflate_scratch_free(pipeline->inflate);
        rules_scratch_free(pipeline->rules);
        free(pipeline);
    }
}

bool pipeline_follow(struct pipeline *pipeline, const struct snapshot *snapshot)
{
    if (pipeline->generation == snapshot->generation) {
        return true;
    }
    rules_scratch_free(pipeline->rules);
    pipeline->rules = snapshot->rules != NULL && ruleset_count(snapshot->rules) > 0
                          ? rules_scratch_new(snapshot->rules)
                          : NULL;
    pipeline->generation = snapshot->generation;
    return pipeline->rules != NULL || snapshot->rules == NULL ||
           ruleset_count(snapshot->rules) == 0;
}
