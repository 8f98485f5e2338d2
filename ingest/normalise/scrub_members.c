/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/scrub_tree.h"

struct value *scrub_member(struct value *map, struct slice name)
{
    struct value *at = map != NULL && map->kind == VALUE_MAP ? map->of.children.first : NULL;
    while (at != NULL && !slice_eq(at->key, name)) {
        at = at->next;
    }
    return at;
}

/* What stands where a map belongs is data of nobody's making. */
static const struct scrub_how odd = {SCRUB_DATA, NAMES_FIELDS, DATA_LEVELS_MAX, DATA_BYTES_MAX,
                                     DATA_BYTES_MAX};

static const struct scrub_row *row_of(const struct scrub_rows *rows, struct slice name)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (slice_eq(rows->list[i].name, name)) {
            return &rows->list[i];
        }
    }
    return NULL;
}

void scrub_members(struct scrub_walk *walk, const struct meta_place *up, struct value *map,
                   const struct scrub_rows *rows)
{
    if (map->kind != VALUE_MAP) {
        scrub_part(walk, up, map, &odd);
        return;
    }
    for (struct value *at = map->of.children.first; at != NULL; at = at->next) {
        const struct meta_place place = {.up = up, .key = at->key};
        const struct scrub_row *row = row_of(rows, at->key);
        const struct scrub_how *how = row != NULL ? row->how : rows->others;
        if (scrub_is_safe(walk->rules, at->key)) {
            continue;
        }
        if (row != NULL && row->visit != NULL) {
            row->visit(walk, &place, at);
        } else if (how != NULL) {
            scrub_part(walk, &place, at, how);
        }
    }
}

void scrub_entries(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                   const struct scrub_rows *rows)
{
    struct value *values = scrub_member(value, SLICE("values"));
    const struct meta_place inner = {.up = place, .key = SLICE("values")};
    if (values != NULL && values->kind == VALUE_LIST) {
        scrub_entries(walk, &inner, values, rows);
        return;
    }
    if (value->kind != VALUE_LIST) {
        scrub_members(walk, place, value, rows);
        return;
    }
    struct meta_place entry = {.up = place, .is_entry = true};
    for (struct value *at = value->of.children.first; at != NULL; at = at->next) {
        scrub_members(walk, &entry, at, rows);
        entry.index++;
    }
    MUST(entry.index == value->count);
}
