/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/regex.h"
#include "rules/regex_wide.h"
#include "tests/unit/rules/fixture.h"
#include <hs.h>

Test(regex_wide, widens_repeats_and_leaves_what_it_does_not_know)
{
    static const struct {
        const char *pattern;
        const char *wide;
    } cases[] = {
        {"abc", "abc"},
        {"a{0,300}?b{2}c{3,}d{1,5}+", "a*b+c+d+"},
        {"a*+b++c?\?d+?", "a*b+c?d+"},
        {"\\{1\\}[{1}]{2}", "\\{1\\}[{1}]+"},
        {"a{x}b{", "a\\{x}b\\{"},
        {"a{,5}", ""},
        {"a{2}{3}", ""},
        {"(?i)a(?:b)(?=c)(?!d)(?<=e)(?<!f)(g)\\1", "(?i)a(?:b)(?=c)(?!d)(?<=e)(?<!f)(g)\\1"},
        {"a(?i)b", ""},
        {"(?x)a", ""},
        {"(?>a)", ""},
        {"(?<name>a)", ""},
        {"(*UCP)a", ""},
        {"\\d\\D\\s\\S\\w\\W\\b\\B\\A\\z\\Z", "\\d\\D\\s\\S\\w\\W\\b\\B\\A\\z\\Z"},
        {"\\p{L}", ""},
        {"\\Qa\\E", ""},
        {"\\K", ""},
        {"\\10", ""},
        {"\\0", ""},
        {"[\\w\\-\\]x]", "[\\w\\-\\]x]"},
        {"[]a]", ""},
        {"[[:alpha:]]", ""},
        {"[a", ""},
        {"[\\1]", ""},
        {"\\x41\\x{2019}\\x{e9}", "\\x41\\x{2019}\\x{e9}"},
        {"(?i)\\x41\\x{2019}", "(?i)\\x41\\x{2019}"},
        {"(?i)\\x{e9}\\xad\\x00", "(?i)\\x{e9}\\xad\\x00"},
        {"(?i)\\x{26a}", ""},
        {"(?i)a|(?i)b", "(?i)a|b"},
        {"(?i:a)\\x{26a}", ""},
        {"(?i:a)b", "(?i:a)b"},
        {"\\x4", ""},
        {"\\x{41", ""},
        {"a\xc3\xa9", "a\xc3\xa9"},
        {"(?i)a\xc3\xa9", ""},
        {"a\\", ""},
        {"", ""},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice wide = regex_wide(&f->arena, slice_str(cases[i].pattern), false);
        cr_expect(slice_eq(wide, slice_str(cases[i].wide)), "%s: %.*s", cases[i].pattern,
                  SLICE_ARG(wide));
    }
    cr_expect_eq(regex_wide(&f->arena, SLICE("\xc3\xa9"), true).len, 0);
    fixture_free(f);
}

static size_t write_point(uint32_t point, char *to)
{
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--, point >>= 6) {
        to[i] = (char)(0x80 | (point & 0x3f));
    }
    to[0] = (char)(leads[size] | point);
    return size;
}

static int on_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                  void *found)
{
    (void)id, (void)from, (void)to, (void)flags;
    *(bool *)found = true;
    return 0;
}

/* Both libraries over every character, alone and within text: nothing that PCRE2 finds is lost. */
static void compare(struct fixture *f, const char *pattern, unsigned flags)
{
    struct regex_error error;
    struct regex *regex = regex_new(slice_str(pattern), flags, &error);
    struct regex_scratch *scratch = regex_scratch_new();
    struct slice wide = regex_wide(&f->arena, slice_str(pattern), (flags & REGEX_CASELESS) != 0);
    unsigned how = HS_FLAG_PREFILTER | HS_FLAG_SINGLEMATCH | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY;
    how |= (flags & REGEX_CASELESS) != 0 ? HS_FLAG_CASELESS : 0;
    how |= (flags & REGEX_DOTALL) != 0 ? HS_FLAG_DOTALL : 0;
    how |= (flags & REGEX_MULTILINE) != 0 ? HS_FLAG_MULTILINE : 0;
    hs_database_t *database = NULL;
    hs_compile_error_t *refusal = NULL;
    hs_scratch_t *scan = NULL;
    cr_assert(regex != NULL && wide.len != 0, "%s", pattern);
    cr_assert_eq(hs_compile(wide.at, how, HS_MODE_BLOCK, NULL, &database, &refusal), HS_SUCCESS,
                 "%s", pattern);
    cr_assert_eq(hs_alloc_scratch(database, &scan), HS_SUCCESS);
    for (uint32_t point = 0; point < 0x30000; point++) {
        char text[16] = "a ";
        size_t used = point % 2 == 0 ? 2 : 0;
        size_t start = 0;
        size_t end = 0;
        bool is_found = false;
        if (point >= 0xd800 && point < 0xe000) {
            continue;
        }
        used += write_point(point, text + used);
        struct slice subject = slice_of(text, used);
        enum regex_result result = regex_find(regex, scratch, subject, 0, &start, &end);
        hs_scan(database, text, (unsigned)used, 0, scan, on_hit, &is_found);
        cr_expect(result != REGEX_YES || is_found, "%s: U+%04X", pattern, point);
    }
    hs_free_scratch(scan);
    hs_free_database(database);
    regex_scratch_free(scratch);
    regex_free(regex);
}

Test(regex_wide, loses_nothing_that_pcre_finds)
{
    static const char *const patterns[] = {
        "\\d",     "\\D",      "\\s",       "\\S",        "\\w",  "\\W",   "\\b",    "\\B",
        ".",       "^",        "$",         "\\A.",       ".\\z", ".\\Z",  "[^a]",   "[\\s/]",
        "[^\\w]",  "[k]",      "s",         "K",          "[^k]", "[^s]",  "^.$",    "^.{2,3}$",
        "[a-z]$",  "(.)\\1|a", "\\x{2019}", "\\n",        "\\r",  "\\t",   "\\f",    "\\e",
        "(?<=a).", "(?!a).$",  "a?",        "(?i)[A-Z]$", "a .",  "[!-~]", "[^!-~]$"};
    static const unsigned flags[] = {0, REGEX_CASELESS, REGEX_CASELESS | REGEX_DOTALL,
                                     REGEX_MULTILINE};
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        for (size_t j = 0; j < sizeof(flags) / sizeof(flags[0]); j++) {
            compare(f, patterns[i], flags[j]);
        }
    }
    fixture_free(f);
}
