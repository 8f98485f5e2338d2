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

TestSuite(api_merge, .init = setup, .fini = teardown);

static const char *id_of(const char *hash)
{
    static char texts[4][24];
    static unsigned next;
    char *text = texts[next++ % 4];
    snprintf(text, 24, "%llu", (unsigned long long)books_issue_id(&rig.books, hash));
    return text;
}

/* Two issues, by the hashes "a" and "b". */
static void make_two(void)
{
    books_write(&rig.books, books_event("one", "a"));
    books_write(&rig.books, books_event("two", "b"));
}

static struct fault merge(const char *query, const char *body)
{
    rig.request = (struct http_request){.query = slice_str(query), .body = slice_str(body)};
    return api_rig_call(&rig, api_merge, "shop", "");
}

static struct fault merge_two(void)
{
    char query[64];
    make_two();
    snprintf(query, sizeof(query), "id=%s&id=%s", id_of("a"), id_of("b"));
    return merge(query, "{\"merge\":1}");
}

Test(api_merge, tells_parent_and_children)
{
    char expected[96];
    cr_assert_not(fault_is(merge_two()));
    snprintf(expected, sizeof(expected), "{\"merge\":{\"parent\":\"%s\",\"children\":[\"%s\"]}}",
             id_of("a"), id_of("b"));
    cr_expect_str_eq(rig.text, expected);
    cr_assert_not(fault_is(api_rig_call(&rig, api_issue, id_of("b"), "")));
    cr_expect(strstr(rig.text, "\"count\":\"2\"") != NULL, "%s", rig.text);
}

Test(api_merge, lists_hashes_and_takes_a_part_out_again)
{
    char hex[ID_HEX_BYTES + 1];
    char query[64];
    char expected[64];
    cr_assert_not(fault_is(merge_two()));
    cr_assert_not(fault_is(api_rig_call(&rig, api_hashes, id_of("a"), "")));
    cr_expect(strstr(rig.text, "\"merged\":false") != NULL, "%s", rig.text);
    cr_expect(strstr(rig.text, "\"merged\":true") != NULL, "%s", rig.text);

    id_format(books_id("b"), hex);
    snprintf(query, sizeof(query), "id=%s", hex);
    rig.request = (struct http_request){.query = slice_str(query)};
    cr_assert_not(fault_is(api_rig_call(&rig, api_unmerge, id_of("a"), "")));
    snprintf(expected, sizeof(expected), "{\"id\":\"%s\"}", id_of("b"));
    cr_expect_str_eq(rig.text, expected);
}

Test(api_merge, refuses_what_it_cannot_do)
{
    make_two();
    cr_expect_eq(merge("id=1", "{\"merge\":1}").kind, FAULT_MALFORMED);
    cr_expect_eq(merge("id=1&id=x", "{\"merge\":1}").kind, FAULT_MALFORMED);
    cr_expect_eq(merge("id=1&id=2", "{\"status\":\"resolved\"}").kind, FAULT_MALFORMED);
    cr_expect_eq(merge("id=1&id=2", "{").kind, FAULT_MALFORMED);
    cr_expect_eq(merge("id=64007&id=64071", "{\"merge\":true}").kind, FAULT_NOT_FOUND);
    rig.request = (struct http_request){.query = SLICE("id=xyz")};
    cr_expect_eq(api_rig_call(&rig, api_unmerge, id_of("a"), "").kind, FAULT_MALFORMED);
    cr_expect_eq(api_rig_call(&rig, api_unmerge, "x", "").kind, FAULT_NOT_FOUND);
    cr_expect_eq(api_rig_call(&rig, api_hashes, "64007", "").kind, FAULT_NOT_FOUND);
}
