/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/step.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/correlation.h"

/* Something happens to one alert, or to all of an issue. */
struct touch {
    struct touch *next;
    struct board_alert *entry; /* NULL: all alerts of the fact's issue */
    struct alert_input input;
    const struct fact *fact; /* NULL for a timer */
    struct alert_cause cause;
    uint64_t matches; /* it stands for */
};

struct touches {
    struct touch *first;
    struct touch **end;
};

static bool add_touch(struct step *step, struct touches *touches, struct board_alert *entry,
                      const struct touch *proto)
{
    struct touch *touch = ARENA_NEW(step->board->arena, struct touch);
    if (touch == NULL) {
        return false;
    }
    *touch = *proto;
    touch->entry = entry;
    *touches->end = touch;
    touches->end = &touch->next;
    return true;
}

/* Without memory it is not counted, and the step will fail anyway. */
static void add_fate(struct step *step, struct slice rule, enum rule_fate fate, uint64_t count)
{
    struct rule_fates *fates = step->beliefs->fates;
    struct step_fate *made =
        fates != NULL && count != 0 ? ARENA_NEW(step->board->arena, struct step_fate) : NULL;
    if (made != NULL) {
        *made = (struct step_fate){step->fates, rule_fates_find(fates, rule), fate, count};
        step->fates = made;
    }
}

void step_note_fates(const struct step *step)
{
    for (const struct step_fate *at = step->fates; at != NULL; at = at->next) {
        rule_fates_add(step->beliefs->fates, at->place, at->fate, at->count);
    }
}

static bool touch_rule(struct step *step, struct touches *touches, const struct fact *fact,
                       const struct alert_cause *cause)
{
    char key[ID_HEX_BYTES + 1];
    bool lasts = fact->kind == FACT_NEW || fact->kind == FACT_REGRESSED;
    struct touch proto = {.fact = fact, .cause = *cause};
    proto.matches = fact->kind == FACT_DETECTION ? fact->events : 1;
    proto.input =
        (struct alert_input){.kind = fact->kind == FACT_REGRESSED ? ALERT_REGRESSED : ALERT_HELD,
                             .at_us = fact->at_us,
                             .events = fact->events,
                             .resolve_after_us = lasts ? 0 : step->beliefs->resolve_after_us};
    describe_key(cause->rule, fact->group.len != 0 ? fact->group : fact->issue, key);
    struct board_alert *entry = board_want_alert(step->board, slice_str(key));
    return entry != NULL && add_touch(step, touches, entry, &proto);
}

static const struct rule_info *find_rule(const struct ruleset *rules, struct slice id)
{
    if (rules == NULL) {
        return NULL;
    }
    uint32_t index = ruleset_find(rules, id);
    if (index < ruleset_count(rules)) {
        return ruleset_rule(rules, index);
    }
    index = ruleset_correlation_find(rules, id);
    return index < ruleset_correlation_count(rules) ? &ruleset_correlation(rules, index)->info
                                                    : NULL;
}

static bool touch_detection(struct step *step, struct touches *touches, const struct fact *fact)
{
    struct alert_cause cause = {fact->rule, fact->rule_title,
                                find_rule(step->beliefs->rules, fact->rule)};
    if (cause.info != NULL && cause.info->is_referenced) {
        add_fate(step, fact->rule, RULE_SUPPRESSED, fact->events);
        return true; /* it only feeds correlations */
    }
    return touch_rule(step, touches, fact, &cause);
}

/* The rules that hold for a fact; feeding correlations needs the subject still to be there. */
struct asked {
    struct subject_pair pairs[FACT_PAIRS_MAX];
    struct subject subject;
    uint32_t indexes[MATCHES_PER_EVENT_MAX];
    uint32_t count;
};

static void match(struct step *step, const struct fact *fact, struct asked *out)
{
    uint32_t pair_count = fact_pairs(fact, out->pairs);
    subject_from_pairs(&out->subject, out->pairs, pair_count, step->board->arena);
    out->count = rules_match(step->beliefs->rules, step->beliefs->rules_scratch, &out->subject,
                             out->indexes, MATCHES_PER_EVENT_MAX);
}

static bool holds(const struct asked *asked, uint32_t index)
{
    for (uint32_t i = 0; i < asked->count; i++) {
        if (asked->indexes[i] == index) {
            return true;
        }
    }
    return false;
}

/* One that would hold whatever had happened to the issue is about errors: it is not asked about
 * what people do. */
static void match_deed(struct step *step, const struct fact *fact, struct asked *out)
{
    struct asked anyway;
    struct fact as_new = *fact;
    uint32_t kept = 0;
    as_new.kind = FACT_NEW;
    match(step, &as_new, &anyway);
    match(step, fact, out);
    for (uint32_t i = 0; i < out->count; i++) {
        if (!holds(&anyway, out->indexes[i])) {
            out->indexes[kept++] = out->indexes[i];
        }
    }
    out->count = kept;
}

