/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/matcher.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>

struct fixture {
    struct arena arena;
    struct matcher items[MATCHERS_MAX];
    struct matchers matchers;
    struct matcher_error error;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){0};
    cr_assert(arena_init(&f->arena, 1 << 20));
    f->matchers.items = f->items;
}

static void end(struct fixture *f)
{
    matchers_done(&f->matchers);
    arena_done(&f->arena);
}

static bool holds(struct fixture *f, const char *name, const char *value)
{
    struct regex_scratch *scratch = regex_scratch_new();
    struct labels labels;
    cr_assert(labels_init(&labels, 1, &f->arena));
    labels_set(&labels, slice_str(name), slice_str(value));
    bool answer = matchers_hold(&f->matchers, &labels, scratch);
    regex_scratch_free(scratch);
    return answer;
}

Test(matcher, reads_alertmanagers_grammar)
{
    static const struct {
        const char *text;
        const char *printed; /* as Alertmanager prints it in a group key */
    } cases[] = {
        {"a=b", "{a=\"b\"}"},
        {" a = \"b\" ", "{a=\"b\"}"},
        {"{a=\"b\",c!=d,}", "{a=\"b\",c!=\"d\"}"},
        {"{ z=~\"x|y\" , a!~z.* }", "{a!~\"z.*\",z=~\"x|y\"}"},
        {"a=\"with, comma\"", "{a=\"with, comma\"}"},
        {"a=\"q\\\"u\\\\o\\nte\"", "{a=\"q\\\"u\\\\o\\nte\"}"},
        {"a=back\\slash", "{a=\"back\\\\slash\"}"},
        {"a=\"\"", "{a=\"\"}"},
        {"a=", "{a=\"\"}"},
        {"a=two words", "{a=\"two words\"}"},
        {"job:x=1", "{job:x=\"1\"}"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f;
        struct buffer out;
        begin(&f);
        buffer_init(&out, 4096);

        bool well = matchers_parse(&f.matchers, slice_str(cases[i].text), &f.arena, &f.error);
        matchers_sort(&f.matchers);
        matchers_print(&f.matchers, &out);

        cr_expect(well, "%s: %s", cases[i].text, f.error.message);
        cr_expect(slice_eq(buffer_slice(&out), slice_str(cases[i].printed)), "%s gives %.*s",
                  cases[i].text, SLICE_ARG(buffer_slice(&out)));
        buffer_done(&out);
        end(&f);
    }
}

Test(matcher, refuses_with_the_place)
{
    static const struct {
        const char *text;
        size_t offset;
        const char *says;
    } cases[] = {
        {"", 0, "empty"},
        {"  ", 0, "empty"},
        {"=b", 0, "label name"},
        {"9a=b", 0, "label name"},
        {"a b", 2, "one of"},
        {"a", 1, "one of"},
        {"a==\"b\" c", 3, "written"},
        {"a=\"b", 2, "never closed"},
        {"{a=b", 0, "brace"},
        {"a=\"b\"c", 5, "comma"},
        {"a=x\"y", 3, "written"},
        {"a=~\"(\"", 3, "regular expression"},
        {"a=b,,c=d", 4, "label name"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f;
        begin(&f);

        bool well = matchers_parse(&f.matchers, slice_str(cases[i].text), &f.arena, &f.error);

        cr_expect_not(well, "%s", cases[i].text);
        cr_expect_eq(f.error.offset, cases[i].offset, "%s: %zu %s", cases[i].text, f.error.offset,
                     f.error.message);
        cr_expect(strstr(f.error.message, cases[i].says) != NULL, "%s: %s", cases[i].text,
                  f.error.message);
        end(&f);
    }
}

Test(matcher, holds_as_alertmanager_says)
{
    static const struct {
        const char *text;
        const char *value;
        bool expected;
    } cases[] = {
        {"a=b", "b", true},     {"a=b", "bb", false},
        {"a!=b", "c", true},    {"a!=b", "b", false},
        {"a!=b", "", true},     {"a=\"\"", "", true},
        {"a=~b", "b", true},    {"a=~b", "bb", false},
        {"a=~b.*", "bb", true}, {"a=~x|y", "xy", false},
        {"a=~x|y", "y", true},  {"a!~x|y", "y", false},
        {"a!~x|y", "z", true},  {"a=~b", "b\n", false},
        {"a=~.*", "", true},    {"a=~\"(?i)PROD\"", "prod", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f;
        begin(&f);

        cr_assert(matchers_parse(&f.matchers, slice_str(cases[i].text), &f.arena, &f.error));

        cr_expect_eq(holds(&f, "a", cases[i].value), cases[i].expected, "%s on '%s'", cases[i].text,
                     cases[i].value);
        end(&f);
    }
}

Test(matcher, all_must_hold)
{
    struct fixture f;
    begin(&f);

    cr_assert(matchers_parse(&f.matchers, SLICE("a=b,c=\"\""), &f.arena, &f.error));
    cr_expect(holds(&f, "a", "b"));
    cr_expect_not(holds(&f, "c", "d"));

    end(&f);
}

Test(matcher, regex_that_gives_up_holds_for_neither_operator)
{
    char subject[4096];
    memset(subject, 'a', sizeof(subject) - 1);
    subject[sizeof(subject) - 1] = '\0';
    const char *const texts[] = {"x=~\"(a+)+[bc]\"", "x!~\"(a+)+[bc]\""};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        begin(&f);

        cr_assert(matchers_parse(&f.matchers, slice_str(texts[i]), &f.arena, &f.error));

        cr_expect_not(holds(&f, "x", subject), "%s", texts[i]);
        end(&f);
    }
}
