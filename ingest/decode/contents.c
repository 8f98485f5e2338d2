/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/contents.h"
#include "ingest/base/must.h"
#include "ingest/decode/check_in.h"
#include "ingest/decode/client_report.h"
#include "ingest/decode/minidump.h"
#include "ingest/decode/session.h"
#include "ingest/decode/store.h"
#include "ingest/decode/tree.h"

/* What a reader is given. */
struct reading {
    struct arena *arena;
    const struct report_source *source;
    const struct envelope *envelope;
    const struct envelope_item *item;
};

typedef struct fault reader_fn(const struct reading *r, struct contents *out);

struct fault contents_json(struct arena *arena, const struct envelope_item *item,
                           struct value **out)
{
    if (item->root != NULL) {
        *out = item->root;
        return FAULT_OK;
    }
    struct fault fault = store_parse(arena, item->payload, out);
    fault.offset += fault.offset != FAULT_NO_OFFSET ? item->offset : 0;
    return fault;
}

/* ---- events ---- */

static struct fault one_event(const struct reading *r, struct value *root, struct contents *out)
{
    struct value *list = value_new(r->arena, VALUE_LIST);
    if (list == NULL) {
        return fault_make(FAULT_TOO_BIG, "event: needs more memory than allowed");
    }
    value_append(list, slice_of(NULL, 0), root);
    out->events = list;
    return FAULT_OK;
}

static bool is_minidump(const struct envelope_item *item)
{
    struct slice type = value_string(value_get(item->headers, SLICE("attachment_type")));
    return item->kind == ITEM_ATTACHMENT && slice_eq(type, SLICE("event.minidump"));
}

static const struct envelope_item *first_minidump(const struct envelope *envelope)
{
    for (uint32_t i = 0; i < envelope->count; i++) {
        if (is_minidump(&envelope->items[i])) {
            return &envelope->items[i];
        }
    }
    return NULL;
}

/* Native SDKs send what they know of the process beside the dump that tells of the crash. */
static struct fault read_event(const struct reading *r, struct contents *out)
{
    struct value *root = NULL;
    struct fault fault = contents_json(r->arena, r->item, &root);
    if (fault_is(fault)) {
        return fault;
    }
    const struct envelope_item *dump = first_minidump(r->envelope);
    if (dump != NULL && root->kind == VALUE_MAP) {
        fault = minidump_describe(r->arena, dump->payload, root);
        out->left_out += fault.kind == FAULT_MALFORMED;
    }
    return one_event(r, root, out);
}

/* A dump that came without an event is one. */
static struct fault read_attachment(const struct reading *r, struct contents *out)
{
    out->quantity = 1;
    if (!is_minidump(r->item) || envelope_event(r->envelope) != NULL ||
        first_minidump(r->envelope) != r->item) {
        return FAULT_OK;
    }
    struct value *root = value_new(r->arena, VALUE_MAP);
    if (root == NULL) {
        return fault_make(FAULT_TOO_BIG, "minidump: needs more memory than allowed");
    }
    struct fault fault = minidump_describe(r->arena, r->item->payload, root);
    return fault_is(fault) ? fault : one_event(r, root, out);
}

/* A browser's report, or an event that a relay on the way made of one. */
static struct fault read_security(const struct reading *r, struct contents *out)
{
    struct value *root = NULL;
    struct reports reports;
    struct fault fault = contents_json(r->arena, r->item, &root);
    if (fault_is(fault)) {
        return fault;
    }
    bool is_made = !tree_lacks(root, SLICE("csp")) || !tree_lacks(root, SLICE("hpkp")) ||
                   !tree_lacks(root, SLICE("expectct")) || !tree_lacks(root, SLICE("expectstaple"));
    if (is_made) {
        return one_event(r, root, out);
    }
    fault = report_events(r->arena, r->source, root, &reports);
    if (!fault_is(fault)) {
        out->events = reports.events;
        out->left_out = reports.left_out;
    }
    return fault;
}

/* ---- what is counted ---- */

static struct fault read_session(const struct reading *r, struct contents *out)
{
    struct value *root = NULL;
    struct fault fault = contents_json(r->arena, r->item, &root);
    if (fault_is(fault)) {
        return fault;
    }
    if (r->item->kind != ITEM_SESSION) {
        return session_read_aggregates(root, &out->quantity);
    }
    out->reason = session_ending(root);
    return session_read(root, &out->quantity);
}

static struct fault read_client_report(const struct reading *r, struct contents *out)
{
    struct value *root = NULL;
    struct fault fault = contents_json(r->arena, r->item, &root);
    return fault_is(fault) ? fault : client_report_read(r->arena, root, out);
}

static struct fault read_check_in(const struct reading *r, struct contents *out)
{
    struct value *root = NULL;
    struct fault fault = contents_json(r->arena, r->item, &root);
    out->quantity = 1;
    return fault_is(fault) ? fault : check_in_judge(root);
}

/* Both forms say what the person wrote. */
static struct fault read_feedback(const struct reading *r, struct contents *out)
{
    struct value *root = NULL;
    struct fault fault = contents_json(r->arena, r->item, &root);
    if (fault_is(fault)) {
        return fault;
    }
    const struct value *feedback = value_get(value_get(root, SLICE("contexts")), SLICE("feedback"));
    const struct value *text = r->item->kind == ITEM_USER_REPORT
                                   ? value_get(root, SLICE("comments"))
                                   : value_get(feedback, SLICE("message"));
    out->quantity = 1;
    return value_is(text, VALUE_STRING)
               ? FAULT_OK
               : fault_at(FAULT_MALFORMED, "feedback: says nothing", r->item->offset);
}

static struct fault read_container(const struct reading *r, struct contents *out)
{
    const struct value *members = NULL;
    out->quantity = 1;
    if (!envelope_item_is_container(r->item)) {
        return FAULT_OK;
    }
    struct fault fault = envelope_item_members(r->arena, r->item, &members);
    out->quantity = members != NULL ? members->count : 0;
    return fault;
}

static struct fault read_transaction(const struct reading *r, struct contents *out)
{
    struct slice payload = slice_trim(r->item->payload);
    out->quantity = 1;
    return payload.len != 0 && payload.at[0] == '{'
               ? FAULT_OK
               : fault_at(FAULT_MALFORMED, "transaction: not a JSON object", r->item->offset);
}

static const struct {
    enum item_kind kind;
    reader_fn *read;
} rows[] = {
    {ITEM_EVENT, read_event},
    {ITEM_ATTACHMENT, read_attachment},
    {ITEM_SECURITY, read_security},
    {ITEM_RAW_SECURITY, read_security},
    {ITEM_NEL, read_security},
    {ITEM_TRANSACTION, read_transaction},
    {ITEM_SESSION, read_session},
    {ITEM_SESSIONS, read_session},
    {ITEM_USER_REPORT, read_feedback},
    {ITEM_FEEDBACK, read_feedback},
    {ITEM_CLIENT_REPORT, read_client_report},
    {ITEM_CHECK_IN, read_check_in},
    {ITEM_LOG, read_container},
    {ITEM_SPAN, read_container},
    {ITEM_TRACE_METRIC, read_container},
};

struct fault contents_read(struct arena *arena, const struct report_source *source,
                           const struct envelope *envelope, uint32_t index, struct contents *out)
{
    MUST(index < envelope->count);
    const struct reading reading = {arena, source, envelope, &envelope->items[index]};
    *out = (struct contents){0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].kind == reading.item->kind) {
            return rows[i].read(&reading, out);
        }
    }
    out->quantity = 1;
    return FAULT_OK;
}
