/* SPDX-License-Identifier: Apache-2.0 */
/* explain_fixture — one rule explained for one event, as text or as JSON. */
#pragma once
#include "rules/explain.h"
#include "tests/unit/rules/fixture.h"

#define RULE                                                                                       \
    "title: Union\nid: u\nlevel: high\nlogsource: {category: application}\ndetection:\n"           \
    "  sel:\n    message|contains: ['zzz', 'Union Select', 'yyy']\n    n|gte: 5\n"                 \
    "  filter: {env: test}\n  condition: sel and not filter\n"

/* The text, or with `as_json` the JSON, about one event. */
static inline const char *told(struct fixture *f, const char *event, bool as_json)
{
    struct subject subject;
    struct explanation explanation;
    struct buffer out;
    struct json json;
    subject_from_value(&subject, fixture_json(f, slice_str(event)), false, &f->event);
    explain(&explanation, f->set, f->scratch, &subject, 0);
    buffer_init(&out, 1 << 20);
    json_init(&json, &out);
    if (as_json) {
        explain_json(&explanation, &json);
    } else {
        explain_text(&explanation, SLICE("> "), &out);
    }
    const char *text = arena_str(&f->arena, buffer_slice(&out));
    buffer_done(&out);
    return text;
}

static inline void expect_parts(const char *text, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect(strstr(text, parts[i]) != NULL, "%s\nis not in\n%s", parts[i], text);
    }
}
