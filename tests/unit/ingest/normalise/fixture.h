/* SPDX-License-Identifier: Apache-2.0 */
/* fixture — an arena, what the steps are told from outside, and short ways to expect text. */
#pragma once
#include "ingest/base/limits.h"
#include "ingest/normalise/steps.h"
#include <criterion/criterion.h>

#define S(literal) SLICE_INIT(literal)

#define FIXTURE_NOW_US INT64_C(1795000000000000)

static struct arena arena;
static struct normalise_input input;
static _Alignas(16) char fixture_room[1 << 20];

static inline void fixture_start(void)
{
    arena_over(&arena, fixture_room, sizeof(fixture_room));
    input = (struct normalise_input){
        .received_us = FIXTURE_NOW_US, .client_address = SLICE("192.0.2.7"), .seed = {{1, 2, 3}}};
}

#define EXPECT_TEXT(is, expected)                                                                  \
    do {                                                                                           \
        struct slice got = (is);                                                                   \
        cr_expect(slice_eq(got, slice_str(expected)), "%.*s is not %s", SLICE_ARG(got),            \
                  (const char *)(expected));                                                       \
    } while (0)

/* The tree of `json`, which must be valid. */
static inline const struct value *fixture_tree(const char *json)
{
    struct value *root = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &root)), "%s", json);
    return root;
}
