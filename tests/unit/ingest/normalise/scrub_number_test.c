/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_number, .init = fixture_start);

/* Card numbers are the schemes' published test numbers. */
Test(scrub_number, cards_go_however_they_are_grouped)
{
    static const struct scrubbed_row rows[] = {
        {"4111111111111111", "[Filtered]"},
        {"4111 1111 1111 1111", "[Filtered]"},
        {"card 4111-1111-1111-1111 declined", "card [Filtered] declined"},
        {"'4012888888881881'", "'[Filtered]'"},
        {"378282246310005", "[Filtered]"},
        {"3782 822463 10005", "[Filtered]"},
        {"6011111111111117", "[Filtered]"},
        {"5555555555554444,4012888888881881", "[Filtered],[Filtered]"},
        {"2223003122003222", "[Filtered]"},
        {"4222222222222", "[Filtered]"},
        {"30569309025904", "[Filtered]"},
        {"item 7 4111 1111 1111 1111", "item 7 [Filtered]"},
        {"order 12-4111 1111 1111 1111", "order 12-[Filtered]"},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_number, numbers_that_are_no_cards_stay)
{
    static const struct scrubbed_row rows[] = {
        {"4111111111111112", NULL},           /* Luhn */
        {"'4571234567890111'", NULL},         /* Luhn */
        {"1700000000000", NULL},              /* a time in ms */
        {"9999999999999995", NULL},           /* no scheme's */
        {"x4111111111111111", NULL},          /* part of a word */
        {"41111111111111110000000000", NULL}, /* longer */
        {"0.4111111111111111", NULL},         /* a fraction */
        {"4111  1111 1111 1111", NULL},       /* two spaces */
        {"2026-11-24T13:14:51.123456Z", NULL},
        {"a1b2c3d4-4111-1111-1111-111111111111", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_number, accounts_go_when_their_check_digits_are_right)
{
    static const struct scrubbed_row rows[] = {
        {"DE89370400440532013000", "[Filtered]"},
        {"DE89 3704 0044 0532 0130 00", "[Filtered]"},
        {"from GB29NWBK60161331926819.", "from [Filtered]."},
        {"NO9386011117947", "[Filtered]"},
        {"MT84MALT011000012345MTLCAST001S", "[Filtered]"},
        {"DE88370400440532013000", NULL},
        {"ID12345678901234567890", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_number, social_security_numbers_go_by_their_form)
{
    static const struct scrubbed_row rows[] = {
        {"123-45-6789", "[Filtered]"}, {"ssn 123-45-6789!", "ssn [Filtered]!"},
        {"1123-45-6789", NULL},        {"123-45-67890", NULL},
        {"123-45-6789-1", NULL},       {"9-123-45-6789", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}
