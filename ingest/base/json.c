/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/must.h"
#include "ingest/base/utf8.h"
#include <inttypes.h>
#include <math.h>

void json_init(struct json *json, struct buffer *out)
{
    MUST(out != NULL);
    *json = (struct json){.out = out};
}

/* Called before every value and key: the comma, where one belongs. */
static void separate(struct json *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->depth > 0) {
        if (json->has_items[json->depth - 1]) {
            buffer_byte(json->out, ',');
        }
        json->has_items[json->depth - 1] = true;
    }
}

static void begin(struct json *json, char mark)
{
    separate(json);
    MUST(json->depth < JSON_WRITE_DEPTH_MAX);
    json->has_items[json->depth++] = false;
    buffer_byte(json->out, mark);
}

static void end(struct json *json, char mark)
{
    MUST(json->depth > 0 && !json->after_key);
    json->depth--;
    buffer_byte(json->out, mark);
}

void json_map(struct json *json)
{
    begin(json, '{');
}

void json_map_end(struct json *json)
{
    end(json, '}');
}

void json_list(struct json *json)
{
    begin(json, '[');
}

void json_list_end(struct json *json)
{
    end(json, ']');
}

static void escape(struct buffer *out, unsigned char c)
{
    switch (c) {
    case '"':
        buffer_add(out, SLICE("\\\""));
        break;
    case '\\':
        buffer_add(out, SLICE("\\\\"));
        break;
    case '\n':
        buffer_add(out, SLICE("\\n"));
        break;
    case '\r':
        buffer_add(out, SLICE("\\r"));
        break;
    case '\t':
        buffer_add(out, SLICE("\\t"));
        break;
    default:
        buffer_printf(out, "\\u%04x", c);
    }
}

static void quoted(struct buffer *out, struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t plain = 0; /* start of the run that can be copied as it is */
    size_t i = 0;
    buffer_byte(out, '"');
    while (i < text.len) {
        size_t length = at[i] < 0x80 ? 1 : utf8_first_bytes(slice_from(text, i));
        if (length != 0 && at[i] >= 0x20 && at[i] != '"' && at[i] != '\\' && at[i] != 0x7F) {
            i += length;
            continue;
        }
        buffer_add(out, slice_of(text.at + plain, i - plain));
        if (length == 0) {
            buffer_add(out, SLICE("\xEF\xBF\xBD"));
        } else {
            escape(out, at[i]);
        }
        plain = ++i;
    }
    MUST(plain <= text.len);
    buffer_add(out, slice_of(text.at + plain, text.len - plain));
    buffer_byte(out, '"');
}

void json_key_slice(struct json *json, struct slice key)
{
    MUST(json->depth > 0 && !json->after_key);
    separate(json);
    quoted(json->out, key);
    buffer_byte(json->out, ':');
    json->after_key = true;
}

void json_key(struct json *json, const char *key)
{
    MUST(key != NULL);
    json_key_slice(json, slice_str(key));
}

void json_string(struct json *json, struct slice text)
{
    separate(json);
    quoted(json->out, text);
}

void json_integer(struct json *json, int64_t number)
{
    separate(json);
    buffer_printf(json->out, "%" PRId64, number);
}

void json_unsigned(struct json *json, uint64_t number)
{
    separate(json);
    buffer_printf(json->out, "%" PRIu64, number);
}

void json_real(struct json *json, double number)
{
    if (!isfinite(number)) {
        json_null(json);
        return;
    }
    separate(json);
    buffer_printf(json->out, "%.17g", number);
}

void json_bool(struct json *json, bool truth)
{
    separate(json);
    buffer_add(json->out, truth ? SLICE("true") : SLICE("false"));
}

void json_null(struct json *json)
{
    separate(json);
    buffer_add(json->out, SLICE("null"));
}

static void scalar(struct json *json, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        json_null(json);
        break;
    case VALUE_FALSE:
    case VALUE_TRUE:
        json_bool(json, value->kind == VALUE_TRUE);
        break;
    case VALUE_NUMBER:
        separate(json);
        buffer_add(json->out, value->of.text);
        break;
    case VALUE_STRING:
        json_string(json, value->of.text);
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        NEVER("containers are opened by json_value");
    }
}

/* Walks with its own stack: depth is the sender's, and must not be the thread stack's. */
void json_value(struct json *json, const struct value *value)
{
    const struct value *open[JSON_WRITE_DEPTH_MAX];
    const struct value *at = value;
    uint32_t depth = 0;
    if (value == NULL) {
        json_null(json);
        return;
    }
    for (;;) {
        if (at == NULL) { /* past the last child */
            MUST(depth > 0);
            const struct value *parent = open[--depth];
            end(json, parent->kind == VALUE_MAP ? '}' : ']');
            if (depth == 0) {
                return;
            }
            at = parent->next;
            continue;
        }
        if (depth > 0 && open[depth - 1]->kind == VALUE_MAP) {
            json_key_slice(json, at->key);
        }
        if (at->kind == VALUE_LIST || at->kind == VALUE_MAP) {
            MUST(depth < JSON_WRITE_DEPTH_MAX);
            begin(json, at->kind == VALUE_MAP ? '{' : '[');
            open[depth++] = at;
            at = at->of.children.first;
            continue;
        }
        scalar(json, at);
        if (depth == 0) {
            return;
        }
        at = at->next;
    }
}

void json_member_string(struct json *json, const char *key, struct slice text)
{
    json_key(json, key);
    json_string(json, text);
}

void json_member_integer(struct json *json, const char *key, int64_t number)
{
    json_key(json, key);
    json_integer(json, number);
}

void json_member_bool(struct json *json, const char *key, bool truth)
{
    json_key(json, key);
    json_bool(json, truth);
}
