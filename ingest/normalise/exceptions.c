/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

/* Old clients put all into the value: "TypeError: x is undefined". A type is one word, and what
 * follows its colon is not empty. */
static void split_type(struct exception *exception)
{
    struct slice text = exception->value;
    size_t colon = slice_find(text, ':');
    if (colon == 0 || colon + 1 >= text.len || colon > 128 || text.at[colon + 1] != ' ') {
        return;
    }
    for (size_t i = 0; i < colon; i++) {
        char c = text.at[i];
        bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.' || c == '$';
        if (!is_name) {
            return;
        }
    }
    MUST(colon < text.len);
    exception->type = slice_head(text, colon);
    exception->value = slice_trim(slice_from(text, colon + 1));
}

static void tidy(struct exception *exception)
{
    exception->type = slice_trim(exception->type);
    exception->value = slice_trim(exception->value);
    if (exception->type.len == 0) {
        split_type(exception);
    }
    exception->value = slice_cut_utf8(exception->value, MESSAGE_BYTES_MAX);
    exception->type = slice_cut_utf8(exception->type, MESSAGE_BYTES_MAX);
}

void step_exceptions(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)arena;
    (void)input;
    MUST(event->exception_count <= EXCEPTIONS_MAX);
    for (uint32_t i = 0; i < event->exception_count; i++) {
        tidy(&event->exceptions[i]);
    }
}
