/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"

static struct desk_row rows[] = {
    {"GET /api/0/projects/tocsin/shop/outcomes/?hours=48 ", 200,
     "{\"start\":\"2026-11-24T00:00:00Z\",\"groups\":[{\"by\":{\"outcome\":\"filtered\","
     "\"category\":\"error\",\"reason\":\"localhost\"},\"totals\":{\"sum(quantity)\":42}}]}"},
    {"GET /api/0/projects/tocsin/1/outcomes/?hours=24 ", 200,
     "{\"start\":\"2026-11-24T00:00:00Z\",\"groups\":[]}"},
    {NULL, 0, NULL},
};

static struct desk desk;

static void setup(void)
{
    desk_open(&desk, rows);
}

static void teardown(void)
{
    desk_close(&desk);
}

TestSuite(outcomes, .init = setup, .fini = teardown);

Test(outcomes, are_one_line_each)
{
    const struct said *said =
        SAID(command_outcomes, "outcomes", "shop", "--hours", "48", "--data", desk.folder);
    cr_expect_eq(said->status, 0);
    cr_expect(strstr(said->out, "since 2026-11-24T00:00:00Z\n") != NULL);
    cr_expect(strstr(said->out, "42  filtered        error           localhost\n") != NULL, "%s",
              said->out);
}

Test(outcomes, say_when_there_are_none_and_when_it_did_not_work)
{
    const struct said *said = SAID(command_outcomes, "outcomes", "--data", desk.folder);
    cr_expect(said->status == 0 && strstr(said->out, "nothing was sent") != NULL);
    said = SAID(command_outcomes, "outcomes", "nobody", "--data", desk.folder);
    cr_expect(said->status == 1 && said->out[0] == '\0');
    said = SAID(command_outcomes, "outcomes", "--what");
    cr_expect_eq(said->status, EXIT_USAGE);
}
