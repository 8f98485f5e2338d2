/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/client.h"
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"

static const struct desk_row rows[] = {
    {"GET /good", 200, "{\"a\":[1,\"x\"]}"},
    {"PUT /good", 202, "{\"done\":true}"},
    {"GET /refused", 403, "{\"detail\":\"not yours\"}"},
    {"GET /broken", 500, "no JSON at all"},
    {"GET /strange", 200, "no JSON at all"},
    {"GET /empty", 204, ""},
    {"POST /intake", 429, "later"},
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

TestSuite(client, .init = setup, .fini = teardown);

static struct slice kept; /* of the last answer: the "a" list's second, or "done" */

/* argv: command, path, [body] */
static int call(int argc, char **argv)
{
    static char text[64];
    struct client client;
    const struct value *tree = NULL;
    bool done = client_open(&client, desk.folder) &&
                client_call(&client, argv[1], argc > 2 ? argv[2] : NULL, &tree);
    const struct value *second = value_first(value_get(tree, SLICE("a")));
    struct slice found = second != NULL ? value_text(second->next) : slice_of(NULL, 0);
    snprintf(text, sizeof(text), "%.*s", SLICE_ARG(found));
    kept = slice_str(text);
    client_close(&client);
    return done ? 0 : 1;
}

Test(client, asks_with_the_token_of_the_data_folder)
{
    char bearer[128];
    snprintf(bearer, sizeof(bearer), "Authorization: Bearer %s\r\n", desk.data.token);

    cr_expect_eq(SAID(call, "c", "/good")->status, 0);

    cr_expect(slice_eq(kept, SLICE("x")));
    cr_expect_not_null(strstr(desk_last(&desk), bearer), "%s", desk_last(&desk));
}

Test(client, puts_a_body_as_json)
{
    cr_expect_eq(SAID(call, "c", "/good", "{\"status\":\"resolved\"}")->status, 0);

    cr_expect_eq(strncmp(desk_last(&desk), "PUT /good ", 10), 0);
    cr_expect_not_null(strstr(desk_last(&desk), "Content-Type: application/json\r\n"));
    cr_expect_not_null(strstr(desk_last(&desk), "\r\n\r\n{\"status\":\"resolved\"}"));
}

Test(client, tells_why_it_did_not_work)
{
    static const struct {
        const char *path;
        const char *expected;
    } cases[] = {
        {"/refused", "tocsin: not yours (status 403)\n"},
        {"/broken", "tocsin: the server refused (status 500)\n"},
        {"/strange", "tocsin: the server's answer is not JSON\n"},
        {"/empty", "tocsin: the server's answer is not JSON\n"},
        {"/nowhere", "tocsin: The requested resource does not exist (status 404)\n"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct said *said = SAID(call, "c", cases[i].path);
        cr_expect_eq(said->status, 1, "%s", cases[i].path);
        cr_expect_str_eq(said->err, cases[i].expected, "%s", cases[i].path);
    }
}

Test(client, says_how_to_start_a_server_that_does_not_answer)
{
    char expected[192];
    desk_leave(&desk);
    snprintf(expected, sizeof(expected), "is `tocsin serve --data %s` running?\n", desk.folder);

    const struct said *said = SAID(call, "c", "/good");

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, expected), "%s", said->err);
}

static int open_only(int argc, char **argv)
{
    struct client client;
    bool opened = client_open(&client, argc > 1 ? argv[1] : NULL);
    client_close(&client);
    return opened ? 0 : 1;
}

Test(client, says_what_is_no_data_folder)
{
    const struct said *said = SAID(open_only, "c", desk.scratch);
    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "is no data folder of Tocsin"), "%s", said->err);

    said = SAID(open_only, "c", "/nonexistent");
    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "/nonexistent"), "%s", said->err);
}

Test(client, says_when_no_server_has_ever_run_on_a_folder)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/api", desk.folder);
    cr_assert_eq(unlink(path), 0);

    const struct said *said = SAID(open_only, "c", desk.folder);

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "no server has run on"), "%s", said->err);
}

Test(client, looks_in_the_folder_data_when_none_is_named)
{
    cr_assert_eq(chdir(desk.scratch), 0);

    cr_expect_eq(SAID(open_only, "c")->status, 0);
}

Test(client, posts_without_the_token_and_tells_the_status)
{
    struct client client;
    char url[128];
    long status = 0;
    cr_assert(client_open(&client, desk.folder));
    snprintf(url, sizeof(url), "%s/intake", desk.base);

    cr_expect(client_post(&client, url, SLICE("{}\n"), &status), "an answer is an answer");

    cr_expect_eq(status, 429);
    cr_expect(slice_eq(buffer_slice(&client.answer), SLICE("later")));
    cr_expect_null(strstr(desk_last(&desk), "Bearer"), "%s", desk_last(&desk));
    cr_expect_not_null(strstr(desk_last(&desk), "application/x-sentry-envelope\r\n"));
    client_close(&client);
}
