/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/say.h"
#include <criterion/criterion.h>

struct heard {
    enum alerting_log_level level;
    char text[600];
    uint32_t count;
};

static void hear(void *context, enum alerting_log_level level, const char *text)
{
    struct heard *heard = context;
    heard->level = level;
    heard->count++;
    snprintf(heard->text, sizeof(heard->text), "%s", text);
}

Test(say, hands_over_one_formatted_line)
{
    struct heard heard = {0};
    struct say to = {hear, &heard};

    say(&to, ALERTING_WARNING, "%s waits %d ms", "redis", 7);

    cr_expect_str_eq(heard.text, "redis waits 7 ms");
    cr_expect_eq(heard.level, ALERTING_WARNING);
    cr_expect_eq(heard.count, 1);
}

Test(say, cuts_a_long_line_at_500_bytes)
{
    struct heard heard = {0};
    struct say to = {hear, &heard};

    say(&to, ALERTING_INFO, "%0600d", 7);

    cr_expect_eq(strlen(heard.text), 499);
}

Test(say, is_silent_without_a_listener)
{
    struct say to = {NULL, NULL};
    say(&to, ALERTING_ERROR, "%s", "nobody hears this");
}
