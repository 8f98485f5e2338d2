/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/pack.h"

#include <criterion/criterion.h>

static struct buffer out;

static void set_up(void)
{
    buffer_init(&out, 1 << 20);
}

static void tear_down(void)
{
    buffer_done(&out);
}

TestSuite(pack, .init = set_up, .fini = tear_down);

static void expect_head(const char *bytes, size_t size, const char *name)
{
    cr_expect(slice_eq(slice_head(buffer_slice(&out), size), slice_of(bytes, size)), "%s", name);
}

Test(pack, an_array_takes_the_shortest_form_of_its_length)
{
    static const struct {
        uint32_t count;
        const char *bytes;
        size_t size;
    } cases[] = {{0, "\x90", 1},
                 {15, "\x9f", 1},
                 {16, "\xdc\x00\x10", 3},
                 {65535, "\xdc\xff\xff", 3},
                 {65536, "\xdd\x00\x01\x00\x00", 5},
                 {UINT32_MAX, "\xdd\xff\xff\xff\xff", 5}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buffer_reset(&out);
        pack_array(&out, cases[i].count);
        cr_expect_eq(out.len, cases[i].size);
        expect_head(cases[i].bytes, cases[i].size, "array");
    }
}

Test(pack, a_text_takes_the_shortest_form_of_its_length)
{
    static char text[70000];
    static const struct {
        size_t len;
        const char *bytes;
        size_t size;
    } cases[] = {{0, "\xa0", 1},
                 {31, "\xbf", 1},
                 {32, "\xd9\x20", 2},
                 {255, "\xd9\xff", 2},
                 {256, "\xda\x01\x00", 3},
                 {65535, "\xda\xff\xff", 3},
                 {65536, "\xdb\x00\x01\x00\x00", 5}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buffer_reset(&out);
        pack_text(&out, slice_of(text, cases[i].len));
        cr_expect_eq(out.len, cases[i].size + cases[i].len);
        expect_head(cases[i].bytes, cases[i].size, "text");
    }
}

Test(pack, an_integer_keeps_its_value_at_every_border)
{
    static const struct {
        int64_t number;
        const char *bytes;
        size_t size;
    } cases[] = {{0, "\x00", 1},
                 {127, "\x7f", 1},
                 {128, "\xce\x00\x00\x00\x80", 5},
                 {UINT32_MAX, "\xce\xff\xff\xff\xff", 5},
                 {INT64_C(4294967296), "\xd3\x00\x00\x00\x01\x00\x00\x00\x00", 9},
                 {INT64_MAX, "\xd3\x7f\xff\xff\xff\xff\xff\xff\xff", 9},
                 {-1, "\xd3\xff\xff\xff\xff\xff\xff\xff\xff", 9},
                 {INT64_MIN, "\xd3\x80\x00\x00\x00\x00\x00\x00\x00", 9}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buffer_reset(&out);
        pack_integer(&out, cases[i].number);
        cr_expect_eq(out.len, cases[i].size);
        expect_head(cases[i].bytes, cases[i].size, "integer");
    }
}

Test(pack, text_may_hold_any_bytes)
{
    pack_text(&out, slice_of("\0\xff\n", 3));

    expect_head("\xa3\0\xff\n", 4, "text");
}
