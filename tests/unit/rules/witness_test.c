/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "rules/witness.h"
#include "tests/unit/rules/fixture.h"

/* The witnesses of a rule as "kind:text" joined by spaces; "always" when there is none. */
static const char *witnesses(struct fixture *f, const char *detection)
{
    struct needles needles = {.arena = &f->arena};
    problems_init(&f->problems, &f->arena);
    fixture_detection(f, detection);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    if (!witness_of(&f->set->atoms, f->set->rules[0].root, &needles)) {
        return "always";
    }
    struct slice text = {NULL, 0};
    for (uint32_t i = 0; i < needles.count; i++) {
        const struct needle *needle = &needles.at[i];
        struct slice what = needle->kind == NEEDLE_ATOM ? f->set->atoms.at[needle->atom].text
                            : needle->kind == NEEDLE_TEXT || needle->kind == NEEDLE_REGEX
                                ? needle->text
                                : f->set->names.names[needle->field];
        static const char *const kinds[] = {"atom:", "text:", "regex:", "present:"};
        const struct slice parts[] = {text, text.len != 0 ? SLICE(" ") : text,
                                      slice_str(kinds[needle->kind]), what};
        text = arena_concat(&f->arena, parts, 4);
    }
    return arena_str(&f->arena, text);
}

Test(witness, is_the_most_telling_part_that_must_hold)
{
    static const struct {
        const char *detection;
        const char *witnesses;
    } cases[] = {
        {"    s: {a: value}\n    condition: s", "atom:value"},
        {"    s: {a|endswith: \\cmd.exe, b|contains: xy}\n    condition: s", "atom:\\cmd.exe"},
        {"    s: {a|contains: [longer, text]}\n    condition: s", "text:longer text:text"},
        {"    s: {a|contains|all: [ab, abcdefgh]}\n    condition: s", "text:abcdefgh"},
        {"    s: {a: value}\n    t: {b: other}\n    condition: s and not t", "atom:value"},
        {"    s: {a: value}\n    t: {b: other}\n    condition: s or not t", "always"},
        {"    s: {a: value}\n    condition: not s", "always"},
        {"    s: {a: value}\n    condition: not (not s)", "atom:value"},
        {"    s: {a: null}\n    condition: s", "always"},
        {"    s: {a|gt: 5}\n    condition: s", "atom:"},
        {"    s: {a|gt: 5, b|cidr: 10.0.0.0/8}\n    condition: s", "atom:"},
        {"    s: {a|re: 'x+literal[0-9]'}\n    condition: s", "text:literal"},
        {"    s: {a|re: 'x|y'}\n    condition: s", "regex:x|y"},
        {"    s: {a|re: 'x{3,9}'}\n    condition: s", "regex:x+"},
        {"    s: {a|re: '(?>x|y)'}\n    condition: s", "present:a"},
        {"    s: {a|re: 'x|y', b|contains: words}\n    condition: s", "text:words"},
        {"    s: {a|re: 'x|y', b|gt: 5}\n    condition: s", "regex:x|y"},
        {"    s: {a: 'ab*cdefg?'}\n    condition: s", "text:cdefg"},
        {"    s: {a|contains|cased: ABCD}\n    condition: s", "text:abcd"},
        {"    s: {a|expand: '%x%', b: y}\n    t: {b: value}\n    condition: s or t", "atom:value"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *found = witnesses(f, cases[i].detection);
        cr_expect_str_eq(found, cases[i].witnesses, "%s: %s", cases[i].detection, found);
    }
    fixture_free(f);
}
