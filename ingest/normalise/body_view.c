/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/decoded.h"

/* A walk over a tree, and the text it makes. */
struct leaves {
    struct arena *arena;
    char *out; /* room for 2 * DECODED_BYTES_MAX */
    size_t used;
    uint32_t count;
    char path[DECODED_PATH_BYTES_MAX];
    const struct value *at[DECODED_DEPTH_MAX]; /* next member of each open container */
    uint16_t path_bytes[DECODED_DEPTH_MAX];    /* of the path of that container */
    uint32_t depth;
};

static void put(struct leaves *l, struct slice text)
{
    size_t room = 2 * (size_t)DECODED_BYTES_MAX - l->used;
    struct slice fits = slice_head(text, room);
    if (fits.len != 0) {
        memcpy(l->out + l->used, fits.at, fits.len);
    }
    l->used += fits.len;
}

/* The container's path and this member's name: `a`, `a[b]`, `a[]`. What does not fit is cut. */
static struct slice path_of(struct leaves *l, const struct value *member)
{
    size_t used = l->path_bytes[l->depth - 1];
    struct slice name =
        slice_head(member->key, sizeof(l->path) - 2 > used ? sizeof(l->path) - 2 - used : 0);
    bool is_inner = used != 0;
    if (used + name.len + 2 > sizeof(l->path)) {
        return slice_of(l->path, used);
    }
    if (is_inner) {
        l->path[used++] = '[';
    }
    if (name.len != 0) {
        memcpy(l->path + used, name.at, name.len);
    }
    used += name.len;
    if (is_inner) {
        l->path[used++] = ']';
    }
    MUST(used <= sizeof(l->path));
    return slice_of(l->path, used);
}

static void put_leaf(struct leaves *l, struct slice path, const struct value *leaf)
{
    l->count++;
    put(l, l->used != 0 ? SLICE("\n") : slice_of(NULL, 0));
    put(l, decoded_text(l->arena, path, DECODED_TEXT));
    put(l, path.len != 0 ? SLICE("=") : slice_of(NULL, 0));
    put(l, decoded_text(l->arena, value_text(leaf), DECODED_TEXT));
}

static void open_container(struct leaves *l, const struct value *container, size_t path_bytes)
{
    if (l->depth < DECODED_DEPTH_MAX) {
        l->at[l->depth] = value_first(container);
        l->path_bytes[l->depth++] = (uint16_t)path_bytes;
    }
}

static void walk(struct leaves *l)
{
    while (l->depth > 0 && l->count < DECODED_LEAVES_MAX &&
           l->used < 2 * (size_t)DECODED_BYTES_MAX) {
        const struct value *member = l->at[l->depth - 1];
        if (member == NULL) {
            l->depth--;
            continue;
        }
        l->at[l->depth - 1] = member->next;
        struct slice path = path_of(l, member);
        if (value_first(member) != NULL) {
            open_container(l, member, path.len);
        } else {
            put_leaf(l, path, member);
        }
    }
}

static struct slice tree_view(struct arena *arena, const struct value *tree)
{
    struct leaves *l = ARENA_NEW(arena, struct leaves);
    char *out = arena_bytes(arena, 2 * (size_t)DECODED_BYTES_MAX);
    if (l == NULL || out == NULL) {
        return slice_of(NULL, 0);
    }
    l->arena = arena;
    l->out = out;
    open_container(l, tree, 0);
    walk(l);
    MUST(l->used <= 2 * (size_t)DECODED_BYTES_MAX);
    return slice_of(out, l->used);
}

/* A name, then '=', and nothing a form would have encoded: for bodies of no stated type. */
static bool looks_like_form(struct slice text)
{
    size_t equals = slice_find(text, '=');
    if (equals == 0 || equals == text.len || equals > 128) {
        return false;
    }
    for (size_t i = 0; i < equals; i++) {
        char c = text.at[i];
        if (c <= ' ' || c == '<' || c == '{' || c == '"' || c == ':' || c == ';') {
            return false;
        }
    }
    return slice_find(text, ' ') == text.len && slice_find(text, '\n') == text.len;
}

static struct slice text_view(struct arena *arena, struct slice text, bool is_form)
{
    struct value *tree = NULL;
    struct slice start = slice_trim(slice_head(text, 64));
    bool is_json = slice_starts(start, SLICE("{")) || slice_starts(start, SLICE("["));
    if (is_json && text.len <= DECODED_BYTES_MAX) {
        struct fault fault = value_parse_json(arena, text, &tree);
        if (!fault_is(fault) && value_first(tree) != NULL) {
            return tree_view(arena, tree);
        }
    }
    bool is_query = is_form || looks_like_form(text);
    return decoded_text(arena, text, is_query ? DECODED_QUERY : DECODED_TEXT);
}

struct slice decoded_body(struct arena *arena, const struct value *data, bool is_form)
{
    if (data == NULL) {
        return slice_of(NULL, 0);
    }
    if (data->kind == VALUE_MAP || data->kind == VALUE_LIST) {
        return tree_view(arena, data);
    }
    return text_view(arena, value_text(data), is_form);
}
