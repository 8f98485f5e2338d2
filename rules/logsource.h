/* SPDX-License-Identifier: Apache-2.0 */
/* logsource — which rules are meant for an event at all.
 *
 * A set has a few hundred distinct logsources. Whether an event's facets agree with each of them is
 * worked out once per combination of facets and remembered by the thread, since events of one
 * service all have the same. Names compare without regard to ASCII case.
 */
#pragma once
#include "rules/subject.h"

#define LOGSOURCE_CACHE_KEY_BYTES                                                                  \
    256u                         /* facets spelt out; longer ones are worked out each time         \
                                  */
#define LOGSOURCE_CACHE_SIZE 64u /* combinations remembered; more push each other out */

/* What the rules of a logsource look at, bits by field number; and which they are. */
struct logsource_needs {
    uint64_t *rules; /* bits by rule index */
    uint16_t *keys;  /* by field number: the kinds of keys (rules/index.h) that some rule has */
    uint64_t *texts; /* some rule searches inside */
    uint64_t *scans; /* bits by database of the index: some rule waits for what it finds */
};

struct logsources {
    struct arena *arena;
    struct logsource *at;
    uint32_t count;
    uint32_t room;
    struct logsource_needs *needs; /* by logsource; set by logsources_prepare */
    uint32_t field_words;          /* of 64 fields each */
    uint32_t rule_words;
    uint32_t scan_words;
};

/* Index of an equal logsource, new or known; UINT32_MAX when the arena is full. */
uint32_t logsources_add(struct logsources *all, struct logsource logsource);

/* A number that all logsources of one category share. */
uint32_t logsources_category(const struct logsources *all, uint32_t logsource);

/* Makes room for the needs of each, over so many fields, rules and databases; after the last add.
 * False when the arena is full. */
bool logsources_prepare(struct logsources *all, uint32_t field_count, uint32_t rule_count,
                        uint32_t scan_count);

/* Whether a rule's logsource applies to an event of these facets. */
bool logsource_applies(const struct logsource *rule, const struct subject *subject);

struct logsource_entry {
    uint32_t key_bytes; /* 0: free */
    char key[LOGSOURCE_CACHE_KEY_BYTES];
    bool *allowed;                /* by logsource index */
    struct logsource_needs needs; /* of all that are allowed */
};

/* One thread's memory of them. */
struct logsource_cache {
    struct logsource_entry entries[LOGSOURCE_CACHE_SIZE];
    struct logsource_entry unkept; /* the answer for what does not fit */
};

/* Takes its room from `arena`; false when that is full. */
bool logsource_cache_init(struct logsource_cache *cache, const struct logsources *all,
                          struct arena *arena);

/* Which apply, and what they need; valid until the next call. */
const struct logsource_entry *logsource_cache_get(struct logsource_cache *cache,
                                                  const struct logsources *all,
                                                  const struct subject *subject);
