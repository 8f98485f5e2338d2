/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_rules, .init = fixture_start);

Test(scrub_rules, names_of_the_field_are_sensitive_as_parts_of_names)
{
    static const char *const names[] = {
        "password",        "db_password",   "PASSWD",       "the_secret",
        "api_key",         "x-api-key",     "apiKey",       "ApiKey",
        "Authorization",   "authorisation", "oauth",        "credentials",
        "mysql_pwd",       "privatekey",    "private-key",  "access_token",
        "csrfToken",       "bearer",        "otp",          "two-factor",
        "two_factor",      "Session",       "jwt",          "PHPSESSIONID",
        "session_id",      "ssn",           "card[number]", "client_secret",
        "a_password_here",
    };
    const struct scrub_rules *rules = scrubbed_rules();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_expect_eq(scrub_name(rules, slice_str(names[i])), SCRUB_PASSWORD, "%s", names[i]);
    }
}

Test(scrub_rules, other_names_are_not)
{
    static const char *const names[] = {"",      "foo",    "author",   "Authors",  "author_name",
                                        "auXth", "laptop", "spinner",  "sessions", "passenger",
                                        "key",   "ip",     "keyboard", "compass",  "data"};
    const struct scrub_rules *rules = scrubbed_rules();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_expect_eq(scrub_name(rules, slice_str(names[i])), SCRUB_NONE, "%s", names[i]);
    }
}

Test(scrub_rules, cookies_of_sessions_are_sensitive_by_their_own_names)
{
    static const char *const names[] = {"sentrysid", "sudo",       "su",          "__session",
                                        "PHPSESSID", "symfony",    "connect.sid", "laravel_session",
                                        "_csrf",     "xsrf-token", "_vercel_jwt", "mysession"};
    const struct scrub_rules *rules = scrubbed_rules();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_expect_neq(scrub_cookie_name(rules, slice_str(names[i])), SCRUB_NONE, "%s", names[i]);
    }
    cr_expect_eq(scrub_cookie_name(rules, SLICE("theme")), SCRUB_NONE);
}

Test(scrub_rules, a_project_adds_names_and_calls_others_safe)
{
    const struct slice fields[] = {SLICE("Account-No"), SLICE("vat"), SLICE(" ")};
    const struct slice safe[] = {SLICE("token_count")};
    const struct scrub_options options = {
        .fields = fields, .field_count = 3, .safe = safe, .safe_count = 1};
    const struct scrub_rules *rules = scrub_rules_new(&arena, &options);
    cr_expect_eq(scrub_name(rules, SLICE("my_account_no")), SCRUB_FIELD);
    cr_expect_eq(scrub_name(rules, SLICE("my-account-no")), SCRUB_FIELD);
    cr_expect_eq(scrub_name(rules, SLICE("VAT")), SCRUB_FIELD);
    cr_expect_eq(scrub_name(rules, SLICE("private")), SCRUB_NONE, "short names are whole names");
    cr_expect(scrub_is_safe(rules, SLICE("Token-Count")));
    cr_expect_not(scrub_is_safe(rules, SLICE("token")));
}

Test(scrub_rules, without_the_defaults_only_the_project_s_names_count)
{
    const struct slice fields[] = {SLICE("colour")};
    const struct scrub_options options = {
        .keep_defaults_out = true, .fields = fields, .field_count = 1};
    const struct scrub_rules *rules = scrub_rules_new(&arena, &options);
    cr_expect_eq(scrub_name(rules, SLICE("password")), SCRUB_NONE);
    cr_expect_eq(scrub_cookie_name(rules, SLICE("PHPSESSID")), SCRUB_NONE);
    cr_expect_eq(scrub_name(rules, SLICE("colour")), SCRUB_FIELD);
    const struct scrub_options nothing = {.keep_defaults_out = true};
    cr_expect_eq(scrub_name(scrub_rules_new(&arena, &nothing), SLICE("password")), SCRUB_NONE);
}

Test(scrub_rules, more_names_than_the_limit_are_ignored_and_a_full_arena_gives_none)
{
    struct slice fields[SCRUB_FIELDS_MAX + 1];
    for (uint32_t i = 0; i <= SCRUB_FIELDS_MAX; i++) {
        fields[i] = arena_printf(&arena, "field_%u_x", i);
    }
    const struct scrub_options options = {.fields = fields, .field_count = SCRUB_FIELDS_MAX + 1};
    const struct scrub_rules *rules = scrub_rules_new(&arena, &options);
    cr_expect_eq(scrub_name(rules, fields[SCRUB_FIELDS_MAX - 1]), SCRUB_FIELD);
    cr_expect_eq(scrub_name(rules, fields[SCRUB_FIELDS_MAX]), SCRUB_NONE);
    struct arena full;
    static _Alignas(16) char room[128];
    arena_over(&full, room, sizeof(room));
    cr_expect_null(scrub_rules_new(&full, NULL));
}
