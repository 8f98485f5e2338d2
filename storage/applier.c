/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/applier.h"

#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "storage/functions.h"
#include "storage/keys.h"
#include <inttypes.h>
#include <stdio.h>

/* "18446744073709551615" and a NUL. */
enum { NUMBER_BYTES = 21 };

void applier_init(struct applier *applier, const struct redis_options *options, struct id node,
                  uint32_t index_seconds)
{
    MUST(!id_is_none(node) && index_seconds > 0);
    *applier = (struct applier){.link = redis_new(options),
                                .node = node,
                                .index_seconds = index_seconds,
                                .batch = batch_new(),
                                .windows = windows_new()};
}

void applier_done(struct applier *applier)
{
    redis_free(applier->link);
    batch_free(applier->batch);
    windows_free(applier->windows);
}

bool applier_is_connected(const struct applier *applier)
{
    return redis_is_connected(applier->link);
}

void applier_disconnect(struct applier *applier)
{
    batch_reset(applier->batch);
    windows_reset(applier->windows);
    redis_disconnect(applier->link);
}

/* Closes, keeping the reason of the link. */
static bool give_up(struct applier *applier)
{
    (void)snprintf(applier->error, sizeof applier->error, "%s", redis_error(applier->link));
    applier_disconnect(applier);
    return false;
}

static struct slice number_text(char out[static NUMBER_BYTES], uint64_t number)
{
    int len = snprintf(out, NUMBER_BYTES, "%" PRIu64, number);
    return slice_of(out, (size_t)len);
}

/* The next reply; NULL (closed) when the link broke or Redis refused. */
static redisReply *accepted(struct applier *applier)
{
    redisReply *reply = redis_reply(applier->link);
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
        redis_refused(applier->link, reply);
        freeReplyObject(reply);
        reply = NULL;
    }
    if (reply == NULL) {
        (void)give_up(applier);
    }
    return reply;
}

static bool append(struct applier *applier, int count, const struct slice *arguments)
{
    applier->counts.commands++;
    return redis_append(applier->link, count, arguments) || give_up(applier);
}

/* Appends FCALL function 1 APPLIED-KEY node number... */
static bool call(struct applier *applier, const char *function, uint32_t partition,
                 const struct slice *more, int more_count)
{
    char key[KEY_BYTES_MAX];
    char node[ID_HEX_BYTES + 1];
    struct slice arguments[10] = {SLICE("FCALL"), slice_str(function), SLICE("1"),
                                  key_format(key, KEY_APPLIED, partition, 0, 0),
                                  slice_of(node, ID_HEX_BYTES)};
    MUST(more_count <= 5);
    id_format(applier->node, node);
    memcpy(arguments + 5, more, (size_t)more_count * sizeof *more);
    return append(applier, 5 + more_count, arguments);
}

static bool ask_stand(struct applier *applier, uint32_t partition)
{
    char key[KEY_BYTES_MAX];
    char node[ID_HEX_BYTES + 1];
    id_format(applier->node, node);
    const struct slice arguments[] = {SLICE("HGET"), key_format(key, KEY_APPLIED, partition, 0, 0),
                                      slice_of(node, ID_HEX_BYTES)};
    return append(applier, 3, arguments);
}

static bool take_number(struct applier *applier, uint64_t *out)
{
    redisReply *reply = accepted(applier);
    if (reply == NULL) {
        return false;
    }
    *out = (uint64_t)redis_number(reply);
    freeReplyObject(reply);
    return true;
}

static bool read_stands(struct applier *applier)
{
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        if (!ask_stand(applier, i)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        if (!take_number(applier, &applier->stands[i])) {
            return false;
        }
    }
    return true;
}

static bool set_back(struct applier *applier, uint64_t most)
{
    char text[NUMBER_BYTES];
    struct slice to = number_text(text, most);
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        uint64_t changed = 0;
        if (applier->stands[i] > most) {
            if (!call(applier, "tocsin_rewind", i, &to, 1) || !take_number(applier, &changed)) {
                return false;
            }
            applier->stands[i] = most;
            applier->counts.mismatches++;
        }
    }
    return true;
}

bool applier_connect(struct applier *applier, uint64_t most)
{
    batch_reset(applier->batch);
    windows_reset(applier->windows);
    if (!redis_connect(applier->link) || !functions_load(applier->link)) {
        return give_up(applier);
    }
    if (!read_stands(applier) || !set_back(applier, most)) {
        return false;
    }
    applier->counts.connects++;
    applier->error[0] = '\0';
    return true;
}

/* A partition is not where we thought: somebody flushed, restored or failed over. */
static bool mismatch(struct applier *applier, uint32_t partition, uint64_t expected, uint64_t found)
{
    applier->counts.mismatches++;
    (void)snprintf(applier->error, sizeof applier->error,
                   "redis: partition %" PRIu32 " stands at %" PRIu64 " and not at %" PRIu64,
                   partition, found, expected);
    applier_disconnect(applier);
    return false;
}

static bool has_any(const struct applier *applier, uint32_t partition)
{
    return batch_has(applier->batch, partition) || windows_has(applier->windows, partition);
}

static bool send_batch(struct applier *applier, uint32_t partition, uint64_t last)
{
    char from[NUMBER_BYTES];
    char to[NUMBER_BYTES];
    char settled[NUMBER_BYTES];
    const struct slice more[] = {
        number_text(from, applier->stands[partition]), number_text(to, last),
        batch_has(applier->batch, partition)
            ? batch_payload(applier->batch, partition, applier->node, applier->index_seconds)
            : SLICE(""),
        windows_payload(applier->windows, partition),
        number_text(settled, (uint64_t)(clock_wall_us() / TIME_US_PER_MS - CORRELATION_SETTLE_MS))};
    applier->counts.batches++;
    return call(applier, "tocsin_commit", partition, more, 5);
}

