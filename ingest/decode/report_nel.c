/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/decode/report_inside.h"

/* Copied as tags: what people search by. */
static const struct slice tagged[] = {SLICE_INIT("phase"),       SLICE_INIT("protocol"),
                                      SLICE_INIT("method"),      SLICE_INIT("server_ip"),
                                      SLICE_INIT("referrer"),    SLICE_INIT("status_code"),
                                      SLICE_INIT("elapsed_time")};

static void add_fingerprint(struct arena *arena, struct value *event, struct slice type,
                            struct slice host)
{
    struct slice parts[] = {SLICE("network-error"), type, host};
    struct value *list = value_new(arena, VALUE_LIST);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && list != NULL; i++) {
        struct value *part = value_new_string(arena, parts[i]);
        if (part != NULL) {
            value_append(list, slice_of(NULL, 0), part);
        }
    }
    if (list != NULL) {
        value_append(event, SLICE("fingerprint"), list);
    }
}

/* Successes are reported too, when a site asks for them ("ok"): they are no errors. */
bool report_nel(struct arena *arena, const struct value *element, struct value *event,
                struct slice *url)
{
    const struct value *body = value_get(element, SLICE("body"));
    struct slice type = slice_head(slice_trim(value_string(value_get(body, SLICE("type")))), 64);
    struct slice host = report_host(*url);
    if (type.len == 0 || slice_eq(type, SLICE("ok"))) {
        return false;
    }
    MUST(value_is(body, VALUE_MAP));
    tree_text(arena, event, "type", SLICE("nel"));
    tree_text(arena, event, "logger", SLICE("nel"));
    tree_text(arena, event, "message",
              arena_printf(arena, "Network error %.*s at %.*s", SLICE_ARG(type),
                           SLICE_ARG(slice_head(host, 256))));
    tree_text(arena, event, "culprit", host);
    add_fingerprint(arena, event, type, host);
    struct value *tags = tree_map(arena, event, "tags");
    tree_text(arena, tags, "type", type);
    for (size_t i = 0; i < sizeof(tagged) / sizeof(tagged[0]); i++) {
        tree_member(arena, tags, tagged[i], value_get(body, tagged[i]));
    }
    struct value *contexts = tree_map(arena, event, "contexts");
    if (contexts != NULL) {
        tree_member(arena, contexts, SLICE("nel"), body);
    }
    return true;
}
