/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/value.h"
#include <criterion/criterion.h>

static _Alignas(16) char room[16384];

static const struct value *tree(struct slice json)
{
    static struct arena arena;
    struct value *root = NULL;
    arena_over(&arena, room, sizeof(room));
    struct fault fault = value_parse_json(&arena, json, &root);
    cr_assert_not(fault_is(fault), "%s: %s", json.at, fault.reason);
    return root;
}

static struct value number(const char *text)
{
    return (struct value){.kind = VALUE_NUMBER, .of.text = slice_str(text)};
}

Test(value, look_ups_chain_through_what_is_absent)
{
    const struct value *root = tree(SLICE("{\"a\":{\"b\":1},\"c\":[2]}"));

    cr_expect(value_is(value_get(value_get(root, SLICE("a")), SLICE("b")), VALUE_NUMBER));
    cr_expect_null(value_get(value_get(root, SLICE("x")), SLICE("b")));
    cr_expect_null(value_get(value_get(root, SLICE("c")), SLICE("b")));
    cr_expect_null(value_first(NULL));
    cr_expect_null(value_first(value_get(value_get(root, SLICE("a")), SLICE("b"))));
    cr_expect_not(value_is(NULL, VALUE_NULL));
}

Test(value, the_first_of_a_repeated_key_counts)
{
    const struct value *root = tree(SLICE("{\"a\":1,\"a\":2}"));

    cr_expect(slice_eq(value_text(value_get(root, SLICE("a"))), SLICE("1")));
    cr_expect(slice_eq(value_text_at(root, "a"), SLICE("1")));
    cr_expect_eq(value_text_at(root, "not there").len, 0);
    cr_expect_eq(root->count, 2);
}

Test(value, text_of_scalars_is_what_was_written)
{
    static const struct {
        struct slice json;
        const char *text;
        const char *string;
    } cases[] = {
        {SLICE_INIT("[\"x\"]"), "x", "x"},   {SLICE_INIT("[1.50]"), "1.50", ""},
        {SLICE_INIT("[true]"), "true", ""},  {SLICE_INIT("[false]"), "false", ""},
        {SLICE_INIT("[null]"), "", ""},      {SLICE_INIT("[[]]"), "", ""},
        {SLICE_INIT("[{\"a\":1}]"), "", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *value = value_first(tree(cases[i].json));
        cr_expect(slice_eq(value_text(value), slice_str(cases[i].text)), "%s", cases[i].json.at);
        cr_expect(slice_eq(value_string(value), slice_str(cases[i].string)), "%s",
                  cases[i].json.at);
    }
    cr_expect_eq(value_text(NULL).len, 0);
    cr_expect_eq(value_string(NULL).len, 0);
}

Test(value, integers_are_exact_or_not_read)
{
    static const struct {
        const char *text;
        bool is_integer;
        int64_t integer;
    } cases[] = {
        {"0", true, 0},
        {"-7", true, -7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"1e3", true, 1000},
        {"2.0", true, 2},
        {"2.5", false, 0},
        {"1e400", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct value value = number(cases[i].text);
        int64_t integer = 0;
        cr_expect_eq(value_integer(&value, &integer), cases[i].is_integer, "%s", cases[i].text);
        cr_expect_eq(integer, cases[i].integer, "%s", cases[i].text);
    }
}

Test(value, strings_that_are_wholly_a_number_convert)
{
    struct value good = {.kind = VALUE_STRING, .of.text = SLICE("12.5")};
    struct value bad = {.kind = VALUE_STRING, .of.text = SLICE("12 apples")};
    struct value word = {.kind = VALUE_STRING, .of.text = SLICE("infinity")};
    double real = 0;
    int64_t integer = 3;

    cr_expect(value_real(&good, &real));
    cr_expect_float_eq(real, 12.5, 0);
    cr_expect_not(value_real(&bad, &real));
    cr_expect_not(value_real(&word, &real));
    cr_expect_not(value_integer(&bad, &integer));
    cr_expect_eq(integer, 3);
    cr_expect_not(value_real(NULL, &real));
}

Test(value, booleans_are_only_true_and_false)
{
    const struct value *root = tree(SLICE("[true,false,1,null]"));
    const struct value *at = value_first(root);
    bool truth = false;

    cr_expect(value_bool(at, &truth) && truth);
    cr_expect(value_bool(at->next, &truth) && !truth);
    cr_expect_not(value_bool(at->next->next, &truth));
    cr_expect_not(value_bool(at->next->next->next, &truth));
}

Test(value, builders_tolerate_a_full_arena)
{
    struct arena arena;
    char tiny[8];
    struct value list = {.kind = VALUE_LIST};
    arena_over(&arena, tiny, sizeof(tiny));

    struct value *value = value_new_string(&arena, SLICE("x"));
    value_append(&list, slice_of(NULL, 0), value);
    value_append(NULL, slice_of(NULL, 0), &list);

    cr_expect_null(value);
    cr_expect(arena.exhausted);
    cr_expect_eq(list.count, 0);
}
