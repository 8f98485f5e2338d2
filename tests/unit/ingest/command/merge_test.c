/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"

static struct desk desk;

static void teardown(void)
{
    desk_close(&desk);
}

TestSuite(merge, .fini = teardown);

#define HASH "9c0fd94a8e1e4d6a8e6c9f1b1d1c7a10"

static const struct desk_row rows[] = {
    {"GET /api/0/issues/65/hashes/", 200,
     "[{\"id\":\"" HASH "\",\"issue\":\"129\",\"merged\":true,\"count\":\"7\"}]"},
    {"GET /api/0/issues/65/", 200, "{\"id\":\"65\",\"project\":{\"id\":\"1\"}}"},
    {"PUT /api/0/projects/tocsin/1/issues/?id=65&id=129 ", 200,
     "{\"merge\":{\"parent\":\"65\",\"children\":[\"129\"]}}"},
    {"DELETE /api/0/issues/65/hashes/?id=" HASH " ", 200, "{\"id\":\"129\"}"},
    {NULL, 0, NULL},
};

Test(merge, makes_issues_one)
{
    desk_open(&desk, rows);
    const struct said *said = SAID(command_merge, "merge", "65", "129", "--data", desk.folder);
    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_str_eq(said->out, "issue 65 is one with 129\n");
    cr_expect_eq(SAID(command_merge, "merge", "64", "129", "--data", desk.folder)->status, 1);
}

Test(merge, takes_parts_out_again_and_lists_them)
{
    desk_open(&desk, rows);
    const struct said *said = SAID(command_unmerge, "unmerge", "65", "--data", desk.folder);
    cr_expect(strstr(said->out, HASH "         7  129 (merged)\n") != NULL, "%s", said->out);
    said = SAID(command_unmerge, "unmerge", "65", HASH, "--data", desk.folder);
    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_str_eq(said->out, "issue 129 stands by itself again\n");
}

Test(merge, tells_how_it_is_used)
{
    desk_open(&desk, rows);
    cr_expect_eq(SAID(command_merge, "merge", "65")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_unmerge, "unmerge")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_unmerge, "unmerge", "--nonsense")->status, EXIT_USAGE);
}
