/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/taxonomy.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

static const char event_json[] =
    "{\"platform\":\"python\",\"message\":\"hello\",\"release\":\"shop@1.0\",\"environment\":"
    "\"prod\","
    "\"tags\":{\"team\":\"web\",\"event.category\":\"authentication\"},"
    "\"user\":{\"id\":\"7\",\"email\":\"a@b.c\",\"ip_address\":\"10.0.0.9\"},"
    "\"contexts\":{\"response\":{\"status_code\":503},\"os\":{\"name\":\"Linux\"}},"
    "\"extra\":{\"deep\":[{\"k\":\"v\"}]},"
    "\"request\":{\"method\":\"GET\",\"url\":\"https://shop.example/cart\","
    "\"query_string\":\"id=1'--\",\"headers\":[[\"User-Agent\",\"sqlmap/1.7\"],"
    "[\"Referer\",\"https://x/\"]],\"data\":\"a=b\"},"
    "\"exception\":{\"values\":[{\"type\":\"ValueError\",\"module\":\"shop.views\",\"value\":"
    "\"bad\","
    "\"stacktrace\":{\"frames\":[{\"module\":\"shop.views\",\"function\":\"cart\","
    "\"filename\":\"shop/views.py\",\"lineno\":4}]}}]}}";

/* Whether a rule of one item holds for the event above. */
static bool holds(struct fixture *f, const char *item)
{
    struct slice text = arena_printf(&f->arena, "    sel: {%s}\n    condition: sel", item);
    fixture_detection(f, arena_str(&f->arena, text));
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    const struct value *root = fixture_json(f, slice_str(event_json));
    struct subject subject;
    subject_from_event(&subject, event_of(&f->event, root), &f->event);
    subject.any_logsource = true;
    return rules_match(f->set, f->scratch, &subject, f->indexes, 8) == 1;
}

Test(taxonomy, names_of_three_kinds_lead_to_the_event)
{
    static const char *const items[] = {
        "error.type: ValueError",
        "error.message: bad",
        "error.module: shop.views",
        "error.qualified: shop.views.ValueError",
        "error.frames.function: cart",
        "error.frames.file|endswith: views.py",
        "error.stack|contains: 'cart(shop/views.py:4)'",
        "exception.values.type: ValueError",
        "exception.values.stacktrace.frames.function: cart",
        "message: hello",
        "level: error",
        "log.level: error",
        "platform: python",
        "user.id: 7",
        "user.email: a@b.c",
        "source.ip|cidr: 10.0.0.0/24",
        "c-ip: 10.0.0.9",
        "http.request.method: get",
        "cs-method: GET",
        "url.full: \"https://shop.example/cart?id=1'--\"",
        "c-uri|contains: cart?id",
        "url.path: /cart",
        "cs-uri-stem: /cart",
        "url.query: \"id=1'--\"",
        "cs-uri-query: \"/cart?id=1'--\"",
        "user_agent.original|startswith: sqlmap",
        "c-useragent|contains: SQLMAP",
        "cs-referer: https://x/",
        "http.request.headers.user-agent|startswith: sqlmap",
        "http.request.body.content: a=b",
        "http.response.status_code: 503",
        "sc-status: 503",
        "service.version: shop@1.0",
        "service.environment: prod",
        "tags.team: web",
        "labels.team: web",
        "contexts.os.name: linux",
        "extra.deep.k: v",
        "request.method: GET",
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        cr_expect(holds(f, items[i]), "%s", items[i]);
    }
    cr_expect_not(holds(f, "error.type: KeyError"));
    cr_expect_not(holds(f, "tags.other|exists: true"));
    fixture_free(f);
}

Test(taxonomy, finds_rows_by_name_and_by_stem)
{
    cr_expect(taxonomy_find(SLICE("error.type")) != NULL);
    cr_expect(taxonomy_find(SLICE("tags.anything")) != NULL);
    cr_expect(taxonomy_find(SLICE("tags.")) == NULL);
    cr_expect(taxonomy_find(SLICE("CommandLine")) == NULL);
}
