/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/buffer.h"
#include <criterion/criterion.h>

Test(buffer, grows_and_keeps_what_was_appended)
{
    struct buffer buffer;
    buffer_init(&buffer, 1u << 20);

    for (int i = 0; i < 10000; i++) {
        buffer_byte(&buffer, (char)('a' + i % 26));
    }
    buffer_printf(&buffer, "<%d>", 42);

    struct slice text = buffer_slice(&buffer);
    cr_expect_eq(text.len, 10004);
    cr_expect_eq(text.at[9999], 'a' + 9999 % 26);
    cr_expect(slice_ends(text, SLICE("<42>")));
    buffer_done(&buffer);
}

Test(buffer, holds_its_maximum_and_not_one_byte_more)
{
    struct buffer buffer;
    buffer_init(&buffer, 4);

    buffer_add(&buffer, SLICE("abcd"));
    cr_expect_not(buffer.overflowed);
    buffer_byte(&buffer, 'e');

    cr_expect(buffer.overflowed);
    cr_expect(slice_eq(buffer_slice(&buffer), SLICE("abcd")));
    buffer_done(&buffer);
}

Test(buffer, adds_nothing_more_once_it_overflowed)
{
    struct buffer buffer;
    buffer_init(&buffer, 4);

    buffer_add(&buffer, SLICE("abcde"));
    buffer_add(&buffer, SLICE("a"));

    cr_expect_eq(buffer_slice(&buffer).len, 0);
    buffer_reset(&buffer);
    buffer_add(&buffer, SLICE("a"));
    cr_expect(slice_eq(buffer_slice(&buffer), SLICE("a")));
    buffer_done(&buffer);
}

Test(buffer, over_a_borrowed_span_never_leaves_it)
{
    struct buffer buffer;
    char room[8];
    buffer_over(&buffer, room, sizeof(room));

    buffer_add(&buffer, SLICE("12345678"));
    cr_expect_eq((const char *)buffer_slice(&buffer).at, room);
    cr_expect_not(buffer.overflowed);
    buffer_byte(&buffer, '9');

    cr_expect(buffer.overflowed);
    cr_expect(slice_eq(buffer_slice(&buffer), SLICE("12345678")));
}
