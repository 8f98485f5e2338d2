/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/body.h"
#include "ingest/base/must.h"
#include "ingest/decode/check_in.h"
#include "ingest/decode/minidump.h"
#include "ingest/decode/multipart.h"
#include "ingest/decode/percent.h"
#include "ingest/decode/store.h"
#include "ingest/decode/tree.h"

struct fault body_envelope(struct arena *arena, const struct body *body, struct envelope *out)
{
    return envelope_parse(arena, body->plain, out);
}

struct fault body_store(struct arena *arena, const struct body *body, struct envelope *out)
{
    struct envelope_item item = {.kind = ITEM_EVENT, .type = SLICE("event")};
    struct fault fault = store_open(body->inflate, arena, body->plain, &item.payload);
    if (fault_is(fault)) {
        return fault;
    }
    if (item.payload.len > EVENT_BYTES_MAX) {
        return fault_make(FAULT_TOO_BIG, "store: an event larger than allowed");
    }
    *out = (struct envelope){0};
    return envelope_add(arena, out, &item);
}

struct fault body_reports(struct arena *arena, const struct body *body, struct envelope *out)
{
    const struct envelope_item item = {
        .kind = ITEM_RAW_SECURITY, .type = SLICE("raw_security"), .payload = body->plain};
    if (body->plain.len > EVENT_BYTES_MAX) {
        return fault_make(FAULT_TOO_BIG, "report: larger than allowed");
    }
    *out = (struct envelope){0};
    return envelope_add(arena, out, &item);
}

struct fault body_check_in(struct arena *arena, const struct body *body, struct envelope *out)
{
    struct envelope_item item = {.kind = ITEM_CHECK_IN, .type = SLICE("check_in")};
    if (body->plain.len > CHECK_IN_BYTES_MAX) {
        return fault_make(FAULT_TOO_BIG, "check-in: larger than allowed");
    }
    struct fault fault = check_in_from_url(arena, body->plain, body->parameters, &item.root);
    *out = (struct envelope){0};
    return fault_is(fault) ? fault : envelope_add(arena, out, &item);
}

/* ---- forms ---- */

/* The fields that carry a dump: Breakpad's and Crashpad's own, and what a proxy renamed it to. */
static bool is_dump(const struct part *part)
{
    return slice_eq(part->name, SLICE("upload_file_minidump")) || minidump_is(part->content);
}

static struct fault add_attachment(struct arena *arena, const struct part *part, const char *type,
                                   struct envelope *out)
{
    struct value *headers = value_new(arena, VALUE_MAP);
    tree_text(arena, headers, "type", SLICE("attachment"));
    tree_text(arena, headers, "filename", part->filename);
    tree_text(arena, headers, "content_type", part->content_type);
    tree_text(arena, headers, "attachment_type", slice_str(type));
    const struct envelope_item item = {.kind = ITEM_ATTACHMENT,
                                       .type = SLICE("attachment"),
                                       .headers = headers,
                                       .payload = part->content};
    return headers != NULL ? envelope_add(arena, out, &item)
                           : fault_make(FAULT_TOO_BIG, "multipart: no memory left");
}

/* A field of Crashpad's: `sentry` is an event's JSON, sentry[release] a member of it, and anything
 * else an annotation of the process. */
static struct fault add_field(struct arena *arena, const struct part *part, struct value *event,
                              struct value *extra)
{
    struct slice name = part->name;
    struct value *sent = NULL;
    struct slice text = slice_cut_utf8(part->content, MESSAGE_BYTES_MAX);
    if (slice_eq(name, SLICE("sentry"))) {
        struct fault fault = store_parse(arena, part->content, &sent);
        if (fault_is(fault)) {
            return fault_make(fault.kind, "minidump: the field `sentry` is not JSON");
        }
        for (const struct value *at = value_first(sent); sent->kind == VALUE_MAP && at != NULL;
             at = at->next) {
            tree_member(arena, event, at->key, at);
        }
    } else if (slice_starts(name, SLICE("sentry[")) && slice_find(name, ']') + 1 == name.len) {
        struct slice member = slice_head(slice_from(name, 7), name.len - 8);
        tree_member(arena, event, member, value_new_string(arena, text));
    } else if (name.len != 0) {
        tree_member(arena, extra, name, value_new_string(arena, text));
    }
    return FAULT_OK;
}

