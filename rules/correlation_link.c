/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlation_link.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/correlation_read.h"
#include "rules/correlation_tree.h"

struct linking {
    struct compile *c;
    struct ruleset *set;
    struct reading *readings;
    uint32_t count;
    uint32_t depth;
};

static bool is_called(const struct rule_info *info, struct slice name)
{
    return name.len != 0 && (slice_eq(info->id, name) || slice_eq(info->name, name));
}

static bool refuse(struct linking *l, const struct value *at, const char *what, struct slice name)
{
    problem_error(l->c->problems, l->c->file, at->line, at->column, "%s: `%.*s`", what,
                  SLICE_ARG(name));
    return false;
}

/* ---- fields ---- */

/* What `field` is called in one source: an alias knows, else it is the name itself. */
static struct slice alias_of(const struct reading *r, struct slice field, struct slice written,
                             const struct rule_info *source)
{
    const struct value *alias = value_get(r->aliases, field);
    for (const struct value *at = value_first(alias); at != NULL; at = at->next) {
        if (slice_eq(at->key, written) || is_called(source, at->key)) {
            return value_text(at);
        }
    }
    return field;
}

static uint32_t index_in(const struct correlation *child, struct slice field)
{
    uint32_t i = 0;
    while (i < child->group_count && !slice_eq(child->group_by[i], field)) {
        i++;
    }
    return i;
}

/* Where the fields are found in hits of source `s`; NULL after an error. */
static const uint32_t *find_fields(struct linking *l, struct reading *r, uint32_t s,
                                   const struct slice *fields, uint32_t count)
{
    const struct correlation_source *source = &r->correlation.sources[s];
    uint32_t *out = ARENA_ARRAY(l->c->set, count + 1u, uint32_t);
    for (uint32_t i = 0; i < count && out != NULL; i++) {
        if (source->is_correlation) {
            const struct correlation *child = &l->set->correlations[source->index];
            struct slice name = alias_of(r, fields[i], r->rules[s], &child->info);
            out[i] = index_in(child, name);
            if (out[i] == child->group_count) {
                (void)refuse(l, r->rule_values[s],
                             "this correlation passes on its group only: its group-by lacks", name);
                return NULL;
            }
        } else {
            const struct rule_info *rule = &l->set->rules[source->index].info;
            struct slice name = alias_of(r, fields[i], r->rules[s], rule);
            out[i] = field_names_add(&l->set->names, arena_copy(l->c->set, name));
        }
    }
    return out;
}

/* ---- sources ---- */

static bool link(struct linking *l, struct reading *r);

static struct reading *find_reading(struct linking *l, struct slice name)
{
    for (uint32_t i = 0; i < l->count; i++) {
        if (is_called(&l->readings[i].correlation.info, name)) {
            return &l->readings[i];
        }
    }
    return NULL;
}

static bool link_child(struct linking *l, struct reading *r, uint32_t s, struct reading *child)
{
    if (child->state == READING_OPEN) {
        return refuse(l, r->rule_values[s], "correlations that name each other in a ring",
                      r->rules[s]);
    }
    if (l->depth == CORRELATION_DEPTH_MAX) {
        return refuse(l, r->rule_values[s], "correlations on top of each other: too many",
                      r->rules[s]);
    }
    if (!link(l, child)) {
        l->c->file = r->document->file;
        return refuse(l, r->rule_values[s], "names a correlation that has an error", r->rules[s]);
    }
    l->c->file = r->document->file;
    r->correlation.sources[s] =
        (struct correlation_source){.is_correlation = true, .index = child->index};
    return true;
}

static bool link_source(struct linking *l, struct reading *r, uint32_t s)
{
    struct correlation_source *source = &r->correlation.sources[s];
    struct reading *child = find_reading(l, r->rules[s]);
    uint32_t rule = ruleset_find(l->set, r->rules[s]);
    if (child != NULL) {
        if (!link_child(l, r, s, child)) {
            return false;
        }
    } else if (rule != l->set->count) {
        *source = (struct correlation_source){.index = rule};
    } else {
        return refuse(l, r->rule_values[s], "names a rule that is not there, or has an error",
                      r->rules[s]);
    }
    const struct correlation *all = &r->correlation;
    source->group = find_fields(l, r, s, all->group_by, all->group_count);
    source->values =
        source->group != NULL ? find_fields(l, r, s, r->fields, all->value_count) : NULL;
    return source->values != NULL;
}

/* ---- one correlation ---- */

static bool is_name_taken(struct linking *l, struct reading *r)
{
    const struct rule_info *info = &r->correlation.info;
    struct reading *first = find_reading(l, info->id);
    bool is_taken = first != r || ruleset_find(l->set, info->id) != l->set->count;
    if (is_taken) {
        (void)refuse(l, r->document->root, "another rule has the id or name", info->id);
    }
    return is_taken;
}

