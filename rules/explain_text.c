/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/explain_inside.h"

/* Values shown of a list: enough to see what it is, few enough to read. */
#define SHOWN_MAX 4u

/* Bytes of a value around what was found in it. */
#define BEFORE_BYTES 24u
#define AROUND_BYTES 72u

#define DEPTH_MAX 128u

struct printer {
    const struct explanation *e;
    struct buffer *out;
    struct slice indent;
    char rails[DEPTH_MAX * 4]; /* "│  " and "   " of the open levels */
    size_t used;
};

/* Without line breaks and other controls, which would break the tree. */
static void put_clean(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        buffer_byte(out, byte < 0x20 || byte == 0x7f ? ' ' : (char)byte);
    }
}

static void put_quoted(struct buffer *out, struct slice text, size_t max)
{
    struct slice cut = slice_cut_utf8(text, max);
    buffer_byte(out, '"');
    put_clean(out, cut);
    buffer_add(out, cut.len < text.len ? SLICE("...\"") : SLICE("\""));
}

/* The value with what was found in it between marks: "near >>UNION SELECT<< 1" at 5-17. */
static void put_value(struct printer *p, const struct explained_value *value)
{
    struct buffer *out = p->out;
    if (!value->is_there) {
        buffer_add(out, SLICE("not in the event"));
        return;
    }
    if (!value->has_span) {
        put_quoted(out, value->raw, AROUND_BYTES);
        return;
    }
    MUST(value->from <= value->to && value->to <= value->raw.len);
    size_t start = value->from > BEFORE_BYTES ? value->from - BEFORE_BYTES : 0;
    while (start < value->from && ((unsigned char)value->raw.at[start] & 0xc0) == 0x80) {
        start++;
    }
    bool is_whole = value->from == 0 && value->to == value->raw.len;
    struct slice found = slice_head(slice_from(value->raw, value->from), value->to - value->from);
    struct slice after = slice_from(value->raw, value->to);
    buffer_add(out, start > 0 ? SLICE("\"...") : SLICE("\""));
    put_clean(out, slice_head(slice_from(value->raw, start), value->from - start));
    buffer_add(out, is_whole ? SLICE("") : SLICE(">>"));
    put_clean(out, slice_cut_utf8(found, AROUND_BYTES));
    buffer_add(out, is_whole ? SLICE("") : SLICE("<<"));
    put_clean(out, slice_cut_utf8(after, BEFORE_BYTES));
    buffer_add(out, after.len > BEFORE_BYTES ? SLICE("...\"") : SLICE("\""));
    buffer_printf(out, " at %zu-%zu", value->from, value->to);
}

static void put_test(struct printer *p, const struct atom *atom)
{
    struct buffer operand;
    buffer_init(&operand, 1u << 20);
    explain_operand(p->e, atom, &operand);
    buffer_add(p->out, explain_field(p->e, atom));
    buffer_printf(p->out, "%s%s %s", atom->op == ATOM_TIME ? " " : "", explain_part(atom),
                  explain_verb(atom));
    if (operand.len != 0 || atom->op == ATOM_EXACT) {
        bool is_plain = atom->op == ATOM_COMPARE || atom->op == ATOM_TIME ||
                        atom->op == ATOM_CIDR || atom->op == ATOM_FIELD;
        buffer_byte(p->out, ' ');
        if (is_plain) {
            buffer_add(p->out, buffer_slice(&operand));
        } else {
            put_quoted(p->out, buffer_slice(&operand), AROUND_BYTES);
        }
    }
    if (atom->is_cased && atom->op != ATOM_REGEX) {
        buffer_add(p->out, SLICE(" (case matters)"));
    }
    buffer_done(&operand);
}

/* ---- the tree ---- */

static void put_start(struct printer *p, bool truth, const char *branch)
{
    buffer_add(p->out, p->indent);
    buffer_add(p->out, truth ? SLICE("yes  ") : SLICE("no   "));
    buffer_add(p->out, slice_of(p->rails, p->used));
    buffer_add(p->out, slice_str(branch));
}

static void put_node(struct printer *p, const struct node *node, const char *branch);

/* Which children to show: of a list of values those that decided, or the first few. */
static bool is_shown(const struct printer *p, const struct node *parent, const struct node *child,
                     uint32_t shown, bool truth)
{
    if (parent->kind != NODE_OR || child->kind != NODE_ATOM) {
        return true;
    }
    return shown < SHOWN_MAX && (!truth || explain_node_holds(p->e, child));
}

static void put_children(struct printer *p, const struct node *node, bool truth)
{
    uint32_t shown = 0;
    uint32_t hidden = 0;
    const struct node *waiting = NULL;
    for (const struct node *at = explain_next(node, NULL); at != NULL;
         at = explain_next(node, at)) {
        if (!is_shown(p, node, at, shown, truth)) {
            hidden++;
            continue;
        }
        if (waiting != NULL) {
            put_node(p, waiting, "├─ ");
        }
        waiting = at;
        shown++;
    }
    if (waiting != NULL) {
        put_node(p, waiting, hidden != 0 ? "├─ " : "└─ ");
    }
    if (hidden != 0) {
        buffer_add(p->out, p->indent);
        buffer_add(p->out, SLICE("     "));
        buffer_add(p->out, slice_of(p->rails, p->used));
        buffer_printf(p->out, "└─ %u other%s%s\n", hidden, hidden == 1 ? "" : "s",
                      truth ? "" : ", none of them");
    }
}

