/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/model.h"

#include "ingest/base/must.h"
#include "storage/reader.h"
#include "tests/support/model_inside.h"
#include "tests/support/story.h"

#define US_PER_HOUR (INT64_C(3600) * 1000000)

struct model *model_new(void)
{
    struct model *model = calloc(1, sizeof *model);
    MUST(model != NULL && arena_init(&model->arena, (size_t)1 << 30));
    return model;
}

void model_free(struct model *model)
{
    free(model->hashes.entries);
    free(model->events.entries);
    free(model->issues);
    arena_done(&model->arena);
    free(model);
}

/* Where the entry is or belongs; ids are random bytes. */
static struct model_entry *slot(const struct model_table *table, uint64_t owner, struct id id)
{
    uint32_t at = 0;
    memcpy(&at, id.bytes, sizeof at);
    for (at &= table->room - 1;; at = (at + 1) & (table->room - 1)) {
        struct model_entry *entry = &table->entries[at];
        if (!entry->is_used || (entry->owner == owner && id_eq(entry->id, id))) {
            return entry;
        }
    }
}

const struct model_entry *model_find(const struct model_table *table, uint64_t owner, struct id id)
{
    const struct model_entry *entry = table->room > 0 ? slot(table, owner, id) : NULL;
    return entry != NULL && entry->is_used ? entry : NULL;
}

static void add(struct model_table *table, uint64_t owner, struct id id, uint32_t value)
{
    if (table->count * 2 >= table->room) {
        struct model_table larger = {.room = table->room == 0 ? 1024 : 2 * table->room};
        larger.entries = calloc(larger.room, sizeof *larger.entries);
        MUST(larger.entries != NULL);
        for (uint32_t i = 0; i < table->room; i++) {
            struct model_entry *old = &table->entries[i];
            if (old->is_used) {
                *slot(&larger, old->owner, old->id) = *old;
            }
        }
        larger.count = table->count;
        free(table->entries);
        *table = larger;
    }
    *slot(table, owner, id) = (struct model_entry){owner, id, value, true};
    table->count++;
}

static uint64_t hour_owner(const struct effect *effect, int64_t more)
{
    return (uint64_t)effect->project << 32 | (uint64_t)(effect->received_us / US_PER_HOUR + more);
}

static bool was_counted(const struct model *model, const struct effect *effect)
{
    for (int64_t more = -1; more <= 1; more++) {
        if (model_find(&model->events, hour_owner(effect, more), effect->event) != NULL) {
            return true;
        }
    }
    return false;
}

static struct model_issue *issue_of(struct model *model, const struct effect *effect)
{
    const struct model_entry *known = NULL;
    for (uint32_t i = 0; i < effect->hash_count && known == NULL; i++) {
        known = model_find(&model->hashes, effect->project, effect->hashes[i]);
    }
    uint32_t number = known != NULL ? known->value : model->issue_count;
    if (known == NULL) {
        if (model->issue_count++ == model->issue_room) {
            model->issue_room = 2 * model->issue_room + 64;
            model->issues = realloc(model->issues, model->issue_room * sizeof *model->issues);
            MUST(model->issues != NULL);
        }
        model->issues[number] = (struct model_issue){.hash = effect->hashes[0]};
    }
    for (uint32_t i = 0; i < effect->hash_count; i++) {
        if (model_find(&model->hashes, effect->project, effect->hashes[i]) == NULL) {
            add(&model->hashes, effect->project, effect->hashes[i], number);
        }
    }
    return &model->issues[number];
}

static void note_user(struct model_issue *issue, struct slice user)
{
    for (unsigned i = 0; i < issue->user_count; i++) {
        if (slice_eq(issue->users[i], user)) {
            return;
        }
    }
    MUST(issue->user_count < MODEL_USERS_MAX);
    issue->users[issue->user_count++] = user;
}

static void note_hit(struct model_issue *issue, struct slice rule, struct slice environment)
{
    unsigned i = 0;
    while (i < issue->hit_count && !(slice_eq(issue->hits[i].rule, rule) &&
                                     slice_eq(issue->hits[i].environment, environment))) {
        i++;
    }
    MUST(i < MODEL_HITS_MAX);
    if (i == issue->hit_count) {
        issue->hits[issue->hit_count++] = (struct model_hits){rule, environment, 0};
    }
    issue->hits[i].count++;
}

static void count(struct model_issue *issue, uint64_t sequence, const struct effect *effect)
{
    issue->count++;
    if (issue->status == 1 && effect->received_us / 1000 > issue->resolved_ms) {
        issue->status = 0;
        issue->regressions++;
    }
    if (issue->first == NULL || effect->at_us < issue->first->at_us) {
        issue->first = effect;
    }
    if (issue->last == NULL || effect->at_us >= issue->last->at_us) {
        issue->last = effect;
        issue->last_sequence = sequence;
    }
    if (effect->user.len > 0) {
        note_user(issue, effect->user);
    }
    for (uint32_t i = 0; i < effect->match_count; i++) {
        note_hit(issue, effect->matches[i].rule, effect->environment);
    }
}

void model_apply(struct model *model, uint64_t sequence, const struct effect *effects)
{
    MUST(sequence > model->reached);
    model->reached = sequence;
    for (const struct effect *effect = effects; effect != NULL; effect = effect->next) {
        if (was_counted(model, effect)) {
            model->duplicates++;
            continue;
        }
        model->counted++;
        add(&model->events, hour_owner(effect, 0), effect->event, 0);
        count(issue_of(model, effect), sequence, effect);
    }
}

void model_read(struct model *model, struct journal *journal)
{
    struct record record;
    struct effect *effects = NULL;
    struct reader *reader = reader_open(journal, model->reached + 1);
    for (;;) {
        struct fault fault = reader_next(reader, &record);
        if (fault.kind == FAULT_MALFORMED) {
            (void)reader_skip(reader);
            continue;
        }
        if (fault_is(fault)) {
            break;
        }
        if (!fault_is(story_replay(NULL, &record, &model->arena, &effects))) {
            model_apply(model, record.sequence, effects);
        }
    }
    reader_close(reader);
}

void model_set_status(struct model *model, uint32_t project, struct id hash, unsigned status,
                      int64_t now_us)
{
    const struct model_entry *entry = model_find(&model->hashes, project, hash);
    MUST(entry != NULL && status < 3);
    struct model_issue *issue = &model->issues[entry->value];
    issue->status = status;
    issue->resolved_ms = status == 1 ? now_us / 1000 : issue->resolved_ms;
}

uint64_t model_counted(const struct model *model)
{
    return model->counted;
}

uint64_t model_duplicates(const struct model *model)
{
    return model->duplicates;
}

uint64_t model_issues(const struct model *model)
{
    return model->issue_count;
}
