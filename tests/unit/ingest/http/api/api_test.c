/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/api/api_rig.h"
#include "tests/unit/ingest/http/rig.h"

static struct api_rig api;
static struct rig rig;

static void setup(void)
{
    api_rig_open(&api);
    rig_init(&rig);
    rig.options.offer_http2 = false;
    rig.options.on_request = api_on_request;
    rig.options.data = api.api;
    rig_start(&rig);
}

static void teardown(void)
{
    rig_stop(&rig);
    api_rig_close(&api);
}

TestSuite(api, .init = setup, .fini = teardown);

/* Asks on a connection of its own; true when the answer contains `needle`. */
static bool ask(const char *method, const char *path, const char *fields, const char *needle)
{
    char request[1024];
    snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nhost: x\r\n%s\r\n", method, path, fields);
    int client = rig_connect(&rig);
    bool came = rig_ask(&rig, client, request, needle);
    close(client);
    return came;
}

Test(api, answers_by_route_method_and_token)
{
    static const char good[] = "authorization: Bearer " API_RIG_TOKEN "\r\n";
    static const struct {
        const char *method;
        const char *path;
        const char *fields;
        const char *needle;
    } cases[] = {
        {"GET", "/healthz", "", "200 OK"},
        {"HEAD", "/healthz", "", "200 OK"},
        {"GET", "/readyz", "", "ready"},
        {"GET", "/metrics", "", "text/plain; version=0.0.4"},
        {"GET", "/api/0/projects/", good, "\"slug\":\"shop\""},
        {"GET", "/api/0/projects", "authorization: bearer  " API_RIG_TOKEN "\r\n", "200 OK"},
        {"GET", "/api/0/projects/", "", "401 Unauthorized"},
        {"GET", "/api/0/projects/", "authorization: Bearer x\r\n", "401 Unauthorized"},
        {"GET", "/api/0/projects/", "authorization: Bearer \r\n", "401 Unauthorized"},
        {"GET", "/api/0/projects/", "authorization: " API_RIG_TOKEN "\r\n", "401 Unauthorized"},
        {"GET", "/api/0/projects/", "authorization: Bearer " API_RIG_TOKEN "x\r\n",
         "401 Unauthorized"},
        {"POST", "/api/0/projects/", "content-length: 0\r\n", "405 Method Not Allowed"},
        {"DELETE", "/api/0/issues/1/", good, "allow: GET, PUT"},
        {"GET", "/", good, "404 Not Found"},
        {"GET", "/api/0/projects/tocsin/nobody/issues/", good, "no such project"},
        {"GET", "/api/0/projects/tocsin/shop/issues/", good, "503 Service Unavailable"},
        {"GET", "/api/0/projects/tocsin/shop/issues/?limit=0", good, "400 Bad Request"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect(ask(cases[i].method, cases[i].path, cases[i].fields, cases[i].needle),
                  "%s %s: %s in %s", cases[i].method, cases[i].path, cases[i].needle, rig.text);
    }
}

Test(api, says_where_the_token_is_and_nothing_else)
{
    cr_expect(ask("GET", "/api/0/projects/", "", "file `token` of the data folder"));
    cr_expect_null(strstr(rig.text, API_RIG_TOKEN));
    cr_expect_null(strstr(rig.text, "shop"));
}

Test(api, follows_the_newest_snapshot)
{
    struct snapshot *snapshot = pass_snapshot(NULL);
    snapshot->projects.list[0].slug = SLICE("renamed");
    snapshot_publish(api.box, snapshot);
    cr_expect(ask("GET", "/api/0/projects/", "authorization: Bearer " API_RIG_TOKEN "\r\n",
                  "\"slug\":\"renamed\""));
}

Test(api, is_the_same_after_many_calls)
{
    static const char good[] = "authorization: Bearer " API_RIG_TOKEN "\r\n";
    for (unsigned i = 0; i < 200; i++) {
        cr_assert(ask("GET", "/api/0/projects/", good, "\"slug\":\"shop\""), "call %u", i);
        cr_expect_not(api.api->arena.exhausted);
    }
}

Test(api, freeing_nothing_is_fine)
{
    api_free(NULL);
}
