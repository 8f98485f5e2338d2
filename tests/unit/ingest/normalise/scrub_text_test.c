/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"
#include <stdio.h>

TestSuite(scrub_text, .init = fixture_start);

Test(scrub_text, data_that_speaks_of_a_secret_goes_whole)
{
    static const struct scrubbed_row rows[] = {
        {"my password is hunter2", "[Filtered]"},
        {"{\"secret\":1}", "[Filtered]"},
        {"login=jane&password=x", "login=jane&password=[Filtered]"},
        {"https://h/secret/list?page=2", NULL},
        {"/var/run/secrets/kubernetes.io", NULL},
        {"django.contrib.auth", NULL},
        {"the token is missing", NULL},
        {"token:abc", "token:[Filtered]"},
        {"[Filtered]", NULL},
        {"", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_DATA);
}

Test(scrub_text, remarks_tell_where_in_the_new_text_something_is_gone)
{
    struct scrub_rewrite rewrite;
    struct slice text = SLICE("4111111111111111 and https://a:b@c");
    cr_assert(scrub_text(&arena, scrubbed_rules(), text, SCRUB_MESSAGE, &rewrite));
    EXPECT_TEXT(rewrite.text, "[Filtered] and https://[Filtered]@c");
    cr_assert_eq(rewrite.count, 2);
    cr_expect(rewrite.remarks[0].from == 0 && rewrite.remarks[0].to == 10);
    cr_expect_eq(rewrite.remarks[0].reason, SCRUB_CARD);
    cr_expect(rewrite.remarks[1].from == 23 && rewrite.remarks[1].to == 33);
    cr_expect_eq(rewrite.remarks[1].reason, SCRUB_URL);
}

Test(scrub_text, spans_that_meet_are_one)
{
    struct scrub_rewrite rewrite;
    struct slice text = SLICE("token=4111111111111111");
    cr_assert(scrub_text(&arena, scrubbed_rules(), text, SCRUB_MESSAGE, &rewrite));
    EXPECT_TEXT(rewrite.text, "token=[Filtered]");
    cr_expect_eq(rewrite.count, 1);
}

Test(scrub_text, more_secrets_than_can_be_told_apart_take_the_text_with_them)
{
    char text[4096] = "";
    size_t length = 0;
    for (unsigned i = 0; i < SCRUB_SPANS_MAX + 1; i++) {
        length += (size_t)snprintf(text + length, sizeof(text) - length, "token=a%u ", i);
    }
    EXPECT_TEXT(scrubbed_text(scrubbed_rules(), text, SCRUB_MESSAGE), "[Filtered]");
    text[length - sizeof("token=a32")] = '\0'; /* one fewer */
    struct slice got = scrubbed_text(scrubbed_rules(), text, SCRUB_MESSAGE);
    cr_expect(slice_starts(got, SLICE("token=[Filtered] token=[Filtered]")));
}

Test(scrub_text, a_second_time_changes_nothing)
{
    static const char *const texts[] = {
        "redis://:p@ss@host//x:y@z",
        "password=a password=\"b c\" token: 77",
        "Bearer Bearer a",
        "4111111111111111-4111111111111111",
        "-----BEGIN KEY-----x",
        "a=1;password=b;c",
        "123-45-6789 DE89370400440532013000",
    };
    const struct scrub_rules *rules = scrubbed_rules();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (int depth = SCRUB_MESSAGE; depth <= SCRUB_COOKIES; depth++) {
            struct scrub_rewrite rewrite;
            struct slice once = scrubbed_text(rules, texts[i], (enum scrub_depth)depth);
            cr_expect_not(scrub_text(&arena, rules, once, (enum scrub_depth)depth, &rewrite),
                          "%s became %.*s", texts[i], SLICE_ARG(once));
        }
    }
}
