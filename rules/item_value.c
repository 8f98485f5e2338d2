/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/address.h"
#include "rules/fold.h"
#include "rules/item.h"

static struct node *refuse(struct compile *c, const struct value *at, const char *what)
{
    problem_error(c->problems, c->file, at->line, at->column, "%s", what);
    return NULL;
}

static struct node *no_memory(struct compile *c, const struct value *at)
{
    return refuse(c, at, "no memory left for this rule");
}

/* The atom's field, numbered. */
static bool set_field(struct compile *c, const struct item *item, struct atom *proto)
{
    if (slice_is_empty(item->field)) {
        proto->field = FIELD_KEYWORDS;
        c->names->has_keywords = true;
        return true;
    }
    proto->field = field_names_add(c->names, item->field);
    return proto->field != FIELD_NONE;
}

static struct node *leaf(struct compile *c, const struct value *at, const struct atom *proto)
{
    uint32_t atom = atoms_add(c->atoms, proto);
    struct node *node = atom != ATOM_NONE ? node_new(c, NODE_ATOM) : NULL;
    if (node == NULL) {
        return no_memory(c, at);
    }
    node->atom = atom;
    c->atoms->at[atom].uses++;
    return node;
}

/* One finished pattern: contains and its kin applied, then the atom of its shape. */
static struct node *compile_pattern(struct compile *c, const struct item *item,
                                    const struct value *at, struct pattern pattern)
{
    bool is_keyword = slice_is_empty(item->field);
    struct atom proto = {.is_cased = item->is_cased};
    struct pattern open = pattern_open(c->load, pattern, item->is_open_start || is_keyword,
                                       item->is_open_end || is_keyword);
    if (!set_field(c, item, &proto) || c->load->exhausted) {
        return no_memory(c, at);
    }
    atom_of_pattern(c->load, open, &proto);
    return leaf(c, at, &proto);
}

/* Runs the transforms from `step` on; each may fan out into a few patterns, which are alternatives.
 */
static struct node *compile_string(struct compile *c, const struct item *item,
                                   const struct value *at, struct pattern start)
{
    struct pattern now[8] = {start};
    uint32_t count = 1;
    for (uint32_t step = 0; step < item->transform_count; step++) {
        struct pattern next[8];
        uint32_t made = 0;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t more = 0;
            MUST(made + 3 <= 8);
            if (!item->transforms[step](c->load, now[i], next + made, &more)) {
                return refuse(c, at, "base64 and utf16 need text without wildcards, long enough");
            }
            made += more;
        }
        memcpy(now, next, made * sizeof(next[0]));
        count = made;
    }
    if (count == 1) {
        return compile_pattern(c, item, at, now[0]);
    }
    struct node *node = node_new(c, NODE_OR);
    struct node *last = NULL;
    for (uint32_t i = 0; i < count && node != NULL; i++) {
        struct node *child = compile_pattern(c, item, at, now[i]);
        if (child == NULL) {
            return NULL;
        }
        node_append(node, &last, child);
    }
    return node;
}

/* A number matches its text, and the plainer text of the same number ("42" for 42.0). */
static struct node *compile_number(struct compile *c, const struct item *item,
                                   const struct value *value)
{
    char plain[40];
    size_t length = fields_plain_number(value->of.text, plain);
    struct node *as_written =
        compile_string(c, item, value, pattern_literal(c->load, value->of.text));
    if (length == 0 || as_written == NULL) {
        return as_written;
    }
    struct slice text = arena_copy(c->load, slice_of(plain, length));
    struct node *as_plain = compile_string(c, item, value, pattern_literal(c->load, text));
    struct node *node = as_plain != NULL ? node_over(c, NODE_OR, as_written) : NULL;
    if (node != NULL) {
        as_written->next = as_plain;
    }
    return node;
}

static struct node *compile_null(struct compile *c, const struct item *item,
                                 const struct value *value)
{
    struct atom proto = {.op = ATOM_NULL};
    if (slice_is_empty(item->field)) {
        return refuse(c, value, "null is no keyword");
    }
    if (item->is_open_start || item->is_open_end || item->transform_count != 0) {
        return refuse(c, value, "null goes with no modifier but `neq`; '' is the empty string");
    }
    return set_field(c, item, &proto) ? leaf(c, value, &proto) : no_memory(c, value);
}

/* Whether `text` holds a `%name%`. A backslash before the first sign makes it plain. */
static bool has_placeholder(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '%' || (i > 0 && text.at[i - 1] == '\\')) {
            continue;
        }
        size_t end = slice_find(slice_from(text, i + 1), '%');
        if (end != 0 && i + 1 + end < text.len) {
            return true;
        }
    }
    return false;
}

/* `\%` is a percent sign under `expand` alone. */
static struct slice plain_percent(struct arena *arena, struct slice text)
{
    char *out = arena_bytes(arena, text.len + 1);
    size_t used = 0;
    for (size_t i = 0; out != NULL && i < text.len; i++) {
        bool is_escape = text.at[i] == '\\' && i + 1 < text.len && text.at[i + 1] == '%';
        if (!is_escape) {
            out[used++] = text.at[i];
        }
    }
    return slice_of(out, used);
}

