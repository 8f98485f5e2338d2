/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/webhook_body.h"
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include <inttypes.h>

static void labels_member(struct json *json, const char *key, const struct labels *labels)
{
    json_key(json, key);
    json_map(json);
    for (uint32_t i = 0; i < labels->count; i++) {
        json_key_slice(json, labels->items[i].name);
        json_string(json, labels->items[i].value);
    }
    json_map_end(json);
}

static void time_member(struct json *json, const char *key, int64_t us)
{
    char text[TIME_TEXT_BYTES];
    time_format(us, 3, text);
    json_member_string(json, key, us != 0 ? slice_str(text) : SLICE("0001-01-01T00:00:00Z"));
}

static void link_member(struct json *json, const struct notice *notice, const struct alert *alert)
{
    char text[1024] = "";
    if (notice->external_url.len != 0 && alert->issue.len != 0) {
        snprintf(text, sizeof(text), "%.*s/issues/%.*s", SLICE_ARG(notice->external_url),
                 SLICE_ARG(alert->issue));
    }
    json_member_string(json, "generatorURL", slice_str(text));
}

static void alert_item(struct json *json, const struct notice *notice, const struct alert *alert)
{
    bool is_over = alert->state == ALERT_RESOLVED;
    char fingerprint[17];
    snprintf(fingerprint, sizeof(fingerprint), "%016" PRIx64, labels_fingerprint(&alert->labels));
    json_map(json);
    json_member_string(json, "status", is_over ? SLICE("resolved") : SLICE("firing"));
    labels_member(json, "labels", &alert->labels);
    labels_member(json, "annotations", &alert->annotations);
    time_member(json, "startsAt", alert->starts_us);
    time_member(json, "endsAt", is_over ? alert->ends_us : 0);
    link_member(json, notice, alert);
    json_member_string(json, "fingerprint", slice_str(fingerprint));
    json_map_end(json);
}

/* What all alerts of the notice say alike, those that are cut off too. */
static void common_member(struct json *json, const char *key, const struct notice *notice,
                          bool of_labels)
{
    struct label items[ALERT_LABELS_MAX];
    struct labels shared = {.items = items, .room = ALERT_LABELS_MAX};
    for (uint32_t i = 0; i < notice->alert_count; i++) {
        const struct alert *alert = notice->alerts[i];
        const struct labels *own = of_labels ? &alert->labels : &alert->annotations;
        MUST(own->count <= ALERT_LABELS_MAX);
        if (i == 0 && own->count != 0) {
            memcpy(items, own->items, own->count * sizeof(*items));
            shared.count = own->count;
        }
        labels_keep_common(&shared, own);
    }
    labels_member(json, key, &shared);
}

static void write_body(const struct notice *notice, uint32_t shown, struct buffer *out)
{
    MUST(shown <= notice->alert_count);
    struct json json;
    json_init(&json, out);
    json_map(&json);
    json_member_string(&json, "receiver", notice->receiver);
    json_member_string(&json, "status",
                       notice_is_firing(notice) ? SLICE("firing") : SLICE("resolved"));
    json_key(&json, "alerts");
    json_list(&json);
    for (uint32_t i = 0; i < shown; i++) {
        alert_item(&json, notice, notice->alerts[i]);
    }
    json_list_end(&json);
    json_member_string(&json, "notification_reason", slice_str(notice_reason_name(notice->reason)));
    labels_member(&json, "groupLabels", &notice->group_labels);
    common_member(&json, "commonLabels", notice, true);
    common_member(&json, "commonAnnotations", notice, false);
    labels_member(&json, "routeLabels", &(struct labels){0});
    json_member_string(&json, "externalURL", notice->external_url);
    json_member_string(&json, "version", SLICE("4"));
    json_member_string(&json, "groupKey", notice->group_key);
    json_member_integer(&json, "truncatedAlerts",
                        (int64_t)(notice->alert_count - shown + notice->left_out));
    json_map_end(&json);
}

void webhook_body(const struct notice *notice, uint32_t alerts_max, struct buffer *out)
{
    uint32_t shown = notice->alert_count;
    MUST(shown > 0 && out->len == 0);
    if (alerts_max != 0 && alerts_max < shown) {
        shown = alerts_max;
    }
    write_body(notice, shown, out);
    while (out->overflowed && shown > 0) {
        shown /= 2;
        buffer_reset(out);
        write_body(notice, shown, out);
    }
}
