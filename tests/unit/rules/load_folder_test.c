/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/place.h"
#include "tests/unit/rules/fixture.h"
#include <sys/stat.h>

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

#define RULE(name) "title: " name "\nlogsource: {}\ndetection: {s: {a: 1}, condition: s}\n"

Test(load_folder, reads_rule_files_of_folders_in_order)
{
    char folder[64];
    char sub[80];
    struct fixture *f = fixture_new();
    place_scratch(folder);
    snprintf(sub, sizeof(sub), "%s/sub", folder);
    cr_assert_eq(mkdir(sub, 0700), 0);
    write_file(folder, "b.yml", RULE("b"));
    write_file(folder, "a.yaml", RULE("a"));
    write_file(sub, "c.yml", RULE("c"));
    write_file(folder, "notes.txt", "not a rule");
    write_file(folder, "a.test.yml", "not a rule");
    write_file(folder, ".hidden.yml", "not a rule");

    const char *paths[] = {folder};
    f->set = rules_load_paths(paths, 1, NULL, &f->problems);

    cr_expect_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    cr_assert_eq(ruleset_count(f->set), 3);
    cr_expect(slice_eq(ruleset_rule(f->set, 0)->title, SLICE("a")));
    cr_expect(slice_eq(ruleset_rule(f->set, 2)->title, SLICE("c")));
    place_remove(folder);
    fixture_free(f);
}

Test(load_folder, tells_of_paths_that_cannot_be_read)
{
    struct fixture *f = fixture_new();
    const char *paths[] = {"/nonexistent/rules", "/dev/null"};
    f->set = rules_load_paths(paths, 2, NULL, &f->problems);

    cr_assert(f->set != NULL);
    cr_expect_eq(f->problems.errors, 2);
    cr_expect(strstr(fixture_problem(f), "/nonexistent/rules: ") != NULL);
    fixture_free(f);
}

Test(load_folder, load_all_has_the_shipped_rules_first)
{
    uint32_t shipped = 0;
    struct fixture *f = fixture_new();
    (void)rules_builtin(&shipped);
    f->set = rules_load_all(NULL, 0, &f->problems);

    cr_assert(f->set != NULL);
    cr_expect(ruleset_count(f->set) > 0 && ruleset_count(f->set) <= shipped); /* or correlations */
    cr_expect_lt(ruleset_find(f->set, SLICE("new_issue")), ruleset_count(f->set));
    fixture_free(f);
}

Test(load_folder, packs_are_chosen_by_name)
{
    struct fixture *f = fixture_new();
    const struct value *packs = fixture_json(f, SLICE("[\"issues\"]"));
    f->set = rules_load_packs(packs, NULL, 0, NULL, &f->problems);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    cr_expect_eq(ruleset_find(f->set, SLICE("new_issue")), 0);
    cr_expect_eq(ruleset_find(f->set, SLICE("login_failure")), ruleset_count(f->set));
    ruleset_free(f->set);

    packs = fixture_json(f, SLICE("[\"isues\"]"));
    f->set = rules_load_packs(packs, NULL, 0, NULL, &f->problems);
    cr_expect_eq(ruleset_count(f->set), 0);
    cr_expect(strstr(fixture_problem(f), "`isues` is none of the packs") != NULL);
    fixture_free(f);
}

static void count_test(void *context, const struct rules_source *source)
{
    uint32_t *count = context;
    cr_expect(rules_is_test_file(source->name.at), "%s", source->name.at);
    cr_expect(slice_eq(source->text, SLICE("tests")));
    (*count)++;
}

Test(load_folder, tests_are_found_in_folders_by_name_and_beside_a_rule)
{
    char folder[64];
    char rule[80];
    char test[80];
    uint32_t count = 0;
    struct fixture *f = fixture_new();
    place_scratch(folder);
    snprintf(rule, sizeof(rule), "%s/a.yml", folder);
    snprintf(test, sizeof(test), "%s/a.test.yml", folder);
    write_file(folder, "a.yml", RULE("a"));
    write_file(folder, "b.yml", RULE("b"));
    write_file(folder, "a.test.yml", "tests");
    write_file(folder, "b.test.yaml", "tests");

    const char *paths[] = {folder, rule, test};
    rules_read_tests(paths, 3, &f->problems, count_test, &count);

    cr_expect_eq(count, 4, "two in the folder, one beside the rule, one by its name");
    cr_expect_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    place_remove(folder);
    fixture_free(f);
}
