/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/load.h"
#include "tests/unit/ingest/site.h"

#define RULE(id)                                                                                   \
    "title: R\nid: 11111111-1111-1111-1111-11111111111" id "\nlogsource: {product: x}\n"           \
    "detection:\n  sel: {a: b}\n  condition: sel\n"

static struct site site;
static char told[8192];
static unsigned told_warnings;

static void setup(void)
{
    site_open(&site);
}

static void teardown(void)
{
    site_close(&site);
}

TestSuite(load, .init = setup, .fini = teardown);

static void tell(void *context, bool is_warning, struct slice text)
{
    size_t used = strlen(told);
    cr_expect_eq(context, &site);
    told_warnings += is_warning;
    snprintf(told + used, sizeof(told) - used, "%.*s\n", SLICE_ARG(text));
}

static struct loaded load(const struct data_dir *data)
{
    told[0] = '\0';
    told_warnings = 0;
    return load_snapshot(&site.options, data, tell, &site);
}

static uint32_t shipped_rules(void)
{
    struct loaded loaded = load(NULL);
    cr_assert_not_null(loaded.snapshot);
    uint32_t count = ruleset_count(loaded.snapshot->rules);
    snapshot_release(loaded.snapshot);
    return count;
}

Test(load, without_any_file_there_are_the_shipped_rules_and_the_projects)
{
    struct loaded loaded = load(&site.data);

    cr_assert_not_null(loaded.snapshot, "%s", told);
    cr_expect_eq(loaded.errors, 0u);
    cr_expect_str_eq(told, "");
    cr_expect_eq(loaded.snapshot->projects.count, 1u);
    cr_expect(ruleset_count(loaded.snapshot->rules) >= 2, "new and regressed issues");
    cr_expect_not_null(loaded.snapshot->alerts);
    snapshot_release(loaded.snapshot);
}

Test(load, without_a_data_folder_there_are_no_projects)
{
    struct loaded loaded = load(NULL);

    cr_assert_not_null(loaded.snapshot);
    cr_expect_eq(loaded.snapshot->projects.count, 0u);
    snapshot_release(loaded.snapshot);
}

Test(load, rules_of_the_command_line_and_of_the_configuration_add_up)
{
    uint32_t shipped = shipped_rules();
    char config[160];
    char rule[160];
    site_write(&site, "by_config.yml", RULE("1"));
    snprintf(rule, sizeof(rule), "%s", site_write(&site, "by_option.yml", RULE("2")));
    snprintf(config, sizeof(config), "%s",
             site_write(&site, "tocsin.yml", "rules: [by_config.yml]\n"));
    site.options.config = config;
    site.options.rules[0] = rule;
    site.options.rules_count = 1;

    struct loaded loaded = load(NULL);

    cr_assert_not_null(loaded.snapshot, "%s", told);
    cr_expect_eq(ruleset_count(loaded.snapshot->rules), shipped + 2);
    snapshot_release(loaded.snapshot);
}

Test(load, a_rule_file_that_is_wrong_is_left_out_told_and_counted)
{
    uint32_t shipped = shipped_rules();
    char bad[160];
    snprintf(bad, sizeof(bad), "%s", site_write(&site, "bad.yml", "title: Bad\ndetection: 1\n"));
    site.options.rules[0] = bad;
    site.options.rules_count = 1;

    struct loaded loaded = load(&site.data);

    cr_assert_not_null(loaded.snapshot, "the others stay");
    cr_expect_eq(ruleset_count(loaded.snapshot->rules), shipped);
    cr_expect_geq(loaded.rule_errors, 1u);
    cr_expect_eq(loaded.rule_errors, loaded.errors);
    cr_expect_eq(loaded.snapshot->rule_errors, loaded.rule_errors);
    cr_expect_not_null(strstr(told, "bad.yml:"), "%s", told);
    snapshot_release(loaded.snapshot);
}

Test(load, a_configuration_that_is_wrong_gives_nothing)
{
    char config[160];
    snprintf(config, sizeof(config), "%s", site_write(&site, "tocsin.yml", "rute: {}\n"));
    site.options.config = config;

    struct loaded loaded = load(&site.data);

    cr_expect_null(loaded.snapshot);
    cr_expect_eq(loaded.errors, 1u);
    cr_expect_eq(loaded.rule_errors, 0u);
    cr_expect_not_null(strstr(told, "tocsin.yml:1:"), "%s", told);
}

Test(load, projects_that_are_wrong_give_nothing)
{
    static const char *const cases[] = {"", "[]", "{\"projects\":[{\"id\":0}]}", "{\"projects\":"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        site_write(&site, "data/projects.json", cases[i]);
        struct loaded loaded = load(&site.data);
        cr_expect_null(loaded.snapshot, "%s", cases[i]);
        cr_expect_not_null(strstr(told, "projects.json: "), "%s", told);
    }
}
