/* SPDX-License-Identifier: Apache-2.0 */
/* document — the YAML documents of rule files: rules, filters, correlations, and the old `action:`.
 *
 *   action: global   merged into every rule that follows in the file (the rule wins)
 *   action: reset    forgets that
 *   action: repeat   the previous rule, merged with what stands here
 */
#pragma once
#include "ingest/base/problem.h"
#include "ingest/base/value.h"
#include <stdint.h>

enum document_kind { DOCUMENT_RULE, DOCUMENT_FILTER, DOCUMENT_CORRELATION };

struct document {
    enum document_kind kind;
    const struct value *root; /* a MAP */
    struct slice file;
};

struct documents {
    struct arena *arena; /* of the load */
    struct document *at;
    uint32_t count;
    uint32_t room;
};

/* Appends the documents of one file. False when the file could not be read at all; problems say
 * why. Borrows name and text until the load is over. */
bool documents_read(struct documents *documents, struct slice name, struct slice text,
                    struct problems *problems);

/* A map with all members of both; where both have a key and both values are maps these merge, else
 * `over` wins. NULL when the arena is full. */
const struct value *document_merge(struct arena *arena, const struct value *base,
                                   const struct value *over);

/* A hash of its keys, kinds and texts: two documents of one digest say the same. */
uint64_t document_digest(const struct value *root);
