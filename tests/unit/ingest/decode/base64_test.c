/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/base64.h"
#include <criterion/criterion.h>

static char room[4096];

static struct fault decode(struct slice text, struct slice *out)
{
    struct arena arena;
    arena_over(&arena, room, sizeof(room));
    return base64_decode(&arena, text, out);
}

Test(base64, decodes_the_rfc_vectors_and_what_clients_make_of_them)
{
    static const struct {
        struct slice text;
        struct slice bytes;
    } cases[] = {
        {SLICE_INIT(""), SLICE_INIT("")},
        {SLICE_INIT("Zg=="), SLICE_INIT("f")},
        {SLICE_INIT("Zm8="), SLICE_INIT("fo")},
        {SLICE_INIT("Zm9v"), SLICE_INIT("foo")},
        {SLICE_INIT("Zm9vYg=="), SLICE_INIT("foob")},
        {SLICE_INIT("Zm9vYmE="), SLICE_INIT("fooba")},
        {SLICE_INIT("Zm9vYmFy"), SLICE_INIT("foobar")},
        {SLICE_INIT("Zm9vYg"), SLICE_INIT("foob")},
        {SLICE_INIT("Zm9v\nYmFy\r\n"), SLICE_INIT("foobar")},
        {SLICE_INIT("+/+/"), SLICE_INIT("\xfb\xff\xbf")},
        {SLICE_INIT("-_-_"), SLICE_INIT("\xfb\xff\xbf")},
        {SLICE_INIT("AAAA"), SLICE_INIT("\0\0\0")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice bytes;
        struct fault fault = decode(cases[i].text, &bytes);
        cr_expect_not(fault_is(fault), "%s: %s", cases[i].text.at, fault.reason);
        cr_expect(slice_eq(bytes, cases[i].bytes), "%s", cases[i].text.at);
    }
}

Test(base64, says_where_it_is_wrong)
{
    static const struct {
        struct slice text;
        size_t offset;
    } cases[] = {
        {SLICE_INIT("Zm9v!"), 4}, {SLICE_INIT("Zg==Zg"), 4}, {SLICE_INIT("Zm9vY"), 5},
        {SLICE_INIT("\xff"), 0},  {SLICE_INIT("Zm\0v"), 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice bytes;
        struct fault fault = decode(cases[i].text, &bytes);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%zu", i);
        cr_expect_eq(fault.offset, cases[i].offset, "%zu", i);
    }
}

Test(base64, is_too_big_for_a_full_arena)
{
    struct arena arena;
    struct slice bytes;
    arena_over(&arena, room, 4);
    cr_expect_eq(base64_decode(&arena, SLICE("Zm9vYmFy"), &bytes).kind, FAULT_TOO_BIG);
}
