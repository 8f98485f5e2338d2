/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/queries_outcomes.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "storage/keys.h"
#include "storage/queries_inside.h"
#include <stdlib.h>

#define US_PER_HOUR (3600 * TIME_US_PER_S)

bool outcome_name_read(struct slice name, struct outcome_row *out)
{
    size_t first = slice_find(name, ':');
    struct slice rest = slice_from(name, first + 1);
    size_t second = slice_find(rest, ':');
    if (!fate_parse(slice_head(name, first), &out->fate) ||
        !category_parse(slice_head(rest, second), &out->category)) {
        return false;
    }
    out->reason = slice_from(rest, second + 1);
    return true;
}

/* The row of that name, made when there is none yet; NULL when there is no room. */
static struct outcome_row *row_of(struct arena *arena, struct outcome_table *table,
                                  const struct outcome_row *name)
{
    for (uint32_t i = 0; i < table->count; i++) {
        struct outcome_row *row = &table->rows[i];
        if (row->fate == name->fate && row->category == name->category &&
            slice_eq(row->reason, name->reason)) {
            return row;
        }
    }
    uint64_t *series = ARENA_ARRAY(arena, table->hours, uint64_t);
    if (table->count == OUTCOME_ROWS_MAX || series == NULL) {
        return NULL;
    }
    struct outcome_row *row = &table->rows[table->count++];
    *row = *name;
    row->reason = arena_copy(arena, name->reason);
    row->series = series;
    return row;
}

static void add_hour(struct arena *arena, struct outcome_table *table, uint32_t hour,
                     const redisReply *reply)
{
    MUST(hour < table->hours);
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i + 1 < reply->elements; i += 2) {
        struct outcome_row name = {0};
        int64_t quantity = redis_number(reply->element[i + 1]);
        struct outcome_row *row = outcome_name_read(redis_text(reply->element[i]), &name)
                                      ? row_of(arena, table, &name)
                                      : NULL;
        if (row != NULL && quantity > 0) {
            row->series[hour] += (uint64_t)quantity;
            row->total += (uint64_t)quantity;
        }
    }
}

static bool ask(struct queries *queries, uint32_t project, const struct outcome_table *table)
{
    for (uint32_t i = 0; i < table->hours; i++) {
        char key[KEY_BYTES_MAX];
        const struct slice arguments[] = {SLICE("HGETALL"),
                                          key_format(key, KEY_OUTCOMES, effect_partition(project),
                                                     project, (uint64_t)(table->first_hour + i))};
        if (!redis_append(queries->link, 2, arguments)) {
            return false;
        }
    }
    return true;
}

static int larger_first(const void *a, const void *b)
{
    uint64_t left = ((const struct outcome_row *)a)->total;
    uint64_t right = ((const struct outcome_row *)b)->total;
    return left < right ? 1 : left > right ? -1 : 0;
}

struct fault queries_outcomes(struct queries *queries, struct arena *arena, uint32_t project,
                              int64_t now_us, uint32_t hours, struct outcome_table *out)
{
    MUST(hours > 0 && hours <= OUTCOME_HOURS_MAX && now_us / US_PER_HOUR >= hours);
    struct outcome_table table = {.first_hour = now_us / US_PER_HOUR - hours + 1,
                                  .hours = hours,
                                  .rows = ARENA_ARRAY(arena, OUTCOME_ROWS_MAX, struct outcome_row)};
    if (table.rows == NULL) {
        return fault_make(FAULT_TOO_BIG, "outcomes: no memory left");
    }
    if (!queries_ready(queries) || !ask(queries, project, &table)) {
        return queries_away();
    }
    for (uint32_t i = 0; i < hours; i++) {
        redisReply *reply = redis_reply(queries->link);
        if (reply == NULL) {
            return queries_away();
        }
        add_hour(arena, &table, i, reply);
        freeReplyObject(reply);
    }
    qsort(table.rows, table.count, sizeof(table.rows[0]), larger_first);
    *out = table;
    return FAULT_OK;
}
