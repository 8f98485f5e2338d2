/* SPDX-License-Identifier: Apache-2.0 */
/* index_build — the second half of building an index: rules sorted under their witnesses. For
 * rules/index.c alone. */
#pragma once
#include "rules/index.h"
#include "rules/witness.h"

/* A rule under one of its witnesses. */
struct entry {
    struct needle needle;
    uint32_t group; /* of a text */
    uint32_t rule;  /* ENTRY_NO_RULE: the text is only to be found */
};

#define ENTRY_NO_RULE UINT32_MAX

struct entries {
    struct entry *at;
    uint32_t count;
    uint32_t room;
};

/* Where the witness at `from` of the sorted entries ends. */
uint32_t index_span_end(const struct entries *entries, uint32_t from);

/* Puts the texts of fields with many into groups, the others into INDEX_GROUP_ALL; a text that is
 * looked for in one group and asked for by rules of another is entered there too. False without
 * memory. */
bool index_split(struct compile *c, const struct rule_tree *rules, uint32_t count,
                 struct entries *entries);

/* Sorts the entries, writes the postings, compiles the literal databases. */
bool index_build_postings(struct index *index, struct compile *c, struct entries *entries);
