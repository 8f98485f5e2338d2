/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules_match, .init = rules_folder_open, .fini = rules_folder_close);

static const struct said *matched(const char *flag, const char *input)
{
    const char *rules = rules_file("one.yml", good_rule);
    const char *words[] = {"match", "--rules", rules, flag, NULL};
    return said_run(rules_command_match, words, input);
}

Test(rules_match, tells_for_each_line_which_rules_hold)
{
    const struct said *said =
        matched("--any-logsource", "{\"message\":\"it broke\"}\n{\"message\":\"fine\"}\n");

    cr_expect_eq(said->status, 0);
    cr_expect_str_eq(said->out, "{\"line\":1,\"matches\":[\"" RULE_ONE "\"]}\n"
                                "{\"line\":2,\"matches\":[]}\n");
}

Test(rules_match, takes_sdk_events_as_the_server_does)
{
    const struct said *said =
        matched("--sentry", "{\"logentry\":{\"message\":\"it %s\",\"params\":[\"broke\"]}}\n");

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_str_eq(said->out, "{\"line\":1,\"matches\":[\"" RULE_ONE "\"]}\n");
}

Test(rules_match, a_line_that_is_no_event_is_told_and_the_next_goes_on)
{
    const struct said *said =
        matched("--any-logsource", "{\"message\":\n{\"message\":\"it broke\"}\n");

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->out, "{\"line\":2,\"matches\":[\"" RULE_ONE "\"]}"), "%s",
                       said->out);
}

Test(rules_match, nothing_in_is_nothing_out)
{
    const struct said *said = matched("--any-logsource", "");

    cr_expect_eq(said->status, 0);
    cr_expect_str_eq(said->out, "");
    cr_expect_eq(matched("--any-logsource", "\n\n")->status, 0, "%s", said->out);
}

Test(rules_match, rules_that_are_wrong_are_told_and_the_others_match)
{
    rules_file("bad.yml", "title: Bad\ndetection: 1\n");
    rules_file("one.yml", good_rule);
    const char *words[] = {"match", "--rules", rules_folder, "--any-logsource", NULL};

    const struct said *said = said_run(rules_command_match, words, "{\"message\":\"it broke\"}\n");

    cr_expect_eq(said->status, 0);
    cr_expect_not_null(strstr(said->out, RULE_ONE));
    cr_expect_not_null(strstr(said->err, "bad.yml:"), "%s", said->err);
}

Test(rules_match, needs_rules_and_reads_one_file)
{
    cr_expect_eq(SAID(rules_command_match, "match")->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_match, "match", "--rules")->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_match, "match", "--rules", "x", "a", "b")->status, EXIT_USAGE);
    cr_expect_eq(
        SAID(rules_command_match, "match", "--rules", rules_folder, "/nonexistent")->status, 1);
}
