/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/tell.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <inttypes.h>

#define GROUP_KEY_BYTES_MAX (256u << 10)

/* One place an alert goes to. */
struct destination {
    const struct route *route;
    const struct endpoint *endpoint;
    struct slice key; /* groupKey */
    struct labels labels;
    char id[ID_HEX_BYTES + 1];
};

typedef bool visit_fn(struct tell *tell, const struct destination *destination, void *context);

static bool name_group(struct tell *tell, const struct labels *labels, struct destination *out)
{
    struct buffer key;
    if (!route_group_labels(out->route, labels, tell->board->arena, &out->labels)) {
        return false;
    }
    buffer_init(&key, GROUP_KEY_BYTES_MAX);
    route_group_key(out->route, &out->labels, &key);
    out->key = arena_copy(tell->board->arena, buffer_slice(&key));
    bool well = !key.overflowed && out->key.len != 0;
    buffer_done(&key);
    return well;
}

static void name_destination(struct destination *destination)
{
    MUST(destination->endpoint != NULL && destination->key.len != 0);
    struct hash_md5 hash;
    hash_md5_init(&hash);
    hash_md5_add(&hash, destination->key);
    hash_md5_add(&hash, slice_of("", 1));
    hash_md5_add(&hash, destination->endpoint->lane);
    id_format(hash_md5_done(&hash), destination->id);
}

/* Calls `visit` for each endpoint that an alert with these labels goes to. */
static bool for_each(struct tell *tell, const struct labels *labels, visit_fn *visit, void *context)
{
    const struct route *routes[ROUTES_PER_ALERT_MAX];
    const struct route *root = tell->config != NULL ? alerting_config_root(tell->config) : NULL;
    uint32_t count = route_match(root, labels, tell->regex, routes, ROUTES_PER_ALERT_MAX);
    for (uint32_t i = 0; i < count; i++) {
        MUST(count <= ROUTES_PER_ALERT_MAX);
        struct destination destination = {.route = routes[i]};
        const struct receiver *receiver =
            alerting_config_receiver(tell->config, routes[i]->receiver);
        MUST(receiver != NULL);
        if (!name_group(tell, labels, &destination)) {
            return false;
        }
        for (uint32_t j = 0; j < receiver->endpoint_count; j++) {
            destination.endpoint = &receiver->endpoints[j];
            name_destination(&destination);
            if (!visit(tell, &destination, context)) {
                return false;
            }
        }
    }
    return true;
}

static bool want(struct tell *tell, const struct destination *destination, void *context)
{
    (void)context;
    return board_want_group(tell->board, slice_str(destination->id)) != NULL;
}

bool tell_prepare(struct tell *tell, const struct labels *labels)
{
    return for_each(tell, labels, want, NULL);
}

static void put(struct stored_fields *fields, const char *name, struct slice value)
{
    MUST(name != NULL);
    MUST(fields->count + 2 <= STORED_FIELDS_MAX);
    fields->items[fields->count++] = slice_str(name);
    fields->items[fields->count++] = value;
}

/* The same when the same facts are taken again, by a Redis that lost its last second: a receiver
 * then knows the notice. Else unique: an alert counts its periods, and a group its notices. */
static struct slice name_notice(struct board *board, const struct stored_group *group)
{
    struct hash_md5 hash;
    char hex[ID_HEX_BYTES + 1];
    hash_md5_init(&hash);
    hash_md5_add(&hash, arena_printf(board->arena, "%.*s %.*s %u", SLICE_ARG(group->id),
                                     SLICE_ARG(group->birth), group->group.notices));
    id_format(hash_md5_done(&hash), hex);
    return arena_printf(board->arena, "ntf_%s", hex);
}

static struct slice render(struct tell *tell, const struct endpoint *endpoint,
                           const struct notice *notice)
{
    MUST(endpoint->kind != NULL);
    struct buffer body;
    buffer_init(&body, NOTICE_BODY_BYTES_MAX);
    endpoint->kind->render(endpoint, notice, &body);
    struct slice copy =
        body.overflowed ? slice_of(NULL, 0) : arena_copy(tell->board->arena, buffer_slice(&body));
    buffer_done(&body);
    return copy;
}

static uint32_t list_shown(const struct group *group, bool send_resolved, const struct alert **out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        if (group_member_is_shown(&group->members[i], send_resolved)) {
            out[count++] = group->members[i].alert;
        }
    }
    MUST(count > 0);
    MUST(count <= GROUP_ALERTS_MAX);
    return count;
}