static void put_label(struct printer *p, const struct node *node)
{
    if (node->kind == NODE_NOT) {
        buffer_add(p->out, SLICE("not"));
    } else if (node->label.len == 0) {
        buffer_add(p->out, node->kind == NODE_OR ? SLICE("any of") : SLICE("all of"));
    } else {
        put_clean(p->out, node->label);
    }
    if (node->kind == NODE_OR && node->label.len != 0) {
        buffer_add(p->out, SLICE(": any of"));
    }
}

static void put_atom(struct printer *p, const struct atom *atom)
{
    struct explained_value value = explain_value(p->e, atom);
    put_test(p, atom);
    buffer_add(p->out, SLICE("   <- "));
    put_value(p, &value);
    buffer_byte(p->out, '\n');
}

static size_t open_level(struct printer *p, const char *branch)
{
    size_t before = p->used;
    const char *rail = strcmp(branch, "├─ ") == 0 ? "│  " : "   ";
    size_t size = branch[0] != '\0' ? strlen(rail) : 0;
    if (p->used + size <= sizeof(p->rails)) {
        memcpy(p->rails + p->used, rail, size);
        p->used += size;
    }
    return before;
}

/* As deep as the condition and its selections, which loading bounds. */
static void put_node(struct printer *p, const struct node *node, const char *branch)
{
    node = explain_skip(node);
    bool truth = explain_node_holds(p->e, node);
    put_start(p, truth, branch);
    if (node->kind == NODE_ATOM) {
        put_atom(p, &p->e->set->atoms.at[node->atom]);
        return;
    }
    put_label(p, node);
    const struct node *inner = node;
    if (node->kind == NODE_GROUP) {
        inner = explain_skip(node->first);
        bool is_list = inner->kind == NODE_OR && inner->label.len == 0;
        buffer_add(p->out, is_list ? SLICE(": any of") : SLICE(""));
        if (!is_list && (inner->kind != NODE_AND || inner->label.len != 0)) {
            inner = node;
        }
    }
    buffer_byte(p->out, '\n');
    size_t before = open_level(p, branch);
    put_children(p, inner, truth);
    p->used = before;
}

/* ---- the head ---- */

static void put_source(struct buffer *out, const struct logsource *source)
{
    const struct slice parts[] = {source->category, source->product, source->service};
    const char *separator = "";
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].len != 0) {
            buffer_add(out, slice_str(separator));
            buffer_add(out, parts[i]);
            separator = "/";
        }
    }
    buffer_add(out, *separator == '\0' ? SLICE("any") : SLICE(""));
}

static void put_because(struct printer *p)
{
    struct slice group;
    const struct node *node = explain_culprit(p->e, &group);
    if (node == NULL) {
        return;
    }
    bool truth = explain_node_holds(p->e, node);
    buffer_add(p->out, p->indent);
    buffer_add(p->out, SLICE("because   "));
    if (group.len != 0) {
        put_clean(p->out, group);
        buffer_add(p->out, truth ? SLICE(" holds: ") : SLICE(" does not hold: "));
    }
    const struct node *leaf = node;
    while (leaf->kind != NODE_ATOM) {
        leaf = leaf->first;
    }
    const struct atom *atom = &p->e->set->atoms.at[leaf->atom];
    struct explained_value value = explain_value(p->e, atom);
    if (node->kind == NODE_ATOM) {
        put_test(p, atom);
    } else if (node->label.len != 0) {
        put_clean(p->out, node->label);
        buffer_add(p->out, SLICE(" has none of its values"));
    } else {
        buffer_add(p->out, SLICE("none of its parts does"));
        buffer_byte(p->out, '\n');
        return;
    }
    buffer_add(p->out, truth ? SLICE("; ") : SLICE(" is not so; "));
    buffer_add(p->out, explain_field(p->e, atom));
    buffer_add(p->out, SLICE(" is "));
    put_value(p, &value);
    buffer_byte(p->out, '\n');
}

static void put_facets(struct printer *p)
{
    const struct subject *subject = p->e->subject;
    buffer_add(p->out, p->indent);
    buffer_add(p->out, SLICE("because   the rule is for "));
    put_source(p->out, &p->e->set->rules[p->e->rule].info.logsource);
    buffer_add(p->out, SLICE(", the event is "));
    for (uint32_t i = 0; i < subject->facet_count; i++) {
        buffer_add(p->out, i == 0 ? SLICE("") : SLICE(", "));
        put_source(p->out, &subject->facets[i]);
    }
    buffer_add(p->out, subject->facet_count == 0 ? SLICE("of no source\n") : SLICE("\n"));
}

void explain_text(const struct explanation *explanation, struct slice indent, struct buffer *out)
{
    struct printer p = {.e = explanation, .out = out, .indent = indent};
    const struct rule_info *info = &explanation->set->rules[explanation->rule].info;
    buffer_add(out, indent);
    buffer_add(out, explanation_holds(explanation) ? SLICE("MATCH     ") : SLICE("NO MATCH  "));
    put_clean(out, info->title);
    buffer_printf(out, "  (%s)  ", rule_level_name(info->level));
    buffer_add(out, info->file);
    buffer_printf(out, ":%u\n", info->line);
    if (!explanation->source_applies) {
        put_facets(&p);
    }
    put_because(&p);
    buffer_byte(out, '\n');
    put_node(&p, explanation->set->rules[explanation->rule].root, "");
}
