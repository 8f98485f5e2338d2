/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "rules/condition.h"
#include "tests/unit/rules/fixture.h"

static const struct slice names[] = {SLICE_INIT("a"), SLICE_INIT("b"), SLICE_INIT("sel1"),
                                     SLICE_INIT("sel2"), SLICE_INIT("_hid")};

/* ["and","a",["not","b"]] as the shared vectors write it. */
static void spell(struct buffer *out, const struct condition *node, const struct slice *ids)
{
    static const char *const words[] = {"and", "or", "not", "", "any", "all"};
    if (node->kind == CONDITION_NAME) {
        buffer_printf(out, "\"%.*s\"", SLICE_ARG(ids[node->name]));
        return;
    }
    buffer_printf(out, "[\"%s\"", words[node->kind]);
    for (const struct condition *at = node->first; at != NULL; at = at->next) {
        buffer_byte(out, ',');
        spell(out, at, ids);
    }
    buffer_byte(out, ']');
}

static const char *tree_of(struct fixture *f, const char *text, struct condition_error *error)
{
    struct buffer out;
    struct condition *node = condition_parse(&f->arena, slice_str(text), names, 5, error);
    if (node == NULL) {
        return "";
    }
    buffer_init(&out, 65536);
    spell(&out, node, names);
    const char *spelt = arena_str(&f->arena, buffer_slice(&out));
    buffer_done(&out);
    return spelt;
}

Test(condition, reads_precedence_and_selectors)
{
    static const struct {
        const char *text;
        const char *tree;
    } cases[] = {
        {"a", "\"a\""},
        {"a and b or sel1", "[\"or\",[\"and\",\"a\",\"b\"],\"sel1\"]"},
        {"not a and b", "[\"and\",[\"not\",\"a\"],\"b\"]"},
        {"not (a or b)", "[\"not\",[\"or\",\"a\",\"b\"]]"},
        {"1 of sel*", "[\"any\",\"sel1\",\"sel2\"]"},
        {"any of sel*", "[\"any\",\"sel1\",\"sel2\"]"},
        {"all of them", "[\"all\",\"a\",\"b\",\"sel1\",\"sel2\"]"},
        {"1 of _h*", "[\"any\",\"_hid\"]"},
        {"1 of *1", "[\"any\",\"sel1\"]"},
        {"  a\n  and\tb ", "[\"and\",\"a\",\"b\"]"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct condition_error error = {0};
        const char *tree = tree_of(f, cases[i].text, &error);
        cr_expect_str_eq(tree, cases[i].tree, "%s: %s", cases[i].text, tree);
    }
    fixture_free(f);
}

Test(condition, refuses_what_it_cannot_mean)
{
    static const struct {
        const char *text;
        size_t offset;
        const char *word;
    } cases[] = {
        {"", 0, "ends"},
        {"a and", 5, "ends"},
        {"and a", 0, "name"},
        {"a b", 2, "`and`"},
        {"a and not", 9, "ends"},
        {"(a", 2, "parenthesis"},
        {"a)", 1, "`and`"},
        {"1 of", 4, "`of`"},
        {"2 of sel*", 0, "only"},
        {"1 of x*", 5, "no"},
        {"c", 0, "name"},
        {"sel*", 0, "pattern"},
        {"a | count() > 5", 2, "correlation"},
        {"a AND b", 2, "small letters"},
        {"all them", 0, "no search"},
        {"a & b", 2, "`and`"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct condition_error error = {0};
        cr_expect_str_empty(tree_of(f, cases[i].text, &error), "%s", cases[i].text);
        cr_expect_eq(error.offset, cases[i].offset, "%s: at %zu", cases[i].text, error.offset);
        cr_expect(error.reason != NULL && strstr(error.reason, cases[i].word) != NULL, "%s: %s",
                  cases[i].text, error.reason);
    }
    fixture_free(f);
}

/* The reference takes the `not` off the front of the name `nothing`. */
static bool is_bug_of_reference(struct slice text)
{
    return slice_eq(text, SLICE("android or nothing"));
}

static void expect_vector(struct fixture *f, const struct value *row)
{
    struct slice ids[64];
    uint32_t count = 0;
    struct condition_error error = {0};
    struct slice text = value_string(value_get(row, SLICE("condition")));
    for (const struct value *at = value_first(value_get(row, SLICE("ids")));
         at != NULL && count < 64; at = at->next) {
        ids[count++] = at->of.text;
    }
    struct condition *node = condition_parse(&f->event, text, ids, count, &error);
    const struct value *tree = value_get(row, SLICE("tree"));
    cr_expect_eq(node != NULL, tree != NULL, "%.*s: %s", SLICE_ARG(text),
                 error.reason != NULL ? error.reason : "read");
    if (node == NULL || tree == NULL || is_bug_of_reference(text)) {
        return;
    }
    struct buffer spelt;
    struct buffer wanted;
    struct json json;
    buffer_init(&spelt, 1u << 20);
    buffer_init(&wanted, 1u << 20);
    spell(&spelt, node, ids);
    json_init(&json, &wanted);
    json_value(&json, tree);
    cr_expect(slice_eq(buffer_slice(&spelt), buffer_slice(&wanted)), "%.*s: %.*s", SLICE_ARG(text),
              SLICE_ARG(buffer_slice(&spelt)));
    buffer_done(&spelt);
    buffer_done(&wanted);
}

Test(condition, shared_vectors_have_the_trees_they_list)
{
    struct fixture *f = fixture_new();
    struct slice text;
    struct slice line;
    if (!sample_read(&f->arena, "sigma/vectors_condition.jsonl.gz", &text)) {
        fixture_free(f);
        cr_skip_test("no shared data");
    }
    while (sample_line(&text, &line)) {
        expect_vector(f, fixture_json(f, line));
    }
    fixture_free(f);
}
