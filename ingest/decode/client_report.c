/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/client_report.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

#define QUANTITY_MAX 1000000000 /* of one line: more is no count */

/* As the SDKs' documentation lists them. */
static const struct slice reasons[] = {
    SLICE_INIT("queue_overflow"),      SLICE_INIT("cache_overflow"),
    SLICE_INIT("buffer_overflow"),     SLICE_INIT("ratelimit_backoff"),
    SLICE_INIT("network_error"),       SLICE_INIT("sample_rate"),
    SLICE_INIT("before_send"),         SLICE_INIT("event_processor"),
    SLICE_INIT("send_error"),          SLICE_INIT("internal_sdk_error"),
    SLICE_INIT("insufficient_data"),   SLICE_INIT("backpressure"),
    SLICE_INIT("no_parent_span"),      SLICE_INIT("invalid"),
    SLICE_INIT("rate_limited"),        SLICE_INIT("filtered"),
    SLICE_INIT("too_many_breadcrumbs")};

/* SDKs list what they dropped; relays on the way add lists of their own. */
static const struct slice lists[] = {
    SLICE_INIT("discarded_events"), SLICE_INIT("rate_limited_events"),
    SLICE_INIT("filtered_events"), SLICE_INIT("filtered_sampling_events")};

static struct slice reason_of(struct slice text)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (slice_eq(text, reasons[i])) {
            return reasons[i];
        }
    }
    return SLICE("unknown");
}

static bool read_line(const struct value *line, struct discard *out)
{
    int64_t quantity = 0;
    if (!value_integer(value_get(line, SLICE("quantity")), &quantity) || quantity < 1 ||
        quantity > QUANTITY_MAX) {
        return false;
    }
    *out = (struct discard){.reason = reason_of(value_string(value_get(line, SLICE("reason")))),
                            .category = CATEGORY_DEFAULT,
                            .quantity = (uint32_t)quantity};
    (void)category_parse(value_string(value_get(line, SLICE("category"))), &out->category);
    return true;
}

struct fault client_report_read(struct arena *arena, const struct value *root, struct contents *out)
{
    if (!value_is(root, VALUE_MAP)) {
        return fault_make(FAULT_MALFORMED, "client report: not a JSON object");
    }
    struct discard *made = ARENA_ARRAY(arena, DISCARDS_MAX, struct discard);
    if (made == NULL) {
        return fault_make(FAULT_TOO_BIG, "client report: no memory left");
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        const struct value *line = value_first(value_get(root, lists[i]));
        for (; line != NULL; line = line->next) {
            bool is_read =
                out->discard_count < DISCARDS_MAX && read_line(line, &made[out->discard_count]);
            out->discard_count += is_read;
            out->left_out += !is_read;
        }
    }
    MUST(out->discard_count <= DISCARDS_MAX);
    out->discards = made;
    return FAULT_OK;
}
