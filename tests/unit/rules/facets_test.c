/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/facets.h"
#include "rules/logsource.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

static bool applies(struct fixture *f, const char *json, const char *category, const char *product)
{
    struct subject subject;
    struct logsource rule = {.category = slice_str(category), .product = slice_str(product)};
    const struct value *root = fixture_json(f, slice_str(json));
    subject_from_event(&subject, event_of(&f->event, root), &f->event);
    return logsource_applies(&rule, &subject);
}

#define DJANGO                                                                                     \
    "{\"platform\":\"python\",\"request\":{\"url\":\"http://x/\"},\"exception\":{\"values\":["     \
    "{\"type\":\"ProgrammingError\",\"module\":\"django.db.utils\",\"value\":\"no\"}]}}"

Test(facets, an_event_has_all_that_it_is)
{
    static const struct {
        const char *category;
        const char *product;
        bool applies;
    } cases[] = {
        {"application", "python", true}, {"application", "django", true},
        {"application", "sql", true},    {"application", "", true},
        {"webserver", "", true},         {"database", "", true},
        {"application", "jvm", false},   {"process_creation", "windows", false},
        {"webserver", "python", false},  {"", "windows", false},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(applies(f, DJANGO, cases[i].category, cases[i].product), cases[i].applies,
                     "%s/%s", cases[i].category, cases[i].product);
    }
    fixture_free(f);
}

Test(facets, frameworks_show_in_modules_types_and_frames)
{
    struct fixture *f = fixture_new();
    cr_expect(applies(f,
                      "{\"platform\":\"java\",\"exception\":{\"values\":[{\"type\":\"E\","
                      "\"module\":\"org.springframework.web\"}]}}",
                      "application", "spring"));
    cr_expect(applies(f,
                      "{\"platform\":\"ruby\",\"exception\":{\"values\":[{\"type\":"
                      "\"ActionController::BadRequest\"}]}}",
                      "application", "ruby_on_rails"));
    cr_expect(applies(f, "{\"platform\":\"python\",\"modules\":{\"django\":\"4.2\"}}",
                      "application", "django"));
    cr_expect(applies(f,
                      "{\"platform\":\"python\",\"exception\":{\"values\":[{\"type\":\"E\","
                      "\"stacktrace\":{\"frames\":[{\"module\":\"django.http\"}]}}]}}",
                      "application", "django"));
    cr_expect(
        applies(f, "{\"tags\":{\"event.category\":\"authentication\"}}", "authentication", ""));
    cr_expect_not(applies(f, "{\"platform\":\"python\"}", "application", "django"));
    cr_expect_not(applies(f, "{\"platform\":\"python\"}", "webserver", ""));
    fixture_free(f);
}
