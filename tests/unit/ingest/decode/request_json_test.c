/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/request_json.h"
#include <criterion/criterion.h>
#include <stdio.h>

static _Alignas(16) char room[65536];
static struct arena arena;

static void decode(struct slice json, struct request *out)
{
    struct value *root = NULL;
    arena_over(&arena, room, sizeof(room));
    struct fault fault = value_parse_json(&arena, json, &root);
    cr_assert_not(fault_is(fault), "%s: %s", json.at, fault.reason);
    request_decode(&arena, root, out);
}

Test(request_json, reads_its_fields)
{
    struct request request;
    decode(SLICE("{\"method\":\"POST\",\"url\":\"https://h/x?y\",\"query_string\":\"?y=1\","
                 "\"cookies\":\"a=b\",\"data\":{\"k\":1},\"env\":{}}"),
           &request);

    cr_expect(slice_eq(request.method, SLICE("POST")));
    cr_expect(slice_eq(request.url, SLICE("https://h/x?y")));
    cr_expect(slice_eq(request.query_string, SLICE("y=1")));
    cr_expect(slice_eq(value_text(request.cookies), SLICE("a=b")));
    cr_expect(value_is(request.data, VALUE_MAP));
    cr_expect_not_null(value_get(request.raw, SLICE("env")));
    cr_expect_null(request.headers);
}

Test(request_json, makes_text_of_a_query_in_any_shape)
{
    static const struct {
        struct slice json;
        const char *text;
    } cases[] = {
        {SLICE_INIT("{\"query_string\":\"a=1&b=2\"}"), "a=1&b=2"},
        {SLICE_INIT("{\"query_string\":{\"a\":\"1\",\"b\":2,\"c\":null}}"), "a=1&b=2&c="},
        {SLICE_INIT("{\"query_string\":[[\"a\",\"1\"],[\"a\",true],[\"x\"],7,null]}"),
         "a=1&a=true"},
        {SLICE_INIT("{\"query_string\":{\"a b\":\"=&%+\",\"\xc3\xa9\":\"/?\"}}"),
         "a+b=%3D%26%25%2B&\xc3\xa9=/%3F"},
        {SLICE_INIT("{\"query_string\":{}}"), ""},
        {SLICE_INIT("{\"query_string\":null}"), ""},
        {SLICE_INIT("{\"query_string\":\"\"}"), ""},
        {SLICE_INIT("[]"), ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct request request;
        decode(cases[i].json, &request);
        cr_expect(slice_eq(request.query_string, slice_str(cases[i].text)), "%s: %.*s",
                  cases[i].json.at, SLICE_ARG(request.query_string));
    }
}

/* "A=1;A=2" of the list of pairs. */
static void expect_headers(struct slice json, const char *expected)
{
    struct request request;
    char text[256] = "";
    size_t length = 0;
    decode(json, &request);
    for (const struct value *at = value_first(request.headers); at != NULL; at = at->next) {
        cr_assert(value_is(at, VALUE_LIST) && at->count == 2, "%s", json.at);
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%.*s=%.*s;",
                                   SLICE_ARG(value_string(value_first(at))),
                                   SLICE_ARG(value_string(value_first(at)->next)));
    }
    cr_expect_str_eq(text, expected, "%s: %s", json.at, text);
}

Test(request_json, makes_pairs_of_headers_in_any_shape)
{
    expect_headers(SLICE("{\"headers\":{\"Host\":\"h\",\"X\":7}}"), "Host=h;X=7;");
    expect_headers(SLICE("{\"headers\":[[\"Host\",\"h\"],[\"X\",\"1\"],[\"X\",\"2\"]]}"),
                   "Host=h;X=1;X=2;");
    expect_headers(SLICE("{\"headers\":{\"Host\":[\"h\"],\"X\":[\"1\",\"2\"],\"Y\":[]}}"),
                   "Host=h;X=1;X=2;");
    expect_headers(SLICE("{\"headers\":[null,7,[],[\"X\"],[\"\",\"1\"],[\"Y\",null]]}"), "Y=;");
    expect_headers(SLICE("{\"headers\":\"Host: h\"}"), "");
    expect_headers(SLICE("{\"headers\":{\"X\":{\"a\":1}}}"), "X={\"a\":1};");
}

Test(request_json, reads_the_user)
{
    struct user user;
    struct value *root = NULL;
    arena_over(&arena, room, sizeof(room));
    cr_assert_not(fault_is(value_parse_json(
        &arena,
        SLICE("{\"id\":4711,\"email\":\"a@b\",\"username\":\"u\",\"ip_address\":\"{{auto}}\","
              "\"plan\":\"gold\"}"),
        &root)));

    request_decode_user(root, &user);

    cr_expect(slice_eq(user.id, SLICE("4711")));
    cr_expect(slice_eq(user.email, SLICE("a@b")));
    cr_expect(slice_eq(user.username, SLICE("u")));
    cr_expect(slice_eq(user.ip_address, SLICE("{{auto}}")));
    cr_expect_not_null(value_get(user.raw, SLICE("plan")));
}

Test(request_json, no_user_is_empty)
{
    struct user user = {.id = SLICE("x")};
    request_decode_user(NULL, &user);
    cr_expect_eq(user.id.len, 0);
    cr_expect_null(user.raw);
}
