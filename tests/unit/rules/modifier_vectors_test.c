/* SPDX-License-Identifier: Apache-2.0 */
/* What each combination of modifiers makes of a value; skipped where the data is not there. */
#include "ingest/base/json.h"
#include "tests/unit/rules/fixture.h"

/* Text that a vector's pattern stands for, its stars filled in with `fill`. */
static struct slice sample_of(struct arena *arena, const struct value *parts, struct slice fill)
{
    struct slice pieces[64];
    size_t count = 0;
    for (const struct value *at = value_first(parts); at != NULL && count < 64; at = at->next) {
        pieces[count++] = at->kind == VALUE_STRING            ? at->of.text
                          : value_get(at, SLICE("*")) != NULL ? fill
                                                              : SLICE("q");
    }
    return arena_concat(arena, pieces, count);
}

static bool holds_for(struct fixture *f, struct slice field, struct slice text)
{
    struct value *event = value_new(&f->event, VALUE_MAP);
    value_append(event, field, value_new_string(&f->event, text));
    fixture_match(f, event);
    return f->count != 0;
}

/* Every text the vector lists is matched; with more before it only where a star is. */
static void expect_str(struct fixture *f, struct slice field, const struct value *str,
                       struct slice key)
{
    struct slice plain = sample_of(&f->event, str, slice_of(NULL, 0));
    struct slice filled = sample_of(&f->event, str, SLICE("~|~"));
    const struct slice before[] = {SLICE("~"), plain};
    bool opens = value_first(str)->kind == VALUE_MAP;
    cr_expect(holds_for(f, field, plain), "%.*s: %.*s", SLICE_ARG(key), SLICE_ARG(plain));
    cr_expect(holds_for(f, field, filled), "%.*s: %.*s", SLICE_ARG(key), SLICE_ARG(filled));
    cr_expect_eq(holds_for(f, field, arena_concat(&f->event, before, 2)), opens, "%.*s: ~%.*s",
                 SLICE_ARG(key), SLICE_ARG(plain));
}

/* A rule of the vector's key and value; JSON is YAML. */
static void load_vector(struct fixture *f, const struct value *row)
{
    struct buffer out;
    struct json json;
    buffer_init(&out, 1u << 20);
    json_init(&json, &out);
    json_map(&json);
    json_member_string(&json, "title", SLICE("t"));
    json_key(&json, "logsource");
    json_map(&json);
    json_map_end(&json);
    json_key(&json, "detection");
    json_map(&json);
    json_member_string(&json, "condition", SLICE("sel"));
    json_key(&json, "sel");
    json_map(&json);
    json_key_slice(&json, value_string(value_get(row, SLICE("key"))));
    json_value(&json, value_get(row, SLICE("value")));
    json_map_end(&json);
    json_map_end(&json);
    json_map_end(&json);
    struct rules_source source = {SLICE("vector.yml"), buffer_slice(&out)};
    problems_init(&f->problems, &f->arena);
    fixture_load(f, &source, 1);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    buffer_done(&out);
}

static void expect_any(struct fixture *f, const struct value *values, struct slice key)
{
    struct slice field = slice_head(key, slice_find(key, '|'));
    for (const struct value *one = value_first(values); one != NULL; one = one->next) {
        const struct value *any = value_get(one, SLICE("any"));
        const struct value *variant = any != NULL ? value_first(any) : one;
        for (; variant != NULL; variant = any != NULL ? variant->next : NULL) {
            expect_str(f, field, value_get(variant, SLICE("str")), key);
        }
    }
}

/* Under `all`, one text that has them all; and without the first it must not do. */
static void expect_all(struct fixture *f, const struct value *values, struct slice key)
{
    struct slice field = slice_head(key, slice_find(key, '|'));
    struct slice pieces[64];
    size_t count = 0;
    for (const struct value *one = value_first(values); one != NULL && count < 64;
         one = one->next) {
        const struct value *any = value_get(one, SLICE("any"));
        const struct value *str = value_get(any != NULL ? value_first(any) : one, SLICE("str"));
        pieces[count++] = sample_of(&f->event, str, SLICE("~"));
    }
    cr_expect(holds_for(f, field, arena_concat(&f->event, pieces, count)), "%.*s", SLICE_ARG(key));
}

Test(modifier_vectors, shared_vectors_match_what_they_list, .timeout = 60)
{
    struct fixture *f = fixture_new();
    struct slice text;
    struct slice line;
    if (!sample_read(&f->arena, "sigma/vectors_modifier.jsonl.gz", &text)) {
        fixture_free(f);
        cr_skip_test("no shared data");
    }
    while (sample_line(&text, &line)) {
        struct value *row = NULL;
        cr_assert(!fault_is(value_parse_json(&f->arena, line, &row)));
        struct slice key = value_string(value_get(row, SLICE("key")));
        const struct value *values = value_get(row, SLICE("values"));
        arena_reset(&f->event);
        load_vector(f, row);
        if (slice_eq(value_string(value_get(row, SLICE("linking"))), SLICE("all"))) {
            expect_all(f, values, key);
        } else {
            expect_any(f, values, key);
        }
    }
    fixture_free(f);
}
