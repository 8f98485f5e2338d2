/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"
#include <stdio.h>

TestSuite(scrub_value, .init = fixture_start);

#define GONE "" /* nothing of it is left */

static const char *kept(const struct scrub_rules *rules, const char *field, const char *text)
{
    static char out[4096];
    struct slice value = slice_str(text);
    if (!scrub_value(&arena, rules, slice_str(field), &value)) {
        return GONE;
    }
    snprintf(out, sizeof(out), "%.*s", SLICE_ARG(value));
    return out;
}

Test(scrub_value, goes_by_the_last_part_of_its_name_or_by_its_text)
{
    static const struct {
        const char *field;
        const char *text;
        const char *kept;
    } rows[] = {
        {"user.name", "ada", "ada"},
        {"source.ip", "203.0.113.7", "203.0.113.7"},
        {"user.password", "hunter2", GONE},
        {"extra.api_key", "k", GONE},
        {"tags.credit", "4111111111111111", GONE},
        {"extra.note", "card 4111 1111 1111 1111", "card [Filtered]"},
        {"extra.note", "my password is x", GONE},
        {"http.request.headers.authorization", "Basic dXNlcjpwYXNz", GONE},
        {"http.request.headers.cookie", "a=1; sessionid=abc", "a=1; sessionid=[Filtered]"},
        {"request.cookies.sessionid", "abc", GONE},
        {"request.cookies.theme", "dark", "dark"},
        {"url.query", "q=1&token=abc", "q=1&token=[Filtered]"},
        {"url.full", "https://u:p@h/x", "https://[Filtered]@h/x"},
        {"cs-cookie", "sid=5", "sid=[Filtered]"},
        {"error.message", "wrong password for ada", "wrong password for ada"},
        {"error.type", "InvalidPasswordException", "InvalidPasswordException"},
        {"event.action", "password_reset", "password_reset"},
        {"auth.method", "totp", "totp"},
        {"x", "", ""},
    };
    const struct scrub_rules *rules = scrubbed_rules();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *got = kept(rules, rows[i].field, rows[i].text);
        cr_expect_str_eq(got, rows[i].kept, "%s %s: %s", rows[i].field, rows[i].text, got);
    }
}

Test(scrub_value, follows_what_a_project_adds)
{
    const struct slice fields[] = {SLICE("account"), SLICE("pin")};
    const struct slice safe[] = {SLICE("token_count")};
    const struct scrub_options options = {.remove_addresses = true,
                                          .fields = fields,
                                          .field_count = 2,
                                          .safe = safe,
                                          .safe_count = 1};
    const struct scrub_rules *rules = scrub_rules_new(&arena, &options);
    cr_expect_str_eq(kept(rules, "source.ip", "203.0.113.7"), GONE);
    cr_expect_str_eq(kept(rules, "source.ip", "2001:db8::1"), GONE);
    cr_expect_str_eq(kept(rules, "error.message", "from 203.0.113.7 it came"), "from [ip] it came");
    cr_expect_str_eq(kept(rules, "extra.account_no", "77"), GONE);
    cr_expect_str_eq(kept(rules, "extra.pin", "1234"), GONE);
    cr_expect_str_eq(kept(rules, "extra.spinning", "1234"), "1234");
    cr_expect_str_eq(kept(rules, "extra.token_count", "9"), "9");
}

Test(scrub_value, without_memory_nothing_is_left)
{
    struct arena small;
    struct slice text = SLICE("card 4111 1111 1111 1111");
    cr_assert(arena_init(&small, 4096));
    while (arena_bytes(&small, 64) != NULL) {
    }
    cr_expect_not(scrub_value(&small, scrubbed_rules(), SLICE("extra.note"), &text));
    arena_done(&small);
}
