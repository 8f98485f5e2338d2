/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/alarm.h"
#include "alerting/alerting.h"
#include "ingest/base/must.h"
#include "ingest/host/log.h"
#include "ingest/snapshot.h"
#include <stdlib.h>

struct alarm {
    struct snapshot_box *box;
    struct snapshot *snapshot; /* one reference: alerting borrows its rules */
    struct alerting *alerting;
};

static void write_log(void *context, enum alerting_log_level level, const char *text)
{
    (void)context;
    log_write(level == ALERTING_ERROR     ? LOG_ERROR
              : level == ALERTING_WARNING ? LOG_WARNING
                                          : LOG_INFO,
              "alerting", "text=\"%s\"", text);
}

static struct rule_fates *fates_of(const struct snapshot *snapshot)
{
    return snapshot->ledger != NULL ? rule_ledger_fates(snapshot->ledger) : NULL;
}

struct alarm *alarm_start(struct snapshot_box *box, const struct redis_options *redis,
                          struct id node)
{
    MUST(box != NULL && redis != NULL);
    char name[ID_HEX_BYTES + 1];
    struct alarm *alarm = calloc(1, sizeof(*alarm));
    if (alarm == NULL) {
        return NULL;
    }
    id_format(node, name);
    *alarm = (struct alarm){.box = box, .snapshot = snapshot_current(box)};
    MUST(alarm->snapshot != NULL);
    alarm->alerting = alerting_start(&(struct alerting_options){
        .redis = *redis,
        .node = name,
        .config = alerting_config_ref(alarm->snapshot->alerts),
        .rules = alarm->snapshot->rules,
        .fates = fates_of(alarm->snapshot),
        .log = write_log,
    });
    if (alarm->alerting == NULL) {
        snapshot_release(alarm->snapshot);
        free(alarm);
        return NULL;
    }
    return alarm;
}

void alarm_follow(struct alarm *alarm)
{
    MUST(alarm != NULL);
    struct snapshot *old = alarm->snapshot;
    alarm->snapshot = snapshot_current(alarm->box);
    MUST(alarm->snapshot != NULL && alarm->snapshot->generation >= old->generation);
    alerting_reload(alarm->alerting, alerting_config_ref(alarm->snapshot->alerts),
                    alarm->snapshot->rules, fates_of(alarm->snapshot));
    snapshot_release(old);
}

struct alerting *alarm_alerting(const struct alarm *alarm)
{
    MUST(alarm != NULL);
    return alarm->alerting;
}

void alarm_stop(struct alarm *alarm, int64_t deadline_ms)
{
    if (alarm != NULL) {
        alerting_stop(alarm->alerting, deadline_ms);
        snapshot_release(alarm->snapshot);
        free(alarm);
    }
}
