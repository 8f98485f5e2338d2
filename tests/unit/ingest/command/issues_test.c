/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"

#define ISSUE(status)                                                                              \
    "{\"id\":\"65\",\"level\":\"error\",\"count\":\"1200\",\"userCount\":3,\"status\":\"" status   \
    "\",\"title\":\"Boom: it broke\",\"culprit\":\"shop in pay\","                                 \
    "\"firstSeen\":\"2026-11-24T08:00:00.000Z\",\"lastSeen\":\"2026-11-24T08:33:30.123Z\","        \
    "\"firstRelease\":\"shop@1\",\"lastRelease\":\"shop@2\"}"

static const char event[] =
    "{\"eventID\":\"fc6d8c0c43fc4630ad850ee518f1b9d0\",\"dateCreated\":\"2026-11-24T08:33:30Z\","
    "\"tags\":[{\"key\":\"level\",\"value\":\"error\"},{\"key\":\"region\",\"value\":\"eu\"}],"
    "\"entries\":[{\"type\":\"exception\",\"data\":{\"values\":[{\"type\":\"Boom\","
    "\"value\":\"it broke\",\"stacktrace\":{\"frames\":["
    "{\"filename\":\"main.py\",\"function\":\"main\",\"lineNo\":3,\"inApp\":false},"
    "{\"module\":\"shop\",\"function\":\"pay\",\"lineNo\":42,\"inApp\":true,"
    "\"context\":[[41,\"  a\"],[42,\"  raise Boom\"],[43,\"  b\"]]}]}}]}},"
    "{\"type\":\"request\",\"data\":{\"method\":\"POST\",\"url\":\"http://shop/pay\"}}]}";

static struct desk_row rows[] = {
    {"GET /api/0/projects/tocsin/1/issues/?limit=100&query=is:unresolved ", 200,
     "[" ISSUE("unresolved") "]"},
    {"GET /api/0/projects/tocsin/1/issues/?limit=100 ", 200,
     "[" ISSUE("unresolved") "," ISSUE("resolved") "]"},
    {"GET /api/0/projects/tocsin/quiet/issues/", 200, "[]"},
    {"GET /api/0/issues/65/ ", 200, ISSUE("unresolved")},
    {"GET /api/0/issues/65/events/latest/ ", 200, event},
    {"PUT /api/0/issues/65/ ", 200, ISSUE("resolved")},
    {"GET /api/0/issues/66/ ", 200, ISSUE("unresolved")},
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

TestSuite(issues, .init = setup, .fini = teardown);

#define ROW                                                                                        \
    "65     error          1200      3  2026-11-24 08:33:30  Boom: it broke%s  (shop in pay)\n"
#define HEAD "ID     LEVEL        EVENTS  USERS  LAST SEEN (UTC)      TITLE\n"

Test(issues, lists_what_is_broken)
{
    char expected[512];
    snprintf(expected, sizeof(expected), HEAD ROW, "");

    const struct said *said = SAID(command_issues, "issues", "--data", desk.folder);

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_str_eq(said->out, expected);
}

Test(issues, all_of_them_when_asked_with_the_status_of_the_others)
{
    char expected[512];
    snprintf(expected, sizeof(expected), HEAD ROW ROW, "", "  [resolved]");

    const struct said *said = SAID(command_issues, "issues", "--all", "--data", desk.folder);

    cr_expect_str_eq(said->out, expected);
}

Test(issues, none_is_good_news)
{
    cr_expect_str_eq(SAID(command_issues, "issues", "quiet", "--data", desk.folder)->out,
                     "nothing is broken (--all shows resolved and ignored ones too)\n");
    cr_expect_str_eq(SAID(command_issues, "issues", "quiet", "--all", "--data", desk.folder)->out,
                     "no issues\n");
}

Test(issues, of_a_project_that_is_not_there_are_an_error)
{
    const struct said *said = SAID(command_issues, "issues", "nobody", "--data", desk.folder);

    cr_expect_eq(said->status, 1);
    cr_expect_str_eq(said->out, "");
    cr_expect_not_null(strstr(said->err, "(status 404)"), "%s", said->err);
}

Test(issues, one_is_shown_with_its_latest_event_the_failing_call_first)
{
    static const char *const lines[] = {
        "Boom: it broke\n",
        "issue    65  unresolved  error\n",
        "where    shop in pay\n",
        "seen     1200 times, 3 users, first 2026-11-24T08:00:00.000Z, last ",
        "release  first shop@1, last shop@2\n",
        "event    fc6d8c0c43fc4630ad850ee518f1b9d0 at 2026-11-24T08:33:30Z\n",
        "tags     level=error region=eu\n",
        "\nBoom: it broke\n",
        "  > shop:42  pay\n",
        "      raise Boom\n",
        "    main.py:3  main\n",
        "\nrequest  POST http://shop/pay\n",
    };
    const struct said *said = SAID(command_issue, "issue", "65", "--data", desk.folder);
    const char *at = said->out;
    cr_expect_eq(said->status, 0, "%s", said->err);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        const char *found = strstr(at, lines[i]);
        cr_assert_not_null(found, "'%s' in %s", lines[i], said->out);
        at = found + strlen(lines[i]) - 1;
    }
}

Test(issues, one_whose_event_is_no_longer_kept_is_shown_all_the_same)
{
    const struct said *said = SAID(command_issue, "issue", "66", "--data", desk.folder);

    cr_expect_eq(said->status, 0);
    cr_expect_not_null(strstr(said->out, "issue    65  unresolved"));
    cr_expect_null(strstr(said->out, "\nevent "));
    cr_expect_not_null(strstr(said->err, "(status 404)"));
}

Test(issues, a_word_after_the_id_changes_the_status)
{
    static const struct {
        const char *verb;
        const char *body;
    } cases[] = {{"resolve", "\r\n\r\n{\"status\":\"resolved\"}"},
                 {"ignore", "\r\n\r\n{\"status\":\"ignored\"}"},
                 {"reopen", "\r\n\r\n{\"status\":\"unresolved\"}"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct said *said =
            SAID(command_issue, "issue", "65", cases[i].verb, "--data", desk.folder);
        cr_expect_eq(said->status, 0, "%s", said->err);
        cr_expect_str_eq(said->out, "issue 65 is resolved\n", "what the server says it is now");
        cr_expect_not_null(strstr(desk_last(&desk), cases[i].body), "%s", desk_last(&desk));
    }
}

Test(issues, other_words_are_a_usage_error_and_nobody_is_asked)
{
    cr_expect_eq(SAID(command_issue, "issue")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_issue, "issue", "65", "delete")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_issue, "issue", "65", "resolve", "now")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_issue, "issue", "65", "--force")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_issues, "issues", "--json")->status, EXIT_USAGE);
    cr_expect_eq(desk.count, 0u);
}

Test(issues, an_issue_that_is_not_there_is_an_error)
{
    const struct said *said = SAID(command_issue, "issue", "99", "--data", desk.folder);

    cr_expect_eq(said->status, 1);
    cr_expect_str_eq(said->out, "");
}
