/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/session.h"
#include "ingest/base/must.h"

#define AGGREGATES_MAX 100u       /* of one item, as the field's servers take */
#define SESSIONS_MAX   1000000000 /* of one item: more is no count */

static bool has_release(const struct value *root)
{
    const struct value *release = value_get(value_get(root, SLICE("attrs")), SLICE("release"));
    return slice_trim(value_text(release)).len != 0;
}

struct fault session_read(const struct value *root, uint32_t *quantity)
{
    MUST(quantity != NULL);
    if (value_text(value_get(root, SLICE("started"))).len == 0 || !has_release(root)) {
        return fault_make(FAULT_MALFORMED, "session: no start, or no release");
    }
    *quantity = 1;
    return FAULT_OK;
}

struct slice session_ending(const struct value *root)
{
    static const struct slice bad[] = {SLICE_INIT("abnormal"), SLICE_INIT("crashed")};
    struct slice status = value_text(value_get(root, SLICE("status")));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (slice_eq(status, bad[i])) {
            return bad[i];
        }
    }
    return (struct slice){NULL, 0};
}

/* Sessions of one aggregate: each is counted in one of four. */
static int64_t sum(const struct value *aggregate)
{
    static const struct slice names[] = {SLICE_INIT("exited"), SLICE_INIT("errored"),
                                         SLICE_INIT("abnormal"), SLICE_INIT("crashed")};
    int64_t total = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int64_t count = 0;
        if (value_integer(value_get(aggregate, names[i]), &count) && count > 0 &&
            count <= SESSIONS_MAX) {
            total += count;
        }
    }
    return total;
}

struct fault session_read_aggregates(const struct value *root, uint32_t *quantity)
{
    const struct value *list = value_get(root, SLICE("aggregates"));
    int64_t total = 0;
    if (!value_is(list, VALUE_LIST) || list->count > AGGREGATES_MAX || !has_release(root)) {
        return fault_make(FAULT_MALFORMED, "sessions: no list of aggregates, or no release");
    }
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        total += sum(at);
    }
    *quantity = (uint32_t)(total < 1 ? 1 : total > SESSIONS_MAX ? SESSIONS_MAX : total);
    return FAULT_OK;
}
