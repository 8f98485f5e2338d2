/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/event_json.h"
#include "ingest/normalise/scrub.h"
#include "ingest/render.h"
#include "ingest/render_meta.h"
#include <criterion/criterion.h>

static struct arena arena;

static void setup(void)
{
    cr_assert(arena_init(&arena, 16u << 20));
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(render_meta, .init = setup, .fini = teardown);

/* The whole answer for the event of `text`, scrubbed, as a tree. */
static const struct value *answer(const char *text)
{
    struct value *root = NULL;
    struct value *tree = NULL;
    struct event *event = ARENA_NEW(&arena, struct event);
    struct buffer buffer;
    struct json json;
    const struct render_context context = {.project = 1};
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(text), &root)));
    cr_assert_not(fault_is(event_decode(&arena, root, event)));
    event->title = SLICE("t");
    event->platform = SLICE("other");
    scrub_event(&arena, scrub_rules_new(&arena, NULL), root, event);
    buffer_init(&buffer, 1u << 20);
    json_init(&json, &buffer);
    render_api_event(&json, event, &context);
    struct slice written = arena_copy(&arena, buffer_slice(&buffer));
    buffer_done(&buffer);
    cr_assert_not(fault_is(value_parse_json(&arena, written, &tree)));
    return tree;
}

/* The member at a path such as "entries/0/data"; an empty step is the empty name: "a//rem". */
static const struct value *at(const struct value *value, const char *path)
{
    struct slice rest = slice_str(path);
    for (;;) {
        size_t slash = slice_find(rest, '/');
        struct slice step = slice_head(rest, slash);
        value = value_get(value, step);
        if (slash == rest.len) {
            return value;
        }
        rest = slice_from(rest, slash + 1);
    }
}

static struct slice rule_at(const struct value *answer, const char *path)
{
    const struct value *about = value_get(at(value_get(answer, SLICE("_meta")), path), SLICE(""));
    return value_string(value_first(value_first(value_get(about, SLICE("rem")))));
}

#define EXPECT_RULE(answer, path, rule)                                                            \
    cr_expect(slice_eq(rule_at(answer, path), SLICE(rule)), "%s: %.*s", path,                      \
              SLICE_ARG(rule_at(answer, path)))

Test(render_meta, what_is_gone_is_told_where_the_answer_has_it)
{
    const struct value *tree = answer(
        "{\"exception\":[null,{\"type\":\"E\",\"value\":\"token=a1\",\"stacktrace\":{\"frames\":["
        "{\"function\":\"f\"},{\"function\":\"g\",\"vars\":{\"password\":\"x\"},"
        "\"pre_context\":[\"a\",\"secret='x'\"],\"context_line\":\"secret='x'\"}]}}],"
        "\"breadcrumbs\":{\"values\":[{\"message\":\"token=a1\"}]},"
        "\"request\":{\"method\":\"GET\",\"url\":\"https://u:p@h/\",\"headers\":{\"Accept\":\"x\","
        "\"X-Api-Key\":\"x\"},\"query_string\":\"token=1\"},"
        "\"extra\":{\"secret\":\"x\"},\"contexts\":{\"a\":{\"secret\":\"x\"}},"
        "\"user\":{\"data\":{\"otp\":\"1\"}}}");
    EXPECT_RULE(tree, "context/secret", "@password:filter");
    EXPECT_RULE(tree, "contexts/a/secret", "@password:filter");
    EXPECT_RULE(tree, "user/data/otp", "@password:filter");
    EXPECT_RULE(tree, "entries/0/data/values/0/value", "@password:filter");
    EXPECT_RULE(tree, "entries/0/data/values/0/stacktrace/frames/1/vars/password",
                "@password:filter");
    EXPECT_RULE(tree, "entries/0/data/values/0/stacktrace/frames/1/context/1/1",
                "@password:filter");
    EXPECT_RULE(tree, "entries/0/data/values/0/stacktrace/frames/1/context/2/1",
                "@password:filter");
    EXPECT_RULE(tree, "entries/1/data/values/0/message", "@password:filter");
    EXPECT_RULE(tree, "entries/2/data/url", "@urlauth:filter");
    EXPECT_RULE(tree, "entries/2/data/queryString", "@password:filter");
    EXPECT_RULE(tree, "entries/2/data/headers/1/1", "@password:filter");
    const struct value *headers =
        at(value_first(value_get(tree, SLICE("entries")))->next->next, "data/headers");
    cr_expect(
        slice_eq(value_text(value_first(value_first(headers)->next)->next), SLICE("[Filtered]")));
}

