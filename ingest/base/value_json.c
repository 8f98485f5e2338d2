/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/value.h"
#include <yajl/yajl_parse.h>

/* What yajl's callbacks share: the path of open containers, and why we stopped. */
struct builder {
    struct arena *arena;
    struct slice json;
    struct value *root;
    struct slice key;    /* of the member whose value comes next */
    uint32_t values;
    uint32_t depth;
    const char *too_big; /* set when a callback cancelled the parse */
    struct value *open[JSON_DEPTH_MAX];
};

static int stop(struct builder *b, const char *reason)
{
    b->too_big = reason;
    return 0;
}

/* Text that lies in the document is borrowed; decoded text lives in yajl's buffer and is copied. */
static struct slice keep(struct builder *b, const unsigned char *at, size_t length)
{
    const char *text = (const char *)at;
    if (text >= b->json.at && text < b->json.at + b->json.len) {
        return slice_of(text, length);
    }
    return arena_copy(b->arena, slice_of(text, length));
}

static struct value *add(struct builder *b, enum value_kind kind)
{
    struct value *value = value_new(b->arena, kind);
    if (value == NULL || ++b->values > JSON_VALUES_MAX) {
        (void)stop(b, "json: more values than allowed");
        return NULL;
    }
    if (b->depth == 0) {
        b->root = value;
    } else {
        value_append(b->open[b->depth - 1], b->key, value);
    }
    b->key = slice_of(NULL, 0);
    return value;
}

static int add_text(struct builder *b, enum value_kind kind, const void *at, size_t length)
{
    struct value *value = add(b, kind);
    if (value == NULL) {
        return 0;
    }
    value->of.text = keep(b, at, length);
    return 1;
}

static int add_open(struct builder *b, enum value_kind kind)
{
    if (b->depth == JSON_DEPTH_MAX) {
        return stop(b, "json: nested deeper than allowed");
    }
    struct value *value = add(b, kind);
    if (value == NULL) {
        return 0;
    }
    b->open[b->depth++] = value;
    return 1;
}

static int add_close(struct builder *b)
{
    MUST(b->depth > 0);
    b->depth--;
    return 1;
}

static int on_null(void *b)
{
    return add(b, VALUE_NULL) != NULL;
}

static int on_bool(void *b, int truth)
{
    return add(b, truth ? VALUE_TRUE : VALUE_FALSE) != NULL;
}

static int on_number(void *b, const char *at, size_t length)
{
    return add_text(b, VALUE_NUMBER, at, length);
}

static int on_string(void *b, const unsigned char *at, size_t length)
{
    return add_text(b, VALUE_STRING, at, length);
}

static int on_map(void *b)
{
    return add_open(b, VALUE_MAP);
}

static int on_key(void *builder, const unsigned char *at, size_t length)
{
    struct builder *b = builder;
    b->key = keep(b, at, length);
    return 1;
}

static int on_list(void *b)
{
    return add_open(b, VALUE_LIST);
}

static int on_close(void *b)
{
    return add_close(b);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_list,
    .yajl_end_array = on_close,
};

/* yajl's own state comes from the arena too: it needs about 3 KB, and buffers for escaped text. A
 * block carries its size before it so that it can be grown by copying. */
static void *yajl_take(void *arena, size_t size)
{
    size_t *block = arena_alloc(arena, size + 16);
    if (block == NULL) {
        return NULL;
    }
    *block = size;
    return (char *)block + 16;
}

static void *yajl_grow(void *arena, void *old, size_t size)
{
    void *grown = yajl_take(arena, size);
    if (grown != NULL && old != NULL) {
        size_t had = *(size_t *)(void *)((char *)old - 16);
        memcpy(grown, old, had < size ? had : size);
    }
    return grown;
}

static void yajl_give(void *arena, void *block)
{
    (void)arena;
    (void)block;
}

/* yajl grows its buffers by doubling and does not survive a failed allocation: so much must be
 * free before it starts. Each string of the document is decoded in one buffer at the most. */
static bool has_room(const struct arena *arena, size_t json_bytes)
{
    size_t free_bytes = arena->size - arena->used;
    return json_bytes < SIZE_MAX / 8 && free_bytes > 5 * json_bytes + 65536;
}

struct fault value_parse_json(struct arena *arena, struct slice json, struct value **out)
{
    if (!has_room(arena, json.len)) {
        arena->exhausted = true;
        return fault_make(FAULT_TOO_BIG, "json: document larger than the memory for it");
    }
    struct builder b = {.arena = arena, .json = json};
    yajl_alloc_funcs memory = {yajl_take, yajl_grow, yajl_give, arena};
    yajl_handle yajl = yajl_alloc(&callbacks, &memory, &b);
    if (yajl == NULL) {
        return fault_make(FAULT_TOO_BIG, "json: no memory left");
    }
    yajl_status status = yajl_parse(yajl, (const unsigned char *)json.at, json.len);
    size_t consumed = yajl_get_bytes_consumed(yajl);
    if (status == yajl_status_ok) {
        status = yajl_complete_parse(yajl);
    }
    if (b.too_big != NULL) {
        return fault_at(FAULT_TOO_BIG, b.too_big, consumed);
    }
    if (status != yajl_status_ok) {
        return fault_at(FAULT_MALFORMED, "json: not valid JSON here", consumed);
    }
    if (b.root == NULL) {
        return fault_at(FAULT_MALFORMED, "json: empty", 0);
    }
    if (arena->exhausted) {
        return fault_make(FAULT_TOO_BIG, "json: no memory left");
    }
    *out = b.root;
    return FAULT_OK;
}
