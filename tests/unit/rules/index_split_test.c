/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

/* So many rules of one literal of field a each in category `many`; and of another category one rule
 * that is found by b and asks for one of those literals too. */
static void load(struct fixture *f, unsigned count)
{
    size_t room = (size_t)count * 120 + 1024;
    char *text = calloc(1, room);
    size_t used = 0;
    for (unsigned i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, room - used,
                                 "title: many %u\nlogsource: {category: many}\n"
                                 "detection: {s: {a|contains: literal%03u}, condition: s}\n---\n",
                                 i, i);
    }
    snprintf(text + used, room - used,
             "title: other\nlogsource: {category: other}\n"
             "detection: {s: {b: found}, t: {a|contains: literal007}, condition: s and t}\n---\n"
             "title: without\nlogsource: {category: other}\n"
             "detection: {s: {b: found}, t: {a|contains: literal007}, condition: s and not t}\n");
    fixture_text(f, text);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    free(text);
}

static uint32_t match(struct fixture *f, const char *json)
{
    struct subject subject;
    subject_from_value(&subject, fixture_json(f, slice_str(json)), false, &f->event);
    bool agrees = false;
    uint32_t count = rules_match_checked(f->set, f->scratch, &subject, f->indexes, 8192, &agrees);
    cr_expect(agrees, "%s", json);
    return count;
}

Test(index_split, a_field_is_split_by_category_from_so_many_literals_on)
{
    struct fixture *f = fixture_new();
    load(f, INDEX_SPLIT_LITERALS - 1);
    uint32_t a = field_names_add(&f->set->names, SLICE("a"));
    cr_expect_eq(f->set->index.fields[a].literals_count, 1u);
    cr_expect_eq(f->set->index.fields[a].literals->group, INDEX_GROUP_ALL);

    load(f, INDEX_SPLIT_LITERALS);
    const struct field_index *at = &f->set->index.fields[a];
    cr_assert_eq(at->literals_count, 2u);
    cr_expect_eq(at->literals[0].count, INDEX_SPLIT_LITERALS);
    cr_expect_eq(at->literals[1].count, 1u, "what the other category asks for");
    cr_expect_eq(index_literals(&f->set->index, a, at->literals[1].group), &at->literals[1]);
    cr_expect_null(index_literals(&f->set->index, a, 12345));
    fixture_free(f);
}

Test(index_split, rules_of_each_category_hold_as_the_oracle_says)
{
    struct fixture *f = fixture_new();
    load(f, INDEX_SPLIT_LITERALS);
    static const struct {
        const char *event;
        uint32_t count;
    } cases[] = {
        {"{\"category\": \"many\", \"a\": \"x LITERAL007 literal100\", \"b\": \"found\"}", 2},
        {"{\"category\": \"other\", \"a\": \"x literal007 literal100\", \"b\": \"found\"}", 1},
        {"{\"category\": \"other\", \"a\": \"x literal008\", \"b\": \"found\"}", 1},
        {"{\"category\": \"other\", \"a\": \"x literal007\"}", 0},
        {"{\"category\": \"third\", \"a\": \"x literal007\", \"b\": \"found\"}", 0},
        {"{\"a\": \"x literal007\", \"b\": \"found\"}", 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(match(f, cases[i].event), cases[i].count, "%s", cases[i].event);
    }
    fixture_free(f);
}

Test(index_split, bits_are_put_back_however_many_an_event_touches)
{
    struct fixture *f = fixture_new();
    size_t room = (SCRATCH_TOUCHED_MAX + 2) * 16;
    char *event = calloc(1, room);
    size_t used = (size_t)snprintf(event, room, "{\"category\": \"many\", \"a\": \"");
    load(f, SCRATCH_TOUCHED_MAX + 1);
    for (unsigned i = 0; i <= SCRATCH_TOUCHED_MAX; i++) {
        used += (size_t)snprintf(event + used, room - used, " literal%03u", i);
        if (i + 1 >= SCRATCH_TOUCHED_MAX - 1) {
            snprintf(event + used, room - used, "\"}");
            cr_expect_eq(match(f, event), i + 1);
            cr_expect_eq(match(f, "{\"category\": \"many\", \"a\": \"literal000\"}"), 1u);
            cr_expect_eq(match(f, "{\"category\": \"many\", \"a\": \"none\"}"), 0u);
        }
    }
    free(event);
    fixture_free(f);
}