/* Asks the rule engine about what happened to an issue. */
static bool touch_issue(struct step *step, struct touches *touches, const struct fact *fact)
{
    const struct ruleset *rules = step->beliefs->rules;
    bool is_deed = fact->kind != FACT_NEW && fact->kind != FACT_REGRESSED;
    struct asked asked;
    if (rules == NULL) {
        return true;
    }
    (is_deed ? match_deed : match)(step, fact, &asked);
    for (uint32_t i = 0; i < asked.count; i++) {
        const struct rule_info *info = ruleset_rule(rules, asked.indexes[i]);
        struct alert_cause cause = {info->id, info->title, info};
        if (info->is_referenced) {
            add_fate(step, info->id, RULE_SUPPRESSED, 1);
        } else if (!touch_rule(step, touches, fact, &cause)) {
            return false;
        }
    }
    const struct correlation_ask held = {.set = rules,
                                         .rules = step->beliefs->rules_scratch,
                                         .indexes = asked.indexes,
                                         .count = asked.count};
    return feed_fact(&step->feed, &held, fact, step->board->arena);
}

/* A person changed the issue: all alerts it ever had, those that earlier facts of this step are
 * about to make too; which they are is only known when it is this fact's turn. */
static bool touch_all(struct step *step, struct touches *touches, const struct fact *fact)
{
    struct slice *keys = NULL;
    uint32_t count = 0;
    struct touch proto = {.fact = fact};
    proto.input.kind = fact->kind == FACT_RESOLVED  ? ALERT_ISSUE_RESOLVED
                       : fact->kind == FACT_IGNORED ? ALERT_ISSUE_IGNORED
                                                    : ALERT_ISSUE_UNRESOLVED;
    if (!board_issue_alerts(step->board, fact->issue, &keys, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        bool is_key = keys[i].len == ID_HEX_BYTES;
        if (is_key && board_want_alert(step->board, keys[i]) == NULL) {
            return false;
        }
    }
    return add_touch(step, touches, NULL, &proto);
}

static bool touch_fact(struct step *step, struct touches *touches, const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_NEW:
    case FACT_REGRESSED:
        return touch_issue(step, touches, fact);
    case FACT_DETECTION:
        return touch_detection(step, touches, fact);
    case FACT_RESOLVED:
    case FACT_IGNORED:
    case FACT_UNRESOLVED:
        return touch_all(step, touches, fact) && touch_issue(step, touches, fact);
    case FACT_KIND_COUNT:
        break;
    }
    NEVER("a fact that was read has a kind");
}

static bool is_held(const struct touch *touch)
{
    return touch->input.kind == ALERT_HELD || touch->input.kind == ALERT_REGRESSED;
}

static bool is_firing(const struct alert *alert)
{
    return alert->state == ALERT_FIRING || alert->state == ALERT_ACKNOWLEDGED;
}

/* The words of a fact: labels with a new period, annotations with every fact. */
static bool describe(struct step *step, const struct touch *touch, bool has_fired)
{
    struct alert *alert = &touch->entry->alert;
    struct arena *arena = step->board->arena;
    if (has_fired) {
        alert->issue = touch->fact->issue;
        if (!describe_labels(touch->fact, &touch->cause, arena, &alert->labels)) {
            return false;
        }
    }
    return describe_annotations(touch->fact, &touch->cause, alert->events, arena,
                                &alert->annotations);
}

static bool apply(struct step *step, struct tell *tell, const struct touch *touch)
{
    struct alert *alert = &touch->entry->alert;
    if (alert->state == ALERT_NONE && !is_held(touch)) {
        return true; /* forgotten since */
    }
    struct alert_change change = alert_step(alert, &touch->input, step->board->now_us);
    bool has_news = is_held(touch) && is_firing(alert);
    MUST(alert->state != ALERT_NONE);
    step->counts.fired += change.has_fired;
    step->counts.resolved += change.has_resolved;
    touch->entry->is_changed = true;
    if (is_held(touch)) {
        add_fate(step, touch->cause.rule, RULE_FIRED, change.has_fired);
        add_fate(step, touch->cause.rule, RULE_SUPPRESSED, touch->matches - change.has_fired);
    }
    if (has_news && !describe(step, touch, change.has_fired)) {
        return false;
    }
    return (!has_news && !change.has_resolved) || tell_alert(tell, alert);
}