static struct fault add_part(struct arena *arena, const struct part *part, struct value *event,
                             struct value *extra, struct envelope *out)
{
    bool is_file = part->filename.len != 0;
    if (event != NULL && is_dump(part)) {
        return add_attachment(arena, part, "event.minidump", out);
    }
    if (is_file || event == NULL) {
        return add_attachment(arena, part, "event.attachment", out);
    }
    return add_field(arena, part, event, extra);
}

/* Reads all parts; with `event` NULL all of them are attachments. */
static struct fault read_form(struct arena *arena, const struct body *body, struct value *event,
                              struct envelope *out)
{
    struct multipart form;
    struct part part;
    bool found = true;
    struct value *extra = event != NULL ? value_new(arena, VALUE_MAP) : NULL;
    struct fault fault = multipart_open(&form, body->content_type, body->plain);
    for (unsigned count = 0; !fault_is(fault) && found; count++) {
        fault = multipart_next(&form, &part, &found);
        if (!fault_is(fault) && found) {
            fault = count < PARTS_MAX ? add_part(arena, &part, event, extra, out)
                                      : fault_make(FAULT_TOO_BIG, "multipart: too many parts");
        }
    }
    if (extra != NULL && extra->count > 0 && tree_lacks(event, SLICE("extra"))) {
        tree_member(arena, event, SLICE("extra"), extra);
    }
    return fault;
}

/* The event that the fields make; the dump among the attachments fills in the rest. */
static struct fault add_event(struct arena *arena, struct value *event, struct envelope *out)
{
    const struct envelope_item item = {.kind = ITEM_EVENT, .type = SLICE("event"), .root = event};
    for (uint32_t i = 0; i < out->count; i++) {
        struct slice type =
            value_string(value_get(out->items[i].headers, SLICE("attachment_type")));
        if (slice_eq(type, SLICE("event.minidump"))) {
            return minidump_is(out->items[i].payload)
                       ? envelope_add(arena, out, &item)
                       : fault_make(FAULT_MALFORMED, "minidump: does not begin like one");
        }
    }
    return fault_make(FAULT_MALFORMED, "minidump: no part upload_file_minidump");
}

struct fault body_minidump(struct arena *arena, const struct body *body, struct envelope *out)
{
    struct value *event = value_new(arena, VALUE_MAP);
    struct fault fault = FAULT_OK;
    *out = (struct envelope){0};
    if (event == NULL) {
        return fault_make(FAULT_TOO_BIG, "minidump: needs more memory than allowed");
    }
    if (minidump_is(body->plain)) {
        const struct part whole = {.filename = SLICE("minidump.dmp"), .content = body->plain};
        fault = add_attachment(arena, &whole, "event.minidump", out);
    } else {
        fault = read_form(arena, body, event, out);
    }
    return fault_is(fault) ? fault : add_event(arena, event, out);
}

struct fault body_attachments(struct arena *arena, const struct body *body, struct envelope *out)
{
    struct slice rest = body->parameters;
    struct slice name;
    struct slice value;
    *out = (struct envelope){0};
    while (percent_next_pair(&rest, '&', &name, &value)) {
        if (slice_eq(name, SLICE("event_id")) && !id_parse(value, &out->event_id)) {
            return fault_make(FAULT_MALFORMED, "attachments: an event's id has 32 hex digits");
        }
    }
    MUST(out->count == 0);
    return read_form(arena, body, NULL, out);
}
