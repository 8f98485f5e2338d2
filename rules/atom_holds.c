/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/address.h"
#include "rules/atom.h"
#include "rules/instant.h"

static bool compare(enum compare how, double a, double b)
{
    switch (how) {
    case COMPARE_EQ:
        return a == b;
    case COMPARE_LT:
        return a < b;
    case COMPARE_LTE:
        return a <= b;
    case COMPARE_GT:
        return a > b;
    case COMPARE_GTE:
        return a >= b;
    }
    NEVER("comparison outside its enum");
}

static bool match_text(enum atom_op op, struct slice text, struct slice wanted)
{
    switch (op) {
    case ATOM_EXACT:
        return slice_eq(text, wanted);
    case ATOM_PREFIX:
        return slice_starts(text, wanted);
    case ATOM_SUFFIX:
        return slice_ends(text, wanted);
    case ATOM_CONTAINS:
        return wanted.len == 0 || slice_search(text, wanted) != text.len;
    case ATOM_PATTERN:
    case ATOM_ANY:
    case ATOM_EXISTS:
    case ATOM_NULL:
    case ATOM_NEVER:
    case ATOM_COMPARE:
    case ATOM_CIDR:
    case ATOM_FIELD:
    case ATOM_TIME:
    case ATOM_REGEX:
        break;
    }
    NEVER("not a comparison of texts");
}

/* Wildcard-free text of one value against all values of the other field. */
static bool match_field(const struct atom *atom, const struct fields *fields,
                        const struct field_value *value)
{
    const struct field_value *other = fields->slots[atom->other].first;
    for (; other != NULL; other = other->next) {
        struct slice text = atom->is_cased ? value->raw : value->folded;
        struct slice wanted = atom->is_cased ? other->raw : other->folded;
        if (match_text(atom->match, text, wanted)) {
            return true;
        }
    }
    return false;
}

static bool match_regex(const struct atom *atom, struct atom_scratch *scratch, struct slice text)
{
    size_t start = 0;
    size_t end = 0;
    enum regex_result result = regex_find(atom->regex, scratch->regex, text, 0, &start, &end);
    scratch->regex_limits += result == REGEX_LIMIT;
    return result == REGEX_YES;
}

static bool match_number(const struct atom *atom, const struct field_value *value)
{
    struct value text = {.kind = VALUE_STRING, .of.text = value->raw};
    double number = 0;
    return value_real(&text, &number) && compare(atom->compare, number, atom->number);
}

static bool match_time(const struct atom *atom, const struct field_value *value)
{
    struct instant instant;
    if (!instant_read(value->raw, &instant)) {
        return false;
    }
    return compare(atom->compare, instant_part(&instant, atom->part), atom->number);
}

/* Whether one value passes. */
static bool passes(const struct atom *atom, const struct fields *fields,
                   const struct field_value *value, struct atom_scratch *scratch)
{
    struct slice text = atom->is_cased ? value->raw : value->folded;
    switch (atom->op) {
    case ATOM_EXACT:
    case ATOM_PREFIX:
    case ATOM_SUFFIX:
    case ATOM_CONTAINS:
        return match_text(atom->op, text, atom->text);
    case ATOM_PATTERN:
        return pattern_match(atom->pattern, text);
    case ATOM_ANY:
        return true;
    case ATOM_COMPARE:
        return match_number(atom, value);
    case ATOM_CIDR:
        return address_is_in(value->raw, atom->address, atom->prefix_bits);
    case ATOM_FIELD:
        return match_field(atom, fields, value);
    case ATOM_TIME:
        return match_time(atom, value);
    case ATOM_REGEX:
        return match_regex(atom, scratch, value->raw);
    case ATOM_EXISTS:
    case ATOM_NULL:
    case ATOM_NEVER:
        break;
    }
    NEVER("an atom that needs no value");
}

const struct field_value *atom_witness(const struct atom *atom, const struct fields *fields,
                                       struct atom_scratch *scratch)
{
    if (atom->op == ATOM_EXISTS || atom->op == ATOM_NULL || atom->op == ATOM_NEVER) {
        return NULL;
    }
    const struct field_value *value = fields->slots[atom->field].first;
    while (value != NULL && !passes(atom, fields, value, scratch)) {
        value = value->next;
    }
    return value;
}

bool atom_holds(const struct atom *atom, const struct fields *fields, struct atom_scratch *scratch)
{
    const struct field_slot *slot = &fields->slots[atom->field];
    if (atom->op == ATOM_EXISTS) {
        return slot->is_present;
    }
    if (atom->op == ATOM_NULL) {
        return !slot->is_present || slot->has_null;
    }
    return atom_witness(atom, fields, scratch) != NULL;
}
