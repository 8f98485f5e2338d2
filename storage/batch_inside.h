/* SPDX-License-Identifier: Apache-2.0 */
/* batch_inside — how a batch lies in memory, for batch.c (collects) and payload.c (packs).
 *
 * Everything is in four arrays and linked by index, since the arrays move when they grow.
 */
#pragma once
#include "ingest/base/buffer.h"
#include "ingest/base/must.h"
#include "storage/batch.h"

#define NONE UINT32_MAX /* no index */

struct row {
    const struct effect *effect;
    uint64_t sequence;
    uint32_t next; /* row of the same group */
};

struct group {
    const struct effect *effect; /* its first: project, hour and hashes are those of all */
    int64_t received_us;         /* the latest */
    uint32_t first_row;
    uint32_t last_row;
    uint32_t rows;
    uint32_t section;
    uint32_t next; /* group of the same section */
};

struct section {
    uint32_t project;
    int64_t hour;
    enum category category;
    uint32_t first_group;
    uint32_t last_group;
    uint32_t groups;
    uint32_t rows;
    uint32_t first_sum;
    uint32_t sums;
    uint32_t next; /* section of the same partition */
};

/* Counts of one section that met the same fate for the same reason. */
struct sum {
    const struct effect *effect; /* the first */
    uint64_t quantity;
    uint32_t next; /* sum of the same section */
};

/* A growing array of one kind of the above. */
struct list {
    void *at;
    uint32_t count;
    uint32_t room;
};

/* A rule that held for rows of the group being packed, in one environment. */
struct detection {
    const struct effect_match *match;
    struct slice environment;
    uint32_t first_hit;
    uint32_t last_hit;
    uint32_t hits;
};

struct hit {
    uint32_t row; /* of the section, from 1 */
    uint32_t next;
};

struct batch {
    struct list rows;
    struct list groups;
    struct list sections;
    struct list sums;
    struct list detections;
    struct list hits;
    uint32_t first_section[PARTITION_COUNT];
    uint32_t *slots; /* hash table of groups; NONE: empty */
    uint32_t slot_count;
    struct id node; /* of the payload being packed */
    struct buffer payload;
    struct buffer meta;
    struct buffer last_meta;
};

/* Room for one more, at the end; earlier ones may move. */
static inline void *list_add(struct list *list, size_t size)
{
    if (list->count == list->room) {
        list->room = list->room == 0 ? 256 : 2 * list->room;
        list->at = realloc(list->at, list->room * size);
        MUST(list->at != NULL);
    }
    return (char *)list->at + (size_t)list->count++ * size;
}

static inline struct row *row_at(const struct batch *batch, uint32_t index)
{
    MUST(index < batch->rows.count);
    return (struct row *)batch->rows.at + index;
}

static inline struct group *group_at(const struct batch *batch, uint32_t index)
{
    MUST(index < batch->groups.count);
    return (struct group *)batch->groups.at + index;
}

static inline struct section *section_at(const struct batch *batch, uint32_t index)
{
    MUST(index < batch->sections.count);
    return (struct section *)batch->sections.at + index;
}

static inline struct sum *sum_at(const struct batch *batch, uint32_t index)
{
    MUST(index < batch->sums.count);
    return (struct sum *)batch->sums.at + index;
}
