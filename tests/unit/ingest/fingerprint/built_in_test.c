/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/fingerprint_rules.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(built_in, .init = fixture_start);

static struct event page(struct exception *exception)
{
    return (struct event){
        .platform = SLICE("javascript"), .exceptions = exception, .exception_count = 1};
}

Test(built_in, gone_parts_of_a_web_application_are_one_issue)
{
    struct exception by_type = {.type = SLICE("ChunkLoadError"), .value = SLICE("x")};
    struct exception by_value = {.type = SLICE("Error"), .value = SLICE("ChunkLoadError: y")};
    struct event one = page(&by_type);
    struct event other = page(&by_value);
    cr_assert(fingerprint_rules_apply(&arena, NULL, &one));
    cr_assert(fingerprint_rules_apply(&arena, NULL, &other));
    cr_expect(slice_eq(one.fingerprint[0], SLICE("chunkloaderror")));
    cr_expect(slice_eq(other.fingerprint[0], SLICE("chunkloaderror")));
    cr_expect(slice_starts(one.fingerprint_rule, SLICE("built in")));
    one.platform = SLICE("python");
    cr_expect_not(fingerprint_rules_apply(&arena, NULL, &one));
}

Test(built_in, hydration_errors_are_one_issue_a_page)
{
    struct exception text = {.type = SLICE("Error"),
                             .value = SLICE("Text content does not match server-rendered HTML.")};
    struct tag tag = {SLICE("transaction"), SLICE("/cart")};
    struct event event = page(&text);
    cr_expect_not(fingerprint_rules_apply(&arena, NULL, &event), "of which page is not known");
    event.tags = &tag;
    event.tag_count = 1;
    cr_assert(fingerprint_rules_apply(&arena, NULL, &event));
    cr_expect_eq(event.fingerprint_count, 2);
    cr_expect(slice_eq(event.fingerprint[1], SLICE("{{ tags.transaction }}")));
}
