/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex_needle.h"
#include "tests/unit/rules/fixture.h"

Test(regex_needle, is_what_every_match_contains_or_nothing)
{
    static const struct {
        const char *pattern;
        const char *needle;
    } cases[] = {
        {"abc", "abc"},
        {"a|b", ""},
        {"ab.cde", "cde"},
        {"abc?", "ab"},
        {"abc*d", "ab"},
        {"abc+d", "abc"},
        {"(abc)?de", "de"},
        {"abc{0,2}", "ab"},
        {"\\\\cmd\\.exe", "\\cmd.exe"},
        {"\\d+abc\\s", "abc"},
        {"[abc]+xyz", "xyz"},
        {"[]x]ab", "ab"},
        {"[^]x]ab", "ab"},
        {"(?i)abc", "abc"},
        {"(?x)a b c", ""},
        {"\\x41bc", ""},
        {"\\Qa|b\\E", ""},
        {"^abc$", "abc"},
        {"(a|b)cd", "cd"},
        {"(a(b)c)de", "de"},
        {"(abc", ""},
        {"[[:alpha:]]abc", ""},
        {"ab\xc3\xa9?cd", "ab"},
        {"a\\", ""},
        {"(?:abc)de", "de"},
        {"(?=abc)de", ""},
        {"", ""},
        {"abc}", "abc}"},
        {"a)b", ""},
        {"a\\(b", "a(b"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice needle = regex_needle(&f->arena, slice_str(cases[i].pattern));
        cr_expect(slice_eq(needle, slice_str(cases[i].needle)), "%s: %.*s", cases[i].pattern,
                  SLICE_ARG(needle));
    }
    fixture_free(f);
}
