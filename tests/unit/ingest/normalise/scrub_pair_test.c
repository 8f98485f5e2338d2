/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_pair, .init = fixture_start);

Test(scrub_pair, messages_lose_what_a_secret_name_is_set_to)
{
    static const struct scrubbed_row rows[] = {
        {"login failed password=hunter2 user=ann", "login failed password=[Filtered] user=ann"},
        {"db_password = 'a b\\'c', x", "db_password = '[Filtered]', x"},
        {"{\"password\": \"hunter two\", \"a\": 1}", "{\"password\": \"[Filtered]\", \"a\": 1}"},
        {"{\\\"apiKey\\\":\\\"k\\\"}", "{\\\"apiKey\\\":\\\"[Filtered]\\\"}"},
        {"{'token': 'abc'}", "{'token': '[Filtered]'}"},
        {"GET /x?a=1&access_token=abc&b=2", "GET /x?a=1&access_token=[Filtered]&b=2"},
        {"password: hunter", "password: [Filtered]"},
        {"token: 8f1c2", "token: [Filtered]"},
        {"secret=>x", "secret=>[Filtered]"},
        {"secret=[Filtered]", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_pair, messages_that_only_speak_of_secrets_stay)
{
    static const struct scrubbed_row rows[] = {
        {"Unexpected token: } in JSON", NULL},
        {"Invalid password: must be longer than that", NULL},
        {"the password is wrong", NULL},
        {"if (token == null)", NULL},
        {"Auth::login failed", NULL},
        {"author=jane", NULL},
        {"password=", NULL},
        {"authentication failed", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_MESSAGE);
}

Test(scrub_pair, source_lines_lose_only_literals)
{
    static const struct scrubbed_row rows[] = {
        {"    password = get_password()", NULL},
        {"    password = \"hunter2\"", "    password = \"[Filtered]\""},
        {"conn = f(secret='x', y=1)", "conn = f(secret='[Filtered]', y=1)"},
        {"token: str = None", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_SOURCE);
}

Test(scrub_pair, query_strings_lose_the_values_of_secret_names)
{
    static const struct scrubbed_row rows[] = {
        {"foo=bar&password=hello&the_secret=1&x", "foo=bar&password=[Filtered]&the_secret="
                                                  "[Filtered]&x"},
        {"https://h/p?api%5Fkey=s&q=1#token=t", "https://h/p?api%5Fkey=[Filtered]&q=1#token="
                                                "[Filtered]"},
        {"/authorize?q=secret", NULL},
        {"password=[Filtered]", NULL},
        {"a=4111111111111111", "a=[Filtered]"},
    };
    EXPECT_ROWS(rows, SCRUB_QUERY);
}

Test(scrub_pair, cookies_lose_those_of_sessions)
{
    static const struct scrubbed_row rows[] = {
        {"theme=dark; PHPSESSID=abc; _csrf=x", "theme=dark; PHPSESSID=[Filtered]; _csrf="
                                               "[Filtered]"},
        {"connect.sid=s%3Ax; Path=/", "connect.sid=[Filtered]; Path=/"},
        {"theme=dark", NULL},
    };
    EXPECT_ROWS(rows, SCRUB_COOKIES);
}
