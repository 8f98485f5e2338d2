/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/api/api_rig.h"

static struct api_rig rig;

static void setup(void)
{
    api_rig_connect(&rig);
}

static void teardown(void)
{
    api_rig_close(&rig);
}

TestSuite(api_issues, .init = setup, .fini = teardown);

/* The issue known by `hash` as text; valid until the next call. */
static const char *id_of(const char *hash)
{
    static char text[24];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)books_issue_id(&rig.books, hash));
    return text;
}

/* An event of the issue known by `hash`, seen `minutes` after the first. */
static void write_event(const char *event, const char *hash, int minutes)
{
    struct effect effect = books_event(event, hash);
    effect.at_us += minutes * INT64_C(60000000);
    effect.received_us = effect.at_us;
    books_write(&rig.books, effect);
}

static struct fault list(const char *query)
{
    rig.request = (struct http_request){.path = SLICE("/api/0/projects/tocsin/shop/issues/"),
                                        .query = slice_str(query)};
    return api_rig_call(&rig, api_issues, "shop", "");
}

Test(api_issues, are_shown_in_the_shape_of_sentry)
{
    write_event("one", "a", 0);
    write_event("two", "a", 1);
    cr_assert_not(fault_is(api_rig_call(&rig, api_issue, id_of("a"), "")));
    const char *const parts[] = {
        "\"shortId\":\"SHOP-",
        "\"title\":\"ValueError: no\"",
        "\"culprit\":\"app.main\"",
        "\"level\":\"error\"",
        "\"status\":\"unresolved\"",
        "\"statusDetails\":{}",
        "\"platform\":\"python\"",
        "\"project\":{\"id\":\"7\",\"name\":\"shop\",\"slug\":\"shop\"}",
        "\"type\":\"error\"",
        "\"metadata\":{\"type\":\"ValueError\",\"value\":\"no\"}",
        "\"count\":\"2\"",
        "\"firstSeen\":\"2027-01-15T",
        "\"firstRelease\":\"1.0\"",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        cr_expect(strstr(rig.text, parts[i]) != NULL, "%s in %s", parts[i], rig.text);
    }
}

Test(api_issues, without_a_type_show_their_title_whole)
{
    struct effect effect = books_event("one", "a");
    effect.type = EVENT_DEFAULT;
    effect.title = SLICE("disk full: /var");
    books_write(&rig.books, effect);
    cr_assert_not(fault_is(api_rig_call(&rig, api_issue, id_of("a"), "")));
    cr_expect(strstr(rig.text, "\"metadata\":{\"title\":\"disk full: /var\"}") != NULL, "%s",
              rig.text);
}

Test(api_issues, are_listed_newest_first_page_by_page)
{
    static const char *const hashes[] = {"a", "b", "c", "d", "e"};
    for (int i = 0; i < 5; i++) {
        write_event(hashes[i], hashes[i], i);
    }
    char query[128] = "limit=2";
    unsigned seen = 0;
    const char *order = "edcba";
    for (unsigned page = 0; page < 3; page++) {
        cr_assert_not(fault_is(list(query)));
        unsigned count = api_rig_count(&rig, "\"shortId\"");
        cr_expect_eq(count, page < 2 ? 2u : 1u);
        for (unsigned i = 0; i < count; i++, seen++) {
            const char hash[2] = {order[seen], '\0'};
            char id[40];
            snprintf(id, sizeof(id), "\"id\":\"%s\",", id_of(hash));
            cr_expect(strstr(rig.text, id) != NULL, "%s on page %u: %s", hash, page, rig.text);
        }
        cr_expect_eq(rig.call.link != NULL, page < 2);
        if (rig.call.link != NULL) {
            const char *cursor = strstr(rig.call.link, "?cursor=");
            cr_assert_eq(strncmp(rig.call.link, "</api/0/projects/tocsin/shop/issues/?", 37), 0);
            snprintf(query, sizeof(query), "limit=2&%.*s", (int)strcspn(cursor + 1, ">"),
                     cursor + 1);
        }
    }
    cr_expect_eq(seen, 5u);
}

