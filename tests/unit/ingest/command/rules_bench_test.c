/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules_bench, .init = rules_folder_open, .fini = rules_folder_close);

static const char events[] = "{\"message\":\"it broke\"}\n\nno json\n{\"message\":\"fine\"}\n";

Test(rules_bench, tells_times_candidates_and_matches)
{
    static const char *const lines[] = {"rules       1\n",
                                        "events      2 of ",
                                        ", 1 lines that are none\n",
                                        "\nparsing     ",
                                        "\ndetection   ",
                                        "over 3 rounds)\n",
                                        "candidates  0.50/event\n",
                                        "matches     0.5000/event (1)\n",
                                        "busiest "};
    const char *rule = rules_file("one.yml", good_rule);
    const char *file = rules_file("events.ndjson", events);

    const struct said *said =
        SAID(rules_command_bench, "bench", "--rules", rule, "--rounds", "3", file);

    cr_expect_eq(said->status, 0, "%s", said->err);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        cr_expect_not_null(strstr(said->out, lines[i]), "'%s' in %s", lines[i], said->out);
    }
}

Test(rules_bench, without_the_index_the_matches_are_the_same)
{
    const char *rule = rules_file("one.yml", good_rule);
    const char *file = rules_file("events.ndjson", events);
    const struct said *said = SAID(rules_command_bench, "bench", "--rules", rule, "--rounds", "1",
                                   "--without-index", file);
    cr_expect_not_null(strstr(said->out, "candidates  1.00/event\nmatches     0.5000/event (1)\n"),
                       "%s", said->out);
}

Test(rules_bench, needs_rules_and_a_file)
{
    const char *rule = rules_file("one.yml", good_rule);
    cr_expect_eq(SAID(rules_command_bench, "bench", rule)->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_bench, "bench", "--rules", rule)->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_bench, "bench", "--rules", rule, "--rounds", "0", "x")->status,
                 EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_bench, "bench", "--rules", rule, "/nonexistent")->status, 1);
}
