/* SPDX-License-Identifier: Apache-2.0 */
/* model_inside — what the model remembers, for model.c (applies) and model_compare.c (compares). */
#pragma once
#include "tests/support/model.h"

enum { MODEL_USERS_MAX = 128, MODEL_HITS_MAX = 16 };

/* How many events of an issue a rule held for, in one environment. */
struct model_hits {
    struct slice rule;
    struct slice environment;
    uint64_t count;
};

struct model_issue {
    struct id hash; /* one of its hashes */
    const struct effect *first;
    const struct effect *last;
    uint64_t last_sequence;
    uint64_t count;
    unsigned status;
    int64_t resolved_ms;
    unsigned regressions;
    struct slice users[MODEL_USERS_MAX];
    unsigned user_count;
    struct model_hits hits[MODEL_HITS_MAX];
    unsigned hit_count;
};

/* (owner, id) -> value. Owner: a project, or a project and an hour. */
struct model_entry {
    uint64_t owner;
    struct id id;
    uint32_t value;
    bool is_used;
};

struct model_table {
    struct model_entry *entries;
    uint32_t count;
    uint32_t room; /* a power of two */
};

struct model {
    struct arena arena;
    struct model_issue *issues;
    uint32_t issue_count;
    uint32_t issue_room;
    struct model_table hashes; /* to the issue's number */
    struct model_table events;
    uint64_t reached; /* sequence */
    uint64_t counted;
    uint64_t duplicates;
};

/* The entry, or NULL. */
const struct model_entry *model_find(const struct model_table *table, uint64_t owner, struct id id);
