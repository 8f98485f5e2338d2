/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fields.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

struct bench {
    struct fixture *f;
    struct field_names names;
    struct fields fields;
};

static struct bench *bench_new(const char *const *names)
{
    struct bench *b = calloc(1, sizeof(*b));
    b->f = fixture_new();
    cr_assert(field_names_init(&b->names, &b->f->arena));
    for (; *names != NULL; names++) {
        cr_assert_neq(field_names_add(&b->names, slice_str(*names)), FIELD_NONE);
    }
    field_names_link(&b->names);
    b->fields.slots = ARENA_ARRAY(&b->f->arena, b->names.count, struct field_slot);
    b->fields.present = ARENA_ARRAY(&b->f->arena, b->names.count, uint32_t);
    return b;
}

static void bench_free(struct bench *b)
{
    fixture_free(b->f);
    free(b);
}

static void fill(struct bench *b, const char *json)
{
    struct subject subject;
    const struct value *value = fixture_json(b->f, slice_str(json));
    subject_from_value(&subject, value, true, &b->f->event);
    fields_reset(&b->fields);
    fields_fill(&b->names, &b->fields, &subject);
}

/* The values of a field joined by commas; "-" when it is absent. */
static const char *values(struct bench *b, const char *name)
{
    uint32_t field = field_names_add(&b->names, slice_str(name));
    const struct field_slot *slot = &b->fields.slots[field];
    struct slice text = {NULL, 0};
    for (const struct field_value *at = slot->first; at != NULL; at = at->next) {
        const struct slice parts[] = {text, text.len != 0 ? SLICE(",") : text, at->raw};
        text = arena_concat(&b->f->arena, parts, 3);
    }
    return !slot->is_present ? "-" : arena_str(&b->f->arena, text);
}

#define BENCH(...) bench_new((const char *const[]){__VA_ARGS__, NULL})

Test(fields, flat_keys_win_over_paths)
{
    struct bench *b = BENCH("a.b", "a", "c");

    fill(b, "{\"a\":{\"b\":1},\"a.b\":2,\"c\":\"x\",\"d\":4}");
    cr_expect_str_eq(values(b, "a.b"), "2");
    cr_expect_str_eq(values(b, "a"), "");
    cr_expect_str_eq(values(b, "c"), "x");
    fill(b, "{\"a\":{\"b\":1}}");
    cr_expect_str_eq(values(b, "a.b"), "1");
    cr_expect_str_eq(values(b, "c"), "-");
    bench_free(b);
}

Test(fields, every_member_of_an_array_is_a_value)
{
    struct bench *b = BENCH("a", "l.x", "l.y.z");

    fill(b, "{\"a\":[1,\"b\",true,null,[]],\"l\":[{\"x\":1},{\"x\":[2,3]},{\"y\":{\"z\":4}},5]}");
    cr_expect_str_eq(values(b, "a"), "1,b,true");
    cr_expect(b->fields.slots[field_names_add(&b->names, SLICE("a"))].has_null);
    cr_expect_str_eq(values(b, "l.x"), "1,2,3");
    cr_expect_str_eq(values(b, "l.y.z"), "4");
    bench_free(b);
}

Test(fields, keys_with_dots_are_steps)
{
    struct bench *b = BENCH("a.b.c", "a.d");

    fill(b, "{\"a\":{\"b.c\":1}}");
    cr_expect_str_eq(values(b, "a.b.c"), "1");
    fill(b, "{\"a.b\":{\"c\":2}}");
    cr_expect_str_eq(values(b, "a.b.c"), "2");
    bench_free(b);
}

Test(fields, numbers_have_their_plain_spelling_too)
{
    static const struct {
        const char *written;
        const char *plain;
    } cases[] = {{"42", ""},          {"-7", ""},      {"0", ""},
                 {"4.0", "4"},        {"1e3", "1000"}, {"0.5", ""},
                 {"0.50", "0.5"},     {"-0", "0"},     {"007", "7"},
                 {"1e300", "1e+300"}, {"0.1", ""},     {"123456789012345678901234567890", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char plain[40] = "";
        size_t length = fields_plain_number(slice_str(cases[i].written), plain);
        cr_expect(slice_eq(slice_of(plain, length), slice_str(cases[i].plain)), "%s: %.*s",
                  cases[i].written, (int)length, plain);
    }
}

Test(fields, keyword_text_is_every_string_and_number)
{
    struct bench *b = BENCH("a");
    b->names.has_keywords = true;

    fill(b, "{\"a\":\"x\",\"m\":{\"l\":[\"y\",[{\"z\":\"w\"}],42,true,null]}}");
    const struct field_value *at = b->fields.slots[FIELD_KEYWORDS].first;
    const char *expected[] = {"x", "y", "w", "42"};
    for (size_t i = 0; i < 4; i++, at = at->next) {
        cr_assert(at != NULL && slice_eq(at->raw, slice_str(expected[i])), "value %zu", i);
    }
    cr_expect(at == NULL);
    bench_free(b);
}

Test(fields, reset_forgets_what_was_there)
{
    struct bench *b = BENCH("a", "b");

    fill(b, "{\"a\":null,\"b\":[1]}");
    cr_expect_eq(b->fields.present_count, 2u);
    fill(b, "{}");
    cr_expect_eq(b->fields.present_count, 0u);
    cr_expect_str_eq(values(b, "b"), "-");
    bench_free(b);
}
