/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/render.h"
#include <criterion/criterion.h>

static struct arena arena;
static struct buffer buffer;

static void setup(void)
{
    cr_assert(arena_init(&arena, 4u << 20));
    buffer_init(&buffer, 1u << 20);
}

static void teardown(void)
{
    buffer_done(&buffer);
    arena_done(&arena);
}

TestSuite(render, .init = setup, .fini = teardown);

static const struct value *rendered(const struct event *event)
{
    struct json json;
    struct id hash = {{0xaa}};
    struct render_context context = {
        .issue = 65, .project = 1, .hashes = &hash, .hash_count = 1, .size = 10};
    struct value *tree = NULL;
    json_init(&json, &buffer);
    render_api_event(&json, event, &context);
    struct fault fault = value_parse_json(&arena, buffer_slice(&buffer), &tree);
    cr_assert_not(fault_is(fault), "%s at %zu in %.*s", fault.reason, fault.offset,
                  SLICE_ARG(buffer_slice(&buffer)));
    return tree;
}

static struct slice at(const struct value *tree, const char *key)
{
    return value_text(value_get(tree, slice_str(key)));
}

Test(render, names_an_event_as_sentry_does)
{
    struct value root = {.kind = VALUE_MAP};
    struct event event = {.id = {{0x12}},
                          .root = &root,
                          .level = LEVEL_FATAL,
                          .title = SLICE("Boom: it broke"),
                          .culprit = SLICE("shop in pay"),
                          .platform = SLICE("python"),
                          .timestamp_us = 1000000,
                          .environment = SLICE("prod")};

    const struct value *tree = rendered(&event);

    cr_expect(slice_eq(at(tree, "eventID"), SLICE("12000000000000000000000000000000")));
    cr_expect(slice_eq(at(tree, "groupID"), SLICE("65")));
    cr_expect(slice_eq(at(tree, "title"), SLICE("Boom: it broke")));
    cr_expect(slice_eq(at(tree, "dateCreated"), SLICE("1970-01-01T00:00:01.000000Z")));
    const struct value *tag = value_first(value_get(tree, SLICE("tags")));
    cr_expect(slice_eq(at(tag, "key"), SLICE("level")));
    cr_expect(slice_eq(at(tag, "value"), SLICE("fatal")));
    cr_expect(slice_eq(at(tag->next, "value"), SLICE("prod")));
    cr_expect(value_is(value_get(tree, SLICE("user")), VALUE_NULL));
}

Test(render, shows_frames_with_their_source_numbered)
{
    struct value *raw = NULL;
    cr_assert_not(fault_is(value_parse_json(
        &arena,
        SLICE("{\"pre_context\":[\"a\",\"b\"],\"post_context\":[\"d\"],\"vars\":{\"x\":1}}"),
        &raw)));
    struct frame frame = {.function = SLICE("pay"),
                          .lineno = 12,
                          .context_line = SLICE("c"),
                          .in_app = YES,
                          .instruction_addr = 0x1f,
                          .raw = raw};
    struct exception exception = {.type = SLICE("Boom"),
                                  .value = SLICE("it broke"),
                                  .stacktrace = {.frames = &frame, .count = 1}};
    struct event event = {.root = raw, .exceptions = &exception, .exception_count = 1};

    const struct value *entry = value_first(value_get(rendered(&event), SLICE("entries")));

    cr_expect(slice_eq(at(entry, "type"), SLICE("exception")));
    const struct value *shown =
        value_first(value_get(value_get(entry, SLICE("data")), SLICE("values")));
    const struct value *seen =
        value_first(value_get(value_get(shown, SLICE("stacktrace")), SLICE("frames")));
    cr_expect(slice_eq(at(seen, "instructionAddr"), SLICE("0x1f")));
    const struct value *source = value_get(seen, SLICE("context"));
    cr_assert_eq(source->count, 4u);
    const struct value *first = value_first(value_first(source));
    cr_expect(slice_eq(value_text(first), SLICE("10")));
    cr_expect(slice_eq(value_text(first->next), SLICE("a")));
    cr_expect(
        slice_eq(value_text(value_get(value_get(seen, SLICE("vars")), SLICE("x"))), SLICE("1")));
}

Test(render, metadata_is_type_and_value_or_the_title)
{
    struct value root = {.kind = VALUE_MAP};
    struct event event = {.root = &root, .title = SLICE("hello")};
    struct json json;
    json_init(&json, &buffer);

    render_api_metadata(&json, &event);

    cr_expect(slice_eq(buffer_slice(&buffer), SLICE("{\"title\":\"hello\"}")));
}
