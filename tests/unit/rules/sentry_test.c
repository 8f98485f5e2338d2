/* SPDX-License-Identifier: Apache-2.0 */
/* Error events against the public application rules; skipped where the data is not there. */
#include "rules/render.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

static void load_application_rules(struct fixture *f)
{
    struct slice tar;
    struct slice name;
    struct slice content;
    if (!sample_read(&f->arena, "sigma/sigmahq_rules.tar.gz", &tar)) {
        fixture_free(f);
        cr_skip_test("no shared data");
    }
    struct rules_source *sources = ARENA_ARRAY(&f->arena, 1024, struct rules_source);
    uint32_t count = 0;
    while (sample_tar_next(&tar, &name, &content)) {
        if (slice_starts(name, SLICE("rules/application/")) ||
            slice_starts(name, SLICE("rules/category/database/"))) {
            sources[count++] = (struct rules_source){name, content};
        }
    }
    cr_assert(count != 0);
    fixture_load(f, sources, count);
}

/* Whether exactly the ids of `wanted` held. */
static bool is_answer(const struct fixture *f, const struct value *wanted)
{
    uint32_t found = 0;
    for (const struct value *at = value_first(wanted); at != NULL; at = at->next) {
        for (uint32_t i = 0; i < f->count; i++) {
            found += slice_eq(ruleset_rule(f->set, f->indexes[i])->id, at->of.text);
        }
    }
    return found == f->count && found == wanted->count;
}

Test(sentry, error_events_make_the_rules_hold_that_mean_them, .timeout = 60)
{
    struct fixture *f = fixture_new();
    struct slice text;
    struct slice line;
    load_application_rules(f);
    cr_assert(sample_read(&f->arena, "sigma/sentry_cases.jsonl.gz", &text));
    while (sample_line(&text, &line)) {
        const struct value *row = fixture_json(f, line);
        struct slice id = value_string(value_get(row, SLICE("id")));
        const struct value *wanted = value_get(row, SLICE("match_rendered"));
        struct event *event = event_of(&f->event, value_get(row, SLICE("event")));
        struct slice seen = slice_trim(render_event(&f->event, event));
        cr_expect(slice_eq(seen, value_string(value_get(row, SLICE("rendered")))), "%.*s: %.*s",
                  SLICE_ARG(id), SLICE_ARG(seen));
        for (int any = 0; any < 2; any++) { /* with the event's own facets, and with all rules */
            struct subject subject;
            subject_from_event(&subject, event, &f->event);
            subject.any_logsource = any != 0;
            f->count = rules_match(f->set, f->scratch, &subject, f->indexes, 64);
            cr_expect(is_answer(f, wanted), "%.*s, any logsource %d: %u rules held", SLICE_ARG(id),
                      any, f->count);
        }
    }
    fixture_free(f);
}
