/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"

#define HEAD                                                                                       \
    "{\"digest\":\"0123456789abcdef\",\"rules\":2,\"events\":10,\"evaluated\":15,"                 \
    "\"oracle\":{\"every\":5,\"checked\":2,\"differences\":0},\"items\":["

static struct desk_row rows[] = {
    {"GET /api/0/tocsin/rules/?sort=time&limit=20 ", 200,
     HEAD "{\"id\":\"a\",\"title\":\"Alpha\",\"file\":\"a.yml\",\"line\":1,\"evaluated\":9,"
          "\"matched\":4,\"errors\":1,\"nsPerEvaluation\":120.4,\"msTotal\":2.5,"
          "\"fired\":3,\"suppressed\":11,\"forgotten\":2,\"unseenFields\":[]}]}"},
    {"GET /api/0/tocsin/rules/?sort=dead&limit=7 ", 200,
     HEAD "{\"id\":\"b\",\"title\":\"Beta\",\"file\":\"b.yml\",\"line\":3,"
          "\"unseenFields\":[\"x.y\",\"z\"]},"
          "{\"id\":\"c\",\"title\":\"Gamma\",\"file\":\"c.yml\",\"line\":1,\"unseenFields\":[]}]}"},
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

TestSuite(rules_top, .init = setup, .fini = teardown);

Test(rules_top, shows_what_rules_cost_and_find)
{
    const struct said *said = SAID(rules_command_top, "top", "--data", desk.folder);
    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_not_null(strstr(said->out, "2 rules, 10 events, 1.5 evaluations an event; "
                                         "digest 0123456789ab\n"),
                       "%s", said->out);
    cr_expect_not_null(strstr(said->out, "oracle: 2 events checked, 0 differences\n"));
    cr_expect_not_null(strstr(said->out, "         9          4       1       120        2.5"
                                         "       3         11         2  Alpha  (a)\n"),
                       "%s", said->out);
}

Test(rules_top, the_dead_with_the_fields_they_lack)
{
    const struct said *said =
        SAID(rules_command_top, "top", "--dead", "--limit", "7", "--data", desk.folder);
    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_not_null(strstr(said->out, "Beta  (b)\n    b.yml:3: no event has had x.y z\n"), "%s",
                       said->out);
    cr_expect_not_null(
        strstr(said->out, "c.yml:1: events have its fields, never with such values\n"));
}

Test(rules_top, takes_no_words)
{
    cr_expect_eq(SAID(rules_command_top, "top", "x")->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_top, "top", "--nonsense")->status, EXIT_USAGE);
}
