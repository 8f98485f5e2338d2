/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/request_json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/decode/members.h"

#define REQUEST_MEMBERS(X)                                                                         \
    X(REQUEST_METHOD, "method")                                                                    \
    X(REQUEST_URL, "url")                                                                          \
    X(REQUEST_QUERY_STRING, "query_string")                                                        \
    X(REQUEST_HEADERS, "headers")                                                                  \
    X(REQUEST_COOKIES, "cookies")                                                                  \
    X(REQUEST_DATA, "data")

#define USER_MEMBERS(X)                                                                            \
    X(USER_ID, "id")                                                                               \
    X(USER_EMAIL, "email")                                                                         \
    X(USER_USERNAME, "username")                                                                   \
    X(USER_IP_ADDRESS, "ip_address")

#define MEMBER_ENUM(constant, name) constant,
#define MEMBER_NAME(constant, name) SLICE_INIT(name),
enum { REQUEST_MEMBERS(MEMBER_ENUM) REQUEST_MEMBER_COUNT };
enum { USER_MEMBERS(MEMBER_ENUM) USER_MEMBER_COUNT };
static const struct slice request_names[] = {REQUEST_MEMBERS(MEMBER_NAME)};
static const struct slice user_names[] = {USER_MEMBERS(MEMBER_NAME)};

/* One name and value, of [name, value], of {"name": value}, or of a map's member. */
struct pair {
    struct slice name;
    const struct value *value;
};

/* Reads the pair that `entry`, a member of `parent`, is; false when it is none. */
static bool read_pair(const struct value *parent, const struct value *entry, struct pair *out)
{
    if (parent->kind == VALUE_MAP) {
        *out = (struct pair){entry->key, entry};
        return true;
    }
    if (!value_is(entry, VALUE_LIST) || entry->count != 2) {
        return false;
    }
    const struct value *name = value_first(entry);
    *out = (struct pair){value_text(name), name->next};
    return out->name.len != 0;
}

static void add_header(struct arena *arena, struct value *list, struct slice name,
                       struct slice text)
{
    struct value *pair = value_new(arena, VALUE_LIST);
    value_append(pair, slice_of(NULL, 0), value_new_string(arena, name));
    value_append(pair, slice_of(NULL, 0), value_new_string(arena, text));
    value_append(list, slice_of(NULL, 0), pair);
}

static const struct value *read_headers(struct arena *arena, const struct value *headers)
{
    if (!value_is(headers, VALUE_MAP) && !value_is(headers, VALUE_LIST)) {
        return NULL;
    }
    struct value *list = value_new(arena, VALUE_LIST);
    for (const struct value *at = value_first(headers); at != NULL; at = at->next) {
        struct pair pair;
        if (!read_pair(headers, at, &pair)) {
            continue;
        }
        if (!value_is(pair.value, VALUE_LIST)) {
            add_header(arena, list, pair.name, members_text(arena, pair.value));
            continue;
        }
        for (const struct value *one = value_first(pair.value); one != NULL; one = one->next) {
            add_header(arena, list, pair.name, members_text(arena, one));
        }
    }
    return list;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~:/@!$'()*,;[]", c) != NULL);
}

/* Percent-encodes what would end the name or the value. Three bytes a byte at the most. */
static size_t encode(struct slice text, char *to)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_plain(text.at[i]) || c >= 0x80) {
            to[length++] = text.at[i];
        } else if (c == ' ') {
            to[length++] = '+';
        } else {
            to[length++] = '%';
            to[length++] = digits[c >> 4];
            to[length++] = digits[c & 15];
        }
    }
    return length;
}

/* "name=value&…" of a map or of pairs. */
static struct slice join_query(struct arena *arena, const struct value *query)
{
    size_t room = 0;
    struct pair pair;
    for (const struct value *at = value_first(query); at != NULL; at = at->next) {
        if (read_pair(query, at, &pair)) {
            room += 3 * (pair.name.len + value_text(pair.value).len) + 2;
        }
    }
    char *text = arena_bytes(arena, room);
    if (text == NULL || room == 0) {
        return slice_of(NULL, 0);
    }
    size_t length = 0;
    for (const struct value *at = value_first(query); at != NULL; at = at->next) {
        if (!read_pair(query, at, &pair)) {
            continue;
        }
        if (length != 0) {
            text[length++] = '&';
        }
        length += encode(pair.name, text + length);
        text[length++] = '=';
        length += encode(value_text(pair.value), text + length);
    }
    MUST(length <= room);
    return slice_of(text, length);
}

static struct slice read_query(struct arena *arena, const struct value *query)
{
    if (value_is(query, VALUE_MAP) || value_is(query, VALUE_LIST)) {
        return join_query(arena, query);
    }
    struct slice text = value_text(query);
    return slice_starts(text, SLICE("?")) ? slice_from(text, 1) : text;
}

void request_decode(struct arena *arena, const struct value *value, struct request *out)
{
    MUST(arena != NULL && out != NULL);
    const struct value *found[REQUEST_MEMBER_COUNT];
    members_pick(value, request_names, REQUEST_MEMBER_COUNT, found);
    *out = (struct request){
        .method = value_text(found[REQUEST_METHOD]),
        .url = value_text(found[REQUEST_URL]),
        .query_string = read_query(arena, found[REQUEST_QUERY_STRING]),
        .headers = read_headers(arena, found[REQUEST_HEADERS]),
        .cookies = found[REQUEST_COOKIES],
        .data = found[REQUEST_DATA],
        .raw = members_map(value),
    };
}

void request_decode_user(const struct value *value, struct user *out)
{
    MUST(out != NULL);
    const struct value *found[USER_MEMBER_COUNT];
    members_pick(value, user_names, USER_MEMBER_COUNT, found);
    *out = (struct user){
        .id = value_text(found[USER_ID]),
        .email = value_text(found[USER_EMAIL]),
        .username = value_text(found[USER_USERNAME]),
        .ip_address = value_text(found[USER_IP_ADDRESS]),
        .raw = members_map(value),
    };
}
