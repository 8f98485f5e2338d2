/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/explain.h"
#include "tests/unit/ingest/command/said.h"

static const char explanation[] =
    "{\"method\":\"fingerprint\",\"rule\":\"type:A -> x\",\"fingerprint\":[\"x\"],\"variants\":"
    "[{\"name\":\"app\",\"hash\":\"00ff\",\"parts\":[{\"part\":\"exception\",\"depth\":0,"
    "\"counts\":true},{\"part\":\"type\",\"depth\":1,\"counts\":true,\"text\":\"A\\nB\"},"
    "{\"part\":\"value\",\"depth\":1,\"counts\":false,\"text\":\"v\",\"why\":\"no\"}]}]}";

static int explain(int argc, char **argv)
{
    static char room[65536];
    struct arena arena;
    struct value *tree = NULL;
    (void)argc;
    (void)argv;
    arena_over(&arena, room, sizeof(room));
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(explanation), &tree)));
    explain_print(tree);
    return 0;
}

Test(explain, is_a_tree_of_what_counts_and_what_does_not)
{
    const struct said *said = SAID(explain, "explain");
    cr_expect_str_eq(said->out, "grouped by fingerprint, set by the rule type:A -> x\n"
                                "  = x\n"
                                "app 00ff\n"
                                "  + exception\n"
                                "    + type \"A B\"\n"
                                "    - value \"v\"   no\n");
}
