/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/config.h"
#include "ingest/host/file.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;
static struct problems problems;
static char folder[64];

static void setup(void)
{
    cr_assert(arena_init(&arena, 64u << 20));
    problems_init(&problems, &arena);
    place_scratch(folder);
}

static void teardown(void)
{
    place_remove(folder);
    arena_done(&arena);
}

TestSuite(config, .init = setup, .fini = teardown);

static bool load(const char *text, struct config *config)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/t.yml", folder);
    cr_assert_not(fault_is(file_write(path, slice_str(text), 0600)));
    return config_load(&arena, path, &problems, config);
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

Test(config, no_file_is_a_configuration_that_tells_nobody)
{
    struct config config;

    cr_assert(config_load(&arena, NULL, &problems, &config));

    cr_expect_null(alerting_config_root(config.alerts));
    cr_expect_eq(config.rules_count, 0u);
    alerting_config_unref(config.alerts);
}

Test(config, takes_receivers_and_rules_from_its_folder_on)
{
    struct config config;
    char expected[128];

    cr_assert(load("rules: [packs/web, /etc/sigma]\nroute: {receiver: a}\nreceivers:\n"
                   "  - name: a\n    webhook_configs:\n      - url: http://127.0.0.1:1/\n",
                   &config));

    snprintf(expected, sizeof(expected), "%s/packs/web", folder);
    cr_assert_eq(config.rules_count, 2u);
    cr_expect_str_eq(config.rules[0], expected);
    cr_expect_str_eq(config.rules[1], "/etc/sigma");
    cr_expect_eq(alerting_config_receiver_count(config.alerts), 1u);
    alerting_config_unref(config.alerts);
}

Test(config, an_empty_file_is_fine)
{
    struct config config;

    cr_assert(load("# nothing yet\n", &config));

    alerting_config_unref(config.alerts);
}

Test(config, says_where_it_is_wrong)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"rute: {receiver: a}\n", "t.yml:1:"},
        {"rute: {receiver: a}\n", "unknown key 'rute'"},
        {"rules: packs\n", "rules is a list"},
        {"packs: issues\n", "packs is a list of names"},
        {"rules: [[a]]\n", "a path of rules is a text"},
        {"- a\n- b\n", "a configuration is one YAML map"},
        {"a: [\n", "t.yml:"},
        {"route: {receiver: nobody}\n", "t.yml:1:"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config config = {0};
        problems_init(&problems, &arena);
        cr_expect_not(load(cases[i].text, &config), "%s", cases[i].text);
        cr_expect(said(cases[i].expected), "'%s' for %s", cases[i].expected, cases[i].text);
        cr_expect_null(config.alerts);
    }
}

Test(config, a_file_that_is_not_there_is_told)
{
    struct config config;

    cr_expect_not(config_load(&arena, "/nonexistent/t.yml", &problems, &config));

    cr_expect(said("/nonexistent/t.yml: cannot be read: No such file"));
}

Test(config, takes_so_many_rule_paths_and_no_more)
{
    for (unsigned count = CONFIG_RULES_MAX; count <= CONFIG_RULES_MAX + 1; count++) {
        char text[1024] = "rules: [";
        struct config config = {0};
        for (unsigned i = 0; i < count; i++) {
            size_t at = strlen(text);
            snprintf(text + at, sizeof(text) - at, "%sp%u", i > 0 ? ", " : "", i);
        }
        size_t at = strlen(text);
        snprintf(text + at, sizeof(text) - at, "]\n");
        problems_init(&problems, &arena);
        cr_expect_eq(load(text, &config), count <= CONFIG_RULES_MAX);
        alerting_config_unref(config.alerts);
    }
}