static bool apply_to_all(struct step *step, struct tell *tell, const struct touch *touch)
{
    struct touch single = *touch;
    for (struct board_alert *at = step->board->alerts; at != NULL; at = at->next) {
        single.entry = at;
        if (at->is_loaded && slice_eq(at->alert.issue, touch->fact->issue) &&
            !apply(step, tell, &single)) {
            return false;
        }
    }
    return true;
}

/* Loads the groups that the touched alerts are in, or will be in, all in one go. */
static bool prepare(struct step *step, struct tell *tell, const struct touches *touches)
{
    for (const struct touch *at = touches->first; at != NULL; at = at->next) {
        struct labels labels = {0};
        if (at->entry != NULL && is_firing(&at->entry->alert)) {
            labels = at->entry->alert.labels;
        } else if (is_held(at) &&
                   !describe_labels(at->fact, &at->cause, step->board->arena, &labels)) {
            return false;
        }
        if (labels.count != 0 && !tell_prepare(tell, &labels)) {
            return false;
        }
    }
    return board_load(step->board);
}

static struct tell tell_of(const struct step *step)
{
    return (struct tell){
        .board = step->board, .config = step->beliefs->config, .regex = step->beliefs->regex};
}

static bool apply_each(struct step *step, const struct touches *touches)
{
    struct tell tell = tell_of(step);
    bool well = board_load(step->board) && prepare(step, &tell, touches);
    for (const struct touch *at = touches->first; at != NULL && well; at = at->next) {
        well = at->entry != NULL ? apply(step, &tell, at) : apply_to_all(step, &tell, at);
    }
    step->counts.notices += tell.notices;
    step->counts.suppressed += tell.suppressed;
    return well;
}

bool step_facts(struct step *step, redisReply *const *entries, uint32_t count)
{
    struct touches touches = {.first = NULL};
    touches.end = &touches.first;
    MUST(count <= FACTS_PER_STEP_MAX);
    struct fact *facts = ARENA_ARRAY(step->board->arena, count, struct fact);
    for (uint32_t i = 0; i < count && facts != NULL; i++) {
        if (!fact_read(entries[i], &facts[i])) {
            step->counts.malformed++;
        } else if (!touch_fact(step, &touches, &facts[i])) {
            return false;
        }
    }
    step->counts.facts += count;
    return facts != NULL && apply_each(step, &touches);
}

static bool forget_timer(struct step *step, struct slice member)
{
    struct board_stale *stale = ARENA_NEW(step->board->arena, struct board_stale);
    if (stale != NULL) {
        *stale = (struct board_stale){.next = step->board->stale, .member = member};
        step->board->stale = stale;
    }
    return stale != NULL;
}

static bool want_timer(struct step *step, struct touches *touches, struct slice member)
{
    struct slice name = slice_from(member, 2);
    struct touch proto = {.input.kind = ALERT_TICK};
    if (name.len == ID_HEX_BYTES && slice_starts(member, SLICE("a:"))) {
        struct board_alert *entry = board_want_alert(step->board, name);
        return entry != NULL && add_touch(step, touches, entry, &proto);
    }
    if (name.len == ID_HEX_BYTES && slice_starts(member, SLICE("g:"))) {
        return board_want_group(step->board, name) != NULL;
    }
    return forget_timer(step, member);
}

/* The group of a timer, when the alerts that ended did not settle it already. */
static bool settle_timer(struct step *step, struct tell *tell, struct slice member)
{
    bool is_group = member.len == ID_HEX_BYTES + 2 && slice_starts(member, SLICE("g:"));
    struct board_group *group =
        is_group ? board_want_group(step->board, slice_from(member, 2)) : NULL;
    if (group == NULL || group->is_changed) {
        return group != NULL || !is_group;
    }
    if (group->stored.key.len == 0) {
        return forget_timer(step, member);
    }
    return tell_group(tell, group);
}

bool step_timers(struct step *step, const struct slice *members, uint32_t count)
{
    struct touches touches = {.first = NULL};
    touches.end = &touches.first;
    for (uint32_t i = 0; i < count; i++) {
        if (!want_timer(step, &touches, members[i])) {
            return false;
        }
    }
    if (!apply_each(step, &touches)) {
        return false;
    }
    struct tell tell = tell_of(step);
    for (uint32_t i = 0; i < count; i++) {
        struct slice name = slice_from(members[i], 2);
        bool is_alert = name.len == ID_HEX_BYTES && slice_starts(members[i], SLICE("a:"));
        struct board_alert *alert = is_alert ? board_want_alert(step->board, name) : NULL;
        bool is_stale = alert != NULL && alert->alert.state == ALERT_NONE;
        if ((is_stale && !forget_timer(step, members[i])) ||
            !settle_timer(step, &tell, members[i])) {
            return false;
        }
    }
    step->counts.notices += tell.notices;
    step->counts.suppressed += tell.suppressed;
    return true;
}
