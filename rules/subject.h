/* SPDX-License-Identifier: Apache-2.0 */
/* subject — one event the way rules see it: logsource facets, fields with values, searchable text.
 *
 *   a JSON object          flat key first, then dotted path; an array means any of its members;
 *                          keywords look at every string at any depth
 *   an event of an SDK     ECS names, W3C names and raw payload paths; keywords look at a canonical
 *                          rendering (rules/render.h), never at headers, breadcrumbs or variables
 *   pairs                  names and texts, for facts; logsource product tocsin, category issue
 *
 * Nothing is looked up here: a set asks for the fields it uses, once an event (rules/fields.h).
 * A subject borrows all it is made from; it and its arena must live until rules_match returns.
 */
#pragma once
#include "ingest/event/event.h"
#include <stdint.h>

/* Empty: not stated. */
struct logsource {
    struct slice category;
    struct slice product;
    struct slice service;
};

/* Facets an event can have: its language, its frameworks, web, sql, and what it states. */
#define FACETS_MAX 16u

struct subject_pair {
    struct slice name;
    struct slice value;
};

enum subject_kind { SUBJECT_VALUE, SUBJECT_EVENT, SUBJECT_PAIRS };

struct subject {
    enum subject_kind kind;
    union {
        const struct value *value;
        const struct event *event;
        const struct subject_pair *pairs;
    } of;
    uint32_t pair_count;
    struct arena *arena; /* what matching makes of the event lives here */

    /* A rule applies when one facet has every dimension the rule's logsource states. With
     * `is_open`, a dimension a facet leaves out agrees with everything. */
    struct logsource facets[FACETS_MAX];
    uint32_t facet_count;
    bool is_open;
    bool any_logsource; /* every rule applies */
};

/* A JSON object as it stands. Its facet is what its own top-level `category`, `product` and
 * `service` strings state, open in what they do not; `any_logsource` takes every rule. */
void subject_from_value(struct subject *subject, const struct value *value, bool any_logsource,
                        struct arena *arena);

/* An event after normalise. */
void subject_from_event(struct subject *subject, const struct event *event, struct arena *arena);

/* A fact: `pairs` such as {"event.action", "new"}. */
void subject_from_pairs(struct subject *subject, const struct subject_pair *pairs, uint32_t count,
                        struct arena *arena);
