/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/yaml.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena arena;
static struct problems problems;

static void setup(void)
{
    cr_assert(arena_init(&arena, (size_t)256 << 20));
    problems_init(&problems, &arena);
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(yaml, .init = setup, .fini = teardown);

/* The list of documents; NULL when it was refused. */
static const struct value *parsed(struct slice text)
{
    struct value *documents = NULL;
    problems_init(&problems, &arena);
    bool well = yaml_parse(&arena, text, SLICE("t.yml"), &problems, &documents);
    cr_expect_eq(well, documents != NULL);
    cr_expect_eq(well, problems.errors == 0, "%.*s", SLICE_ARG(text));
    return documents;
}

static const struct value *first_document(const char *text)
{
    const struct value *documents = parsed(slice_str(text));
    cr_assert_not_null(documents, "%s", text);
    cr_assert_eq(documents->kind, VALUE_LIST);
    return value_first(documents);
}

Test(yaml, plain_scalars_get_the_kinds_of_the_core_schema)
{
    static const struct {
        const char *text;
        enum value_kind kind;
    } cases[] = {
        {"true", VALUE_TRUE},         {"TRUE", VALUE_TRUE},       {"tRUE", VALUE_STRING},
        {"false", VALUE_FALSE},       {"null", VALUE_NULL},       {"~", VALUE_NULL},
        {"yes", VALUE_STRING},        {"on", VALUE_STRING},       {"12", VALUE_NUMBER},
        {"-12", VALUE_NUMBER},        {"+.5", VALUE_NUMBER},      {"5.", VALUE_NUMBER},
        {"1.5e3", VALUE_NUMBER},      {"1E-3", VALUE_NUMBER},     {"1e", VALUE_STRING},
        {"1e+", VALUE_STRING},        {".", VALUE_STRING},        {"1.2.3", VALUE_STRING},
        {"0x1f", VALUE_STRING},       {"1_000", VALUE_STRING},    {"4688abc", VALUE_STRING},
        {"'12'", VALUE_STRING},       {"\"true\"", VALUE_STRING}, {"''", VALUE_STRING},
        {"2020-01-01", VALUE_STRING},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *value = first_document(cases[i].text);
        cr_assert_not_null(value);
        cr_expect_eq(value->kind, cases[i].kind, "%s", cases[i].text);
    }
}

Test(yaml, numbers_and_words_keep_the_text_they_were_written_with)
{
    static const char *const cases[] = {"0012", "+5", "1.50", "True", "~"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *value = first_document(cases[i]);
        cr_expect(slice_eq(value->of.text, slice_str(cases[i])), "%s", cases[i]);
    }
}

Test(yaml, each_value_knows_its_line_and_column)
{
    const struct value *root = first_document("title: x\nlist:\n  - a\n  - deep:\n      key: 1\n");
    const struct value *list = value_get(root, SLICE("list"));
    const struct value *second = value_first(list)->next;
    const struct value *number = value_get(value_get(second, SLICE("deep")), SLICE("key"));

    cr_expect_eq(root->line, 1u);
    cr_expect_eq(root->column, 1u);
    cr_expect_eq(value_first(list)->line, 3u);
    cr_expect_eq(value_first(list)->column, 5u);
    cr_expect_eq(number->line, 5u);
    cr_expect_eq(number->column, 12u);
}

Test(yaml, documents_come_in_order)
{
    const struct value *documents = parsed(SLICE("a: 1\n---\nb: 2\n---\n- 3\n"));

    cr_assert_eq(documents->count, 3u);
    const struct value *first = value_first(documents);
    cr_expect_not_null(value_get(first, SLICE("a")));
    cr_expect_not_null(value_get(first->next, SLICE("b")));
    cr_expect_eq(first->next->next->kind, VALUE_LIST);
}

Test(yaml, nothing_is_no_document)
{
    static const char *const cases[] = {"", "\n\n", "# only a comment\n"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct value *documents = parsed(slice_str(cases[i]));
        cr_assert_not_null(documents);
        cr_expect_eq(documents->count, 0u, "'%s'", cases[i]);
    }
    cr_expect_not_null(parsed(slice_of(NULL, 0)));
}

Test(yaml, what_rule_files_do_not_need_is_refused_where_it_stands)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", "t.yml:3:1: yaml: this key stands here twice"},
        {"a: &x 1\n", "t.yml:1:4: yaml: anchors and tags are not supported here"},
        {"a: !!str 1\n", "t.yml:1:4: yaml: anchors and tags are not supported here"},
        {"a: *x\n", "t.yml:1:4: yaml: aliases are not supported; repeat the text"},
        {"? [a]\n: 1\n", "t.yml:1:3: yaml: a key must be a plain word or a quoted string"},
        {"? {a: b}\n: 1\n", "t.yml:1:3: yaml: a key must be a plain word or a quoted string"},
        {"a: [1,\n", "t.yml:2:1: yaml: did not find expected node content"},
        {"a: b: c\n", "t.yml:1:5: yaml: mapping values are not allowed in this context"},
        {"\tx: 1\n", "t.yml:1:1: yaml: found character that cannot start any token"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_null(parsed(slice_str(cases[i].text)), "%s", cases[i].text);
        cr_assert_not_null(problems.first, "%s", cases[i].text);
        struct slice said = problem_text(problems.first, &arena);
        cr_expect(slice_eq(said, slice_str(cases[i].expected)), "%.*s", SLICE_ARG(said));
    }
}

