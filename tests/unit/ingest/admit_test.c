/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/admit.h"
#include "ingest/base/limits.h"
#include "tests/unit/ingest/pass.h"

static struct snapshot *snapshot;
static struct arena scratch;

static void setup(void)
{
    snapshot = pass_snapshot(NULL);
    cr_assert(arena_init(&scratch, 1u << 16));
}

static void teardown(void)
{
    snapshot_release(snapshot);
    arena_done(&scratch);
}

TestSuite(admit, .init = setup, .fini = teardown);

Test(admit, admits_a_key_to_its_own_project_only)
{
    const char *unknown_key = "sentry_key=ffffffffffffffffffffffffffffffff";
    const struct {
        uint32_t project;
        const char *query;
        enum fault_kind fault;
        const char *reason;
    } cases[] = {
        {7, "sentry_key=" PASS_KEY, FAULT_NONE, NULL},
        {7, "", FAULT_UNAUTHORISED, NULL},
        {7, unknown_key, FAULT_FORBIDDEN, "KeyMismatch"},
        {8, "sentry_key=" PASS_KEY, FAULT_FORBIDDEN, "ProjectId"},
        {7, "sentry_key=" PASS_KEY "&sentry_version=8", FAULT_MALFORMED, NULL},
        {0, "sentry_key=" PASS_KEY, FAULT_NONE, NULL}, /* the old path: the key tells */
        {0, unknown_key, FAULT_FORBIDDEN, "ProjectId"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct project *project = NULL;
        struct auth auth = {0};
        const struct auth_sources sources = {.query = slice_str(cases[i].query),
                                             .project = cases[i].project};
        struct fault fault = admit_sender(&scratch, &snapshot->projects, &sources, &auth, &project);
        cr_expect_eq(fault.kind, cases[i].fault, "%s: %s", cases[i].query,
                     fault.reason != NULL ? fault.reason : "well");
        cr_expect_eq(project != NULL, cases[i].fault == FAULT_NONE);
        cr_expect(cases[i].reason == NULL || strstr(fault.reason, cases[i].reason) != NULL, "%s",
                  fault.reason);
    }
}

static struct fault admit_dsn(const struct projects *projects, uint32_t project, const char *dsn)
{
    const struct project *found = NULL;
    struct auth auth;
    const struct auth_sources sources = {
        .query = SLICE("sentry_key=" PASS_KEY), .project = project, .dsn = slice_str(dsn)};
    struct fault fault = admit_sender(&scratch, projects, &sources, &auth, &found);
    cr_expect(fault_is(fault) || found->id == project);
    return fault;
}

Test(admit, dsn_names_the_project_of_the_url_or_another_of_its_key)
{
    struct project list[] = {{.id = 7, .key_count = 1}, {.id = 8, .key_count = 1}, {.id = 9}};
    const struct projects projects = {list, 3};
    cr_assert(id_parse(SLICE(PASS_KEY), &list[0].keys[0]));
    list[1].keys[0] = list[0].keys[0];

    cr_expect_not(fault_is(admit_dsn(&projects, 7, "http://" PASS_KEY "@h/7")));
    cr_expect_not(fault_is(admit_dsn(&projects, 8, "http://" PASS_KEY ":@h/7")));
    cr_expect_eq(admit_dsn(&projects, 7, "http://" PASS_KEY "@h/9").kind, FAULT_MALFORMED);
    cr_expect_eq(admit_dsn(&projects, 7, "http://" PASS_KEY "@h/10").kind, FAULT_MALFORMED);
}

static bool lets_in(const char *pattern, const char *origin)
{
    const struct slice list[] = {slice_str(pattern)};
    const struct project project = {.settings = {.origins = {list, 1}}};
    return !fault_is(admit_origin(&project, slice_str(origin)));
}

Test(admit, pages_of_the_origins_that_a_project_names)
{
    static const struct {
        const char *pattern;
        const char *origin;
        bool in;
    } cases[] = {
        {"*", "https://anywhere.example", true},
        {"example.com", "https://example.com", true},
        {"example.com", "https://example.com:8443", true},
        {"example.com", "https://example.com/path/of/a/referer", true},
        {"example.com", "https://www.example.com", false},
        {"*.example.com", "https://www.example.com", true},
        {"*.example.com", "https://example.com", true},
        {"*.example.com", "https://badexample.com", false},
        {"https://example.com", "http://example.com", false},
        {"https://example.com", "https://example.com", true},
        {"https://*.example.com:8443", "https://a.example.com:8443", true},
        {"example.com", "https://EXAMPLE.com", true},
        {"example.com", "", true},     /* no page */
        {"example.com", "null", true}, /* a page without an origin */
        {"example.com", "https://example.com.evil.example", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(lets_in(cases[i].pattern, cases[i].origin), cases[i].in, "%s from %s",
                     cases[i].pattern, cases[i].origin);
    }
    const struct project open = {0};
    cr_expect_not(fault_is(admit_origin(&open, SLICE("https://anywhere.example"))));
}
