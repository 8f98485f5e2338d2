/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/rule_text.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>

#define ERROR_BYTES_MAX 256u

void rule_text_init(struct rule_text *text, struct arena *arena, struct problems *problems,
                    struct slice file, struct slice content)
{
    MUST(arena != NULL && problems != NULL);
    *text = (struct rule_text){.arena = arena, .problems = problems, .file = file, .rest = content};
}

bool rule_text_next(struct rule_text *text)
{
    while (text->rest.len != 0) {
        size_t end = slice_find(text->rest, '\n');
        text->line = slice_head(text->rest, end);
        text->rest = slice_from(text->rest, end + 1);
        text->number++;
        text->at = 0;
        if (!rule_text_is_done(text) && text->line.at[text->at] != '#') {
            return true;
        }
    }
    return false;
}

bool rule_text_is_done(struct rule_text *text)
{
    while (text->at < text->line.len && memchr(" \t\r", text->line.at[text->at], 3) != NULL) {
        text->at++;
    }
    MUST(text->at <= text->line.len);
    return text->at == text->line.len;
}

bool rule_text_take(struct rule_text *text, struct slice word)
{
    (void)rule_text_is_done(text);
    if (!slice_starts(slice_from(text->line, text->at), word)) {
        return false;
    }
    text->at += word.len;
    return true;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
}

struct slice rule_text_name(struct rule_text *text)
{
    (void)rule_text_is_done(text);
    size_t start = text->at;
    while (text->at < text->line.len && is_name_byte(text->line.at[text->at])) {
        text->at++;
    }
    return slice_of(text->line.at + start, text->at - start);
}

static bool read_quoted(struct rule_text *text, struct slice *out)
{
    char *copy = arena_bytes(text->arena, text->line.len);
    size_t length = 0;
    size_t at = text->at + 1;
    while (copy != NULL && at < text->line.len && text->line.at[at] != '"') {
        at += text->line.at[at] == '\\' && at + 1 < text->line.len;
        copy[length++] = text->line.at[at++];
    }
    if (copy == NULL || at == text->line.len) {
        rule_text_error(text, copy == NULL ? "too long" : "a quote that is never closed");
        return false;
    }
    text->at = at + 1;
    *out = slice_of(copy, length);
    return true;
}

bool rule_text_value(struct rule_text *text, const char *stops, struct slice *out)
{
    size_t start = text->at;
    if (start < text->line.len && text->line.at[start] == '"') {
        return read_quoted(text, out);
    }
    while (text->at < text->line.len && strchr(" \t\r", text->line.at[text->at]) == NULL &&
           strchr(stops, text->line.at[text->at]) == NULL) {
        text->at++;
    }
    if (text->at == start) {
        rule_text_error(text, "a text is missing here");
        return false;
    }
    *out = arena_copy(text->arena, slice_of(text->line.at + start, text->at - start));
    MUST(out->len == text->at - start || text->arena->exhausted);
    return true;
}

const char *rule_text_line(struct rule_text *text)
{
    return arena_str(text->arena, slice_trim(text->line));
}

void rule_text_error(struct rule_text *text, const char *format, ...)
{
    char message[ERROR_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    problem_error(text->problems, text->file, text->number, (uint32_t)text->at + 1, "%s", message);
}
