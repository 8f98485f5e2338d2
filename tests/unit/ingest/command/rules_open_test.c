/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules_open, .init = rules_folder_open, .fini = rules_folder_close);

static int open_all(int argc, char **argv)
{
    struct rules_open open;
    rules_open(&open, (const char *const *)(argv + 1), (uint32_t)(argc - 1), false);
    printf("%u", ruleset_count(open.set));
    int errors = (int)rules_open_complain(&open);
    rules_close(&open);
    return errors;
}

Test(rules_open, loads_files_and_folders_together)
{
    rules_file("one.yml", good_rule);
    const char *two = rules_file("two.txt", "title: Two\nid: 6a1f4d3c-0000-4000-8000-000000000002\n"
                                            "logsource: {product: x}\n"
                                            "detection:\n  sel: {a: b}\n  condition: sel\n");

    const struct said *said = SAID(open_all, "c", rules_folder, two);

    cr_expect_str_eq(said->out, "2", "a file that is named is read whatever its name");
    cr_expect_eq(said->status, 0, "%s", said->err);
}

Test(rules_open, complains_of_errors_a_line_each_and_counts_them)
{
    rules_file("one.yml", good_rule);
    rules_file("bad.yml", "title: Bad\ndetection: 1\n");

    const struct said *said = SAID(open_all, "c", rules_folder);

    cr_expect_str_eq(said->out, "1");
    cr_expect_geq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "/bad.yml:"), "%s", said->err);
    cr_expect_eq(said->err[strlen(said->err) - 1], '\n');
}

Test(rules_open, of_no_path_there_are_no_rules)
{
    cr_expect_str_eq(SAID(open_all, "c")->out, "0");
}
