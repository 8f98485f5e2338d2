/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/decoded.h"
#include "ingest/normalise/steps.h"

/* From the slash after the host on; all of it when there is no host. */
static struct slice path_of(struct slice url)
{
    size_t colon = slice_search(url, SLICE("://"));
    if (colon == url.len) {
        return url;
    }
    struct slice rest = slice_from(url, colon + 3);
    return slice_from(rest, slice_find(rest, '/'));
}

static bool is_form(const struct request *request)
{
    for (const struct value *at = value_first(request->headers); at != NULL; at = at->next) {
        const struct value *name = value_first(at);
        if (name != NULL && slice_eq_nocase(value_text(name), SLICE("content-type"))) {
            struct slice type = value_text(name->next);
            return slice_search(type, SLICE("form-urlencoded")) != type.len;
        }
    }
    return false;
}

static bool has_quoting(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '\0' && strchr("'\"\\^$`", text.at[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static struct slice unquoted(struct arena *arena, const struct decoded *decoded)
{
    const struct slice parts[] = {decoded->path, SLICE("\n"), decoded->query,  SLICE("\n"),
                                  decoded->body, SLICE("\n"), decoded->headers};
    size_t count = sizeof(parts) / sizeof(parts[0]);
    for (size_t i = 0; i < count; i++) {
        if (has_quoting(parts[i])) {
            return decoded_unquoted(arena, arena_concat(arena, parts, count));
        }
    }
    return slice_of(NULL, 0);
}

void step_views(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    struct request *request = &event->request;
    struct decoded *decoded = &request->decoded;
    (void)input;
    *decoded = (struct decoded){
        .path = decoded_text(arena, path_of(request->url), DECODED_TEXT),
        .query = decoded_text(arena, request->query_string, DECODED_QUERY),
        .body = decoded_body(arena, request->data, is_form(request)),
        .headers = decoded_headers(arena, request->headers),
    };
    decoded->unquoted = unquoted(arena, decoded);
    MUST(decoded->path.len <= 2 * (size_t)DECODED_BYTES_MAX);
}
