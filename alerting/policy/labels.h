/* SPDX-License-Identifier: Apache-2.0 */
/* labels — a sorted set of names with values: what an alert is, in Alertmanager's terms.
 *
 *   {alertname="New issue", issue="640", project="1", severity="error"}
 *
 * Sorted by name, each name once, values never empty (an empty value is an absent label). All of it
 * borrows: texts and the array live in the caller's arena. Pure.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/buffer.h"
#include "ingest/base/fault.h"
#include <stdint.h>

struct label {
    struct slice name;
    struct slice value;
};

struct labels {
    struct label *items; /* sorted by name */
    uint32_t count;
    uint32_t room; /* items allocated; 0 for a set that is only read */
};

/* Makes an empty set for at most `room` labels; false when the arena is full. */
MUST_USE bool labels_init(struct labels *labels, uint32_t room, struct arena *arena);

/* Sets a label (replacing the value of a present name); an empty value removes it. Borrows both
 * texts. False when the set is full: the label was left out. */
bool labels_set(struct labels *labels, struct slice name, struct slice value);

/* The value, or the empty slice: an absent label equals the empty string, as in Alertmanager. */
struct slice labels_get(const struct labels *labels, struct slice name);

/* Alertmanager's fingerprint: FNV-1a 64 over `name FF value FF` in sorted order. */
uint64_t labels_fingerprint(const struct labels *labels);

/* Fills `out` (room for `from->count`) with what `out` and `from` have in common. */
void labels_keep_common(struct labels *out, const struct labels *from);

/* `[a-zA-Z_][a-zA-Z0-9_]*`, the names that Prometheus takes. */
bool labels_name_is_valid(struct slice name);

/* Appends `{a="x", b="y"}` as Go prints a LabelSet (values by strconv.Quote). */
void labels_print(const struct labels *labels, struct buffer *out);
