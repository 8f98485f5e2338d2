/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/match_lines.h"
#include "tests/unit/rules/fixture.h"

Test(match_lines, answers_each_event_with_sorted_ids)
{
    struct fixture *f = fixture_new();
    struct buffer out;
    fixture_text(f, "title: t\nname: b\nlogsource: {}\ndetection: {s: {a: 1}, condition: s}\n---\n"
                    "title: t\nname: a\nlogsource: {}\ndetection: {s: {a: 1}, condition: s}\n");
    struct match_lines *lines = match_lines_new(f->set, false);
    buffer_init(&out, 65536);

    cr_expect(match_lines_add(lines, SLICE("{\"a\":1}"), &out));
    cr_expect(match_lines_add(lines, SLICE("  "), &out));
    cr_expect(match_lines_add(lines, SLICE("{\"a\":2}\r"), &out));
    cr_expect_not(match_lines_add(lines, SLICE("{\"a\""), &out));
    cr_expect_not(match_lines_add(lines, SLICE("[1]"), &out));

    static const char expected[] =
        "{\"line\":1,\"matches\":[\"a\",\"b\"]}\n{\"line\":3,\"matches\":[]}\n"
        "{\"line\":4,\"error\":\"json: not valid JSON here\",\"offset\":4}\n"
        "{\"line\":5,\"error\":\"an event is a JSON object\",\"offset\":0}\n";
    cr_expect(slice_eq(buffer_slice(&out), slice_str(expected)), "%.*s",
              SLICE_ARG(buffer_slice(&out)));
    cr_expect_eq(rules_errors(match_lines_scratch(lines))->events, 2u);
    buffer_done(&out);
    match_lines_free(lines);
    fixture_free(f);
}

Test(match_lines, any_logsource_takes_every_rule)
{
    struct fixture *f = fixture_new();
    struct buffer out;
    fixture_text(f, "title: t\nname: n\nlogsource: {product: p}\n"
                    "detection: {s: {a: 1}, condition: s}\n");
    buffer_init(&out, 65536);
    for (int any = 0; any < 2; any++) {
        struct match_lines *lines = match_lines_new(f->set, any != 0);
        cr_expect(match_lines_add(lines, SLICE("{\"a\":1,\"product\":\"q\"}"), &out));
        match_lines_free(lines);
    }

    cr_expect(slice_eq(buffer_slice(&out),
                       SLICE("{\"line\":1,\"matches\":[]}\n{\"line\":1,\"matches\":[\"n\"]}\n")));
    buffer_done(&out);
    fixture_free(f);
}
