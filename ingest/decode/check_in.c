/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/check_in.h"
#include "ingest/base/id.h"
#include "ingest/base/must.h"
#include "ingest/decode/percent.h"
#include "ingest/decode/tree.h"

#define SLUG_BYTES_MAX 50u /* as the field's servers cut it */

static const struct slice from_url[] = {SLICE_INIT("monitor_slug"), SLICE_INIT("status"),
                                        SLICE_INIT("check_in_id"), SLICE_INIT("environment"),
                                        SLICE_INIT("duration")};

static bool is_from_url(struct slice name)
{
    for (size_t i = 0; i < sizeof(from_url) / sizeof(from_url[0]); i++) {
        if (slice_eq(name, from_url[i])) {
            return true;
        }
    }
    return false;
}

struct fault check_in_from_url(struct arena *arena, struct slice body, struct slice parameters,
                               struct value **out)
{
    struct value *root = value_new(arena, VALUE_MAP);
    struct value *sent = NULL;
    struct slice name;
    struct slice value;
    if (slice_trim(body).len != 0) {
        struct fault fault = value_parse_json(arena, body, &sent);
        if (fault_is(fault)) {
            return fault;
        }
        if (sent->kind != VALUE_MAP) {
            return fault_at(FAULT_MALFORMED, "check-in: not a JSON object", 0);
        }
    }
    while (root != NULL && percent_next_pair(&parameters, '&', &name, &value)) {
        if (is_from_url(name) && value.len != 0) {
            struct value *text = value_new_string(arena, percent_decode(arena, value, true));
            tree_member(arena, root, name, text);
        }
    }
    for (const struct value *at = value_first(sent); at != NULL; at = at->next) {
        tree_member(arena, root, at->key, at); /* behind those of the URL: the first one counts */
    }
    *out = root;
    return root != NULL && !arena->exhausted
               ? FAULT_OK
               : fault_make(FAULT_TOO_BIG, "check-in: no memory left");
}

static bool is_status(struct slice text)
{
    static const struct slice known[] = {SLICE_INIT("in_progress"), SLICE_INIT("ok"),
                                         SLICE_INIT("error"), SLICE_INIT("missed"),
                                         SLICE_INIT("timeout")};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_eq(text, known[i])) {
            return true;
        }
    }
    return false;
}

struct fault check_in_judge(const struct value *root)
{
    struct slice slug = slice_trim(value_text(value_get(root, SLICE("monitor_slug"))));
    const struct value *check_in = value_get(root, SLICE("check_in_id"));
    const struct value *duration = value_get(root, SLICE("duration"));
    struct id id;
    double seconds = 0;
    if (slug.len == 0 || slug.len > SLUG_BYTES_MAX) {
        return fault_make(FAULT_MALFORMED, "check-in: no monitor_slug, or a longer one than 50");
    }
    if (!is_status(value_text(value_get(root, SLICE("status"))))) {
        return fault_make(FAULT_MALFORMED, "check-in: status is not in_progress, ok or error");
    }
    if (check_in != NULL && check_in->kind != VALUE_NULL &&
        !id_parse(value_string(check_in), &id)) {
        return fault_make(FAULT_MALFORMED, "check-in: check_in_id is not 32 hex digits");
    }
    if (duration != NULL && duration->kind != VALUE_NULL &&
        (!value_real(duration, &seconds) || seconds < 0)) {
        return fault_make(FAULT_MALFORMED, "check-in: duration is not a number of seconds");
    }
    return FAULT_OK;
}
