/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules_check, .init = rules_folder_open, .fini = rules_folder_close);

Test(rules_check, good_rules_end_well)
{
    const struct said *said = SAID(rules_command_check, "check", rules_file("one.yml", good_rule));

    cr_expect_eq(said->status, 0, "%s", said->out);
    cr_expect_str_eq(said->out, "1 rule, 0 errors, 0 warnings\n");
}

Test(rules_check, what_is_wrong_is_told_with_its_place_and_ends_with_1)
{
    rules_file("bad.yml", "title: Bad\nlogsource: {category: application}\ndetection:\n"
                          "  sel: {a|nonsense: 1}\n  condition: sel\n");
    rules_file("one.yml", good_rule);

    const struct said *said = SAID(rules_command_check, "check", rules_folder);

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->out, "bad.yml:4:"), "%s", said->out);
    cr_expect_not_null(strstr(said->out, "nonsense"), "%s", said->out);
}

Test(rules_check, a_path_that_is_not_there_is_wrong)
{
    const struct said *said = SAID(rules_command_check, "check", "/nonexistent/rules");

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->out, "/nonexistent/rules"), "%s", said->out);
}

Test(rules_check, needs_a_path)
{
    cr_expect_eq(SAID(rules_command_check, "check")->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_check, "check", "--strict", "x")->status, EXIT_USAGE);
}
