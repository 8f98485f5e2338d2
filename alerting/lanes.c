/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/lanes.h"
#include "ingest/base/must.h"
#include <stdlib.h>

struct lane *lanes_get(struct lanes *lanes, struct slice name)
{
    for (struct lane *at = lanes->first; at != NULL; at = at->next) {
        if (slice_eq(at->name, name)) {
            return at;
        }
    }
    struct lane *lane = malloc(sizeof(*lane) + name.len + 1);
    if (lane == NULL) {
        return NULL;
    }
    char *copy = (char *)(lane + 1);
    if (name.len != 0) {
        memcpy(copy, name.at, name.len);
    }
    *lane = (struct lane){.next = lanes->first, .name = slice_of(copy, name.len)};
    lanes->first = lane;
    return lane;
}

bool lanes_opened(const struct lanes *lanes, uint32_t room)
{
    for (const struct lane *at = lanes->first; at != NULL; at = at->next) {
        if (at->has_opened && !at->is_closed && at->under_way < room) {
            return true;
        }
    }
    return false;
}

void lanes_settle(struct lanes *lanes)
{
    for (struct lane *at = lanes->first; at != NULL; at = at->next) {
        at->has_opened = false;
    }
}

void lanes_tidy(struct lanes *lanes, bool open_all)
{
    struct lane **link = &lanes->first;
    while (*link != NULL) {
        struct lane *lane = *link;
        lane->is_closed = lane->is_closed && !open_all;
        if (lane->under_way != 0 || lane->is_closed || lane->has_opened) {
            link = &lane->next;
            continue;
        }
        *link = lane->next;
        free(lane);
    }
}

uint32_t lanes_busy(const struct lanes *lanes, uint32_t room, struct outbox_lane *out, uint32_t max)
{
    uint32_t count = 0;
    for (const struct lane *at = lanes->first; at != NULL && count < max; at = at->next) {
        MUST(at->under_way <= room);
        if (at->is_closed || at->under_way != 0) {
            out[count++] = (struct outbox_lane){at->name, at->is_closed ? 0 : room - at->under_way};
        }
    }
    return count;
}

void lanes_done(struct lanes *lanes)
{
    while (lanes->first != NULL) {
        struct lane *lane = lanes->first;
        lanes->first = lane->next;
        free(lane);
    }
}
