/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

/* A memory of one automaton. */
struct kept {
    uint8_t key[32];
    char bytes[1 << 20];
    size_t size;
    unsigned recalled;
    unsigned missed;
};

static bool recall(void *context, const uint8_t key[static 32], struct arena *arena,
                   struct slice *bytes)
{
    struct kept *kept = context;
    bool is_known = kept->size != 0 && memcmp(kept->key, key, 32) == 0;
    kept->recalled += is_known;
    kept->missed += !is_known;
    *bytes = arena_copy(arena, slice_of(kept->bytes, kept->size));
    return is_known;
}

static void keep(void *context, const uint8_t key[static 32], struct slice bytes)
{
    struct kept *kept = context;
    cr_assert(bytes.len <= sizeof(kept->bytes));
    memcpy(kept->key, key, 32);
    memcpy(kept->bytes, bytes.at, bytes.len);
    kept->size = bytes.len;
}

static const struct literals *scanned(struct fixture *f, const char *name)
{
    uint32_t field = field_names_add(&f->set->names, slice_str(name));
    return f->set->index.fields[field].regexes;
}

static void load(struct fixture *f, struct kept *kept, const char *detection)
{
    struct rules_memory memory = {kept, recall, keep, true};
    struct slice text = arena_printf(
        &f->arena, "title: t\nlogsource: {category: test}\ndetection:\n%s\n", detection);
    struct rules_source source = {SLICE("test.yml"), text};
    rules_scratch_free(f->scratch);
    ruleset_free(f->set);
    f->set = ruleset_remember(&source, 1, &memory, &f->problems);
    cr_assert(f->set != NULL);
    f->scratch = rules_scratch_new(f->set);
}

Test(index_scan, expressions_without_a_literal_are_scanned_for_and_others_are_not)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|re: ['(?:x|y)\\d', 'z[0-9]'], b|re: 'literal\\d'}\n"
                         "    t: {c|re: '(?>x|y)'}\n"
                         "    condition: s or t");

    cr_expect_null(scanned(f, "a"), "b has the better witness");
    cr_expect_null(scanned(f, "b"));
    cr_expect_null(scanned(f, "c"), "an atomic group is left to PCRE2");
    fixture_detection(f, "    s: {a|re: ['(?:x|y)\\d', 'z[0-9]']}\n    condition: s");
    cr_assert_not_null(scanned(f, "a"));
    cr_expect_eq(scanned(f, "a")->scanned, 2);
    fixture_free(f);
}

Test(index_scan, one_that_vectorscan_refuses_is_left_to_pcre_and_takes_none_with_it)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|re: ['[0-9]z', '(?:(?:^|\\n)q=[^\\n]*)+', 'x[0-9]']}\n"
                         "    condition: s");
    const struct literals *regexes = scanned(f, "a");

    cr_assert_not_null(regexes);
    cr_expect_eq(regexes->count, 3);
    cr_expect_eq(regexes->scanned, 2);
    cr_expect(fixture_holds(f, "{\"a\": \"q=1\"}"));
    cr_expect(fixture_holds(f, "{\"a\": \"5z\"}"));
    cr_expect(fixture_holds(f, "{\"a\": \"x5\"}"));
    cr_expect_not(fixture_holds(f, "{\"a\": \"qz\"}"));
    fixture_free(f);
}

Test(index_scan, an_automaton_is_made_once_and_remembered)
{
    struct fixture *f = fixture_new();
    struct kept *kept = calloc(1, sizeof(*kept));
    const char *detection = "    s: {a|re: '(?:x|y)\\d'}\n    condition: s";

    load(f, kept, detection);
    cr_expect_eq(kept->missed, 1);
    load(f, kept, detection);
    cr_expect_eq(kept->recalled, 1);
    cr_expect(fixture_holds(f, "{\"a\": \"x5\"}"));
    cr_expect_not(fixture_holds(f, "{\"a\": \"xx\"}"));
    load(f, kept, "    s: {a|re|i: '(?:x|y)\\d'}\n    condition: s");
    cr_expect_eq(kept->missed, 2, "other flags are another automaton");
    free(kept);
    fixture_free(f);
}

Test(index_scan, what_is_not_recalled_is_left_to_pcre_where_none_may_be_made)
{
    struct fixture *f = fixture_new();
    struct rules_source source = {SLICE("test.yml"),
                                  SLICE("title: t\nlogsource: {category: test}\ndetection:\n"
                                        "    s: {a|re: '(?:x|y)[0-9]'}\n    condition: s\n")};
    f->set = ruleset_remember(&source, 1, NULL, &f->problems);
    f->scratch = rules_scratch_new(f->set);

    cr_expect(ruleset_lacks_automata(f->set));
    cr_expect_eq(scanned(f, "a")->scanned, 0);
    cr_expect(fixture_holds(f, "{\"a\": \"x5\"}"));
    cr_expect_not(fixture_holds(f, "{\"a\": \"xx\"}"));
    fixture_free(f);
}

Test(index_scan, an_automaton_is_kept_with_what_was_refused)
{
    struct fixture *f = fixture_new();
    struct kept *kept = calloc(1, sizeof(*kept));
    const char *detection =
        "    s: {a|re: ['[0-9]z', '(?:(?:^|\\n)q=[^\\n]*)+', 'x[0-9]']}\n    condition: s";

    load(f, kept, detection);
    load(f, kept, detection);
    cr_expect_eq(kept->recalled, 1);
    cr_expect_eq(scanned(f, "a")->scanned, 2);
    cr_expect(fixture_holds(f, "{\"a\": \"q=1\"}"));
    cr_expect(fixture_holds(f, "{\"a\": \"5z\"}"));
    cr_expect_not(fixture_holds(f, "{\"a\": \"qz\"}"));
    free(kept);
    fixture_free(f);
}

Test(index_scan, one_that_was_damaged_meanwhile_is_made_anew)
{
    struct fixture *f = fixture_new();
    struct kept *kept = calloc(1, sizeof(*kept));
    const char *detection = "    s: {a|re: '(?:x|y)\\d'}\n    condition: s";
    load(f, kept, detection);

    for (size_t at = 0; at < kept->size; at += kept->size / 7 + 1) {
        kept->bytes[at] = (char)~kept->bytes[at];
        load(f, kept, detection);
        cr_expect(fixture_holds(f, "{\"a\": \"x5\"}"), "byte %zu", at);
    }
    kept->size /= 2;
    load(f, kept, detection);
    cr_expect(fixture_holds(f, "{\"a\": \"x5\"}"));
    free(kept);
    fixture_free(f);
}
