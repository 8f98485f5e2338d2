/* SPDX-License-Identifier: Apache-2.0 */
/* reading — members of the configuration, one at a time, checked as they are taken.
 *
 * Each function looks for a key in a map: absent leaves `out` alone (it holds the default); of the
 * wrong shape is a problem with its line and column. Texts are copied to the reading's arena.
 */
#pragma once
#include "ingest/base/problem.h"
#include "ingest/base/value.h"

struct reading {
    struct arena *arena;
    struct problems *problems;
    struct slice file;
};

/* A problem at a value's place. */
void reading_error(struct reading *reading, const struct value *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reports a `map` that is none, and each member that is not among `keys`, with the nearest key.
 * `what` names the map to people ("a route"). False when it is no map. */
bool reading_map(struct reading *reading, const struct value *map, const char *what,
                 const char *const *keys, size_t key_count);

/* Plain and quoted words and numbers. */
void reading_text(struct reading *reading, const struct value *map, const char *key,
                  struct slice *out);
void reading_bool(struct reading *reading, const struct value *map, const char *key, bool *out);
void reading_count(struct reading *reading, const struct value *map, const char *key,
                   uint32_t *out);

/* A duration within bounds, all in microseconds. */
struct duration_bounds {
    int64_t least_us;
    int64_t most_us;
    const char *words; /* the bounds, to people: "from 1s to 30s" */
};
void reading_duration(struct reading *reading, const struct value *map, const char *key,
                      const struct duration_bounds *bounds, int64_t *out_us);
