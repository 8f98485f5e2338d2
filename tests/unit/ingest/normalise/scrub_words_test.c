/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/scrub_words.h"
#include "tests/unit/ingest/normalise/fixture.h"
#include <stdio.h>

TestSuite(scrub_words, .init = fixture_start);

static struct scrub_words words;

static void learn(const char *const *list, size_t count)
{
    words = (struct scrub_words){0};
    for (size_t i = 0; i < count; i++) {
        cr_assert(scrub_words_add(&words, slice_str(list[i]), (uint8_t)i));
    }
    scrub_words_ready(&words);
}

Test(scrub_words, each_word_is_found_wherever_it_stands_in_any_case)
{
    static const char *const list[] = {"password", "auth", "api_key", "token", "secret"};
    static const char *const around[] = {"", "x", "xy", "some text before and ", "aaapaautoke"};
    learn(list, 5);
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 25; k++) {
            char text[128];
            struct scrub_hit hit;
            snprintf(text, sizeof(text), "%s%s%s", around[k / 5], list[i], around[k % 5]);
            text[strlen(around[k / 5])] &= (char)~0x20;
            cr_assert(scrub_words_find(&words, slice_str(text), 0, &hit), "%s", text);
            cr_expect_eq(hit.from, strlen(around[k / 5]), "%s", text);
            cr_expect_eq(hit.to, hit.from + strlen(list[i]));
            cr_expect_eq(hit.kind, i);
        }
    }
}

Test(scrub_words, all_hits_of_a_text_come_one_after_the_other)
{
    static const char *const list[] = {"auth", "token"};
    struct scrub_hit hit;
    learn(list, 2);
    struct slice text = SLICE("auth,tokenauth token");
    static const size_t expected[] = {0, 5, 10, 15};
    size_t from = 0;
    for (size_t i = 0; i < 4; i++) {
        cr_assert(scrub_words_find(&words, text, from, &hit));
        cr_expect_eq(hit.from, expected[i]);
        from = hit.from + 1;
    }
    cr_expect_not(scrub_words_find(&words, text, from, &hit));
}

Test(scrub_words, nothing_is_found_in_what_is_shorter_or_only_alike)
{
    static const char *const list[] = {"auth", "token"};
    static const char *const texts[] = {"", "a", "aut", "tokem", "aut h", "AU\x14H", "authtoke"};
    struct scrub_hit hit;
    learn(list, 2);
    for (size_t i = 0; i < 6; i++) {
        cr_expect_not(scrub_words_find(&words, slice_str(texts[i]), 0, &hit), "%s", texts[i]);
    }
    cr_expect(scrub_words_find(&words, slice_str(texts[6]), 0, &hit));
}

Test(scrub_words, too_many_and_too_short_ones_are_refused)
{
    words = (struct scrub_words){0};
    cr_expect_not(scrub_words_add(&words, SLICE("ab"), 0));
    for (unsigned i = 0; i < SCRUB_WORDS_MAX; i++) {
        cr_assert(scrub_words_add(&words, SLICE("abc"), 0));
    }
    cr_expect_not(scrub_words_add(&words, SLICE("abc"), 0));
}

Test(scrub_words, no_words_find_nothing)
{
    struct scrub_hit hit;
    words = (struct scrub_words){0};
    cr_expect_not(scrub_words_find(&words, SLICE("password"), 0, &hit));
}
