/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain.h"
#include "ingest/base/must.h"
#include "rules/explain_inside.h"
#include <arpa/inet.h>

void explain(struct explanation *explanation, const struct ruleset *set,
             struct rules_scratch *scratch, const struct subject *subject, uint32_t rule)
{
    MUST(rule < set->count && scratch->set == set);
    *explanation = (struct explanation){set, scratch, subject, rule, false, false};
    fields_reset(&scratch->fields);
    scratch->fields.skips_keywords = false;
    fields_fill(&set->names, &scratch->fields, subject);
    const struct rule *at = &set->rules[rule];
    explanation->source_applies = logsource_applies(&at->info.logsource, subject);
    explanation->condition_holds = explain_node_holds(explanation, at->root);
}

bool explanation_holds(const struct explanation *explanation)
{
    return explanation->source_applies && explanation->condition_holds;
}

bool explain_atom_holds(const struct explanation *e, uint32_t atom)
{
    return atom_holds(&e->set->atoms.at[atom], &e->scratch->fields, &e->scratch->atoms);
}

bool explain_node_holds(const struct explanation *e, const struct node *node)
{
    if (node->kind == NODE_ATOM) {
        return explain_atom_holds(e, node->atom);
    }
    if (node->kind == NODE_NOT) {
        return !explain_node_holds(e, node->first);
    }
    bool is_or = node->kind == NODE_OR;
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        if (explain_node_holds(e, at) == is_or) {
            return is_or;
        }
    }
    return !is_or;
}

const struct node *explain_skip(const struct node *node)
{
    while ((node->kind == NODE_AND || node->kind == NODE_OR) && node->label.len == 0 &&
           node->first != NULL && node->first->next == NULL) {
        node = node->first;
    }
    return node;
}

const struct node *explain_next(const struct node *parent, const struct node *last)
{
    const struct node *next = NULL;
    for (const struct node *at = parent->first; at != NULL; at = at->next) {
        if ((uintptr_t)at > (uintptr_t)last && (next == NULL || (uintptr_t)at < (uintptr_t)next)) {
            next = at;
        }
    }
    return next;
}

/* ---- the value that decided ---- */

static void find_span(const struct explanation *e, const struct atom *atom,
                      const struct field_value *value, struct explained_value *out)
{
    struct slice text = atom->is_cased ? value->raw : value->folded;
    if (atom->op == ATOM_REGEX) {
        out->has_span = regex_find(atom->regex, e->scratch->atoms.regex, value->raw, 0, &out->from,
                                   &out->to) == REGEX_YES;
        return;
    }
    out->has_span = text.len == value->raw.len; /* else folding moved the letters */
    out->from = 0;
    out->to = text.len;
    if (atom->op == ATOM_PREFIX) {
        out->to = atom->text.len;
    } else if (atom->op == ATOM_SUFFIX) {
        out->from = text.len - atom->text.len;
    } else if (atom->op == ATOM_CONTAINS && atom->text.len != 0) {
        out->from = slice_search(text, atom->text);
        out->to = out->from + atom->text.len;
    }
}

struct explained_value explain_value(const struct explanation *e, const struct atom *atom)
{
    struct explained_value out = {0};
    const struct field_slot *slot = &e->scratch->fields.slots[atom->field];
    const struct field_value *value = atom_witness(atom, &e->scratch->fields, &e->scratch->atoms);
    out.is_there = slot->is_present;
    if (value != NULL) {
        out.raw = value->raw;
        find_span(e, atom, value, &out);
    } else if (slot->first != NULL) {
        out.raw = slot->first->raw;
    }
    return out;
}

/* ---- what is to blame ---- */

/* The child that has the wrong truth; NULL when they all take part alike. */
static const struct node *to_blame(const struct explanation *e, const struct node *node, bool truth)
{
    bool one_decides = (node->kind == NODE_OR) == truth;
    const struct node *at = explain_next(node, NULL);
    if (!one_decides) {
        return at != NULL && at->next == NULL && node->first == at ? at : NULL;
    }
    while (at != NULL && explain_node_holds(e, at) != truth) {
        at = explain_next(node, at);
    }
    return at;
}

