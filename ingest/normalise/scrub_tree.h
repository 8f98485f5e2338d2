/* SPDX-License-Identifier: Apache-2.0 */
/* scrub_tree — the walk over a part of the document: scrubs and trims each value where it stands.
 *
 * Private to ingest/normalise. As deep as the document, which JSON_DEPTH_MAX bounds.
 */
#pragma once
#include "ingest/normalise/meta.h"
#include "ingest/normalise/scrub_text.h"

enum scrub_names {
    NAMES_IGNORED,
    NAMES_FIELDS,  /* members, and [name, value] pairs */
    NAMES_COOKIES, /* as fields, and those of sessions */
    NAMES_HEADERS, /* as fields; Cookie is a list of cookies */
};

/* How the values of a part are treated. */
struct scrub_how {
    enum scrub_depth depth;
    enum scrub_names names;
    uint32_t levels;    /* of maps and lists below the part's own */
    uint32_t text_max;  /* bytes of one text */
    uint32_t bytes_max; /* of all names and texts together */
};

struct scrub_walk {
    struct arena *arena;
    const struct scrub_rules *rules;
    struct meta meta;
    size_t room;             /* bytes the part may still have */
    uint32_t changes;        /* of values, so far */
    uint32_t source_changes; /* of source lines among them */
    uint32_t trims;          /* values cut or left out */
    bool is_formatted_new;   /* the message with its parameters lost something (scrub_typed.h) */
};

/* A part, with its own room. */
void scrub_part(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                const struct scrub_how *how);

/* The value goes whole: a text takes its place, a list nothing; a map, null and truth values stay.
 */
void scrub_replace(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                   enum scrub_reason reason);

/* The value goes whole, and null takes its place. */
void scrub_remove(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                  const char *rule);

/* Leaves `first` entries at the start of a list and `last` at its end. */
void scrub_trim_list(struct scrub_walk *walk, const struct meta_place *place, struct value *list,
                     uint32_t first, uint32_t last);

/* One member of a map and how it is treated: by `how`, by `visit`, or (both NULL) left alone. */
struct scrub_row {
    struct slice name;
    const struct scrub_how *how;
    void (*visit)(struct scrub_walk *walk, const struct meta_place *place, struct value *value);
};

struct scrub_rows {
    const struct scrub_row *list;
    size_t count;
    const struct scrub_how *others; /* members that no row names; NULL: left alone */
};

/* Each member as its row says; what is no map is treated as data. */
void scrub_members(struct scrub_walk *walk, const struct meta_place *up, struct value *map,
                   const struct scrub_rows *rows);

/* Each map of a list, of {"values": […]}, or the one bare map, by `rows`. */
void scrub_entries(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                   const struct scrub_rows *rows);

/* The member itself, to be changed; NULL when there is none. */
struct value *scrub_member(struct value *map, struct slice name);
