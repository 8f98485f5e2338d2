/* SPDX-License-Identifier: Apache-2.0 */
/* json — writes JSON (RFC 8259) into a buffer.
 *
 * Commas and colons come by themselves: `json_key` then a value inside a map, values one after the
 * other inside a list. Strings are escaped; bytes that are not UTF-8 become U+FFFD, so that what we
 * write can always be read. Nesting is checked (MUST), since the shape is ours. Not indented.
 */
#pragma once
#include "ingest/base/buffer.h"
#include "ingest/base/value.h"

#define JSON_WRITE_DEPTH_MAX 192u /* a JSON_DEPTH_MAX document inside one of ours */

struct json {
    struct buffer *out; /* borrowed */
    uint32_t depth;
    bool after_key;
    bool has_items[JSON_WRITE_DEPTH_MAX];
};

void json_init(struct json *json, struct buffer *out);

void json_map(struct json *json);
void json_map_end(struct json *json);
void json_list(struct json *json);
void json_list_end(struct json *json);
void json_key(struct json *json, const char *key);
void json_key_slice(struct json *json, struct slice key);

void json_string(struct json *json, struct slice text);
void json_integer(struct json *json, int64_t number);
void json_unsigned(struct json *json, uint64_t number);
void json_real(struct json *json, double number); /* not finite: null */
void json_bool(struct json *json, bool truth);
void json_null(struct json *json);

/* A tree; numbers as their source text. NULL writes null. */
void json_value(struct json *json, const struct value *value);

/* Key and value in one. */
void json_member_string(struct json *json, const char *key, struct slice text);
void json_member_integer(struct json *json, const char *key, int64_t number);
void json_member_bool(struct json *json, const char *key, bool truth);