static struct node *compile_scalar(struct compile *c, const struct item *item,
                                   const struct value *value)
{
    struct slice text = value_text(value);
    if (value->kind == VALUE_NULL) {
        return compile_null(c, item, value);
    }
    if (value->kind == VALUE_NUMBER) {
        return compile_number(c, item, value);
    }
    if (value->kind != VALUE_STRING) {
        return compile_string(c, item, value, pattern_literal(c->load, text));
    }
    if (item->is_expanded && has_placeholder(text)) {
        struct atom never = {.op = ATOM_NEVER};
        problem_warning(c->problems, c->file, value->line, value->column,
                        "`%.*s` stands for a list that is not given: it matches nothing",
                        SLICE_ARG(text));
        return leaf(c, value, &never);
    }
    if (item->is_expanded) {
        text = plain_percent(c->load, text);
    }
    return compile_string(c, item, value, pattern_parse(c->load, text));
}

static struct slice anchor(struct compile *c, const struct item *item, struct slice source)
{
    if (item->is_open_start == item->is_open_end) {
        return source;
    }
    const struct slice parts[] = {item->is_open_end ? SLICE("\\A(?:") : SLICE("(?:"), source,
                                  item->is_open_end ? SLICE(")") : SLICE(")\\z")};
    return arena_concat(c->load, parts, 3);
}

static struct node *compile_regex(struct compile *c, const struct item *item,
                                  const struct value *value)
{
    struct atom proto = {.op = ATOM_REGEX, .is_cased = true, .regex_flags = item->regex_flags};
    if (value->kind == VALUE_NULL) {
        return refuse(c, value, "`re` needs a pattern");
    }
    proto.text = anchor(c, item, value_text(value));
    if (!set_field(c, item, &proto)) {
        return no_memory(c, value);
    }
    uint32_t known = atoms_find(c->atoms, &proto);
    struct node *node = node_new(c, NODE_ATOM);
    if (node == NULL) {
        return no_memory(c, value);
    }
    if (known == ATOM_NONE) {
        struct regex_error error;
        proto.regex = regex_new(proto.text, proto.regex_flags, &error);
        if (proto.regex == NULL) {
            problem_error(c->problems, c->file, value->line, value->column,
                          "regular expression: %s, at its byte %zu", error.message, error.offset);
            return NULL;
        }
        known = atoms_add(c->atoms, &proto);
        if (known == ATOM_NONE) {
            regex_free(proto.regex);
            return no_memory(c, value);
        }
    }
    node->atom = known;
    c->atoms->at[known].uses++;
    return node;
}

static struct node *compile_cidr(struct compile *c, const struct item *item,
                                 const struct value *value)
{
    struct atom proto = {.op = ATOM_CIDR};
    bool has_host_bits = false;
    if (!address_parse_network(slice_trim(value_text(value)), proto.address, &proto.prefix_bits,
                               &has_host_bits)) {
        return refuse(c, value,
                      has_host_bits ? "a network with bits set beyond its prefix: write its first "
                                      "address"
                                    : "no IP network; write one as 10.0.0.0/8 or fe80::/10");
    }
    return set_field(c, item, &proto) ? leaf(c, value, &proto) : no_memory(c, value);
}

static struct node *compile_compare(struct compile *c, const struct item *item,
                                    const struct value *value)
{
    struct atom proto = {.op = item->test == ITEM_TIME ? ATOM_TIME : ATOM_COMPARE,
                         .compare = item->compare,
                         .part = item->part};
    if (!value_real(value, &proto.number)) {
        return refuse(c, value, "a number is due here");
    }
    return set_field(c, item, &proto) ? leaf(c, value, &proto) : no_memory(c, value);
}

static struct node *compile_exists(struct compile *c, const struct item *item,
                                   const struct value *value)
{
    struct atom proto = {.op = ATOM_EXISTS};
    bool wanted = false;
    if (!value_bool(value, &wanted)) {
        return refuse(c, value, "`exists` is true or false");
    }
    if (!set_field(c, item, &proto)) {
        return no_memory(c, value);
    }
    struct node *node = leaf(c, value, &proto);
    return wanted ? node : node_over(c, NODE_NOT, node);
}

static struct node *compile_field(struct compile *c, const struct item *item,
                                  const struct value *value)
{
    bool start = item->is_open_start;
    bool end = item->is_open_end;
    struct atom proto = {.op = ATOM_FIELD,
                         .is_cased = item->is_cased,
                         .match = start ? (end ? ATOM_CONTAINS : ATOM_SUFFIX)
                                        : (end ? ATOM_PREFIX : ATOM_EXACT)};
    if (value->kind != VALUE_STRING || value->of.text.len == 0) {
        return refuse(c, value,
                      "`fieldref` needs the name of a field, in quotes if it is a number");
    }
    proto.other = field_names_add(c->names, value->of.text);
    if (proto.other == FIELD_NONE || !set_field(c, item, &proto)) {
        return no_memory(c, value);
    }
    return leaf(c, value, &proto);
}

struct node *item_compile_value(struct compile *c, const struct item *item,
                                const struct value *value)
{
    if (value->kind == VALUE_LIST || value->kind == VALUE_MAP) {
        return refuse(c, value, "a value is due here, not a list or a map");
    }
    switch (item->test) {
    case ITEM_STRING:
        return compile_scalar(c, item, value);
    case ITEM_REGEX:
        return compile_regex(c, item, value);
    case ITEM_CIDR:
        return compile_cidr(c, item, value);
    case ITEM_COMPARE:
    case ITEM_TIME:
        return compile_compare(c, item, value);
    case ITEM_EXISTS:
        return compile_exists(c, item, value);
    case ITEM_FIELD:
        return compile_field(c, item, value);
    }
    NEVER("kind of test outside its enum");
}
