/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(request, .init = fixture_start);

Test(request, url_loses_its_query_and_fragment)
{
    static const char *const rows[][4] = {
        /* url, query_string sent, url, query_string */
        {"http://h/a?x=1&y=2#part", "", "http://h/a", "x=1&y=2"},
        {" http://h/a ", "", "http://h/a", ""},
        {"http://h/a?x=1", "z=3", "http://h/a", "z=3"},
        {"http://h/a#b?c", "", "http://h/a", ""},
        {"?", "", "", ""},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event = {0};
        event.request.url = slice_str(rows[i][0]);
        event.request.query_string = slice_str(rows[i][1]);
        step_request(&arena, &input, &event);
        EXPECT_TEXT(event.request.url, rows[i][2]);
        EXPECT_TEXT(event.request.query_string, rows[i][3]);
    }
}

Test(request, method_is_one_word_in_upper_case)
{
    static const char *const rows[][2] = {
        {"get", "GET"},
        {" Post ", "POST"},
        {"M-SEARCH", "M-SEARCH"},
        {"GET /", ""},
        {"7", ""},
        {"DELETE", "DELETE"},
        {"", ""},
        {"abcdefghijklmnopqrstuvwxyzabcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF"},
        {"abcdefghijklmnopqrstuvwxyzabcdefg", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event = {0};
        event.request.method = slice_str(rows[i][0]);
        step_request(&arena, &input, &event);
        EXPECT_TEXT(event.request.method, rows[i][1]);
    }
}
