/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/fixture.h"

struct row {
    const char *item; /* a detection item in YAML flow */
    const char *event;
    bool holds;
};

static void expect_rows(const struct row *rows, size_t count)
{
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < count; i++) {
        struct slice text =
            arena_printf(&f->arena, "    sel: {%s}\n    condition: sel", rows[i].item);
        problems_init(&f->problems, &f->arena);
        fixture_detection(f, arena_str(&f->arena, text));
        cr_assert_eq(f->problems.errors, 0, "%s: %s", rows[i].item, fixture_problem(f));
        cr_expect_eq(fixture_holds(f, rows[i].event), rows[i].holds, "%s on %s", rows[i].item,
                     rows[i].event);
    }
    fixture_free(f);
}

#define EXPECT(...)                                                                                \
    do {                                                                                           \
        static const struct row rows[] = {__VA_ARGS__};                                            \
        expect_rows(rows, sizeof(rows) / sizeof(rows[0]));                                         \
    } while (0)

Test(modifier, strings_compare_whole_and_without_case)
{
    EXPECT({"f: abc", "{\"f\":\"ABC\"}", true}, {"f: abc", "{\"f\":\"abcd\"}", false},
           {"f: STRASSE\xc3\x89", "{\"f\":\"strasse\xc3\xa9\"}", true},
           {"f: 'a*c'", "{\"f\":\"A\\nC\"}", true}, {"f: ''", "{\"f\":\"\"}", true},
           {"f: ''", "{}", false}, {"f: '*'", "{\"f\":\"\"}", true}, {"f: '*'", "{}", false},
           {"f: '*'", "{\"f\":null}", false});
}

Test(modifier, parts_of_strings)
{
    EXPECT({"f|contains: b", "{\"f\":\"aBc\"}", true}, {"f|contains: b", "{\"f\":\"ac\"}", false},
           {"f|startswith: ab", "{\"f\":\"ABc\"}", true},
           {"f|startswith: b", "{\"f\":\"abc\"}", false},
           {"f|endswith: .EXE", "{\"f\":\"a.exe\"}", true},
           {"f|endswith: .exe", "{\"f\":\"a.exe.txt\"}", false},
           {"f|contains|all: [a, b]", "{\"f\":\"xbya\"}", true},
           {"f|contains|all: [a, b]", "{\"f\":\"xa\"}", false},
           {"f|contains: [a, b]", "{\"f\":\"xa\"}", true},
           {"f|contains: ''", "{\"f\":\"x\"}", true}, {"f|contains: ''", "{}", false});
}

Test(modifier, case_and_negation)
{
    EXPECT({"f|cased: Abc", "{\"f\":\"Abc\"}", true}, {"f|cased: Abc", "{\"f\":\"abc\"}", false},
           {"f|contains|cased: B", "{\"f\":\"aBc\"}", true},
           {"f|contains|cased: B", "{\"f\":\"abc\"}", false},
           {"f|endswith|cased: C", "{\"f\":\"abc\"}", false}, {"f|neq: a", "{\"f\":\"b\"}", true},
           {"f|neq: a", "{\"f\":\"A\"}", false}, {"f|neq: a", "{}", true},
           {"f|neq: [a, b]", "{\"f\":\"b\"}", false}, {"f|neq: null", "{\"f\":\"b\"}", true},
           {"f|contains|neq: b", "{\"f\":\"abc\"}", false});
}

Test(modifier, presence_and_null)
{
    EXPECT({"f|exists: true", "{\"f\":null}", true}, {"f|exists: true", "{}", false},
           {"f|exists: false", "{}", true}, {"f|exists: false", "{\"f\":1}", false},
           {"f: null", "{}", true}, {"f: null", "{\"f\":null}", true},
           {"f: null", "{\"f\":\"\"}", false}, {"f: [null, a]", "{\"f\":\"a\"}", true});
}

