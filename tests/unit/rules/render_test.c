/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/render.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

static struct slice rendered(struct fixture *f, const char *json)
{
    return render_event(&f->event, event_of(&f->event, fixture_json(f, slice_str(json))));
}

Test(render, joins_module_type_and_value_and_lists_frames)
{
    struct fixture *f = fixture_new();

    struct slice text = rendered(
        f, "{\"exception\":{\"values\":[{\"type\":\"E\",\"module\":\"m\",\"value\":\"v\","
           "\"stacktrace\":{\"frames\":[{\"module\":\"a\",\"function\":\"f\",\"filename\":\"a.py\","
           "\"lineno\":7},{\"function\":\"g\"}]}}]}}");

    cr_expect(slice_eq(text, SLICE("m.E: v\nat a.f(a.py:7)\nat g\n")), "%.*s", SLICE_ARG(text));
    fixture_free(f);
}

Test(render, begins_with_request_line_and_message)
{
    struct fixture *f = fixture_new();

    struct slice text = rendered(f, "{\"message\":\"hi\",\"request\":{\"method\":\"GET\",\"url\":"
                                    "\"http://x/a\",\"query_string\":\"b=1\"}}");

    cr_expect(slice_eq(text, SLICE("GET http://x/a?b=1\nhi\n")), "%.*s", SLICE_ARG(text));
    fixture_free(f);
}

Test(render, leaves_out_headers_breadcrumbs_and_variables)
{
    struct fixture *f = fixture_new();

    struct slice text =
        rendered(f, "{\"message\":\"hi\",\"breadcrumbs\":[{\"message\":\"DROP TABLE\"}],"
                    "\"extra\":{\"q\":\"DROP TABLE\"},\"request\":{\"url\":\"u\",\"headers\":"
                    "[[\"X\",\"DROP TABLE\"]]}}");

    cr_expect_eq(slice_search(text, SLICE("DROP")), text.len);
    fixture_free(f);
}

Test(render, an_empty_event_has_no_text)
{
    struct fixture *f = fixture_new();

    cr_expect_eq(rendered(f, "{}").len, 0u);
    fixture_free(f);
}