/* Adds a list of "fate:category" and quantity. */
static void add_outcomes(struct applier_counts *counts, const redisReply *list)
{
    for (size_t i = 0; list->type == REDIS_REPLY_ARRAY && i + 1 < list->elements; i += 2) {
        struct slice name = redis_text(list->element[i]);
        size_t colon = slice_find(name, ':');
        enum fate fate;
        enum category category;
        if (fate_parse(slice_head(name, colon), &fate) &&
            category_parse(slice_from(name, colon + 1), &category)) {
            counts->outcomes[fate][category] += (uint64_t)redis_number(list->element[i + 1]);
        }
    }
}

/* A list of rules and how many of their groups were forgotten. */
static void tell_forgotten(const struct applier *applier, const redisReply *list)
{
    for (size_t i = 0; list->type == REDIS_REPLY_ARRAY && i + 1 < list->elements; i += 2) {
        if (applier->forgot != NULL) {
            applier->forgot(applier->forgot_context, redis_text(list->element[i]),
                            (uint64_t)redis_number(list->element[i + 1]));
        }
    }
}

static bool take_commit(struct applier *applier, uint32_t partition, uint64_t last)
{
    redisReply *reply = accepted(applier);
    if (reply == NULL) {
        return false;
    }
    uint64_t numbers[5] = {0};
    bool is_list = reply->type == REDIS_REPLY_ARRAY && reply->elements == 7;
    for (size_t i = 0; is_list && i < 5; i++) {
        numbers[i] = (uint64_t)redis_number(reply->element[i]);
    }
    if (is_list) {
        add_outcomes(&applier->counts, reply->element[5]);
        tell_forgotten(applier, reply->element[6]);
    }
    freeReplyObject(reply);
    if (!is_list || numbers[0] != last) {
        return mismatch(applier, partition, last, numbers[0]);
    }
    applier->stands[partition] = last;
    applier->counts.events += numbers[1];
    applier->counts.duplicates += numbers[2];
    applier->counts.issues_new += numbers[3];
    applier->counts.facts += numbers[4];
    return true;
}

bool applier_commit(struct applier *applier, uint64_t last)
{
    int64_t started_us = clock_monotonic_us();
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        if (has_any(applier, i)) {
            MUST(applier->stands[i] < last);
            if (!send_batch(applier, i, last)) {
                return false;
            }
        }
    }
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        if (has_any(applier, i) && !take_commit(applier, i, last)) {
            return false;
        }
    }
    applier->counts.batch_events += batch_count(applier->batch);
    applier->counts.commit_us += (uint64_t)(clock_monotonic_us() - started_us);
    batch_reset(applier->batch);
    windows_reset(applier->windows);
    return true;
}

bool applier_settle(struct applier *applier, int64_t settled_ms)
{
    char settled[NUMBER_BYTES];
    char most[NUMBER_BYTES];
    const struct slice more[] = {number_text(settled, (uint64_t)settled_ms),
                                 number_text(most, SETTLE_STATES_MAX)};
    MUST(settled_ms >= 0);
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        char key[KEY_BYTES_MAX];
        const struct slice arguments[] = {SLICE("FCALL"), SLICE("tocsin_settle"),
                                          SLICE("1"),     key_format(key, KEY_APPLIED, i, 0, 0),
                                          more[0],        more[1]};
        if (!append(applier, 6, arguments)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        redisReply *reply = accepted(applier);
        if (reply == NULL) {
            return false;
        }
        if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3) {
            applier->counts.facts += (uint64_t)redis_number(reply->element[0]);
            tell_forgotten(applier, reply->element[2]);
        }
        freeReplyObject(reply);
    }
    return true;
}

bool applier_advance(struct applier *applier, uint64_t position)
{
    char from[NUMBER_BYTES];
    char to[NUMBER_BYTES];
    struct slice target = number_text(to, position);
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        const struct slice more[] = {number_text(from, applier->stands[i]), target};
        if (applier->stands[i] < position && !call(applier, "tocsin_applied", i, more, 2)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        uint64_t stands = 0;
        if (applier->stands[i] >= position) {
            continue;
        }
        if (!take_number(applier, &stands)) {
            return false;
        }
        if (stands != position) {
            return mismatch(applier, i, position, stands);
        }
        applier->stands[i] = position;
    }
    return true;
}

bool applier_check(struct applier *applier, uint32_t partition)
{
    uint64_t stands = 0;
    MUST(partition < PARTITION_COUNT);
    if (!ask_stand(applier, partition) || !take_number(applier, &stands)) {
        return false;
    }
    return stands == applier->stands[partition] ||
           mismatch(applier, partition, applier->stands[partition], stands);
}

uint64_t applier_low(const struct applier *applier)
{
    uint64_t low = applier->stands[0];
    for (uint32_t i = 1; i < PARTITION_COUNT; i++) {
        low = applier->stands[i] < low ? applier->stands[i] : low;
    }
    return low;
}

uint64_t applier_high(const struct applier *applier)
{
    uint64_t high = applier->stands[0];
    for (uint32_t i = 1; i < PARTITION_COUNT; i++) {
        high = applier->stands[i] > high ? applier->stands[i] : high;
    }
    return high;
}