static void add(struct linking *l, struct reading *r)
{
    r->index = l->set->correlation_count;
    l->set->correlations[l->set->correlation_count++] = r->correlation;
    r->state = READING_DONE;
}

/* As deep as correlations stand on each other, CORRELATION_DEPTH_MAX. */
static bool link(struct linking *l, struct reading *r)
{
    if (r->state != READING_FRESH) {
        return r->state == READING_DONE;
    }
    l->c->file = r->document->file;
    r->state = READING_OPEN;
    l->depth++;
    bool well = !is_name_taken(l, r);
    for (uint32_t s = 0; s < r->correlation.plan.sources && well; s++) {
        well = link_source(l, r, s);
    }
    l->depth--;
    if (well) {
        add(l, r);
    } else {
        r->state = READING_BAD;
    }
    return well;
}

/* ---- all of them ---- */

/* A rule fires on its own unless correlations name it and none of them says `generate`. */
static void mark_referenced(struct ruleset *set)
{
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < set->correlation_count; i++) {
            const struct correlation *correlation = &set->correlations[i];
            for (uint32_t s = 0; s < correlation->plan.sources; s++) {
                const struct correlation_source *source = &correlation->sources[s];
                struct rule_info *info = source->is_correlation
                                             ? &set->correlations[source->index].info
                                             : &set->rules[source->index].info;
                info->is_referenced = pass == 0 || (info->is_referenced && !correlation->generate);
            }
        }
    }
}

/* By child, who it feeds: counted, then filled. */
static bool link_parents(struct ruleset *set)
{
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < set->correlation_count; i++) {
            for (uint32_t s = 0; s < set->correlations[i].plan.sources; s++) {
                const struct correlation_source *source = &set->correlations[i].sources[s];
                struct correlation *child =
                    source->is_correlation ? &set->correlations[source->index] : NULL;
                if (child != NULL && pass == 1) {
                    child->parents[child->parent_count] = (struct correlation_parent){i, s};
                }
                if (child != NULL) {
                    child->parent_count++;
                }
            }
        }
        for (uint32_t i = 0; i < set->correlation_count && pass == 0; i++) {
            struct correlation *child = &set->correlations[i];
            child->parents =
                ARENA_ARRAY(&set->arena, child->parent_count + 1u, struct correlation_parent);
            child->parent_count = 0;
            if (child->parents == NULL) {
                return false;
            }
        }
    }
    return true;
}

/* By rule, which correlations it feeds: counted, then filled. */
static bool link_feeds(struct ruleset *set)
{
    uint32_t total = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < set->correlation_count; i++) {
            for (uint32_t s = 0; s < set->correlations[i].plan.sources; s++) {
                const struct correlation_source *source = &set->correlations[i].sources[s];
                struct posting *feeds =
                    source->is_correlation ? NULL : &set->rules[source->index].feeds;
                if (feeds != NULL && pass == 1) {
                    set->feeds[feeds->from + feeds->count] = (struct correlation_parent){i, s};
                }
                total += feeds != NULL && pass == 0;
                if (feeds != NULL) {
                    feeds->count++;
                }
            }
        }
        uint32_t from = 0;
        for (uint32_t i = 0; i < set->count && pass == 0; i++) {
            set->rules[i].feeds.from = from;
            from += set->rules[i].feeds.count;
            set->rules[i].feeds.count = 0;
        }
        set->feeds = pass == 0 ? ARENA_ARRAY(&set->arena, total + 1u, struct correlation_parent)
                               : set->feeds;
        if (set->feeds == NULL) {
            return false;
        }
    }
    return true;
}

bool correlations_link(struct compile *c, struct ruleset *set, const struct documents *documents)
{
    struct linking l = {.c = c, .set = set};
    uint32_t room = 0;
    for (uint32_t i = 0; i < documents->count; i++) {
        room += documents->at[i].kind == DOCUMENT_CORRELATION;
    }
    l.readings = ARENA_ARRAY(c->load, room + 1u, struct reading);
    set->correlations = ARENA_ARRAY(c->set, room + 1u, struct correlation);
    if (l.readings == NULL || set->correlations == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < documents->count; i++) {
        if (documents->at[i].kind == DOCUMENT_CORRELATION) {
            struct reading *r = &l.readings[l.count++];
            r->state = correlation_read(c, &documents->at[i], r) ? READING_FRESH : READING_BAD;
        }
    }
    MUST(l.count == room);
    for (uint32_t i = 0; i < l.count; i++) {
        (void)link(&l, &l.readings[i]); /* told to the problems */
    }
    mark_referenced(set);
    return link_parents(set) && link_feeds(set) && correlation_trees_make(c, set);
}
