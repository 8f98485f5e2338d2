/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/feed.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "storage/keys.h"
#include <inttypes.h>
#include <stdio.h>

/* The event's own id, so that it is one hit with the event; a fact without an event has that of its
 * issue. */
static struct id id_of(const struct fact *fact)
{
    struct id id;
    if (id_parse(fact->event, &id)) {
        return id;
    }
    struct hash_md5 hash;
    hash_md5_init(&hash);
    hash_md5_add(&hash, fact->issue);
    return hash_md5_done(&hash);
}

static uint32_t project_of(const struct fact *fact)
{
    uint64_t number = 0;
    for (size_t i = 0; i < fact->project.len; i++) {
        number = number * 10 + (uint64_t)(fact->project.at[i] - '0');
    }
    return (uint32_t)number;
}

bool feed_fact(struct feed *feed, const struct correlation_ask *held, const struct fact *fact,
               struct arena *arena)
{
    int64_t at_us = fact->at_us != 0 ? fact->at_us : fact_entry_ms(fact->entry) * TIME_US_PER_MS;
    struct feed_hit *hit = held->count != 0 ? ARENA_NEW(arena, struct feed_hit) : NULL;
    MUST(fact->entry.len != 0);
    if (hit == NULL) {
        return held->count == 0;
    }
    *hit = (struct feed_hit){.entry = fact->entry};
    hit->effect = (struct effect){.project = project_of(fact),
                                  .event = id_of(fact),
                                  .at_us = at_us,
                                  .environment = fact->environment,
                                  .release = fact->release};
    correlated_windows(held, arena, arena, &hit->effect);
    if (hit->effect.window_count != 0) {
        *(feed->last != NULL ? &feed->last->next : &feed->first) = hit;
        feed->last = hit;
    }
    return !arena->exhausted;
}

static bool append(const struct feed_target *target, uint32_t partition, struct slice entry)
{
    char key[KEY_BYTES_MAX];
    char from[16];
    char settled[24];
    int from_len = snprintf(from, sizeof(from), "%02" PRIu32, target->partition);
    int settled_len = snprintf(settled, sizeof(settled), "%" PRId64, target->settled_ms);
    const struct slice arguments[] = {SLICE("FCALL"),
                                      SLICE("tocsin_feed"),
                                      SLICE("1"),
                                      key_format(key, KEY_APPLIED, partition, 0, 0),
                                      slice_of(from, (size_t)from_len),
                                      entry,
                                      windows_payload(target->windows, partition),
                                      slice_of(settled, (size_t)settled_len)};
    return redis_append(target->redis, 8, arguments);
}

/* One call for each partition that the fact has a group in; gives how many. */
static bool append_hit(const struct feed_target *target, const struct feed_hit *hit,
                       uint32_t *calls)
{
    bool well = true;
    for (uint32_t i = 0; i < hit->effect.window_count; i++) {
        windows_add(target->windows, &hit->effect, &hit->effect.windows[i]);
    }
    for (uint32_t i = 0; i < PARTITION_COUNT && well; i++) {
        if (windows_has(target->windows, i)) {
            well = append(target, i, hit->entry);
            (*calls)++;
        }
    }
    windows_reset(target->windows);
    return well;
}

static void count_forgotten(struct rule_fates *fates, const redisReply *list)
{
    for (size_t i = 0; fates != NULL && i + 1 < list->elements; i += 2) {
        uint32_t place = rule_fates_find(fates, redis_text(list->element[i]));
        rule_fates_add(fates, place, RULE_FORGOTTEN, (uint64_t)redis_number(list->element[i + 1]));
    }
}

static bool take_answer(const struct feed_target *target)
{
    redisReply *reply = redis_reply(target->redis);
    bool well = reply != NULL && reply->type == REDIS_REPLY_ARRAY && reply->elements == 3;
    if (reply != NULL && !well) {
        redis_refused(target->redis, reply);
    }
    if (well && reply->element[2]->type == REDIS_REPLY_ARRAY) {
        count_forgotten(target->fates, reply->element[2]);
    }
    freeReplyObject(reply);
    return well;
}

bool feed_send(const struct feed *feed, const struct feed_target *target)
{
    uint32_t calls = 0;
    bool well = true;
    MUST(target->partition < PARTITION_COUNT && windows_count(target->windows) == 0);
    for (const struct feed_hit *at = feed->first; at != NULL && well; at = at->next) {
        well = append_hit(target, at, &calls);
    }
    for (uint32_t i = 0; i < calls && well; i++) {
        well = take_answer(target);
    }
    return well;
}