static bool post(struct tell *tell, struct board_group *entry, const struct endpoint *endpoint,
                 const struct verdict *verdict)
{
    MUST(verdict->reason != REASON_NONE && verdict->reason < NOTICE_REASON_COUNT);
    struct board *board = tell->board;
    struct stored_group *group = &entry->stored;
    const struct alert *shown[GROUP_ALERTS_MAX];
    struct board_notice *posted = ARENA_NEW(board->arena, struct board_notice);
    struct notice notice = {.receiver = endpoint->receiver,
                            .reason = verdict->reason,
                            .group_key = group->key,
                            .external_url = alerting_config_external_url(tell->config),
                            .group_labels = group->labels,
                            .alerts = shown,
                            .left_out = group->group.left_out};
    notice.alert_count = list_shown(&group->group, endpoint->send_resolved, shown);
    struct slice body = render(tell, endpoint, &notice);
    struct slice id = name_notice(board, group);
    if (posted == NULL || body.len == 0 || id.len != NOTICE_ID_BYTES) {
        return false;
    }
    *posted = (struct board_notice){.id = id, .lane = endpoint->lane, .after = group->last};
    put(&posted->fields, "group", group->key);
    put(&posted->fields, "reason", slice_str(notice_reason_name(verdict->reason)));
    put(&posted->fields, "status", notice_is_firing(&notice) ? SLICE("firing") : SLICE("resolved"));
    put(&posted->fields, "alerts", arena_printf(board->arena, "%u", notice.alert_count));
    put(&posted->fields, "created", arena_printf(board->arena, "%" PRId64, board->now_us / 1000));
    put(&posted->fields, "body", body);
    *board->notices_end = posted;
    board->notices_end = &posted->next;
    group->last = id;
    tell->notices++;
    return true;
}

static bool was_told(const struct group *group)
{
    for (uint32_t i = 0; i < group->count; i++) {
        if (group->members[i].told_period != 0) {
            return true;
        }
    }
    return false;
}

/* Asks for the verdict, carries it out, and notes when to ask again. */
static bool settle(struct tell *tell, struct board_group *entry, const struct route *route,
                   const struct endpoint *endpoint)
{
    MUST(entry->is_loaded && route != NULL && endpoint != NULL);
    int64_t now_us = tell->board->now_us;
    struct group *group = &entry->stored.group;
    struct verdict verdict = group_decide(group, route, endpoint->send_resolved, now_us);
    if (verdict.reason != REASON_NONE && !post(tell, entry, endpoint, &verdict)) {
        return false;
    }
    tell->suppressed += verdict.is_over && verdict.reason == REASON_NONE && was_told(group);
    bool is_over = verdict.is_over;
    group_told(group, &verdict, now_us);
    if (!is_over && verdict.reason != REASON_NONE) {
        verdict = group_decide(group, route, endpoint->send_resolved, now_us);
        MUST(verdict.reason == REASON_NONE);
    }
    entry->is_over = is_over;
    entry->due_us = is_over ? 0 : verdict.due_us;
    entry->is_changed = true;
    return true;
}

static void join(struct tell *tell, struct stored_group *stored, struct alert *alert)
{
    if (stored->group.opened_us == 0) {
        stored->birth = arena_printf(tell->board->arena, "%.*s %u %" PRId64, SLICE_ARG(alert->key),
                                     alert->period, alert->starts_us);
    }
    group_join(&stored->group, alert, tell->board->now_us);
    MUST(stored->group.opened_us != 0);
}

static bool visit_alert(struct tell *tell, const struct destination *destination, void *context)
{
    struct alert *alert = context;
    struct board_group *entry = board_want_group(tell->board, slice_str(destination->id));
    if (entry == NULL || (!entry->is_loaded && !board_load(tell->board))) {
        return false;
    }
    struct stored_group *stored = &entry->stored;
    if (stored->key.len == 0) {
        stored->key = destination->key;
        stored->route = destination->route->key;
        stored->lane = destination->endpoint->lane;
    }
    stored->labels = destination->labels;
    if (alert->state != ALERT_RESOLVED) {
        join(tell, stored, alert);
    }
    return stored->group.count == 0 ||
           settle(tell, entry, destination->route, destination->endpoint);
}

bool tell_alert(struct tell *tell, struct alert *alert)
{
    MUST(alert->state != ALERT_NONE);
    return for_each(tell, &alert->labels, visit_alert, alert);
}

/* Whether the group of the timer is the one visited. */
struct search {
    struct board_group *entry;
    bool is_found;
};

static bool visit_timer(struct tell *tell, const struct destination *destination, void *context)
{
    struct search *search = context;
    if (search->is_found || !slice_eq(slice_str(destination->id), search->entry->stored.id)) {
        return true;
    }
    search->is_found = true;
    return settle(tell, search->entry, destination->route, destination->endpoint);
}

bool tell_group(struct tell *tell, struct board_group *group)
{
    MUST(group->stored.group.count <= GROUP_ALERTS_MAX);
    struct search search = {.entry = group};
    MUST(group->is_loaded);
    for (uint32_t i = 0; i < group->stored.group.count && !search.is_found; i++) {
        const struct alert *alert = group->stored.group.members[i].alert;
        if (!for_each(tell, &alert->labels, visit_timer, &search)) {
            return false;
        }
    }
    if (!search.is_found) {
        group->stored.group.count = 0;
        group->stored.group.opened_us = 0;
        group->is_over = true;
        group->is_changed = true;
        group->due_us = 0;
    }
    return true;
}