Test(modifier, numbers_are_texts_and_quantities)
{
    EXPECT({"f: 42", "{\"f\":42}", true}, {"f: 42", "{\"f\":\"42\"}", true},
           {"f: '42'", "{\"f\":42}", true}, {"f: 42", "{\"f\":42.0}", true},
           {"f: 42.0", "{\"f\":42}", true}, {"f: 42", "{\"f\":420}", false},
           {"f|gt: 5", "{\"f\":6}", true}, {"f|gt: 5", "{\"f\":5}", false},
           {"f|gte: 5", "{\"f\":\"5\"}", true}, {"f|lt: 5", "{\"f\":-1.5}", true},
           {"f|lte: 5", "{\"f\":5.1}", false}, {"f|lt: 5", "{\"f\":\"x\"}", false},
           {"f|lt: 5", "{}", false}, {"f: true", "{\"f\":true}", true},
           {"f: true", "{\"f\":\"TRUE\"}", true}, {"f: false", "{\"f\":true}", false});
}

Test(modifier, regular_expressions)
{
    EXPECT({"f|re: 'a.c'", "{\"f\":\"xabcx\"}", true}, {"f|re: 'A.c'", "{\"f\":\"xabcx\"}", false},
           {"f|re|i: 'A.c'", "{\"f\":\"xabcx\"}", true}, {"f|re: '^b'", "{\"f\":\"a\\nb\"}", false},
           {"f|re|m: '^b'", "{\"f\":\"a\\nb\"}", true}, {"f|re: 'a.b'", "{\"f\":\"a\\nb\"}", false},
           {"f|re|s: 'a.b'", "{\"f\":\"a\\nb\"}", true},
           {"f|re|startswith: 'b'", "{\"f\":\"ab\"}", false},
           {"f|re|endswith: 'b'", "{\"f\":\"ab\"}", true}, {"f|re: '^\\d+$'", "{\"f\":123}", true},
           {"f|re: '(?i)foo|bar'", "{\"f\":\"BAR\"}", true});
}

Test(modifier, networks)
{
    EXPECT({"f|cidr: 10.0.0.0/8", "{\"f\":\"10.1.2.3\"}", true},
           {"f|cidr: 10.0.0.0/8", "{\"f\":\"11.1.2.3\"}", false},
           {"f|cidr: [10.0.0.0/8, 192.168.0.0/16]", "{\"f\":\"192.168.9.9\"}", true},
           {"f|cidr: 'fe80::/10'", "{\"f\":\"fe80::1\"}", true},
           {"f|cidr: 'fe80::/10'", "{\"f\":\"10.0.0.1\"}", false},
           {"f|cidr: 10.0.0.0/8", "{\"f\":\"host\"}", false},
           {"f|cidr: 0.0.0.0/0", "{\"f\":\"1.2.3.4\"}", true},
           {"f|cidr: 1.2.3.4", "{\"f\":\"1.2.3.4\"}", true});
}

Test(modifier, other_fields)
{
    EXPECT({"f|fieldref: g", "{\"f\":\"A\",\"g\":\"a\"}", true},
           {"f|fieldref: g", "{\"f\":\"A\",\"g\":\"b\"}", false},
           {"f|fieldref: g", "{\"f\":\"A\"}", false},
           {"f|fieldref|neq: g", "{\"f\":\"A\",\"g\":\"b\"}", true},
           {"f|fieldref|contains: g", "{\"f\":\"xAy\",\"g\":\"a\"}", true},
           {"f|fieldref|endswith: g", "{\"f\":\"xAy\",\"g\":\"a\"}", false},
           {"f|fieldref|startswith: g", "{\"f\":\"ay\",\"g\":\"A\"}", true},
           {"f|fieldref|cased: g", "{\"f\":\"A\",\"g\":\"a\"}", false});
}

