/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/attempt.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdlib.h>

struct attempt *attempts_add(struct attempts *attempts, const struct outbox_claim *claim)
{
    const struct outbox_place *place = &claim->place;
    MUST(attempts->count < DELIVERIES_MAX && place->partition < PARTITION_COUNT);
    struct lane *lane = lanes_get(&attempts->lanes, place->lane);
    struct attempt *attempt = calloc(1, sizeof(*attempt) + place->id.len + 1);
    if (lane == NULL || attempt == NULL) {
        free(attempt);
        return NULL;
    }
    char *id = (char *)(attempt + 1);
    if (place->id.len != 0) {
        memcpy(id, place->id.at, place->id.len);
    }
    *attempt = (struct attempt){.next = attempts->first,
                                .lane = lane,
                                .partition = place->partition,
                                .attempts = claim->attempts,
                                .created_us = claim->created_us,
                                .id = slice_of(id, place->id.len)};
    lane->under_way++;
    attempts->first = attempt;
    attempts->in_partition[place->partition]++;
    attempts->count++;
    MUST(lane->under_way <= DELIVERIES_PER_LANE_MAX);
    return attempt;
}

void attempt_over(struct attempt *attempt, const struct delivery_step *step, const char *error)
{
    MUST(error != NULL);
    MUST(!attempt->is_over && step->why != NULL);
    attempt->is_over = true;
    attempt->step = *step;
    snprintf(attempt->why, sizeof(attempt->why), "%s%s%s", step->why, error[0] != '\0' ? ": " : "",
             error);
}

static bool tell(const struct attempt *attempt, struct redis *redis, const char *owner,
                 int64_t now_us)
{
    const struct outbox_place place = {attempt->partition, attempt->lane->name, attempt->id};
    switch (attempt->step.kind) {
    case STEP_DELIVERED:
        return outbox_done(redis, &place, now_us, attempt->why);
    case STEP_RETRY:
        return outbox_again(redis, &place, owner, attempt->step.at_us, attempt->why);
    case STEP_DEAD:
    case STEP_DEAD_AND_CLOSE:
        return outbox_dead(redis, &place, now_us, attempt->why);
    }
    NEVER("a step is of one of its kinds");
}

static void forget(struct attempts *attempts, struct attempt **link)
{
    struct attempt *attempt = *link;
    MUST(attempts->count > 0 && attempt->lane->under_way > 0);
    MUST(attempts->in_partition[attempt->partition] > 0);
    attempts->count--;
    attempts->in_partition[attempt->partition]--;
    attempt->lane->under_way--;
    *link = attempt->next;
    free(attempt);
}

bool attempts_tell(struct attempts *attempts, struct redis *redis, const char *owner,
                   int64_t now_us, uint64_t *partitions)
{
    MUST(partitions != NULL);
    struct attempt **link = &attempts->first;
    while (*link != NULL) {
        if (!(*link)->is_over) {
            link = &(*link)->next;
            continue;
        }
        if (!tell(*link, redis, owner, now_us)) {
            return false;
        }
        struct lane *lane = (*link)->lane;
        lane->has_opened |= lane->under_way == DELIVERIES_PER_LANE_MAX;
        *partitions |= UINT64_C(1) << (*link)->partition;
        forget(attempts, link);
    }
    return true;
}

void attempts_done(struct attempts *attempts)
{
    while (attempts->first != NULL) {
        forget(attempts, &attempts->first);
    }
    MUST(attempts->count == 0);
    lanes_done(&attempts->lanes);
}
