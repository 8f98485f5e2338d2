/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/board.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <inttypes.h>

/* The arguments of one FCALL, as a chain of blocks: how many there will be is not known before. */
#define BLOCK_ITEMS 256u

struct block {
    struct block *next;
    struct slice items[BLOCK_ITEMS];
    uint32_t count;
};

struct command {
    struct arena *arena;
    struct block *first;
    struct block *last;
    uint32_t count;
};

static void add(struct command *command, struct slice text)
{
    struct block *block = command->last;
    if (block == NULL || block->count == BLOCK_ITEMS) {
        block = ARENA_NEW(command->arena, struct block);
        if (block == NULL) {
            return; /* the arena says so */
        }
        *(command->last != NULL ? &command->last->next : &command->first) = block;
        command->last = block;
    }
    block->items[block->count++] = text;
    command->count++;
}

static void add_number(struct command *command, int64_t number)
{
    add(command, arena_printf(command->arena, "%" PRId64, number));
}

static void add_step(struct command *command, const char *name, uint32_t arguments)
{
    add(command, slice_str(name));
    add_number(command, arguments);
}

static void add_fields(struct command *command, const struct stored_fields *fields)
{
    for (uint32_t i = 0; i < fields->count; i++) {
        add(command, fields->items[i]);
    }
}

/* A timer in whole milliseconds, not before its moment; 0 takes it away. */
static void add_due(struct command *command, char kind, struct slice name, int64_t due_us)
{
    add_step(command, "due", 2);
    add(command, arena_printf(command->arena, "%c:%.*s", kind, SLICE_ARG(name)));
    if (due_us == 0) {
        add(command, SLICE(""));
    } else {
        add_number(command, (due_us + 999) / 1000);
    }
}

static bool add_alert(struct command *command, const struct alert *alert)
{
    struct stored_fields fields;
    bool is_over = alert->state == ALERT_RESOLVED;
    if (!stored_write_alert(alert, command->arena, &fields)) {
        return false;
    }
    add_step(command, "alert", 4 + fields.count);
    add(command, alert->key);
    add(command, alert->issue);
    if (is_over) {
        add(command, SLICE(""));
    } else {
        add_number(command, alert->starts_us / 1000);
    }
    add_number(command, is_over && !alert->is_muted ? ALERT_KEPT_MS : 0);
    add_fields(command, &fields);
    add_due(command, 'a', alert->key, alert->resolve_us);
    return true;
}

/* A group that is over is remembered while its last notice may still be on its way: the next one
 * must not overtake it. */
static bool add_group(struct command *command, const struct board_group *group)
{
    struct stored_fields fields = {.count = 0};
    bool is_forgotten = group->is_over && slice_is_empty(group->stored.last);
    if (!is_forgotten && !stored_write_group(&group->stored, command->arena, &fields)) {
        return false;
    }
    MUST(!group->is_over || (group->due_us == 0 && group->stored.group.count == 0));
    add_step(command, "group", 2 + fields.count);
    add(command, group->stored.id);
    add_number(command, group->is_over ? NOTICE_TRIED_US_MAX / 1000 : 0);
    add_fields(command, &fields);
    add_due(command, 'g', group->stored.id, group->due_us);
    return true;
}

static void add_notice(struct command *command, const struct board_notice *notice, int64_t now_us)
{
    add_step(command, "notice", 6 + notice->fields.count);
    add(command, notice->id);
    add(command, notice->lane);
    add_number(command, now_us / 1000);
    add(command, notice->after);
    add_number(command, OUTBOX_NOTICES_MAX);
    add_number(command, DEAD_NOTICES_MAX);
    add_fields(command, &notice->fields);
}

static bool add_steps(struct command *command, const struct board *board)
{
    bool well = true;
    for (const struct board_alert *at = board->alerts; at != NULL && well; at = at->next) {
        well = !at->is_changed || add_alert(command, &at->alert);
    }
    for (const struct board_group *at = board->groups; at != NULL && well; at = at->next) {
        well = !at->is_changed || add_group(command, at);
    }
    for (const struct board_notice *at = board->notices; at != NULL; at = at->next) {
        add_notice(command, at, board->now_us);
    }
    for (const struct board_stale *at = board->stale; at != NULL; at = at->next) {
        add_step(command, "due", 2);
        add(command, at->member);
        add(command, SLICE(""));
    }
    return well && !command->arena->exhausted;
}

static redisReply *send(struct board *board, const struct command *command)
{
    struct slice *all = ARENA_ARRAY(board->arena, command->count, struct slice);
    uint32_t count = 0;
    if (all == NULL) {
        return NULL;
    }
    for (const struct block *at = command->first; at != NULL; at = at->next) {
        memcpy(all + count, at->items, at->count * sizeof(*all));
        count += at->count;
    }
    MUST(count == command->count);
    return redis_append(board->redis, (int)count, all) ? redis_reply(board->redis) : NULL;
}

enum board_result board_commit(struct board *board, uint64_t *version, struct slice cursor,
                               uint32_t *queued)
{
    struct command command = {.arena = board->arena};
    add(&command, SLICE("FCALL"));
    add(&command, SLICE("tocsin_alerting_commit"));
    add(&command, SLICE("1"));
    add(&command, arena_printf(board->arena, "t:{%02u}:facts_read", board->partition));
    add(&command, arena_printf(board->arena, "%" PRIu64, *version));
    add(&command, cursor);
    if (!add_steps(&command, board)) {
        return BOARD_BROKEN;
    }
    redisReply *reply = send(board, &command);
    bool is_answer = reply != NULL && reply->type == REDIS_REPLY_ARRAY && reply->elements == 3;
    enum board_result result = BOARD_BROKEN;
    if (is_answer) {
        result = redis_number(reply->element[0]) == 1 ? BOARD_DONE : BOARD_CONFLICT;
        *version = (uint64_t)redis_number(reply->element[1]);
        *queued = (uint32_t)redis_number(reply->element[2]);
    }
    if (reply != NULL && !is_answer) {
        redis_refused(board->redis, reply);
    }
    freeReplyObject(reply);
    return result;
}
