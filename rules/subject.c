/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/subject.h"
#include "ingest/base/must.h"
#include "rules/facets.h"

/* Takes a dimension of the logsource from a member of the event, if it is one. */
static void state(struct logsource *facet, const struct value *member)
{
    if (member->kind != VALUE_STRING || member->key.len < 7 || member->key.len > 8) {
        return;
    }
    if (slice_eq(member->key, SLICE("category"))) {
        facet->category = member->of.text;
    } else if (slice_eq(member->key, SLICE("product"))) {
        facet->product = member->of.text;
    } else if (slice_eq(member->key, SLICE("service"))) {
        facet->service = member->of.text;
    }
}

void subject_from_value(struct subject *subject, const struct value *value, bool any_logsource,
                        struct arena *arena)
{
    MUST(value_is(value, VALUE_MAP) && arena != NULL);
    *subject = (struct subject){
        .kind = SUBJECT_VALUE, .arena = arena, .is_open = true, .any_logsource = any_logsource};
    subject->of.value = value;
    subject->facet_count = 1;
    for (const struct value *at = value_first(value); at != NULL; at = at->next) {
        state(&subject->facets[0], at);
    }
}

void subject_from_event(struct subject *subject, const struct event *event, struct arena *arena)
{
    MUST(event != NULL && arena != NULL);
    *subject = (struct subject){.kind = SUBJECT_EVENT, .arena = arena};
    subject->of.event = event;
    facets_of_event(event, subject);
}

void subject_from_pairs(struct subject *subject, const struct subject_pair *pairs, uint32_t count,
                        struct arena *arena)
{
    MUST((pairs != NULL || count == 0) && arena != NULL);
    *subject = (struct subject){.kind = SUBJECT_PAIRS, .pair_count = count, .arena = arena};
    subject->of.pairs = pairs;
    subject->facets[0] = (struct logsource){.category = SLICE("issue"), .product = SLICE("tocsin")};
    subject->facet_count = 1;
}
