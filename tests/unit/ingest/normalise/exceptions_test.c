/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(exceptions, .init = fixture_start);

Test(exceptions, type_is_found_in_front_of_the_value)
{
    static const char *const rows[][4] = {
        /* sent type, sent value, type, value */
        {"", "TypeError: x is undefined", "TypeError", "x is undefined"},
        {"", "com.shop.CartError:  empty ", "com.shop.CartError", "empty"},
        {" KeyError ", " no: 7 ", "KeyError", "no: 7"},
        {"", "could not open: no such file", "", "could not open: no such file"},
        {"", "TypeError:x", "TypeError", "x"},
        {"", "shop.Error:x", "", "shop.Error:x"},
        {"", "TypeError: x\ny", "", "TypeError: x\ny"},
        {"", ": x", "", ": x"},
        {"", "TypeError:", "", "TypeError:"},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct exception exception = {.type = slice_str(rows[i][0]),
                                      .value = slice_str(rows[i][1])};
        struct event event = {.exceptions = &exception, .exception_count = 1};
        step_exceptions(&arena, &input, &event);
        EXPECT_TEXT(exception.type, rows[i][2]);
        EXPECT_TEXT(exception.value, rows[i][3]);
    }
}

Test(exceptions, texts_at_the_limit_stay_and_past_it_are_cut)
{
    static char text[MESSAGE_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    struct exception list[] = {
        {.type = slice_of(text, MESSAGE_BYTES_MAX), .value = slice_of(text, MESSAGE_BYTES_MAX + 1)},
        {.type = slice_of(text, MESSAGE_BYTES_MAX + 1), .value = slice_of(text, MESSAGE_BYTES_MAX)},
    };
    struct event event = {.exceptions = list, .exception_count = 2};
    step_exceptions(&arena, &input, &event);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(list[i].type.len, MESSAGE_BYTES_MAX);
        cr_expect_eq(list[i].value.len, MESSAGE_BYTES_MAX);
    }
}
