/* SPDX-License-Identifier: Apache-2.0 */
/* What normalise and fingerprint make of each event of tests/golden/events. */
#include "ingest/base/limits.h"
#include "tests/support/golden.h"
#include "tests/support/grouping.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <glob.h>

static struct arena arena;

static void start(void)
{
    cr_assert(arena_init(&arena, SCRATCH_BYTES));
}

static void stop(void)
{
    arena_done(&arena);
}

TestSuite(stages, .init = start, .fini = stop);

/* Empty members are left out. */
static void text(struct json *json, const char *key, struct slice value)
{
    if (value.len != 0) {
        json_member_string(json, key, value);
    }
}

static void write_stack(struct json *json, const struct stacktrace *stack)
{
    json_key(json, "frames");
    json_list(json);
    for (uint32_t i = 0; i < stack->count; i++) {
        const struct frame *frame = &stack->frames[i];
        json_map(json);
        json_member_bool(json, "in_app", frame->in_app == YES);
        text(json, "function", frame->function);
        text(json, "raw_function", frame->raw_function);
        text(json, "module", frame->module);
        text(json, "filename", frame->filename);
        text(json, "ignored_by", slice_str(frame->ignored_by));
        json_map_end(json);
    }
    json_list_end(json);
}

static void write_stacks(struct json *json, const struct event *event)
{
    json_key(json, "exceptions");
    json_list(json);
    for (uint32_t i = 0; i < event->exception_count; i++) {
        json_map(json);
        text(json, "type", event->exceptions[i].type);
        text(json, "value", event->exceptions[i].value);
        write_stack(json, &event->exceptions[i].stacktrace);
        json_map_end(json);
    }
    json_list_end(json);
    json_key(json, "threads");
    json_list(json);
    for (uint32_t i = 0; i < event->thread_count; i++) {
        json_map(json);
        text(json, "name", event->threads[i].name);
        write_stack(json, &event->threads[i].stacktrace);
        json_map_end(json);
    }
    json_list_end(json);
}

static void write_event(struct json *json, const struct event *event)
{
    json_map(json);
    text(json, "title", event->title);
    text(json, "culprit", event->culprit);
    json_member_string(json, "type", slice_str(event_type_name(event->type)));
    json_member_string(json, "level", slice_str(level_name(event->level)));
    json_member_integer(json, "timestamp_us", event->timestamp_us);
    text(json, "platform", event->platform);
    text(json, "logger", event->logger);
    text(json, "transaction", event->transaction);
    text(json, "server_name", event->server_name);
    text(json, "release", event->release);
    text(json, "environment", event->environment);
    text(json, "message", event->message);
    text(json, "formatted", event->formatted);
    json_key(json, "tags");
    json_map(json);
    for (uint32_t i = 0; i < event->tag_count; i++) {
        json_key_slice(json, event->tags[i].key);
        json_string(json, event->tags[i].value);
    }
    json_map_end(json);
    text(json, "user_id", event->user.id);
    text(json, "user_address", event->user.ip_address);
    text(json, "method", event->request.method);
    text(json, "url", event->request.url);
    text(json, "query", event->request.query_string);
    write_stacks(json, event);
    json_map_end(json);
}

/* `path` is tests/golden/events/NAME.json: its answers lie in the stages' folders under NAME. */
static void check(const char *path)
{
    struct event event;
    struct fingerprint fingerprint;
    struct buffer buffer;
    struct json json;
    const char *name = strrchr(path, '/') + 1;
    cr_assert(grouping_event(&arena, place_read(&arena, path), &event), "%s", name);

    buffer_init(&buffer, 1 << 20);
    json_init(&json, &buffer);
    write_event(&json, &event);
    cr_expect(golden_is("normalise", name, buffer_slice(&buffer)), "normalise: %s", name);
    buffer_done(&buffer);

    struct slice why = grouping_explain(&arena, &event, &fingerprint);
    cr_expect(golden_is("fingerprint", name, why), "fingerprint: %s", name);
}

Test(stages, events_become_what_they_became)
{
    char pattern[4096];
    glob_t found;
    golden_path("events", "*.json", pattern);
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        arena_reset(&arena);
        check(found.gl_pathv[i]);
    }
    cr_expect_gt(found.gl_pathc, 15);
    globfree(&found);
}