const struct node *explain_culprit(const struct explanation *e, struct slice *group)
{
    const struct node *node = e->set->rules[e->rule].root;
    bool truth = explain_node_holds(e, node);
    *group = slice_of(NULL, 0);
    if (truth) {
        return NULL;
    }
    while (node->kind != NODE_ATOM) {
        const struct node *next = node->first;
        if (node->kind == NODE_GROUP) {
            *group = node->label;
        } else if (node->kind == NODE_NOT) {
            truth = !truth;
        } else {
            next = to_blame(e, node, truth);
        }
        if (next == NULL) {
            break;
        }
        node = next;
    }
    return node;
}

/* ---- words ---- */

struct slice explain_field(const struct explanation *e, const struct atom *atom)
{
    return atom->field == FIELD_KEYWORDS ? SLICE("the text") : e->set->names.names[atom->field];
}

static const char *compare_verb(enum compare compare)
{
    static const char *const verbs[] = {"=", "<", "<=", ">", ">="};
    MUST(compare <= COMPARE_GTE);
    return verbs[compare];
}

const char *explain_verb(const struct atom *atom)
{
    switch (atom->op == ATOM_FIELD ? atom->match : atom->op) {
    case ATOM_EXACT:
        return "is";
    case ATOM_PREFIX:
        return "starts with";
    case ATOM_SUFFIX:
        return "ends with";
    case ATOM_CONTAINS:
        return "contains";
    case ATOM_PATTERN:
        return "is like";
    case ATOM_ANY:
        return "has a value";
    case ATOM_EXISTS:
        return "is there";
    case ATOM_NULL:
        return "is null or missing";
    case ATOM_NEVER:
        return "is in a list that is not given";
    case ATOM_COMPARE:
    case ATOM_TIME:
        return compare_verb(atom->compare);
    case ATOM_CIDR:
        return "is in";
    case ATOM_REGEX:
        return "matches";
    case ATOM_FIELD:
        break;
    }
    NEVER("atom outside its enum");
}

const char *explain_part(const struct atom *atom)
{
    static const char *const parts[] = {"minute", "hour", "day", "week", "month", "year"};
    MUST(atom->part <= TIME_YEAR);
    return atom->op == ATOM_TIME ? parts[atom->part] : "";
}

static void put_pattern(const struct pattern *pattern, struct buffer *out)
{
    static const char *const marks[] = {"", "*", "?", "[-/]"};
    for (uint32_t i = 0; i < pattern->count; i++) {
        buffer_add(out, slice_str(marks[pattern->parts[i].kind]));
        buffer_add(out, pattern->parts[i].text);
    }
}

static void put_network(const struct atom *atom, struct buffer *out)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    char text[INET6_ADDRSTRLEN];
    bool is_v4 = memcmp(atom->address, mapped, sizeof(mapped)) == 0 && atom->prefix_bits >= 96;
    const void *bytes = is_v4 ? atom->address + 12 : atom->address;
    if (inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes, text, sizeof(text)) != NULL) {
        buffer_printf(out, "%s/%d", text, is_v4 ? atom->prefix_bits - 96 : atom->prefix_bits);
    }
}

void explain_operand(const struct explanation *e, const struct atom *atom, struct buffer *out)
{
    switch (atom->op) {
    case ATOM_PATTERN:
        put_pattern(&atom->pattern, out);
        return;
    case ATOM_COMPARE:
    case ATOM_TIME:
        buffer_printf(out, "%g", atom->number);
        return;
    case ATOM_CIDR:
        put_network(atom, out);
        return;
    case ATOM_FIELD:
        buffer_add(out, SLICE("field "));
        buffer_add(out, e->set->names.names[atom->other]);
        return;
    case ATOM_EXACT:
    case ATOM_PREFIX:
    case ATOM_SUFFIX:
    case ATOM_CONTAINS:
    case ATOM_REGEX:
        buffer_add(out, atom->text);
        return;
    case ATOM_ANY:
    case ATOM_EXISTS:
    case ATOM_NULL:
    case ATOM_NEVER:
        return;
    }
    NEVER("atom outside its enum");
}
