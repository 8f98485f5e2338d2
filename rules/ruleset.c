/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/bits.h"
#include "rules/correlation_link.h"
#include "rules/detection.h"
#include "rules/document.h"
#include "rules/filter.h"
#include "rules/fold.h"
#include "rules/info.h"
#include <stdio.h>
#include <stdlib.h>

/* One rule: what it says of itself, then its tree. False: it is left out. */
static bool compile_rule(struct compile *c, struct ruleset *set, const struct document *document)
{
    struct rule rule = {0};
    c->file = document->file;
    bool well = info_read(c, document->root, true, &rule.info);
    const struct value *detection = value_get(document->root, SLICE("detection"));
    if (detection == NULL) {
        problem_error(c->problems, c->file, document->root->line, document->root->column,
                      "detection is missing");
        return false;
    }
    rule.root = detection_compile(c, detection, false);
    if (!well || rule.root == NULL) {
        return false;
    }
    if (!node_can_hold(c->atoms, rule.root)) {
        problem_warning(c->problems, c->file, document->root->line, document->root->column,
                        "without its placeholder lists this rule can never hold: it is left out");
        return false;
    }
    if (ruleset_find(set, rule.info.id) != set->count) {
        problem_error(c->problems, c->file, document->root->line, document->root->column,
                      "another rule has the id or name `%.*s`", SLICE_ARG(rule.info.id));
        return false;
    }
    rule.digest = document_digest(document->root);
    rule.logsource = logsources_add(&set->logsources, rule.info.logsource);
    if (rule.logsource == UINT32_MAX) {
        return false;
    }
    set->rules[set->count++] = rule;
    return true;
}

static void compile_rules(struct compile *c, struct ruleset *set, const struct documents *documents)
{
    for (uint32_t i = 0; i < documents->count && !c->set->exhausted; i++) {
        if (documents->at[i].kind == DOCUMENT_RULE) {
            (void)compile_rule(c, set, &documents->at[i]); /* told to the problems */
        }
    }
    for (uint32_t i = 0; i < documents->count && !c->set->exhausted; i++) {
        if (documents->at[i].kind == DOCUMENT_FILTER) {
            filter_apply(c, set, &documents->at[i]);
        }
    }
}

/* Rules whose program would be too long are dropped here; order is kept. */
static void make_programs(struct compile *c, struct ruleset *set)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        struct rule *rule = &set->rules[i];
        if (!program_make(c->set, c->atoms, rule->root, &rule->program)) {
            problem_error(c->problems, rule->info.file, rule->info.line, 1,
                          "needs more than %u tests", RULE_PROGRAM_MAX);
            continue;
        }
        set->rules[kept++] = *rule;
    }
    set->count = kept;
}

static bool build_index(struct compile *c, struct ruleset *set)
{
    struct rule_tree *trees = ARENA_ARRAY(c->load, set->count + 1u, struct rule_tree);
    if (trees == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        trees[i].root = set->rules[i].root;
        trees[i].group = logsources_category(&set->logsources, set->rules[i].logsource);
    }
    return index_build(&set->index, c, trees, set->count);
}

/* What a step makes its logsource look at. Presence needs no look. */
static void note_need(struct arena *load, const struct atom *atom, struct logsource_needs *needs)
{
    if (atom->op == ATOM_EXACT || atom->op == ATOM_PREFIX || atom->op == ATOM_SUFFIX) {
        size_t before = load->used;
        unsigned kind = index_key_kind(atom->op, fold_text(load, atom->text));
        needs->keys[atom->field] |= (uint16_t)(1u << kind);
        load->used = before;
    }
    if (atom->op == ATOM_COMPARE || atom->op == ATOM_CIDR) {
        needs->keys[atom->field] |=
            (uint16_t)(1u << (atom->op == ATOM_CIDR ? KEY_ADDRESS : KEY_NUMBER));
    }
    if (atom->op == ATOM_CONTAINS || atom->op == ATOM_PATTERN || atom->op == ATOM_REGEX ||
        atom->field == FIELD_KEYWORDS) {
        set_bit(needs->texts, atom->field);
    }
}

/* The databases whose answers a rule of this group takes for the field of one of its tests. */
static void note_scans(const struct index *index, uint32_t field, uint32_t group,
                       struct logsource_needs *needs)
{
    const struct literals *each[] = {index_literals(index, field, group),
                                     index->fields[field].regexes};
    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
        if (each[i] != NULL) {
            set_bit(needs->scans, (uint32_t)(each[i] - index->databases));
        }
    }
}

static bool note_needs(struct ruleset *set, struct arena *load)
{
    if (!logsources_prepare(&set->logsources, set->names.count, set->count,
                            set->index.database_count)) {
        return false;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        const struct rule *rule = &set->rules[i];
        struct logsource_needs *needs = &set->logsources.needs[rule->logsource];
        uint32_t group = logsources_category(&set->logsources, rule->logsource);
        set_bit(needs->rules, i);
        for (uint32_t at = 0; at < rule->program.count; at++) {
            const struct atom *atom = &set->atoms.at[rule->program.steps[at].atom];
            note_need(load, atom, needs);
            if (bit_is_set(needs->texts, atom->field)) {
                note_scans(&set->index, atom->field, group, needs);
            }
        }
    }
    return !load->exhausted;
}

