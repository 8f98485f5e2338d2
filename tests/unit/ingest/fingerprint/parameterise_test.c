/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/fingerprint/parameterise.h"
#include "tests/unit/ingest/fingerprint/parameters.h"

#define CHECK(rows) parameters_check(rows, sizeof(rows) / sizeof((rows)[0]))

static struct arena arena;
static _Alignas(16) char room[1 << 20];

static void start(void)
{
    arena_over(&arena, room, sizeof(room));
}

TestSuite(parameterise, .init = start);

Test(parameterise, values_after_an_equals_sign)
{
    static const struct parameters_row rows[] = {
        {"name='x y 7'", "name=<quoted_str>"},
        {"name=\"x\"", "name=<quoted_str>"},
        {"name='x\"", NULL},
        {"name = 'x'", NULL},
        {"name=''", NULL},
        {"dry=True", "dry=<bool>"},
        {"dry=false", "dry=<bool>"},
        {"dry = false", NULL},
        {"true", NULL},
        {"dry=falsehood", NULL},
        {"id=7", "id=<int>"},
    };
    CHECK(rows);
}

Test(parameterise, whole_messages)
{
    static const struct parameters_row rows[] = {
        {"user 4711 from 10.0.0.7 timed out after 30.5s",
         "user <int> from <ip> timed out after <duration>"},
        {"GET https://example.com/cart/7 failed: 502", "GET <url> failed: <int>"},
        {"[2026-11-24 17:04:31] worker 3: ann@example.com 0x7ffe",
         "[<date>] worker <int>: <email> <hex>"},
        {"KeyError: 'k9'", NULL},
        {"a quick brown fox", NULL},
        {"größe 7 überschritten", "größe <int> überschritten"},
        {"日本語7", NULL},
    };
    CHECK(rows);
}

Test(parameterise, what_was_replaced_stays_as_it_is)
{
    static const char *const texts[] = {
        "1 2.5 0x7 a@b.com http://x.y/ example.com ::1 17:04 30s 'q' b='q' c=True",
        "00:1b:44:11:3a:b7 d41d8cd98f00b204e9800998ecf8427e deadbeef a93c7d2",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct slice once = parameterise(&arena, slice_str(texts[i]));
        struct slice twice = parameterise(&arena, once);
        cr_expect(slice_eq(once, twice), "%.*s", SLICE_ARG(twice));
    }
}

Test(parameterise, message_without_values_is_given_back_itself)
{
    struct slice text = SLICE("nothing to see here");
    cr_expect_eq(parameterise(&arena, text).at, text.at);
    cr_expect_eq(parameterise(&arena, slice_of(NULL, 0)).len, 0);
    cr_expect_eq(arena.used, 0);
}

Test(parameterise, at_the_limit_is_done_and_past_it_is_not)
{
    static char text[PARAMETERISE_BYTES_MAX + 1];
    memset(text, ' ', sizeof(text));
    text[0] = '7';
    struct slice plain = parameterise(&arena, slice_of(text, PARAMETERISE_BYTES_MAX));
    cr_expect(slice_starts(plain, SLICE("<int> ")));
    plain = parameterise(&arena, slice_of(text, PARAMETERISE_BYTES_MAX + 1));
    cr_expect_eq(plain.at, text);
}

Test(parameterise, longest_output_fits)
{
    static char text[PARAMETERISE_BYTES_MAX];
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = i % 2 == 0 ? '7' : ' ';
    }
    struct slice plain = parameterise(&arena, slice_of(text, sizeof(text)));
    cr_expect_eq(plain.len, sizeof(text) * 3, "%zu", plain.len);
}

Test(parameterise, full_arena_leaves_the_message_and_says_so)
{
    struct slice text = SLICE("user 7");
    arena_over(&arena, room, 16);
    cr_expect_eq(parameterise(&arena, text).at, text.at);
    cr_expect(arena.exhausted);
}

Test(parameterise, unfriendly_messages_take_no_more_than_linear_time)
{
    static char text[PARAMETERISE_BYTES_MAX];
    static const char *const patterns[] = {
        "a.", "a@", "a://", "1:", "::", "1-", "='", "Jan ", "ff:"};
    for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
        size_t length = strlen(patterns[p]);
        for (size_t i = 0; i < sizeof(text); i++) {
            text[i] = patterns[p][i % length];
        }
        for (unsigned times = 0; times < 50; times++) {
            arena_over(&arena, room, sizeof(room));
            (void)parameterise(&arena, slice_of(text, sizeof(text)));
        }
        cr_expect_not(arena.exhausted, "%s", patterns[p]);
    }
}
