/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/decoded.h"
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(decoded, .init = fixture_start);

static void expect_rows(const char *const (*rows)[2], size_t count, enum decoded_kind kind)
{
    for (size_t i = 0; i < count; i++) {
        EXPECT_TEXT(decoded_text(&arena, slice_str(rows[i][0]), kind), rows[i][1]);
    }
}

Test(decoded, query_reads_as_the_application_reads_it)
{
    static const char *const rows[][2] = {
        {"q=shoes&page=2", "q=shoes&page=2"},
        {"id=1%2527+UN%2F**%2FION%20SELECT", "id=1' UN ION SELECT"},
        {"q=%26lt%3Bscript%26gt%3B", "q=<script>"},
        {"q=1%2B1", "q=1+1"},
        {"q=a+b", "q=a b"},
        {"q=a%2520b", "q=a b"},
        {"p=%25252525252e", "p=%2e"},
        {"p=%252525252e", "p=."},
        {"q=100%", "q=100%"},
        {"q=100%zz", "q=100%zz"},
        {"f=..%c0%af..%c0%afetc%c0%afpasswd", "f=../../etc/passwd"},
        {"f=%u003cscript%u003e", "f=<script>"},
        {"f=\xef\xbc\x9cscript\xef\xbc\x9e", "f=<script>"},
        {"f=\\u003cimg\\x20src\\u{3d}x", "f=<img src=x"},
        {"f=a%00.jpg", "f=a.jpg"},
        {"f=%e9t%e9", "f=?t?"},
        {"f=caf%C3%A9", "f=caf\xc3\xa9"},
        {"a=1&lt=5", "a=1&lt=5"},
        {"", ""},
    };
    expect_rows(rows, sizeof(rows) / sizeof(rows[0]), DECODED_QUERY);
}

Test(decoded, plus_is_a_space_in_queries_alone)
{
    EXPECT_TEXT(decoded_text(&arena, SLICE("a+b"), DECODED_TEXT), "a+b");
    EXPECT_TEXT(decoded_text(&arena, SLICE("a+b"), DECODED_QUERY), "a b");
}

Test(decoded, comments_do_not_hide_what_they_hold)
{
    static const char *const rows[][2] = {
        {"UNION/**/SELECT", "UNION SELECT"},
        {"UNION/*x y*/ALL/*1*/SELECT", "UNION ALL SELECT"},
        {"/*!50000UNION*/ /*!SELECT*/", " UNION SELECT "},
        {"/*<script>alert(1)</script>*/", " <script>alert(1)</script> "},
        {"admin'/*", "admin'/*"},
        {"a/*b/*c", "a/*b/*c"},
        {"a \t\r\n b", "a b"},
    };
    expect_rows(rows, sizeof(rows) / sizeof(rows[0]), DECODED_TEXT);
}

Test(decoded, base64_of_text_is_shown_beside_it)
{
    static const char *const rows[][2] = {
        {"x=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
         "x=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\n<script>alert(1)</script>"},
        {"x=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg&y=1",
         "x=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg&y=1\n<script>alert(1)</script>"},
        {"data:text/html;base64,PHNjcmlwdD4=", "data:text/html;base64,PHNjcmlwdD4=\n<script>"},
        {"token=dGVzdA", "token=dGVzdA"},                       /* short */
        {"id=internationalisation", "id=internationalisation"}, /* no text behind it */
        {"x=PHNjcmlwdD4 and more", "x=PHNjcmlwdD4 and more"},   /* not whole */
    };
    expect_rows(rows, sizeof(rows) / sizeof(rows[0]), DECODED_TEXT);
}

Test(decoded, text_without_escapes_is_not_copied)
{
    struct slice text = SLICE("/a/plain/path.html");
    cr_expect_eq(decoded_text(&arena, text, DECODED_TEXT).at, text.at);
    cr_expect_eq(arena.used, 0);
}

Test(decoded, is_empty_when_the_arena_is_full)
{
    cr_assert_not_null(arena_bytes(&arena, arena.size - 4));
    EXPECT_TEXT(decoded_text(&arena, SLICE("a%20b%20c%20d"), DECODED_TEXT), "");
    cr_expect(arena.exhausted);
}

Test(decoded, unquoted_reads_as_a_shell_does)
{
    static const char *const rows[][2] = {
        {"c'a't /etc/passwd", "cat /etc/passwd"},
        {"c\\at${IFS}/etc/pass\"\"wd", "cat /etc/passwd"},
        {"cat$IFS$9/etc/passwd", "cat /etc/passwd"},
        {"who$@ami", "whoami"},
        {"w^h^oami", "whoami"},
        {"who``ami $(x)", "whoami $(x)"},
        {"plain words", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        EXPECT_TEXT(decoded_unquoted(&arena, slice_str(rows[i][0])), rows[i][1]);
    }
}
