/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/value.h"
#include <setjmp.h>
#include <yajl/yajl_parse.h>

#define NODES_AT_ONCE 32u /* taken from the arena together: 1.8 KB, half a page */

/* What yajl's callbacks share: the path of open containers, and why we stopped. */
struct builder {
    struct arena *arena;
    struct slice json;
    struct value *root;
    struct slice key;    /* of the member whose value comes next */
    struct value *nodes; /* unused ones, not yet cleared */
    uint32_t nodes_left;
    uint32_t values;
    uint32_t depth;
    const char *too_big; /* set when a callback cancelled the parse */
    jmp_buf no_memory;   /* out of yajl, which does not survive a failed allocation */
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

static struct value *new_node(struct builder *b)
{
    if (b->nodes_left == 0) {
        b->nodes = arena_alloc_raw(b->arena, NODES_AT_ONCE * sizeof(struct value));
        if (b->nodes == NULL) {
            return NULL;
        }
        b->nodes_left = NODES_AT_ONCE;
    }
    MUST(b->nodes_left <= NODES_AT_ONCE);
    b->nodes_left--;
    return b->nodes++;
}

static struct value *add(struct builder *b, enum value_kind kind)
{
    struct value *value = new_node(b);
    if (value == NULL || ++b->values > JSON_VALUES_MAX) {
        (void)stop(b, value == NULL ? "json: no memory left" : "json: more values than allowed");
        return NULL;
    }
    *value = (struct value){.kind = kind};
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
    MUST(b->depth < JSON_DEPTH_MAX);
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

/* yajl's own state comes from the arena too: it needs about 1 KB, and buffers for escaped text,
 * which grow by doubling. A block carries its size before it so that it can be grown by copying.
 * yajl 2.1 uses what it gets without a look, so when the arena is full we leave it for good:
 * nothing of it is outside the arena. */
static void *yajl_take(void *builder, size_t size)
{
    struct builder *b = builder;
    size_t *block = size <= SIZE_MAX - 32 ? arena_alloc_raw(b->arena, size + 16) : NULL;
    if (block == NULL) {
        longjmp(b->no_memory, 1);
    }
    *block = size;
    return (char *)block + 16;
}

static void *yajl_grow(void *builder, void *old, size_t size)
{
    void *grown = yajl_take(builder, size);
    if (old != NULL) {
        size_t had = *(size_t *)(void *)((char *)old - 16);
        memcpy(grown, old, had < size ? had : size);
    }
    return grown;
}

static void yajl_give(void *builder, void *block)
{
    (void)builder;
    (void)block;
}

/* How one run of yajl ended. */
struct run {
    bool is_front; /* what follows the document is not looked at */
    bool is_valid;
    size_t consumed;
};

/* Keeps setjmp away from locals that change. */
static void parse(struct builder *b, struct run *run)
{
    if (setjmp(b->no_memory) != 0) {
        (void)stop(b, "json: no memory left");
        return;
    }
    yajl_alloc_funcs memory = {yajl_take, yajl_grow, yajl_give, b};
    yajl_handle yajl = yajl_alloc(&callbacks, &memory, b);
    MUST(yajl != NULL);
    if (run->is_front) {
        yajl_config(yajl, yajl_allow_trailing_garbage, 1);
    }
    yajl_status status = yajl_parse(yajl, (const unsigned char *)b->json.at, b->json.len);
    run->consumed = yajl_get_bytes_consumed(yajl);
    if (status == yajl_status_ok) {
        status = yajl_complete_parse(yajl);
    }
    run->is_valid = status == yajl_status_ok;
}

static struct fault read_document(struct arena *arena, struct slice json, struct run *run,
                                  struct value **out)
{
    struct builder b; /* not cleared: the path and the jump buffer are 1.2 KB */
    b.arena = arena;
    b.json = json;
    b.root = NULL;
    b.key = slice_of(NULL, 0);
    b.nodes = NULL;
    b.nodes_left = 0;
    b.values = 0;
    b.depth = 0;
    b.too_big = NULL;
    parse(&b, run);
    MUST(run->consumed <= json.len);
    if (b.too_big != NULL) {
        return fault_at(FAULT_TOO_BIG, b.too_big, run->consumed);
    }
    if (!run->is_valid) {
        return fault_at(FAULT_MALFORMED, "json: not valid JSON here", run->consumed);
    }
    if (b.root == NULL) {
        return fault_at(FAULT_MALFORMED, "json: empty", 0);
    }
    if (arena->exhausted) {
        return fault_make(FAULT_TOO_BIG, "json: no memory left");
    }
    MUST(b.depth == 0 && b.values > 0 && b.values <= JSON_VALUES_MAX);
    *out = b.root;
    return FAULT_OK;
}

struct fault value_parse_json(struct arena *arena, struct slice json, struct value **out)
{
    MUST(out != NULL);
    struct run run = {0};
    return read_document(arena, json, &run, out);
}

struct fault value_parse_json_front(struct arena *arena, struct slice text, struct value **out,
                                    size_t *used)
{
    MUST(out != NULL && used != NULL);
    struct run run = {.is_front = true};
    struct fault fault = read_document(arena, text, &run, out);
    *used = run.consumed;
    return fault;
}
