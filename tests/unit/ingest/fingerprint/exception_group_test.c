/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/fingerprint/exception.h"
#include "tests/unit/ingest/fingerprint/fixture.h"
#include <stdio.h>

TestSuite(exception_group, .init = fixture_start);

#define LEAF(name, text, own, of)                                                                  \
    {                                                                                              \
        .type = S(name), .value = S(text), .exception_id = (own), .parent_id = (of)                \
    }
#define GROUP(name, own, of)                                                                       \
    {                                                                                              \
        .type = S(name), .value = S("several"), .exception_id = (own), .parent_id = (of),          \
        .is_group = true                                                                           \
    }

/* The types that count, in their order, with '|' between. */
static const char *types(struct exception *exceptions, uint32_t count)
{
    static char text[256];
    const struct exception *out[EXCEPTIONS_MAX];
    struct event event = {.exceptions = exceptions, .exception_count = count};
    uint32_t left = exceptions_distinct(&arena, &event, out);
    text[0] = '\0';
    for (uint32_t i = 0; i < left; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof(text) - used, "%s%.*s", i > 0 ? "|" : "",
                 SLICE_ARG(out[i]->type));
    }
    return text;
}

#define TYPES(list) types(list, sizeof(list) / sizeof((list)[0]))

Test(exception_group, distinct_members_and_the_root_count)
{
    struct exception list[] = {LEAF("Apple", "1", 2, 0), LEAF("Pear", "2", 1, 0),
                               GROUP("Group", 0, -1)};
    cr_expect_str_eq(TYPES(list), "Pear|Apple|Group");
}

Test(exception_group, members_are_found_below_nested_groups)
{
    struct exception list[] = {LEAF("Pear", "2", 3, 1), LEAF("Apple", "1", 2, 1),
                               GROUP("Inner", 1, 0), GROUP("Group", 0, -1)};
    cr_expect_str_eq(TYPES(list), "Pear|Apple|Group");
}

Test(exception_group, members_that_say_the_same_count_once_with_their_causes)
{
    struct exception list[] = {LEAF("Cause", "x", 4, 3), LEAF("Pear", "no 7", 3, 0),
                               LEAF("Cause", "x", 2, 1), LEAF("Pear", "no 8", 1, 0),
                               GROUP("Group", 0, -1)};
    cr_expect_str_eq(TYPES(list), "Pear|Cause");
}

Test(exception_group, order_of_failure_does_not_matter)
{
    struct exception one[] = {LEAF("Apple", "1", 2, 0), LEAF("Pear", "2", 1, 0),
                              GROUP("Group", 0, -1)};
    struct exception other[] = {LEAF("Pear", "2", 2, 0), LEAF("Apple", "1", 1, 0),
                                GROUP("Group", 0, -1)};
    char first[64];
    snprintf(first, sizeof(first), "%s", TYPES(one));
    cr_expect_str_eq(first, TYPES(other));
}

Test(exception_group, what_is_no_tree_is_taken_as_a_list)
{
    struct exception twice[] = {LEAF("A", "1", 1, 0), LEAF("B", "2", 1, 0), GROUP("G", 0, -1)};
    struct exception itself[] = {LEAF("A", "1", 1, 1), GROUP("G", 0, -1)};
    struct exception stranger[] = {LEAF("A", "1", 1, 9), GROUP("G", 0, -1)};
    struct exception circle[] = {LEAF("A", "1", 1, 2), LEAF("B", "2", 2, 1), GROUP("G", 0, -1)};
    struct exception rootless[] = {LEAF("A", "1", 2, 1), GROUP("G", 1, -1)};
    struct exception owned[] = {LEAF("A", "1", 1, 0), GROUP("G", 0, 0)};
    struct exception unnumbered[] = {LEAF("A", "1", -1, -1), GROUP("G", 0, -1)};
    struct exception barren[] = {GROUP("A", 1, 0), GROUP("G", 0, -1)};
    cr_expect_str_eq(TYPES(twice), "A|B|G");
    cr_expect_str_eq(TYPES(itself), "A|G");
    cr_expect_str_eq(TYPES(stranger), "A|G");
    cr_expect_str_eq(TYPES(circle), "A|B|G");
    cr_expect_str_eq(TYPES(rootless), "A|G");
    cr_expect_str_eq(TYPES(owned), "A|G");
    cr_expect_str_eq(TYPES(unnumbered), "A|G");
    cr_expect_str_eq(TYPES(barren), "A|G");
}

Test(exception_group, as_many_as_are_decoded_fit)
{
    struct exception list[EXCEPTIONS_MAX];
    const struct exception *out[EXCEPTIONS_MAX];
    for (int64_t i = 0; i < (int64_t)EXCEPTIONS_MAX; i++) {
        list[EXCEPTIONS_MAX - 1 - i] = (struct exception){
            .type = SLICE("E"), .value = SLICE("deep"), .exception_id = i, .parent_id = i - 1};
    }
    struct event event = {.exceptions = list, .exception_count = EXCEPTIONS_MAX};
    cr_expect_eq(exceptions_distinct(&arena, &event, out), EXCEPTIONS_MAX);
    cr_expect_eq(out[0], &list[EXCEPTIONS_MAX - 1]);
}

Test(exception_group, ids_that_go_round_make_no_tree)
{
    struct exception held[] = {LEAF("A", "1", 2, 1), GROUP("B", 1, 0), GROUP("G", 0, 1)};
    struct exception causes[] = {LEAF("A", "1", 1, 0), LEAF("B", "2", 0, 1)};
    cr_expect_str_eq(TYPES(held), "A|B|G");
    cr_expect_str_eq(TYPES(causes), "A|B");
}

Test(exception_group, python_3_is_taken_as_a_list)
{
    struct exception list[] = {LEAF("Apple", "1", 1, 0), GROUP("Group", 0, -1)};
    const struct exception *out[EXCEPTIONS_MAX];
    struct event event = {.platform = SLICE("python"),
                          .sdk_version = SLICE("3.1.0"),
                          .exceptions = list,
                          .exception_count = 2};
    cr_expect_eq(exceptions_distinct(&arena, &event, out), 2);
    event.sdk_version = SLICE("2.9.0");
    cr_expect_eq(exceptions_distinct(&arena, &event, out), 1);
}
