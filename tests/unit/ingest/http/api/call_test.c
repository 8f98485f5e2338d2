/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/api/api_rig.h"

static struct slice parameter(struct api *api, const char *query, const char *name)
{
    struct http_request request = {.query = slice_str(query)};
    struct call call = {.api = api, .request = &request};
    return call_parameter(&call, name);
}

Test(call, parameters_are_found_and_decoded)
{
    static const struct {
        const char *query;
        const char *name;
        const char *value;
    } cases[] = {
        {"limit=10", "limit", "10"},
        {"a=1&limit=10&b=2", "limit", "10"},
        {"limit=1&limit=2", "limit", "1"},
        {"alimit=1&limitb=2", "limit", ""},
        {"", "limit", ""},
        {"limit", "limit", ""},
        {"limit=", "limit", ""},
        {"&&limit=3&", "limit", "3"},
        {"query=is%3Aunresolved+is%3aignored", "query", "is:unresolved is:ignored"},
        {"query=%2", "query", "%2"},
        {"query=100%", "query", "100%"},
        {"query=%zz%41", "query", "%zzA"},
        {"query=a=b", "query", "a=b"},
        {"query=%C3%A9", "query", "\xc3\xa9"},
    };
    struct api api = {0};
    cr_assert(arena_init(&api.arena, 1 << 20));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice got = parameter(&api, cases[i].query, cases[i].name);
        cr_expect(slice_eq(got, slice_str(cases[i].value)), "%s: %.*s", cases[i].query,
                  SLICE_ARG(got));
    }
    arena_done(&api.arena);
}

Test(call, a_parameter_without_room_is_absent)
{
    static char query[100000] = "a=";
    struct api api = {0};
    cr_assert(arena_init(&api.arena, 4096));
    memset(query + 2, 'x', sizeof(query) - 3);
    cr_expect(slice_is_empty(parameter(&api, query, "a")));
    cr_expect(api.arena.exhausted);
    arena_done(&api.arena);
}

Test(call, numbers_are_digits_that_fit)
{
    static const struct {
        const char *text;
        bool is_number;
        uint64_t value;
    } cases[] = {
        {"0", true, 0},
        {"65", true, 65},
        {"007", true, 7},
        {"9999999999999999999", true, UINT64_C(9999999999999999999)},
        {"10000000000000000000", false, 0},
        {"", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {"1 ", false, 0},
        {"0x10", false, 0},
        {"1.5", false, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t value = 42;
        cr_expect_eq(call_number(slice_str(cases[i].text), &value), cases[i].is_number, "%s",
                     cases[i].text);
        cr_expect_eq(value, cases[i].is_number ? cases[i].value : 42, "%s", cases[i].text);
    }
}

Test(call, projects_are_named_by_slug_or_id)
{
    struct snapshot *snapshot = pass_snapshot(NULL);
    struct api api = {.snapshot = snapshot};
    struct call call = {.api = &api,
                        .parts = {SLICE("shop"), SLICE("7"), SLICE("8"), SLICE("nobody")}};
    cr_expect_eq(call_project(&call, 0), &snapshot->projects.list[0]);
    cr_expect_eq(call_project(&call, 1), &snapshot->projects.list[0]);
    cr_expect_null(call_project(&call, 2));
    cr_expect_null(call_project(&call, 3));
    snapshot_release(snapshot);
}