Test(api_issues, are_filtered_by_status)
{
    write_event("one", "a", 0);
    write_event("two", "b", 1);
    rig.request = (struct http_request){.body = SLICE("{\"status\":\"resolved\"}")};
    cr_assert_not(fault_is(api_rig_call(&rig, api_issue_update, id_of("a"), "")));
    cr_expect(strstr(rig.text, "\"status\":\"resolved\"") != NULL, "%s", rig.text);
    static const struct {
        const char *query;
        unsigned count;
    } cases[] = {
        {"", 2},
        {"query=is:unresolved", 1},
        {"query=is:resolved", 1},
        {"query=is:ignored", 0},
        {"query=is:resolved+is:unresolved", 2},
        {"query=++is:resolved++", 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert_not(fault_is(list(cases[i].query)));
        cr_expect_eq(api_rig_count(&rig, "\"shortId\""), cases[i].count, "%s: %s", cases[i].query,
                     rig.text);
    }
}

Test(api_issues, refuse_what_they_do_not_understand)
{
    static const char *const queries[] = {
        "query=level:error",   "query=is:new", "query=is:", "limit=0",  "limit=101",
        "limit=ten",           "cursor=1",     "cursor=:",  "cursor=a", "cursor=1:2:3",
        "query=is:resolved+x",
    };
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        struct fault fault = list(queries[i]);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", queries[i]);
    }
    cr_expect_not(fault_is(list("limit=1")));
    cr_expect_not(fault_is(list("limit=100")));
}

Test(api_issues, change_by_a_body_with_a_status)
{
    static const struct {
        const char *body;
        enum fault_kind kind;
    } cases[] = {
        {"{\"status\":\"ignored\"}", FAULT_NONE},
        {"{\"status\":\"ignored\"}", FAULT_NONE}, /* again */
        {"{\"status\":\"unresolved\",\"more\":1}", FAULT_NONE},
        {"{\"status\":\"gone\"}", FAULT_MALFORMED},
        {"{\"status\":1}", FAULT_MALFORMED},
        {"{}", FAULT_MALFORMED},
        {"[]", FAULT_MALFORMED},
        {"{", FAULT_MALFORMED},
        {"", FAULT_MALFORMED},
    };
    write_event("one", "a", 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rig.request = (struct http_request){.body = slice_str(cases[i].body)};
        struct fault fault = api_rig_call(&rig, api_issue_update, id_of("a"), "");
        cr_expect_eq(fault.kind, cases[i].kind, "%s: %s", cases[i].body, fault.reason);
    }
    cr_expect_str_eq(books_facts(&rig.books, "ignored", "actor"), "api ");
    cr_expect_str_eq(books_facts(&rig.books, "unresolved", "actor"), "api ");
}

Test(api_issues, that_are_not_there_are_not_found)
{
    static const char *const ids[] = {"999999", "x", "", "-1", "18446744073709551616"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        rig.request = (struct http_request){.body = SLICE("{\"status\":\"resolved\"}")};
        cr_expect_eq(api_rig_call(&rig, api_issue, ids[i], "").kind, FAULT_NOT_FOUND, "%s", ids[i]);
        cr_expect_eq(api_rig_call(&rig, api_issue_update, ids[i], "").kind, FAULT_NOT_FOUND);
        cr_expect_eq(rig.api->buffer.len, 0u);
    }
    cr_expect_eq(api_rig_call(&rig, api_issues, "nobody", "").kind, FAULT_NOT_FOUND);
}

Test(api_issues, say_when_redis_is_away)
{
    write_event("one", "a", 0);
    char id[24];
    snprintf(id, sizeof(id), "%s", id_of("a"));
    redis_server_kill(&rig.books.server);
    cr_expect_eq(list("").kind, FAULT_UNAVAILABLE);
    cr_expect_eq(api_rig_call(&rig, api_issue, id, "").kind, FAULT_UNAVAILABLE);
}
