/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/policy.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

const char *alert_state_name(enum alert_state state)
{
    static const char *const names[] = {
#define ALERT_NAME(constant, name) name,
        ALERT_STATES(ALERT_NAME)
#undef ALERT_NAME
    };
    MUST(state < ALERT_STATE_COUNT);
    return names[state];
}

static bool is_firing(const struct alert *alert)
{
    return alert->state == ALERT_FIRING || alert->state == ALERT_ACKNOWLEDGED;
}

static struct alert_change unchanged(const char *why)
{
    return (struct alert_change){.why = why};
}

static void begin_period(struct alert *alert, const struct alert_input *input, int64_t now_us)
{
    bool is_plausible = input->at_us > 0 && input->at_us < now_us;
    alert->state = ALERT_FIRING;
    alert->period++;
    alert->events = 0;
    alert->starts_us = is_plausible ? input->at_us : now_us;
    alert->ends_us = 0;
    MUST(alert->starts_us <= now_us && alert->period != 0);
}

static struct alert_change held(struct alert *alert, const struct alert_input *input,
                                int64_t now_us)
{
    struct alert_change change = unchanged("already firing");
    if (alert->is_muted) {
        return unchanged("its issue is ignored");
    }
    if (!is_firing(alert)) {
        begin_period(alert, input, now_us);
        change = (struct alert_change){.has_fired = true, .why = "its rule held"};
    } else if (alert->state == ALERT_ACKNOWLEDGED && input->kind == ALERT_REGRESSED) {
        begin_period(alert, input, now_us);
        change = (struct alert_change){.has_fired = true,
                                       .why = "its issue came back: the acknowledgement ends"};
    } else if (alert->state == ALERT_ACKNOWLEDGED) {
        change = unchanged("acknowledged: somebody is on it");
    }
    MUST(is_firing(alert));
    alert->events += input->events;
    alert->news_us = now_us;
    alert->resolve_us = input->resolve_after_us != 0 ? now_us + input->resolve_after_us : 0;
    return change;
}

static struct alert_change end_period(struct alert *alert, int64_t end_us, const char *why)
{
    if (!is_firing(alert)) {
        return unchanged("it was not firing");
    }
    alert->state = ALERT_RESOLVED;
    alert->ends_us = end_us > alert->starts_us ? end_us : alert->starts_us;
    MUST(alert->ends_us >= alert->starts_us);
    alert->resolve_us = 0;
    return (struct alert_change){.has_resolved = true, .why = why};
}

static struct alert_change acknowledge(struct alert *alert)
{
    if (alert->state != ALERT_FIRING) {
        return unchanged("it was not firing");
    }
    alert->state = ALERT_ACKNOWLEDGED;
    return unchanged("acknowledged by a person");
}

static struct alert_change tick(struct alert *alert, int64_t now_us)
{
    if (alert->resolve_us == 0) {
        return unchanged("only its issue can end it");
    }
    MUST(is_firing(alert));
    if (now_us < alert->resolve_us) {
        return unchanged("its rule held not long ago");
    }
    return end_period(alert, alert->resolve_us, "its rule has not held for a while");
}

struct alert_change alert_step(struct alert *alert, const struct alert_input *input, int64_t now_us)
{
    MUST(input != NULL);
    MUST(alert->state < ALERT_STATE_COUNT);
    MUST(alert->resolve_us == 0 || is_firing(alert));
    switch (input->kind) {
    case ALERT_HELD:
    case ALERT_REGRESSED:
        return held(alert, input, now_us);
    case ALERT_ISSUE_RESOLVED:
        alert->is_muted = false;
        return end_period(alert, now_us, "its issue was resolved");
    case ALERT_ISSUE_IGNORED:
        alert->is_muted = true;
        return end_period(alert, now_us, "its issue was ignored");
    case ALERT_ISSUE_UNRESOLVED:
        alert->is_muted = false;
        return unchanged("reopened by a person, who knows");
    case ALERT_ACKNOWLEDGE:
        return acknowledge(alert);
    case ALERT_TICK:
        return tick(alert, now_us);
    }
    NEVER("seven kinds of input");
}
