/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/auth.h"
#include <criterion/criterion.h>

#define KEY   "0123456789abcdef0123456789abcdef"
#define OTHER "ffffffffffffffffffffffffffffffff"

static char room[4096];
static struct arena arena;

static struct fault read_auth(struct auth_sources sources, struct auth *out)
{
    arena_over(&arena, room, sizeof(room));
    return auth_read(&arena, &sources, out);
}

Test(auth, finds_the_key_in_each_of_its_places)
{
    static const struct {
        const char *name;
        struct auth_sources sources;
        struct slice client;
    } cases[] = {
        {"header",
         {.x_sentry_auth = SLICE_INIT("Sentry sentry_key=" KEY ", sentry_version=7, "
                                      "sentry_client=sentry.python/1.9.10")},
         SLICE_INIT("sentry.python/1.9.10")},
        {"header, other order, no spaces, upper case",
         {.x_sentry_auth =
              SLICE_INIT("SENTRY sentry_timestamp=1700000000.5,sentry_client=raven"
                         "-ruby/3.1,sentry_version=5,sentry_key=" KEY ",sentry_secret=x")},
         SLICE_INIT("raven-ruby/3.1")},
        {"authorization", {.authorization = SLICE_INIT("Sentry sentry_key=" KEY)}, SLICE_INIT("")},
        {"basic", /* KEY: */
         {.authorization = SLICE_INIT("Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY6")},
         SLICE_INIT("")},
        {"query",
         {.query = SLICE_INIT("sentry_version=7&sentry_key=" KEY
                              "&sentry_client=sentry.javascript.node%2F11.12.0")},
         SLICE_INIT("sentry.javascript.node/11.12.0")},
        {"path", {.path_key = SLICE_INIT(KEY)}, SLICE_INIT("")},
        {"dsn", {.dsn = SLICE_INIT("https://" KEY "@example.org/7")}, SLICE_INIT("")},
        {"flags", {.path_key = SLICE_INIT(KEY ".no-cache")}, SLICE_INIT("")},
        {"upper case",
         {.query = SLICE_INIT("sentry_key=0123456789ABCDEF0123456789ABCDEF")},
         SLICE_INIT("")},
        {"empty header counts as absent",
         {.x_sentry_auth = SLICE_INIT("  "), .query = SLICE_INIT("sentry_key=" KEY)},
         SLICE_INIT("")},
        {"a proxy's own credentials are not ours",
         {.authorization = SLICE_INIT("Basic YWxhZGRpbjpvcGVuc2VzYW1l"),
          .query = SLICE_INIT("sentry_key=" KEY)},
         SLICE_INIT("")},
        {"a bearer token is not ours",
         {.authorization = SLICE_INIT("Bearer abc"), .query = SLICE_INIT("sentry_key=" KEY)},
         SLICE_INIT("")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct auth auth = {0};
        struct fault fault = read_auth(cases[i].sources, &auth);
        cr_expect_not(fault_is(fault), "%s: %s", cases[i].name, fault.reason);
        cr_expect(slice_eq(auth.key, SLICE(KEY)), "%s", cases[i].name);
        cr_expect(slice_eq(auth.client, cases[i].client), "%s", cases[i].name);
        cr_expect_eq(auth_is_given(&cases[i].sources), cases[i].sources.dsn.len == 0, "%s",
                     cases[i].name);
    }
}

Test(auth, refuses_what_is_no_credential)
{
    static const struct {
        struct auth_sources sources;
        enum fault_kind kind;
        const char *reason;
    } cases[] = {
        {{.project = 1}, FAULT_UNAUTHORISED, "auth: missing authorization information"},
        {{.x_sentry_auth = SLICE_INIT("sentry_key=" KEY)},
         FAULT_UNAUTHORISED,
         "auth: X-Sentry-Auth does not start with \"Sentry \""},
        {{.x_sentry_auth = SLICE_INIT("Sentry sentry_version=7")},
         FAULT_UNAUTHORISED,
         "auth: no sentry_key"},
        {{.query = SLICE_INIT("sentry_version=7")}, FAULT_UNAUTHORISED, "auth: no sentry_key"},
        {{.query = SLICE_INIT("sentry_key=abc")},
         FAULT_UNAUTHORISED,
         "auth: sentry_key is not 32 hex digits"},
        {{.path_key = SLICE_INIT("x123456789abcdef0123456789abcdef")},
         FAULT_UNAUTHORISED,
         "auth: sentry_key is not 32 hex digits"},
        {{.query = SLICE_INIT("sentry_key=" KEY "&sentry_version=8")},
         FAULT_MALFORMED,
         "auth: unsupported protocol version"},
        {{.query = SLICE_INIT("sentry_key=" KEY "&sentry_version=4294967303")},
         FAULT_MALFORMED,
         "auth: unsupported protocol version"},
        {{.query = SLICE_INIT("sentry_key=" KEY "&sentry_version=new")},
         FAULT_MALFORMED,
         "auth: sentry_version is not a number"},
        {{.x_sentry_auth = SLICE_INIT("Sentry sentry_key=" KEY),
          .query = SLICE_INIT("sentry_key=" KEY)},
         FAULT_UNAUTHORISED,
         "auth: multiple authorization payloads detected"},
        {{.x_sentry_auth = SLICE_INIT("Sentry sentry_key=" KEY),
          .authorization = SLICE_INIT("Sentry sentry_key=" KEY)},
         FAULT_UNAUTHORISED,
         "auth: multiple authorization payloads detected"},
        {{.path_key = SLICE_INIT(KEY), .query = SLICE_INIT("sentry_key=" KEY)},
         FAULT_UNAUTHORISED,
         "auth: multiple authorization payloads detected"},
        {{.query = SLICE_INIT("sentry_key=" KEY),
          .dsn = SLICE_INIT("https://" OTHER "@example.org/7")},
         FAULT_MALFORMED,
         "auth: the envelope's dsn has another key than the request"},
        {{.dsn = SLICE_INIT("nonsense")},
         FAULT_MALFORMED,
         "dsn: does not start with http:// or https://"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct auth auth = {.version = 99};
        struct fault fault = read_auth(cases[i].sources, &auth);
        cr_expect_eq(fault.kind, cases[i].kind, "%zu %s", i, cases[i].reason);
        cr_assert_not_null(fault.reason, "%zu %s", i, cases[i].reason);
        cr_expect_str_eq(fault.reason, cases[i].reason);
        cr_expect_eq(auth.version, 99, "%zu", i);
    }
}

Test(auth, speaks_every_version_up_to_seven)
{
    static const struct {
        struct slice query;
        uint32_t version;
    } cases[] = {
        {SLICE_INIT("sentry_key=" KEY), 7},
        {SLICE_INIT("sentry_key=" KEY "&sentry_version=7"), 7},
        {SLICE_INIT("sentry_key=" KEY "&sentry_version=6"), 6},
        {SLICE_INIT("sentry_key=" KEY "&sentry_version=4"), 4},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct auth auth = {0};
        struct fault fault = read_auth((struct auth_sources){.query = cases[i].query}, &auth);
        cr_expect_not(fault_is(fault), "%s", fault.reason);
        cr_expect_eq(auth.version, cases[i].version);
    }
}

Test(auth, takes_release_and_environment_from_the_query_beside_any_credential)
{
    struct auth auth = {0};
    struct auth_sources sources = {
        .query = SLICE("sentry_key=" KEY "&sentry_release=shop%401.2&sentry_environment=a+b")};

    cr_assert_not(fault_is(read_auth(sources, &auth)));

    cr_expect(slice_eq(auth.release, SLICE("shop@1.2")));
    cr_expect(slice_eq(auth.environment, SLICE("a b")));
}

Test(auth, takes_the_project_from_the_dsn_where_the_path_has_none)
{
    struct auth auth = {0};

    cr_assert_not(
        fault_is(read_auth((struct auth_sources){.dsn = SLICE("http://" KEY "@h:80/p/7")}, &auth)));
    cr_expect_eq(auth.project, 7);
    cr_assert_not(fault_is(
        read_auth((struct auth_sources){.dsn = SLICE("http://" KEY "@h/7"), .project = 7}, &auth)));
    cr_expect_eq(auth.project, 7);
    cr_expect_not(fault_is(
        read_auth((struct auth_sources){.dsn = SLICE("http://" KEY "@h/7"), .project = 6}, &auth)));
    cr_expect(auth.project == 6 && auth.dsn_project == 7);
}

Test(auth, is_too_big_for_a_full_arena)
{
    struct auth auth;
    char tiny[8];
    struct auth_sources sources = {.query = SLICE("sentry_key=" KEY)};
    arena_over(&arena, tiny, sizeof(tiny));

    cr_expect_eq(auth_read(&arena, &sources, &auth).kind, FAULT_TOO_BIG);
}

Test(dsn, has_its_parts)
{
    struct dsn dsn;
    struct slice text = SLICE("https://" KEY ":secret@sentry.example.org:9000/a/b/42");

    cr_assert_not(fault_is(dsn_parse(text, &dsn)));

    cr_expect(slice_eq(dsn.scheme, SLICE("https")));
    cr_expect(slice_eq(dsn.key, SLICE(KEY)));
    cr_expect(slice_eq(dsn.host, SLICE("sentry.example.org:9000")));
    cr_expect(slice_eq(dsn.path, SLICE("/a/b")));
    cr_expect_eq(dsn.project, 42);
}

Test(dsn, without_a_path_has_an_empty_one)
{
    struct dsn dsn;
    cr_assert_not(fault_is(dsn_parse(SLICE("http://" KEY "@h/4294967295"), &dsn)));
    cr_expect_eq(dsn.path.len, 0);
    cr_expect_eq(dsn.project, UINT32_MAX);
}

Test(dsn, says_which_part_is_wrong)
{
    static const struct {
        struct slice text;
        size_t offset;
    } cases[] = {
        {SLICE_INIT(""), 0},
        {SLICE_INIT("ftp://" KEY "@h/1"), 0},
        {SLICE_INIT("https://"), 8},
        {SLICE_INIT("https://short@h/1"), 8},
        {SLICE_INIT("https://" KEY), 40},
        {SLICE_INIT("https://" KEY "@/1"), 41},
        {SLICE_INIT("https://" KEY "@h"), 42},
        {SLICE_INIT("https://" KEY "@h/"), 43},
        {SLICE_INIT("https://" KEY "@h/0"), 44},
        {SLICE_INIT("https://" KEY "@h/1/"), 45},
        {SLICE_INIT("https://" KEY "@h/4294967296"), 53},
        {SLICE_INIT("https://" KEY "@h/shop"), 47},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dsn dsn;
        struct fault fault = dsn_parse(cases[i].text, &dsn);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", cases[i].text.at);
        cr_expect_eq(fault.offset, cases[i].offset, "%s: %zu", cases[i].text.at, fault.offset);
    }
}
