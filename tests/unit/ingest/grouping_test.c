/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/yaml.h"
#include "ingest/grouping.h"
#include "ingest/host/file.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;
static struct problems problems;
static struct grouping grouping;
static char folder[64];
static char config[128];

static void setup(void)
{
    cr_assert(arena_init(&arena, 64u << 20));
    problems_init(&problems, &arena);
    place_scratch(folder);
    snprintf(config, sizeof(config), "%s/t.yml", folder);
}

static void teardown(void)
{
    place_remove(folder);
    arena_done(&arena);
}

TestSuite(grouping, .init = setup, .fini = teardown);

static void put(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    cr_assert_not(fault_is(file_write(path, slice_str(text), 0600)));
}

/* Reads the list that `yaml` is. */
static bool read_list(const char *yaml)
{
    struct value *documents = NULL;
    cr_assert(yaml_parse(&arena, slice_str(yaml), SLICE("t.yml"), &problems, &documents));
    return grouping_read(&arena, config, value_first(documents), &problems, &grouping);
}

static bool said(const char *text)
{
    for (const struct problem *p = problems.first; p != NULL; p = p->next) {
        struct slice line = problem_text(p, &arena);
        if (slice_search(line, slice_str(text)) < line.len) {
            return true;
        }
    }
    return false;
}

Test(grouping, rules_are_of_a_project_or_of_all_others)
{
    struct project list[] = {{.id = 1, .slug = SLICE("default")}, {.id = 7, .slug = SLICE("shop")}};
    const struct projects projects = {list, 2};
    put("shop.fp", "type:A -> a\ntype:B -> b\n");
    put("all.fp", "type:A -> a\n");
    put("all.stack", "function:a -app\n");
    cr_assert(read_list("- fingerprint_rules: all.fp\n  stack_rules: all.stack\n"
                        "- project: shop\n  fingerprint_rules: shop.fp\n"
                        "- project: gone\n"));
    grouping_resolve(&grouping, &projects, SLICE("t.yml"), &problems);
    cr_expect_eq(fingerprint_rules_count(grouping_for(&grouping, 7)->fingerprints), 2);
    cr_expect_null(grouping_for(&grouping, 7)->stack);
    cr_expect_eq(fingerprint_rules_count(grouping_for(&grouping, 1)->fingerprints), 1);
    cr_expect_eq(stack_config_count(grouping_for(&grouping, 1)->stack), 1);
    cr_expect(said("t.yml:5:1: warning: there is no project 'gone'"));
    cr_expect_eq(problems.errors, 0);
}

Test(grouping, nothing_configured_is_no_rules)
{
    cr_assert(grouping_read(&arena, NULL, NULL, &problems, &grouping));
    cr_expect_null(grouping_for(&grouping, 1)->fingerprints);
    cr_assert(read_list("[]"));
    cr_expect_null(grouping_for(&grouping, 1)->stack);
}

Test(grouping, mistakes_are_told_where_they_stand)
{
    put("bad.fp", "type:A -> a\ntypo:B -> b\n");
    cr_expect_not(read_list("- fingerprint_rules: bad.fp\n"));
    cr_expect(said("bad.fp:2:1: no key 'typo'"));
    cr_expect_not(read_list("- stack_rules: nowhere.stack\n"));
    cr_expect(said("t.yml:1:16:"), "%.*s", SLICE_ARG(problem_text(problems.last, &arena)));
    cr_expect_not(read_list("- fingerprint: x\n"));
    cr_expect(said("unknown key 'fingerprint'"));
    cr_expect_not(read_list("- shop\n"));
    cr_expect(said("t.yml:1:3:") && said("an entry of grouping is a map"));
    cr_expect_not(read_list("{project: shop}"));
    cr_expect(said("grouping is a list"));
}

Test(grouping, files_at_the_limit_are_read_and_one_byte_more_is_not)
{
    static char text[GROUPING_RULES_BYTES_MAX + 2];
    memset(text, '#', GROUPING_RULES_BYTES_MAX);
    put("x.fp", text);
    cr_expect(read_list("- fingerprint_rules: x.fp\n"));
    text[GROUPING_RULES_BYTES_MAX] = '#';
    put("x.fp", text);
    cr_expect_not(read_list("- fingerprint_rules: x.fp\n"));
}
