/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/glob.h"
#include <criterion/criterion.h>

static const struct {
    const char *pattern;
    const char *text;
    unsigned how;
    bool matches;
} rows[] = {
    {"", "", 0, true},
    {"", "a", 0, false},
    {"abc", "abc", 0, true},
    {"abc", "ab", 0, false},
    {"a*", "abc", 0, true},
    {"*", "", 0, true},
    {"*c", "abcc", 0, true},
    {"a*b*c", "axxbyyc", 0, true},
    {"a*b*c", "axxbyy", 0, false},
    {"a?c", "abc", 0, true},
    {"a?c", "ac", 0, false},
    {"ABC", "abc", 0, false},
    {"ABC", "abc", GLOB_NOCASE, true},
    {"[a-c]x", "bx", 0, true},
    {"[!a-c]x", "bx", 0, false},
    {"[!a-c]x", "dx", 0, true},
    {"[A-C]x", "bx", GLOB_NOCASE, true},
    {"[]]", "]", 0, true},
    {"[a", "[a", 0, true},
    {"*", "a/b\nc", 0, true},
    {"/a/*", "/a/b", GLOB_PATH, true},
    {"/a/*", "/a/b/c", GLOB_PATH, false},
    {"/a/**", "/a/b/c", GLOB_PATH, true},
    {"**/b/*.js", "/x/y/b/c.js", GLOB_PATH, true},
    {"**/b/*.js", "b/c.js", GLOB_PATH, true},
    {"/a/b", "a\\b", GLOB_PATH, true},
    {"*/b", "b", GLOB_PATH, true},
    {"a?b", "a/b", GLOB_PATH, false},
    {"C:/X/**", "c:\\x\\y", GLOB_PATH | GLOB_NOCASE, true},
    {"**a**a**a**b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", GLOB_PATH, false},
};

Test(glob, patterns_match_all_of_a_text)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool is = glob_matches(slice_str(rows[i].pattern), slice_str(rows[i].text), rows[i].how);
        cr_expect_eq(is, rows[i].matches, "%s on %s", rows[i].pattern, rows[i].text);
    }
}

Test(glob, texts_are_looked_at_up_to_the_limit)
{
    static char text[GLOB_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    text[GLOB_BYTES_MAX] = 'y';
    cr_expect(glob_matches(SLICE("*y"), slice_of(text + 1, GLOB_BYTES_MAX), 0));
    cr_expect_not(glob_matches(SLICE("*y"), slice_of(text, sizeof(text)), 0));
    cr_expect(glob_matches(SLICE("*y"),
                           slice_of(text + sizeof(text) - GLOB_PATH_BYTES_MAX, GLOB_PATH_BYTES_MAX),
                           GLOB_PATH));
    cr_expect_not(glob_matches(
        SLICE("*y"),
        slice_of(text + sizeof(text) - GLOB_PATH_BYTES_MAX - 1, GLOB_PATH_BYTES_MAX + 1),
        GLOB_PATH));
}
