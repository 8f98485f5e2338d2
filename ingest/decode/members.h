/* SPDX-License-Identifier: Apache-2.0 */
/* members — reads the members of a JSON map by name, and the lists that come in many shapes.
 *
 * One walk over the map fills one slot for each name asked for. A look-up per name would walk the
 * map 45 times for an event; a frame has 12 names and there are 50 frames. Pure.
 */
#pragma once
#include "ingest/event/event.h"

/* found[i] becomes the first member of `map` named names[i], else NULL; all NULL when `map` is NULL
 * or no map. JSON's null counts as absent. At most MEMBERS_NAMES_MAX names. */
#define MEMBERS_NAMES_MAX 64u
void members_pick(const struct value *map, const struct slice *names, size_t count,
                  const struct value **found);

/* What the members of the map before were called, and which name each of them was: maps of one list
 * have the same members in the same order, so that one comparison finds what a search found. */
struct members_order {
    struct {
        struct slice key;
        size_t index;
    } at[16]; /* further members are searched for */
};

/* As members_pick for the maps of a list: `order` starts zeroed and goes from one to the next. */
void members_pick_next(struct members_order *order, const struct value *map,
                       const struct slice *names, size_t count, const struct value **found);

/* A walk over what may be a list, {"values":[…]}, or one bare object that stands for a list of one.
 */
struct members_list {
    const struct value *next;
    bool is_single;
};

void members_open(struct members_list *list, const struct value *value);

/* Gives the next member that is a map (null and odd ones are passed over); NULL at the end. */
const struct value *members_next_map(struct members_list *list);

/* How many of them there are. */
uint32_t members_count_maps(const struct value *value);

/* `value` when it is of that kind, else NULL. */
const struct value *members_map(const struct value *value);

/* TRUE and FALSE to YES and NO, else UNKNOWN. */
enum tristate members_tristate(const struct value *value);

/* The integer, or `fallback` for anything else. */
int64_t members_integer(const struct value *value, int64_t fallback);

/* An address: a number, or text like "0x7fff5fc0"; 0 for anything else. */
uint64_t members_address(const struct value *value);

/* Any value as text: scalars as value_text, lists and maps as JSON in `arena`, cut at
 * MESSAGE_BYTES_MAX. */
struct slice members_text(struct arena *arena, const struct value *value);
