/* SPDX-License-Identifier: Apache-2.0 */
/* parts — what a fingerprint is made of: a tree, written down in the order in which it is hashed.
 *
 *   depth 0  exception            why none of it counts, if so
 *   depth 1    type        "KeyError"
 *   depth 1    stacktrace
 *   depth 2      frame            counts in SYSTEM only: not of the application
 *   depth 3        function "get"
 *
 * It is built once and serves both variants: each part knows in which it counts. A leaf has a text;
 * a part of parts has none, and counts where one of its leaves does.
 *
 * Private to ingest/fingerprint. Lives in the arena of the pass; should that be full, what does not
 * fit is left out.
 */
#pragma once
#include "ingest/base/hash.h"
#include "ingest/base/json.h"

#define VARIANT_APP    1u
#define VARIANT_SYSTEM 2u
#define VARIANT_BOTH   (VARIANT_APP | VARIANT_SYSTEM)

struct part {
    const char *name;
    struct slice text;   /* a leaf's: what is hashed */
    const char *why;     /* a remark that holds for both variants, or NULL */
    const char *why_app; /* why it does not count in APP, where it does in SYSTEM, or NULL */
    struct part *next;
    uint8_t depth;
    uint8_t counts; /* of VARIANT_* */
};

struct images;

struct parts {
    struct arena *arena; /* borrowed */
    struct part *first;
    struct part *last;
    uint8_t depth;
    unsigned stacks;             /* the variants in which a stack trace counts */
    struct part spare;           /* takes what the full arena could not */
    const struct images *images; /* frame_place's, made when first asked for; NULL: none */
    bool has_read_images;
};

void parts_init(struct parts *parts, struct arena *arena);

/* A part of parts: what is added until parts_close belongs to it. Never NULL. */
struct part *parts_open(struct parts *parts, const char *name);

/* Ends `part`; gives the variants in which any of it counts. */
unsigned parts_close(struct parts *parts, struct part *part);

/* A leaf that counts in both variants, or in none when `text` is empty. Borrows `text` as long as
 * the parts live. Never NULL. */
struct part *parts_leaf(struct parts *parts, const char *name, struct slice text);

/* `part`, and what belongs to it, does not count in `variants`, for a reason (a literal). */
void parts_drop(struct part *part, unsigned variants, const char *why);

/* True when the same leaves count in both variants. */
bool parts_are_same(const struct parts *parts);

/* Feeds the leaves that count in `variant` to `hash`, without separators. */
void parts_hash(const struct parts *parts, unsigned variant, struct hash_md5 *hash);

/* Writes the list of all parts as seen by `variant`. */
void parts_write(const struct parts *parts, unsigned variant, struct json *json);
