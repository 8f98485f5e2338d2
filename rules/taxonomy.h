/* SPDX-License-Identifier: Apache-2.0 */
/* taxonomy — the names rules may use for what an SDK's event holds.
 *
 * ECS dotted names inside, W3C names for webserver and proxy rules; the raw payload path works by
 * itself (rules/fields). One table: name and where it comes from. The full text that keywords
 * search is a canonical rendering: `module.Type: value`, frames, message, request line.
 */
#pragma once
#include "rules/fields.h"

/* Adds the values of one name to `fields`; `name` is the whole name, for rows that stand for many.
 */
typedef void taxonomy_get(const struct event *event, struct slice name, struct fields *fields,
                          uint32_t field);

struct taxonomy_row {
    const char *name; /* ends in '.': all names that begin so */
    taxonomy_get *get;
};

/* The row of a field name; NULL when SDK events give it no meaning of its own. */
const struct taxonomy_row *taxonomy_find(struct slice name);

void taxonomy_add(const struct taxonomy_row *row, const struct event *event, struct slice name,
                  struct fields *fields, uint32_t field);

/* The canonical rendering as field FIELD_KEYWORDS. */
void taxonomy_add_text(const struct event *event, struct fields *fields);
