/* SPDX-License-Identifier: Apache-2.0 */
/* atom — one test of one field, shared by all rules that make it.
 *
 *   CommandLine|endswith: '\CMD.exe'     ─▶  {ATOM_SUFFIX, field 7, text "\cmd.exe"}
 *
 * Equal tests are one atom, so that it is evaluated at most once an event, whatever the number of
 * rules. An atom holds when any value of its field passes. Texts are folded unless `is_cased`.
 * Immutable once its set is built; regexes are owned by the set.
 */
#pragma once
#include "ingest/base/regex.h"
#include "rules/fields.h"
#include "rules/pattern.h"

enum atom_op {
    ATOM_EXACT,
    ATOM_PREFIX,
    ATOM_SUFFIX,
    ATOM_CONTAINS,
    ATOM_PATTERN, /* any other shape of a string with wildcards */
    ATOM_ANY,     /* a value is there: `*` */
    ATOM_EXISTS,  /* the field is there, be it null */
    ATOM_NULL,    /* null, or not there */
    ATOM_NEVER,   /* a list that is not given */
    ATOM_COMPARE, /* a number */
    ATOM_CIDR,
    ATOM_FIELD, /* against the values of `other` */
    ATOM_TIME,  /* a part of a point in time, compared */
    ATOM_REGEX
};

enum compare { COMPARE_EQ, COMPARE_LT, COMPARE_LTE, COMPARE_GT, COMPARE_GTE };

enum time_part { TIME_MINUTE, TIME_HOUR, TIME_DAY, TIME_WEEK, TIME_MONTH, TIME_YEAR };

#define ATOM_NONE UINT32_MAX

struct atom {
    enum atom_op op;
    uint32_t field;
    uint32_t other;       /* ATOM_FIELD */
    enum atom_op match;   /* ATOM_FIELD: EXACT, PREFIX, SUFFIX or CONTAINS */
    enum compare compare; /* ATOM_COMPARE, ATOM_TIME */
    enum time_part part;  /* ATOM_TIME */
    unsigned regex_flags; /* ATOM_REGEX */
    uint8_t prefix_bits;  /* ATOM_CIDR, of the 128 bits of an IPv6 (or mapped IPv4) address */
    uint8_t address[16];  /* ATOM_CIDR */
    bool is_cased;
    double number;          /* ATOM_COMPARE, ATOM_TIME */
    struct slice text;      /* operand; of a PATTERN its parts spelt out, of a REGEX its source */
    struct pattern pattern; /* ATOM_PATTERN */
    struct regex *regex;    /* ATOM_REGEX */
    uint32_t uses;          /* how often rules name it */
};

/* The atoms of a set in the making; `arena` is the set's. */
struct atoms {
    struct arena *arena;
    struct atom *at;
    uint32_t count;
    uint32_t room;
    uint32_t *table; /* open addressing, index + 1 */
    uint32_t table_size;
};

/* Index of the atom equal to `proto`, ATOM_NONE when there is none yet. */
uint32_t atoms_find(const struct atoms *atoms, const struct atom *proto);

/* As atoms_find, adding a copy when there is none (its texts copied too, its regex taken).
 * ATOM_NONE when the arena is full; the regex then stays the caller's. */
uint32_t atoms_add(struct atoms *atoms, const struct atom *proto);

/* The atom a string with wildcards asks for; `proto` gives field and is_cased. Fills op, text and
 * pattern in `arena`. */
void atom_of_pattern(struct arena *arena, struct pattern pattern, struct atom *proto);

/* What testing needs of the thread. */
struct atom_scratch {
    struct regex_scratch *regex;
    uint64_t regex_limits; /* counted up */
};

/* Whether the atom holds for an event's fields. */
bool atom_holds(const struct atom *atom, const struct fields *fields, struct atom_scratch *scratch);

/* The first value of its field that makes it hold, for showing; NULL when none does, or none is
 * needed. */
const struct field_value *atom_witness(const struct atom *atom, const struct fields *fields,
                                       struct atom_scratch *scratch);