Test(render_meta, messages_and_bare_stack_traces_are_told_too)
{
    const struct value *tree = answer(
        "{\"logentry\":{\"message\":\"token=a1\"},\"stacktrace\":{\"frames\":[{\"vars\":{\"pin\":"
        "\"1\"}}]},\"threads\":{\"values\":[{\"id\":1,\"name\":\"Bearer x1\"}]}}");
    EXPECT_RULE(tree, "entries/0/data/frames/0/vars/pin", "@password:filter");
    EXPECT_RULE(tree, "entries/1/data/values/0/name", "@bearer:filter");
    EXPECT_RULE(tree, "entries/2/data/message", "@password:filter");
}

Test(render_meta, an_event_that_lost_nothing_has_an_empty_map)
{
    const struct value *meta = value_get(answer("{\"message\":\"hello\"}"), SLICE("_meta"));
    cr_assert(value_is(meta, VALUE_MAP));
    cr_expect_eq(meta->count, 0);
}

Test(render_meta, entries_are_there_when_they_have_something_to_show)
{
    struct exception exception = {.type = SLICE("E")};
    struct event event = {.exceptions = &exception, .exception_count = 1, .message = SLICE("m")};
    cr_expect(render_has_entry(&event, ENTRY_EXCEPTION));
    cr_expect(render_has_entry(&event, ENTRY_MESSAGE));
    cr_expect_not(render_has_entry(&event, ENTRY_REQUEST));
    cr_expect_not(render_has_entry(&event, ENTRY_THREADS));
    cr_expect_not(render_has_entry(&event, ENTRY_BREADCRUMBS));
}

Test(render_meta, tags_are_told_of_by_their_places_in_the_answer)
{
    /* level stands before them, so that the second tag sent is the third one shown */
    static const char *const forms[] = {
        "{\"level\":\"error\",\"tags\":{\"zone\":\"a\",\"the password\":\"hunter2\"}}",
        "{\"level\":\"error\",\"tags\":[[\"zone\",\"a\"],[\"the password\",\"hunter2\"]]}",
        "{\"level\":\"error\",\"tags\":[null,{\"key\":\"zone\",\"value\":\"a\"},"
        "{\"key\":\"the password\",\"value\":\"hunter2\"}]}",
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const struct value *tree = answer(forms[i]);
        const struct value *tags = value_get(tree, SLICE("tags"));
        cr_assert_eq(tags->count, 3, "%s", forms[i]);
        const struct value *last = value_first(tags)->next->next;
        cr_expect(slice_eq(value_string(value_get(last, SLICE("value"))), SLICE("[Filtered]")));
        cr_expect(slice_eq(rule_at(tree, "tags/2/value"), SLICE("@password:filter")), "%s",
                  forms[i]);
        cr_expect_eq(at(tree, "_meta/tags")->count, 1, "%s", forms[i]);
    }
}

Test(render_meta, a_tag_that_was_cut_says_how_long_it_was)
{
    struct slice json = arena_printf(&arena, "{\"tags\":[[\"a\",\"%0250d\"]]}", 1);
    const struct value *tree = answer(arena_str(&arena, json));
    cr_expect(slice_eq(rule_at(tree, "tags/1/value"), SLICE("!limit")));
    cr_expect(slice_eq(value_text(at(tree, "_meta/tags/1/value//len")), SLICE("250")));
}
