/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules_test, .init = rules_folder_open, .fini = rules_folder_close);

static void copy(const char *name)
{
    char path[128];
    struct arena arena;
    cr_assert(arena_init(&arena, 1u << 20));
    snprintf(path, sizeof(path), "rules/packs/issues/%s", name);
    const char *text = arena_str(&arena, place_read(&arena, path));
    rules_file(name, text);
    arena_done(&arena);
}

Test(rules_test, a_shipped_rule_passes_its_own)
{
    copy("new_issue.yml");
    copy("regressed_issue.yml"); /* the tests say that it does not hold */
    copy("new_issue.test.yml");

    const struct said *said = SAID(rules_command_test, "test", rules_folder);

    cr_expect_eq(said->status, 0, "%s%s", said->out, said->err);
    cr_expect_eq(strncmp(said->out + strlen(said->out) - 10, " 0 failed\n", 10), 0, "%s",
                 said->out);
}

Test(rules_test, fails_when_the_rule_says_something_else)
{
    copy("new_issue.test.yml");
    copy("regressed_issue.yml");
    const struct said *said = SAID(rules_command_test, "test", rules_folder);

    cr_expect_eq(said->status, 1, "%s", said->out);
}

Test(rules_test, without_tests_there_is_nothing_to_be_sure_of)
{
    rules_file("one.yml", good_rule);

    const struct said *said = SAID(rules_command_test, "test", rules_folder);

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "there is no *.test.yml"), "%s", said->err);
}

Test(rules_test, a_test_file_that_is_wrong_does_not_pass)
{
    rules_file("one.yml", good_rule);
    const char *tests = rules_file("one.test.yml", "nonsense: 1\n");

    const struct said *said = SAID(rules_command_test, "test", tests);

    cr_expect_eq(said->status, 1, "%s", said->out);
    cr_expect_not_null(strstr(said->err, "one.test.yml:"), "%s", said->err);
}

Test(rules_test, needs_a_path)
{
    cr_expect_eq(SAID(rules_command_test, "test")->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_test, "test", "--all", "x")->status, EXIT_USAGE);
}
