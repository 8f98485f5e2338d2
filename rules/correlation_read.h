/* SPDX-License-Identifier: Apache-2.0 */
/* correlation_read — one correlation document on its way into a set. */
#pragma once
#include "rules/correlation.h"
#include "rules/document.h"
#include "rules/node.h"

enum reading_state { READING_FRESH, READING_OPEN, READING_DONE, READING_BAD };

struct reading {
    const struct document *document;
    const struct value *spec; /* the map under `correlation` */
    struct correlation correlation;
    struct slice *rules; /* as written; plan.sources of them */
    const struct value **rule_values;
    struct slice *fields; /* of `field:`; value_count of them */
    const struct value *group_value;
    const struct value *field_value;
    const struct value *aliases; /* NULL: none */
    enum reading_state state;
    uint32_t index; /* in the set, once DONE */
};

/* Fills all that the document itself says; the names in it are not looked up. False after an
 * error, told to c->problems. */
bool correlation_read(struct compile *c, const struct document *document, struct reading *out);

/* The condition, into the plan; correlation_read's second half (correlation_condition.c). */
bool correlation_read_condition(struct compile *c, struct reading *reading);
