/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules, .init = rules_folder_open, .fini = rules_folder_close);

Test(rules, runs_the_word_that_is_named)
{
    const struct said *said =
        SAID(command_rules, "rules", "check", rules_file("one.yml", good_rule));

    cr_expect_eq(said->status, 0, "%s", said->err);
}

Test(rules, each_word_that_is_listed_is_one_and_explains_itself)
{
    static const char *const words[] = {"check", "match", "replay", "test"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        char listed[64];
        snprintf(listed, sizeof(listed), "\n  tocsin rules %s ", words[i]);
        cr_expect_not_null(strstr(SAID(command_rules, "rules")->err, listed), "%s", words[i]);
        const struct said *said = SAID(command_rules, "rules", words[i]);
        cr_expect_eq(said->status, EXIT_USAGE, "%s", words[i]);
        snprintf(listed, sizeof(listed), "usage: tocsin rules %s ", words[i]);
        cr_expect_eq(strncmp(said->err, listed, strlen(listed)), 0, "%s", said->err);
    }
}

Test(rules, without_a_word_or_with_another_the_words_are_listed)
{
    static const char *const words[] = {NULL, "chek", ""};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const struct said *said = SAID(command_rules, "rules", words[i]);
        cr_expect_eq(said->status, EXIT_USAGE);
        cr_expect_eq(strncmp(said->err, "usage: tocsin rules WORD", 24), 0, "%s", said->err);
        cr_expect_str_eq(said->out, "");
    }
}
