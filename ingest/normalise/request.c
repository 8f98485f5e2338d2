/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

#define METHOD_BYTES_MAX 32u /* the longest registered one, UPDATEREDIRECTREF, has 17 */

static struct slice upper(struct arena *arena, struct slice text)
{
    bool is_upper = true;
    for (size_t i = 0; i < text.len; i++) {
        is_upper &= !(text.at[i] >= 'a' && text.at[i] <= 'z');
    }
    char *copy = is_upper ? NULL : arena_bytes(arena, text.len);
    if (copy == NULL) {
        return text;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        copy[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return slice_of(copy, text.len);
}

/* A method is one word of letters, dashes and underscores; anything else is none. */
static struct slice method_of(struct arena *arena, struct slice text)
{
    text = slice_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        char c = (char)(text.at[i] | 0x20);
        if (!(c >= 'a' && c <= 'z') && text.at[i] != '-' && text.at[i] != '_') {
            return slice_of(NULL, 0);
        }
    }
    return text.len <= METHOD_BYTES_MAX ? upper(arena, text) : slice_of(NULL, 0);
}

/* The query a URL carries is the request's, unless one was sent apart; the fragment never left the
 * browser. */
static void split_url(struct request *request)
{
    request->url = slice_trim(request->url);
    request->url = slice_head(request->url, slice_find(request->url, '#'));
    size_t mark = slice_find(request->url, '?');
    if (request->query_string.len == 0) {
        request->query_string = slice_from(request->url, mark + 1);
    }
    request->url = slice_head(request->url, mark);
    MUST(slice_find(request->url, '?') == request->url.len);
}

void step_request(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)input;
    event->request.method = method_of(arena, event->request.method);
    split_url(&event->request);
}
