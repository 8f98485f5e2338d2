/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules_explain, .init = rules_folder_open, .fini = rules_folder_close);

Test(rules_explain, exits_0_when_the_rule_holds_and_2_when_not)
{
    const char *rule = rules_file("one.yml", good_rule);

    const struct said *said =
        SAID(rules_command_explain, "explain", rule, "{\"message\":\"it broke\"}");
    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_eq(strncmp(said->out, "MATCH     One  (high)", 21), 0, "%s", said->out);

    said = SAID(rules_command_explain, "explain", rule, "{\"message\":\"fine\"}");
    cr_expect_eq(said->status, 2);
    cr_expect_eq(strncmp(said->out, "NO MATCH  One  (high)", 21), 0, "%s", said->out);
}

Test(rules_explain, takes_an_id_and_events_of_sdks_and_files)
{
    (void)rules_file("one.yml", good_rule);
    const char *event =
        rules_file("event.json", "{\"platform\":\"python\",\n\"message\":\"it broke\"}");

    const struct said *said = SAID(rules_command_explain, "explain", "--json", "--sentry",
                                   "--rules", rules_folder, RULE_ONE, event);

    cr_expect_eq(said->status, 0, "%s%s", said->out, said->err);
    cr_expect_not_null(strstr(said->out, "\"matches\":true"), "%s", said->out);
    cr_expect_not_null(strstr(said->out, "\"product\":\"python\""), "%s", said->out);
}

Test(rules_explain, says_what_it_cannot_do)
{
    const char *rule = rules_file("one.yml", good_rule);
    cr_expect_eq(SAID(rules_command_explain, "explain", rule)->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_explain, "explain", rule, "{")->status, 1);
    cr_expect_eq(SAID(rules_command_explain, "explain", rule, "/nonexistent")->status, 1);
    cr_expect_eq(SAID(rules_command_explain, "explain", "/nonexistent", "{}")->status, 1);
    const struct said *said =
        SAID(rules_command_explain, "explain", "--rules", rule, "nobody", "{}");
    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "no rule has the id or name nobody"), "%s", said->err);
}
