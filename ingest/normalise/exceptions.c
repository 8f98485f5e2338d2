/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

#define TYPE_SPLIT_BYTES_MAX 128u /* longer: a sentence */

/* Old clients put all into the value: "TypeError: x is undefined", on one line. A name with dots is
 * only believed with a space behind its colon. */
static void split_type(struct exception *exception)
{
    struct slice text = exception->value;
    size_t colon = slice_find(text, ':');
    bool is_word = true;
    if (colon == 0 || colon + 1 >= text.len || colon > TYPE_SPLIT_BYTES_MAX ||
        slice_find(text, '\n') < text.len) {
        return;
    }
    for (size_t i = 0; i < colon; i++) {
        char c = text.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
        if (!is_letter && c != '.' && c != '$') {
            return;
        }
        is_word &= is_letter;
    }
    MUST(colon < text.len);
    if (is_word || text.at[colon + 1] == ' ') {
        exception->type = slice_head(text, colon);
        exception->value = slice_trim(slice_from(text, colon + 1));
    }
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