Test(yaml, collections_with_anchors_or_tags_are_refused_like_scalars)
{
    static const char *const cases[] = {"a: &x [1]\n", "a: &x {b: 1}\n", "a: !!set {b: 1}\n",
                                        "- !thing [1]\n"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_null(parsed(slice_str(cases[i])), "%s", cases[i]);
    }
}

Test(yaml, the_same_key_in_two_maps_is_fine)
{
    const struct value *root = first_document("a: {x: 1}\nb: {x: 2}\n");

    cr_expect(slice_eq(value_text(value_get(value_get(root, SLICE("b")), SLICE("x"))), SLICE("2")));
}

Test(yaml, nests_so_deep_and_no_deeper)
{
    for (size_t depth = YAML_DEPTH_MAX; depth <= YAML_DEPTH_MAX + 1; depth++) {
        char text[2 * (YAML_DEPTH_MAX + 1)];
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        const struct value *documents = parsed(slice_of(text, 2 * depth));
        cr_expect_eq(documents != NULL, depth <= YAML_DEPTH_MAX, "%zu", depth);
    }
    cr_expect(slice_eq(problems.first->message, SLICE("yaml: nested deeper than allowed")));
}

Test(yaml, holds_so_many_values_and_no_more)
{
    for (size_t values = YAML_VALUES_MAX; values <= YAML_VALUES_MAX + 1; values++) {
        size_t items = values - 1; /* the list is one itself */
        char *text = malloc(2 * items + 2);
        cr_assert_not_null(text);
        text[0] = '[';
        for (size_t i = 0; i < items; i++) {
            memcpy(text + 1 + 2 * i, "1,", 2);
        }
        text[2 * items] = ']';
        arena_reset(&arena);
        const struct value *documents = parsed(slice_of(text, 2 * items + 1));
        cr_expect_eq(documents != NULL, values <= YAML_VALUES_MAX, "%zu", values);
        free(text);
    }
    cr_expect(slice_eq(problems.first->message, SLICE("yaml: more values than allowed")));
}

Test(yaml, is_so_long_and_no_longer)
{
    char *text = malloc(YAML_BYTES_MAX + 1);
    cr_assert_not_null(text);
    memset(text, '#', YAML_BYTES_MAX + 1);
    for (size_t length = YAML_BYTES_MAX; length <= YAML_BYTES_MAX + 1; length++) {
        cr_expect_eq(parsed(slice_of(text, length)) != NULL, length <= YAML_BYTES_MAX);
    }
    free(text);
}

Test(yaml, without_memory_it_says_so)
{
    char room[1024];
    struct arena tiny;
    struct value *documents = NULL;
    arena_over(&tiny, room, sizeof(room));

    bool well = yaml_parse(&tiny, SLICE("[1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9]"),
                           SLICE("t.yml"), &problems, &documents);

    cr_expect_not(well);
    cr_expect_null(documents);
    cr_expect_eq(problems.errors, 1u);
}
