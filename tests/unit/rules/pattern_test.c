/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/pattern.h"
#include "tests/unit/rules/fixture.h"

static bool matches(struct fixture *f, const char *pattern, const char *text)
{
    return pattern_match(pattern_parse(&f->arena, slice_str(pattern)), slice_str(text));
}

Test(pattern, stars_take_any_run_and_marks_one_character)
{
    static const struct {
        const char *pattern;
        const char *text;
        bool holds;
    } cases[] = {
        {"abc", "abc", true},
        {"abc", "abcd", false},
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "a\nb", true},
        {"a*c", "abc", true},
        {"a*c", "ac", true},
        {"a*c", "acb", false},
        {"*ab", "aab", true},
        {"*ab*", "xaabx", true},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"a?z", "a\xc3\xa9z", true},
        {"??", "\xe2\x82\xac$", true},
        {"?", "\xe2\x82\xac", true},
        {"*a*b*c", "xaybzc", true},
        {"*a*b*c", "xaybz", false},
        {"a**b", "ab", true},
        {"*?", "", false},
        {"*?z", "\xc3\xa9z", true},
        {"*aab", "aaaab", true},
        {"a*?", "a", false},
        {"?*?", "ab", true},
        {"*x?z*", "axyxyz", true},
        {"a\\*c", "a*c", true},
        {"a\\*c", "abc", false},
        {"\\\\\\\\*", "\\\\x", true},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(matches(f, cases[i].pattern, cases[i].text), cases[i].holds, "%s on %s",
                     cases[i].pattern, cases[i].text);
    }
    fixture_free(f);
}

/* The textbook way, all ways tried: the oracle. */
static bool naive(const struct part *parts, uint32_t count, struct slice text)
{
    if (count == 0) {
        return text.len == 0;
    }
    if (parts->kind == PART_TEXT) {
        return slice_starts(text, parts->text) &&
               naive(parts + 1, count - 1, slice_from(text, parts->text.len));
    }
    if (parts->kind == PART_ONE) {
        return text.len != 0 && naive(parts + 1, count - 1, slice_from(text, 1));
    }
    for (size_t i = 0; i <= text.len; i++) {
        if (naive(parts + 1, count - 1, slice_of(text.at + i, text.len - i))) {
            return true;
        }
    }
    return false;
}

Test(pattern, agrees_with_trying_every_way)
{
    struct fixture *f = fixture_new();
    uint32_t seed = 12345;
    for (int round = 0; round < 20000; round++) {
        char pattern[8];
        char text[8];
        for (int i = 0; i < 8; i++) {
            seed = seed * 1664525u + 1013904223u;
            pattern[i] = "ab*?ab*a"[seed >> 29];
            text[i] = "abba"[seed >> 20 & 3];
        }
        struct slice shorter = slice_of(pattern, seed >> 10 & 7);
        struct slice subject = slice_of(text, seed >> 13 & 7);
        struct pattern parsed = pattern_parse(&f->event, shorter);
        cr_assert_eq(pattern_match(parsed, subject), naive(parsed.parts, parsed.count, subject),
                     "%.*s on %.*s", SLICE_ARG(shorter), SLICE_ARG(subject));
        arena_reset(&f->event);
    }
    fixture_free(f);
}

Test(pattern, windash_is_a_class_after_no_word_and_before_one)
{
    static const struct {
        const char *written;
        const char *text;
        bool holds;
    } cases[] = {
        {" -x", " /x", true},
        {" -x", " \xe2\x80\x93x", true},
        {" -x", " \xe2\x80\x95x", true},
        {"x-y", "x/y", false},
        {"x-y", "x-y", true},
        {"/x:y -z", "-x:y /z", true},
        {"- x", "/ x", false},
        {"-x", "\xe2\x80\x92x", false},
        {"--x", "-/x", true},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pattern pattern =
            pattern_windash(&f->arena, pattern_parse(&f->arena, slice_str(cases[i].written)));
        cr_expect_eq(pattern_match(pattern, slice_str(cases[i].text)), cases[i].holds, "%s on %s",
                     cases[i].written, cases[i].text);
    }
    fixture_free(f);
}

Test(pattern, needle_is_the_longest_text)
{
    struct fixture *f = fixture_new();
    struct pattern pattern = pattern_parse(&f->arena, SLICE("ab*cdef?gh"));

    cr_expect(slice_eq(pattern_needle(pattern), SLICE("cdef")));
    cr_expect_eq(pattern_needle(pattern_parse(&f->arena, SLICE("*?"))).len, 0u);
    fixture_free(f);
}

Test(pattern, open_adds_stars_where_there_is_none)
{
    struct fixture *f = fixture_new();
    struct pattern star = pattern_parse(&f->arena, SLICE("*a*"));
    struct pattern plain = pattern_parse(&f->arena, SLICE("a"));
    struct pattern empty = pattern_parse(&f->arena, SLICE(""));

    cr_expect_eq(pattern_open(&f->arena, star, true, true).count, 3u);
    cr_expect_eq(pattern_open(&f->arena, plain, true, true).count, 3u);
    cr_expect_eq(pattern_open(&f->arena, plain, true, false).count, 2u);
    cr_expect_eq(pattern_open(&f->arena, empty, true, true).count, 1u);
    fixture_free(f);
}

/* One part against its vector: a text, or {"*":1}. */
static bool is_part(const struct part *part, const struct value *wanted)
{
    if (wanted->kind == VALUE_STRING) {
        return part->kind == PART_TEXT && slice_eq(part->text, wanted->of.text);
    }
    return part->kind == (value_get(wanted, SLICE("*")) != NULL ? PART_ANY : PART_ONE);
}

Test(pattern, shared_vectors_have_the_parts_they_list)
{
    struct fixture *f = fixture_new();
    struct slice text;
    struct slice line;
    if (!sample_read(&f->arena, "sigma/vectors_string.jsonl.gz", &text)) {
        fixture_free(f);
        cr_skip_test("no shared data");
    }
    while (sample_line(&text, &line)) {
        const struct value *row = fixture_json(f, line);
        const struct value *parts = value_get(row, SLICE("parts"));
        struct slice input = value_string(value_get(row, SLICE("input")));
        struct pattern pattern = pattern_parse(&f->event, input);
        const struct value *wanted = value_first(parts);
        bool is_same = pattern.count == parts->count;
        for (uint32_t i = 0; is_same && i < pattern.count; i++, wanted = wanted->next) {
            is_same = is_part(&pattern.parts[i], wanted);
        }
        cr_expect(is_same, "%.*s", SLICE_ARG(line));
    }
    fixture_free(f);
}
