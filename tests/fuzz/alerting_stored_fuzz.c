/* SPDX-License-Identifier: Apache-2.0 */
/* What a hash in Redis may hold, a field a line: the policy takes what is read, and writes it. */
#include "alerting/stored.h"
#include "ingest/base/limits.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice key = SLICE("0123456789abcdef0123456789abcdef"), rest = {(const char *)data, size};
    redisReply items[STORED_FIELDS_MAX], *list[STORED_FIELDS_MAX];
    redisReply reply = {.type = REDIS_REPLY_ARRAY, .elements = 0, .element = list};
    struct stored_group group = {.id = key};
    struct slice members[GROUP_ALERTS_MAX];
    struct stored_fields fields;
    struct alert alert;
    while (rest.len != 0 && reply.elements < STORED_FIELDS_MAX) {
        struct slice item = arena_copy(&arena, slice_head(rest, slice_find(rest, '\n')));
        redisReply *at = list[reply.elements] = &items[reply.elements];
        *at = (redisReply){.type = REDIS_REPLY_STRING, .str = (char *)(uintptr_t)item.at};
        at->len = item.len;
        rest = slice_from(rest, item.len + 1);
        reply.elements++;
    }
    MUST(!stored_read_group(&reply, &arena, &group, members) ||
         group.group.count <= GROUP_ALERTS_MAX);
    if (stored_read_alert(&reply, key, &arena, &alert)) {
        alert_step(&alert, &(struct alert_input){.kind = ALERT_TICK}, 5);
        alert_step(&alert, &(struct alert_input){.kind = ALERT_HELD, .at_us = 1, .events = 1}, 6);
        MUST(alert.state == ALERT_NONE || stored_write_alert(&alert, &arena, &fields) ||
             arena.exhausted);
    }
    return 0;
}
