/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/policy.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

const char *notice_reason_name(enum notice_reason reason)
{
    static const char *const names[] = {
#define REASON_NAME(constant, name) name,
        NOTICE_REASONS(REASON_NAME)
#undef REASON_NAME
    };
    MUST(reason < NOTICE_REASON_COUNT);
    return names[reason];
}

static bool is_firing(const struct group_member *member)
{
    MUST(member->alert != NULL);
    return member->alert->state == ALERT_FIRING || member->alert->state == ALERT_ACKNOWLEDGED;
}

/* Members that neither fire nor were ever told of. */
static void drop_unseen(struct group *group)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        if (is_firing(&group->members[i]) || group->members[i].told_period != 0) {
            group->members[kept++] = group->members[i];
        }
    }
    MUST(kept <= group->count);
    group->count = kept;
}

void group_join(struct group *group, struct alert *alert, int64_t now_us)
{
    MUST(alert != NULL && alert->key.len != 0);
    MUST(group->count <= GROUP_ALERTS_MAX);
    for (uint32_t i = 0; i < group->count; i++) {
        if (slice_eq(group->members[i].alert->key, alert->key)) {
            return;
        }
    }
    if (group->opened_us == 0) {
        group->opened_us = now_us;
    }
    MUST(group->opened_us != 0);
    if (group->count == GROUP_ALERTS_MAX) {
        drop_unseen(group);
    }
    if (group->count == GROUP_ALERTS_MAX) {
        group->left_out++;
        return;
    }
    group->members[group->count++] = (struct group_member){.alert = alert};
}

/* What there is to say about a group. */
struct tally {
    uint32_t firing;
    uint32_t told;     /* members the receiver believes to fire */
    uint32_t fresh;    /* firing in a period it has not been told of */
    uint32_t ended;    /* it believes they fire; they do not */
    uint32_t unowned;  /* firing, and nobody has acknowledged them */
    uint32_t has_news; /* of those, with a fact since the last notice */
};

static struct tally count_up(const struct group *group)
{
    struct tally tally = {0};
    for (uint32_t i = 0; i < group->count; i++) {
        const struct group_member *member = &group->members[i];
        bool firing = is_firing(member);
        bool unowned = member->alert->state == ALERT_FIRING;
        bool told = member->told_period != 0;
        MUST(member->told_period <= member->alert->period);
        tally.firing += firing;
        tally.told += told;
        tally.fresh += firing && member->told_period != member->alert->period;
        tally.ended += told && !firing;
        tally.unowned += unowned;
        tally.has_news += unowned && member->alert->news_us > group->told_us;
    }
    MUST(tally.unowned <= tally.firing && tally.has_news <= tally.unowned);
    MUST(tally.fresh <= tally.firing && tally.ended <= tally.told);
    return tally;
}

static struct verdict silent(const char *why, int64_t due_us)
{
    return (struct verdict){.why = why, .due_us = due_us};
}

static struct verdict tell(enum notice_reason reason)
{
    return (struct verdict){.reason = reason, .why = notice_reason_name(reason)};
}

static struct verdict over(const struct tally *tally, bool send_resolved)
{
    MUST(tally->firing == 0);
    struct verdict verdict = silent("over before anybody was told", 0);
    if (tally->told != 0 && send_resolved) {
        verdict = tell(REASON_ALL_RESOLVED);
    } else if (tally->told != 0) {
        verdict.why = "over; send_resolved is off";
    }
    verdict.is_over = true;
    return verdict;
}

/* When to ask again after a notice: only a repeat can come without a fact, and only with news. */
static struct verdict repeat(const struct group *group, const struct tally *tally,
                             const struct route *settings, int64_t now_us)
{
    MUST(tally->firing != 0 && tally->told != 0);
    int64_t due_us = group->told_us + settings->repeat_interval_us;
    if (tally->unowned == 0) {
        return silent("acknowledged: somebody is on it", 0);
    }
    if (tally->has_news == 0) {
        return silent("nothing new since the last notice", 0);
    }
    return now_us >= due_us ? tell(REASON_REPEAT) : silent("inside repeat_interval", due_us);
}

struct verdict group_decide(const struct group *group, const struct route *settings,
                            bool send_resolved, int64_t now_us)
{
    MUST(settings != NULL && group->count <= GROUP_ALERTS_MAX);
    struct tally tally = count_up(group);
    if (tally.firing == 0) {
        return over(&tally, send_resolved);
    }
    MUST(group->opened_us != 0);
    if (tally.told == 0) {
        int64_t due_us = group->opened_us + settings->group_wait_us;
        return now_us >= due_us ? tell(REASON_FIRST) : silent("inside group_wait", due_us);
    }
    bool has_ended = send_resolved && tally.ended != 0;
    if (tally.fresh != 0 || has_ended) {
        int64_t due_us = group->told_us + settings->group_interval_us;
        enum notice_reason reason = tally.fresh != 0 ? REASON_NEW_ALERTS : REASON_SOME_RESOLVED;
        return now_us >= due_us ? tell(reason) : silent("inside group_interval", due_us);
    }
    return repeat(group, &tally, settings, now_us);
}

bool group_member_is_shown(const struct group_member *member, bool send_resolved)
{
    return is_firing(member) || (send_resolved && member->told_period != 0);
}

void group_told(struct group *group, const struct verdict *verdict, int64_t now_us)
{
    MUST(verdict->reason < NOTICE_REASON_COUNT && verdict->why != NULL);
    uint32_t kept = 0;
    if (verdict->is_over) {
        group->count = 0;
        group->opened_us = 0;
        group->left_out = 0;
    }
    if (verdict->reason == REASON_NONE) {
        return;
    }
    for (uint32_t i = 0; i < group->count; i++) {
        struct group_member member = group->members[i];
        if (is_firing(&member)) {
            member.told_period = member.alert->period;
            group->members[kept++] = member;
        }
    }
    MUST(verdict->is_over ? kept == 0 : kept > 0);
    group->count = kept;
    group->told_us = now_us;
    group->notices++;
}
