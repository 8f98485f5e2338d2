/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"

#define KEY "0123456789abcdef0123456789abcdef"

static char projects[512];
static struct desk_row rows[] = {
    {"GET /api/0/projects/ ", 200, projects},
    {"POST /api/1/envelope/?sentry_key=" KEY " ", 200, "{\"id\":\"x\"}"},
    {"POST /prefix/api/7/envelope/?sentry_key=" KEY " ", 200, "{}"},
    {"POST /api/2/envelope/", 403, "{\"detail\":\"no\"}"},
    {NULL, 0, NULL},
};

static struct desk desk;

static void setup(void)
{
    desk_open(&desk, rows);
    snprintf(projects, sizeof(projects),
             "[{\"id\":\"1\",\"slug\":\"default\",\"keys\":[{\"dsn\":{\"public\":"
             "\"http://" KEY "@%.40s/1\"}}]}]",
             desk_host(&desk));
}

static void teardown(void)
{
    desk_close(&desk);
}

TestSuite(send, .init = setup, .fini = teardown);

static const char *dsn(const char *tail)
{
    static char text[256];
    snprintf(text, sizeof(text), "http://" KEY "@%.40s%.40s", desk_host(&desk), tail);
    return text;
}

Test(send, asks_the_server_where_to_and_prints_the_events_id)
{
    const struct said *said = SAID(command_send, "send", "it works", "--data", desk.folder);

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_assert_eq(strlen(said->out), 33u, "32 digits and a newline: %s", said->out);
    char id[33];
    snprintf(id, sizeof(id), "%.32s", said->out);
    const char *request = desk_last(&desk);
    cr_expect_not_null(strstr(request, id), "%s", request);
    cr_expect_not_null(strstr(request, "\"message\":\"it works\""), "%s", request);
    cr_expect_not_null(strstr(request, "{\"type\":\"event\",\"length\":"), "%s", request);
}

Test(send, has_something_to_say_without_a_message)
{
    cr_expect_eq(SAID(command_send, "send", "--data", desk.folder)->status, 0);

    cr_expect_not_null(strstr(desk_last(&desk), "\"message\":\"Hello from tocsin send\""));
}

Test(send, a_message_is_text_whatever_stands_in_it)
{
    const struct said *said =
        SAID(command_send, "send", "a \"quote\"\n and \\", "--data", desk.folder);

    cr_expect_eq(said->status, 0);
    cr_expect_not_null(strstr(desk_last(&desk), "a \\\"quote\\\"\\n and \\\\"));
}

Test(send, goes_where_a_dsn_says)
{
    const struct said *said =
        SAID(command_send, "send", "x", "--dsn", dsn("/prefix/7"), "--data", desk.folder);

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_eq(desk.count, 1u, "nobody was asked");
}

Test(send, a_dsn_needs_no_data_folder)
{
    const struct said *said =
        SAID(command_send, "send", "x", "--dsn", dsn("/1"), "--data", "/nonexistent");

    cr_expect_eq(said->status, 0, "%s", said->err);
}

Test(send, tells_what_went_wrong)
{
    const struct {
        const char *dsn;
        const char *expected;
    } cases[] = {
        {"http://nothing", "tocsin: http://nothing: "},
        {"ftp", "tocsin: ftp: "},
        {dsn("/2"), "tocsin: status 403: {\"detail\":\"no\"}\n"},
        {"http://" KEY "@127.0.0.1:1/1", "tocsin: http://127.0.0.1:1/"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct said *said =
            SAID(command_send, "send", "x", "--dsn", cases[i].dsn, "--data", desk.folder);
        cr_expect_eq(said->status, 1, "%s", cases[i].dsn);
        cr_expect_eq(strncmp(said->err, cases[i].expected, strlen(cases[i].expected)), 0, "%s",
                     said->err);
        cr_expect_str_eq(said->out, "");
    }
}

Test(send, says_when_there_is_no_project_to_send_to)
{
    snprintf(projects, sizeof(projects), "[]");

    const struct said *said = SAID(command_send, "send", "x", "--data", desk.folder);

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "tocsin project add NAME"), "%s", said->err);
}

Test(send, takes_one_message)
{
    cr_expect_eq(SAID(command_send, "send", "a", "b")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_send, "send", "--to", "b")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_send, "send", "--dsn")->status, EXIT_USAGE);
    cr_expect_eq(desk.count, 0u);
}
