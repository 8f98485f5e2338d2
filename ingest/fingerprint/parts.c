/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/parts.h"
#include "ingest/base/must.h"

#define DEPTH_MAX 8u

void parts_init(struct parts *parts, struct arena *arena)
{
    *parts = (struct parts){.arena = arena};
}

static struct part *add(struct parts *parts, const char *name)
{
    struct part *part = arena_alloc_raw(parts->arena, sizeof(*part));
    MUST(parts->depth <= DEPTH_MAX);
    if (part == NULL) {
        part = &parts->spare;
        *part = (struct part){.name = name, .depth = parts->depth};
        return part;
    }
    *part = (struct part){.name = name, .depth = parts->depth};
    if (parts->last != NULL) {
        parts->last->next = part;
    } else {
        parts->first = part;
    }
    parts->last = part;
    return part;
}

struct part *parts_open(struct parts *parts, const char *name)
{
    struct part *part = add(parts, name);
    parts->depth++;
    return part;
}

unsigned parts_close(struct parts *parts, struct part *part)
{
    unsigned counts = 0;
    MUST(parts->depth == part->depth + 1 || part == &parts->spare);
    parts->depth--;
    for (const struct part *at = part->next; at != NULL; at = at->next) {
        counts |= at->counts;
    }
    part->counts = (uint8_t)counts;
    return counts;
}

struct part *parts_leaf(struct parts *parts, const char *name, struct slice text)
{
    MUST(text.len == 0 || text.at != NULL);
    struct part *part = add(parts, name);
    part->text = text;
    part->counts = text.len != 0 ? VARIANT_BOTH : 0;
    return part;
}

void parts_drop(struct part *part, unsigned variants, const char *why)
{
    MUST((variants & ~VARIANT_BOTH) == 0 && why != NULL);
    if ((variants & VARIANT_SYSTEM) != 0) {
        part->why = why;
    } else if ((variants & VARIANT_APP) != 0) {
        part->why_app = why;
    }
    part->counts = (uint8_t)(part->counts & ~variants);
    for (struct part *at = part->next; at != NULL && at->depth > part->depth; at = at->next) {
        at->counts = (uint8_t)(at->counts & ~variants);
    }
}

bool parts_are_same(const struct parts *parts)
{
    for (const struct part *at = parts->first; at != NULL; at = at->next) {
        bool is_in_one = at->counts == VARIANT_APP || at->counts == VARIANT_SYSTEM;
        if (is_in_one && at->text.len != 0) {
            return false;
        }
    }
    return true;
}

void parts_hash(const struct parts *parts, unsigned variant, struct hash_md5 *hash)
{
    MUST(variant == VARIANT_APP || variant == VARIANT_SYSTEM);
    for (const struct part *at = parts->first; at != NULL; at = at->next) {
        if ((at->counts & variant) != 0) {
            hash_md5_add(hash, at->text);
        }
    }
}

void parts_write(const struct parts *parts, unsigned variant, struct json *json)
{
    MUST(variant == VARIANT_APP || variant == VARIANT_SYSTEM);
    json_list(json);
    for (const struct part *at = parts->first; at != NULL; at = at->next) {
        const char *why = variant == VARIANT_APP && at->why_app != NULL ? at->why_app : at->why;
        json_map(json);
        json_member_string(json, "part", slice_str(at->name));
        json_member_integer(json, "depth", at->depth);
        json_member_bool(json, "counts", (at->counts & variant) != 0);
        if (at->text.len != 0) {
            json_member_string(json, "text", at->text);
        }
        if (why != NULL) {
            json_member_string(json, "why", slice_str(why));
        }
        json_map_end(json);
    }
    json_list_end(json);
}