/* A hash over the hash of each text, so that moving bytes between files changes it. */
static void make_digest(struct ruleset *set, const struct rules_source *sources, uint32_t count,
                        struct arena *load)
{
    uint8_t *each = arena_array(load, count + 1u, 32);
    uint8_t all[32];
    if (each == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        hash_sha256(sources[i].text, each + (size_t)i * 32);
    }
    hash_sha256(slice_of((const char *)each, (size_t)count * 32), all);
    for (size_t i = 0; i < sizeof(all); i++) {
        snprintf(set->digest + 2 * i, 3, "%02x", all[i]);
    }
}

static bool fill(struct ruleset *set, const struct rules_source *sources, uint32_t count,
                 struct compile *c)
{
    struct documents documents = {.arena = c->load};
    for (uint32_t i = 0; i < count; i++) {
        (void)documents_read(&documents, sources[i].name, sources[i].text, c->problems);
    }
    if (documents.count > RULES_MAX) {
        problem_error(c->problems, documents.at[RULES_MAX].file, 0, 0, "more than %u rules",
                      RULES_MAX);
        documents.count = RULES_MAX;
    }
    set->rules = ARENA_ARRAY(c->set, documents.count + 1u, struct rule);
    if (set->rules == NULL || !field_names_init(&set->names, c->set)) {
        return false;
    }
    compile_rules(c, set, &documents);
    make_programs(c, set);
    if (!correlations_link(c, set, &documents)) {
        return false;
    }
    field_names_link(&set->names);
    make_digest(set, sources, count, c->load);
    return build_index(c, set) && note_needs(set, c->load) && !c->set->exhausted;
}

struct ruleset *ruleset_new(const struct rules_source *sources, uint32_t count,
                            struct problems *problems)
{
    const struct rules_memory memory = {.makes = true};
    return ruleset_remember(sources, count, &memory, problems);
}

struct ruleset *ruleset_remember(const struct rules_source *sources, uint32_t count,
                                 const struct rules_memory *memory, struct problems *problems)
{
    struct arena load;
    struct ruleset *set = calloc(1, sizeof(*set));
    if (set == NULL || !arena_init(&set->arena, RULES_SET_BYTES)) {
        free(set);
        return NULL;
    }
    if (!arena_init(&load, RULES_LOAD_BYTES)) {
        ruleset_free(set);
        return NULL;
    }
    set->atoms.arena = &set->arena;
    set->logsources.arena = &set->arena;
    struct compile c = {.set = &set->arena,
                        .load = &load,
                        .atoms = &set->atoms,
                        .names = &set->names,
                        .problems = problems,
                        .memory = memory};
    bool well = fill(set, sources, count, &c);
    arena_done(&load);
    if (!well) {
        problem_error(problems, slice_of(NULL, 0), 0, 0, "rules: no memory left for the set");
        ruleset_free(set);
        return NULL;
    }
    return set;
}

void ruleset_free(struct ruleset *set)
{
    if (set != NULL) {
        for (uint32_t i = 0; i < set->atoms.count; i++) {
            regex_free(set->atoms.at[i].regex);
        }
        index_done(&set->index);
        arena_done(&set->arena);
        free(set);
    }
}

bool ruleset_lacks_automata(const struct ruleset *set)
{
    return set->index.lacks_automata;
}

uint32_t ruleset_count(const struct ruleset *set)
{
    return set->count;
}

const struct rule_info *ruleset_rule(const struct ruleset *set, uint32_t index)
{
    MUST(index < set->count);
    return &set->rules[index].info;
}

uint32_t ruleset_find(const struct ruleset *set, struct slice id)
{
    uint32_t i = 0;
    while (i < set->count && !slice_eq(set->rules[i].info.id, id) &&
           !(id.len != 0 && slice_eq(set->rules[i].info.name, id))) {
        i++;
    }
    return i;
}

struct slice ruleset_digest(const struct ruleset *set)
{
    return slice_str(set->digest);
}

uint32_t ruleset_field_count(const struct ruleset *set)
{
    return set->names.count;
}

struct slice ruleset_field_name(const struct ruleset *set, uint32_t field)
{
    MUST(field < set->names.count);
    return set->names.names[field];
}

bool ruleset_uses_field(const struct ruleset *set, uint32_t rule, uint32_t field)
{
    MUST(rule < set->count);
    const struct program *program = &set->rules[rule].program;
    uint32_t at = 0;
    while (at < program->count && set->atoms.at[program->steps[at].atom].field != field) {
        at++;
    }
    return at < program->count;
}
