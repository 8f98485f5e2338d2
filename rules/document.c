/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/document.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/yaml.h"
#include "rules/grow.h"

/* A node of its own over the same children, so that it can stand in another list. */
static struct value *alias(struct arena *arena, const struct value *value)
{
    struct value *copy = ARENA_NEW(arena, struct value);
    if (copy != NULL) {
        *copy = *value;
        copy->next = NULL;
    }
    return copy;
}

/* As deep as the documents are, which yaml_parse bounds. */
const struct value *document_merge(struct arena *arena, const struct value *base,
                                   const struct value *over)
{
    MUST(base->kind == VALUE_MAP && over->kind == VALUE_MAP);
    struct value *merged = value_new(arena, VALUE_MAP);
    if (merged == NULL) {
        return NULL;
    }
    merged->line = over->line;
    merged->column = over->column;
    for (const struct value *at = value_first(base); at != NULL; at = at->next) {
        const struct value *mine = value_get(over, at->key);
        const struct value *wins = mine != NULL ? mine : at;
        if (value_is(mine, VALUE_MAP) && at->kind == VALUE_MAP) {
            wins = document_merge(arena, at, mine);
        }
        value_append(merged, at->key, wins != NULL ? alias(arena, wins) : NULL);
    }
    for (const struct value *at = value_first(over); at != NULL; at = at->next) {
        if (value_get(base, at->key) == NULL) {
            value_append(merged, at->key, alias(arena, at));
        }
    }
    return merged;
}

/* The map without its `action`. */
static const struct value *without_action(struct arena *arena, const struct value *map)
{
    struct value *rest = value_new(arena, VALUE_MAP);
    for (const struct value *at = value_first(map); at != NULL && rest != NULL; at = at->next) {
        rest->line = map->line;
        rest->column = map->column;
        if (!slice_eq(at->key, SLICE("action"))) {
            value_append(rest, at->key, alias(arena, at));
        }
    }
    return rest;
}

static void add(struct documents *documents, enum document_kind kind, const struct value *root,
                struct slice file)
{
    struct document *at =
        grow(documents->arena, documents->at, documents->count, &documents->room, sizeof(*at));
    if (at != NULL && root != NULL) {
        documents->at = at;
        at[documents->count++] = (struct document){kind, root, file};
    }
}

/* What `action` has gathered so far in one file. */
struct collection {
    struct slice file;
    const struct value *global;   /* NULL: none */
    const struct value *previous; /* the last rule, for `repeat`; NULL: none */
    struct problems *problems;
};

static const struct value *merged(struct documents *documents, const struct value *base,
                                  const struct value *over)
{
    return base != NULL && over != NULL ? document_merge(documents->arena, base, over) : over;
}

static void add_rule(struct documents *documents, struct collection *all, const struct value *root)
{
    all->previous = merged(documents, all->global, root);
    add(documents, DOCUMENT_RULE, all->previous, all->file);
}

static void act(struct documents *documents, struct collection *all, const struct value *root,
                const struct value *action)
{
    struct slice word = value_string(action);
    const struct value *rest = without_action(documents->arena, root);
    if (rest == NULL) {
        return;
    }
    if (slice_eq(word, SLICE("global"))) {
        all->global = merged(documents, all->global, rest);
    } else if (slice_eq(word, SLICE("reset"))) {
        all->global = NULL;
    } else if (slice_eq(word, SLICE("repeat")) && all->previous != NULL) {
        all->previous = merged(documents, all->previous, rest);
        add(documents, DOCUMENT_RULE, all->previous, all->file);
    } else {
        problem_error(all->problems, all->file, action->line, action->column,
                      "action is global, reset, or repeat after a rule");
    }
}

static void take(struct documents *documents, struct collection *all, const struct value *root)
{
    if (root->kind == VALUE_NULL) {
        return; /* an empty document: a stray `---` */
    }
    if (root->kind != VALUE_MAP) {
        problem_error(all->problems, all->file, root->line, root->column,
                      "a rule is a map with title, logsource and detection");
        return;
    }
    const struct value *action = value_get(root, SLICE("action"));
    if (action != NULL) {
        act(documents, all, root, action);
    } else if (value_get(root, SLICE("correlation")) != NULL) {
        add(documents, DOCUMENT_CORRELATION, root, all->file);
    } else if (value_get(root, SLICE("filter")) != NULL) {
        add(documents, DOCUMENT_FILTER, root, all->file);
    } else {
        add_rule(documents, all, root);
    }
}

bool documents_read(struct documents *documents, struct slice name, struct slice text,
                    struct problems *problems)
{
    struct value *list = NULL;
    struct collection all = {.file = name, .problems = problems};
    if (!yaml_parse(documents->arena, text, name, problems, &list)) {
        return false;
    }
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        take(documents, &all, at);
    }
    if (documents->arena->exhausted) {
        problem_error(problems, name, 0, 0, "no memory left for the rules of this file");
    }
    return true;
}

/* As deep as the document, which reading bounds. */
static uint64_t add_value(uint64_t hash, const struct value *value)
{
    const char kind = (char)('0' + (int)value->kind);
    hash = hash_fnv1a(hash, value->key);
    hash = hash_fnv1a(hash, slice_of(&kind, 1));
    if (value->kind != VALUE_LIST && value->kind != VALUE_MAP) {
        return hash_fnv1a(hash, value_text(value));
    }
    for (const struct value *at = value_first(value); at != NULL; at = at->next) {
        hash = add_value(hash, at);
    }
    return hash_fnv1a(hash, SLICE("."));
}

uint64_t document_digest(const struct value *root)
{
    return add_value(HASH_FNV1A_START, root);
}