Test(modifier, points_in_time)
{
    EXPECT({"t|hour: 7", "{\"t\":\"2026-11-24T07:40:00Z\"}", true},
           {"t|hour: 7", "{\"t\":\"2026-11-24T07:40:00+05:00\"}", true},
           {"t|hour|gte: 22", "{\"t\":\"2026-11-24 23:00:01\"}", true},
           {"t|minute: 40", "{\"t\":\"2026-11-24T07:40:00Z\"}", true},
           {"t|day: 24", "{\"t\":\"2026-11-24\"}", true},
           {"t|week: 53", "{\"t\":\"2027-01-01T00:00:00Z\"}", true},
           {"t|month: 11", "{\"t\":1795505000}", true},
           {"t|year: 2026", "{\"t\":1795505000000}", true},
           {"t|year|lt: 2026", "{\"t\":\"2026-01-01\"}", false},
           {"t|year: 2026", "{\"t\":\"x\"}", false});
}

Test(modifier, encodings)
{
    EXPECT({"f|base64: foobar", "{\"f\":\"Zm9vYmFy\"}", true},
           {"f|base64offset|contains: foobar", "{\"f\":\"x Zvb2Jhc y\"}", true},
           {"f|wide|base64offset|contains: ping", "{\"f\":\"AAaQBuAGcA\"}", true},
           {"f|utf16|base64: ping", "{\"f\":\"//5wAGkAbgBnAA==\"}", true},
           {"f|utf16be|base64: a", "{\"f\":\"AGE=\"}", true},
           {"f|windash|contains: ' -enc'", "{\"f\":\"a /ENC b\"}", true},
           {"f|expand: 'a\\%b'", "{\"f\":\"a%b\"}", true});
}

Test(modifier, values_of_lists_and_paths)
{
    EXPECT({"f: b", "{\"f\":[\"a\",\"b\"]}", true}, {"a.b: x", "{\"a\":{\"b\":\"x\"}}", true},
           {"a.b: x", "{\"a\":[{\"b\":\"y\"},{\"b\":\"x\"}]}", true},
           {"a.b: x", "{\"a.b\":\"y\",\"a\":{\"b\":\"x\"}}", false},
           {"a.b.c: x", "{\"a\":{\"b.c\":\"x\"}}", true}, {"f|exists: true", "{\"f\":[]}", true},
           {"a|exists: true", "{\"a\":{}}", true});
}

Test(modifier, what_cannot_be_meant_is_refused_at_its_place)
{
    static const struct {
        const char *item;
        const char *problem;
    } cases[] = {
        {"f|contain: a", "no such modifier"},
        {"f|contains|re: a", "must be the first"},
        {"f|i: a", "after `re` only"},
        {"f|exists: maybe", "true or false"},
        {"f|exists|contains: true", "nothing goes with"},
        {"f|cidr: 10.0.0.1/8", "bits set beyond"},
        {"f|cidr: x", "no IP network"},
        {"f|gt: x", "a number is due"},
        {"f|re: '('", "regular expression"},
        {"f|contains|base64: a", "must stand before"},
        {"f|base64|wide: a", "must stand before"},
        {"f|utf16|utf16|utf16: a", "given twice"},
        {"f|base64: 'a*'", "without wildcards"},
        {"f|fieldref: 3", "in quotes"},
        {"f: []", "can never hold"},
        {"f: [[a]]", "not a list"},
        {"f|contains: null", "null goes with"},
        {"f|cased|re: a", "must be the first"},
        {"'|cidr': 10.0.0.0/8", "needs a field"},
        {"f|all|all|all|all|all|all|all|all|all: a", "too many"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice text =
            arena_printf(&f->arena, "    sel: {%s}\n    condition: sel", cases[i].item);
        problems_init(&f->problems, &f->arena);
        fixture_detection(f, arena_str(&f->arena, text));
        const char *problem = fixture_problem(f);
        cr_expect(strstr(problem, cases[i].problem) != NULL, "%s: %s", cases[i].item, problem);
        cr_expect(strncmp(problem, "test.yml:4:", 11) == 0, "%s", problem);
        cr_expect_eq(ruleset_count(f->set), 0, "%s", cases[i].item);
    }
    fixture_free(f);
}
