/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static struct arena arena;

static void start(void)
{
    cr_assert(arena_init(&arena, 64u << 20));
}

static void stop(void)
{
    arena_done(&arena);
}

TestSuite(json_limits, .init = start, .fini = stop);

/* [[[…]]] */
static struct fault parse_nested(size_t depth, struct value **root)
{
    char *text = arena_bytes(&arena, 2 * depth);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return value_parse_json(&arena, slice_of(text, 2 * depth), root);
}

/* [1,1,…] with so many values, the list included. */
static struct fault parse_values(size_t values, struct value **root)
{
    size_t length = 2 * (values - 1) + 1;
    char *text = arena_bytes(&arena, length);
    text[0] = '[';
    for (size_t i = 1; i < length; i += 2) {
        text[i] = '1';
        text[i + 1] = ',';
    }
    text[length - 1] = ']';
    return value_parse_json(&arena, slice_of(text, length), root);
}

Test(json_limits, nests_to_the_limit)
{
    struct value *root = NULL;
    cr_expect_not(fault_is(parse_nested(JSON_DEPTH_MAX, &root)));
}

Test(json_limits, refuses_one_level_more)
{
    struct value *root = NULL;
    struct fault fault = parse_nested(JSON_DEPTH_MAX + 1, &root);
    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
    cr_expect_eq(fault.offset, JSON_DEPTH_MAX + 1);
    cr_expect_str_eq(fault.reason, "json: nested deeper than allowed");
    cr_expect_null(root);
}

Test(json_limits, holds_as_many_values_as_allowed)
{
    struct value *root = NULL;
    cr_assert_not(fault_is(parse_values(JSON_VALUES_MAX, &root)));
    cr_expect_eq(root->count, JSON_VALUES_MAX - 1);
}

Test(json_limits, refuses_one_value_more)
{
    struct value *root = NULL;
    struct fault fault = parse_values(JSON_VALUES_MAX + 1, &root);
    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
    cr_expect_str_eq(fault.reason, "json: more values than allowed");
    cr_expect_null(root);
}

Test(json_limits, what_may_be_read_may_be_written)
{
    struct value *root = NULL;
    struct buffer out;
    struct json json;
    cr_assert_not(fault_is(parse_nested(JSON_DEPTH_MAX, &root)));
    buffer_init(&out, 4096);
    json_init(&json, &out);
    for (unsigned i = JSON_DEPTH_MAX; i < JSON_WRITE_DEPTH_MAX; i++) {
        json_list(&json);
    }

    json_value(&json, root);

    cr_expect_eq(buffer_slice(&out).len, JSON_WRITE_DEPTH_MAX + JSON_DEPTH_MAX);
    buffer_done(&out);
}
