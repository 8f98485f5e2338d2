/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_secret, .init = fixture_start);

Test(scrub_secret, credentials_of_http_go)
{
    static const struct scrubbed_row rows[] = {
        {"Bearer abc123", "[Filtered]"},
        {"sent bearer  mF_9.B5f-4.1JqM= to api", "sent [Filtered] to api"},
        {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "[Filtered]"},
        {"Authorization: Bearer 6hgt", "Authorization: [Filtered]"},
        {"Bearer token is missing", NULL},
        {"Bearer error=\"invalid_token\"", NULL},
        {"Bearer", NULL},
        {"Basic usage of it", NULL},
        {"forbearer x", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_secret, keys_go_and_certificates_stay)
{
    static const struct scrubbed_row rows[] = {
        {"-----BEGIN RSA PRIVATE KEY-----\n+wn9\nzN87\n-----END RSA PRIVATE KEY-----",
         "-----BEGIN RSA PRIVATE KEY-----\n[Filtered]\n-----END RSA PRIVATE KEY-----"},
        {"x -----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIJ", "x -----BEGIN ENCRYPTED PRIVATE KEY-----"
                                                          "\n[Filtered]"},
        {"\"-----BEGIN PRIVATE KEY-----\\nMIIJ\\n-----END PRIVATE KEY-----\"",
         "\"-----BEGIN PRIVATE KEY-----\\n[Filtered]-----END PRIVATE KEY-----\""},
        {"-----BEGIN CERTIFICATE-----\nMIIJ\n-----END CERTIFICATE-----", NULL},
        {"-----BEGIN", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_secret, web_tokens_go)
{
    static const struct scrubbed_row rows[] = {
        {"got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-_x.", "got [Filtered]"},
        {"eyJ0eXAiOiJKV1QifQ.e30.abc", "[Filtered]"},
        {"eyJhbGciOiJIUzI1NiJ9", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_secret, user_and_password_of_urls_go)
{
    static const struct scrubbed_row rows[] = {
        {"pg://matt:pass@localhost/1", "pg://[Filtered]@localhost/1"},
        {"cannot reach redis://:p@ss@host:6379 (x@y.example)",
         "cannot reach redis://[Filtered]@host:6379 (x@y.example)"},
        {"https://key@o1.ingest.example/2", "https://[Filtered]@o1.ingest.example/2"},
        {"https://host/a@b", NULL},
        {"https://host?a@b", NULL},
        {"jane@example.com // a @b", NULL},
    };
    static const struct scrubbed_row twice[] = {
        {"redis://:p@ss@host", "redis://[Filtered]@host"},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
    EXPECT_ROWS(twice, SCRUB_MESSAGE);
}

Test(scrub_secret, addresses_go_only_when_asked)
{
    const struct scrub_options options = {.remove_addresses = true};
    const struct scrub_rules *rules = scrub_rules_new(&arena, &options);
    static const struct scrubbed_row rows[] = {
        {"73.133.27.120", "[ip]"},
        {"from 73.133.27.120:443, and 10.0.0.1.", "from [ip]:443, and [ip]."},
        {"[2001:db8::7]", "[[ip]]"},
        {"fe80::1%eth0 ::1", "[ip]%eth0 [ip]"},
        {"version 1.2.3", NULL},
        {"1.2.3.4.5", NULL},
        {"at 12:30:45", NULL},
        {"std::string", NULL},
        {"A::b c::", NULL},
        {"256.1.1.1", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        EXPECT_TEXT(scrubbed_text(rules, rows[i].before, SCRUB_MESSAGE),
                    rows[i].after != NULL ? rows[i].after : rows[i].before);
    }
    EXPECT_TEXT(scrubbed_text(scrubbed_rules(), "73.133.27.120", SCRUB_MESSAGE), "73.133.27.120");
}
