/* SPDX-License-Identifier: Apache-2.0 */
/* tree — adds to an event tree that is being made, as an SDK would have written it.
 *
 * All of them take a NULL parent and do nothing then, so that a maker need not ask after each step
 * whether the arena is full: the arena's `exhausted` tells at the end. Pure.
 */
#pragma once
#include "ingest/base/value.h"

/* Adds a member. An empty text is left out. */
void tree_text(struct arena *arena, struct value *map, const char *key, struct slice text);

/* Adds a copy of the node under another name; children are shared. NULL and null are left out. */
void tree_member(struct arena *arena, struct value *map, struct slice key,
                 const struct value *value);

/* Adds an empty map or list and gives it; NULL without memory. */
struct value *tree_map(struct arena *arena, struct value *map, const char *key);
struct value *tree_list(struct arena *arena, struct value *map, const char *key);

/* Adds an empty map to a list and gives it; NULL without memory. */
struct value *tree_element(struct arena *arena, struct value *list);

/* True when the member is absent or null. */
bool tree_lacks(const struct value *map, struct slice key);
