/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/stack_json.h"
#include <criterion/criterion.h>

static _Alignas(16) char room[131072];
static struct arena arena;

static const struct value *tree(struct slice json)
{
    struct value *root = NULL;
    arena_over(&arena, room, sizeof(room));
    struct fault fault = value_parse_json(&arena, json, &root);
    cr_assert_not(fault_is(fault), "%s: %s", json.at, fault.reason);
    return root;
}

Test(stack_json, reads_a_frame)
{
    struct stacktrace trace;
    const struct value *root = tree(SLICE(
        "{\"frames\":[{\"function\":\"f\",\"raw_function\":\"f()\",\"module\":\"m\",\"filename\":"
        "\"a.c\",\"abs_path\":\"/a.c\",\"package\":\"lib.so\",\"context_line\":\"x = 1\","
        "\"platform\":\"native\",\"lineno\":7,\"colno\":\"3\",\"instruction_addr\":\"0x1000\","
        "\"image_addr\":\"0x400\",\"in_app\":true,\"vars\":{\"x\":1}}]}"));

    stack_decode(&arena, root, &trace);

    cr_assert_eq(trace.count, 1);
    const struct frame *frame = &trace.frames[0];
    cr_expect(slice_eq(frame->function, SLICE("f")));
    cr_expect(slice_eq(frame->raw_function, SLICE("f()")));
    cr_expect(slice_eq(frame->module, SLICE("m")));
    cr_expect(slice_eq(frame->filename, SLICE("a.c")));
    cr_expect(slice_eq(frame->abs_path, SLICE("/a.c")));
    cr_expect(slice_eq(frame->package, SLICE("lib.so")));
    cr_expect(slice_eq(frame->context_line, SLICE("x = 1")));
    cr_expect(slice_eq(frame->platform, SLICE("native")));
    cr_expect_eq(frame->lineno, 7);
    cr_expect_eq(frame->colno, 3);
    cr_expect_eq(frame->instruction_addr, 0x1000);
    cr_expect_eq(frame->image_addr, 0x400);
    cr_expect_eq(frame->in_app, YES);
    cr_expect_not_null(value_get(frame->raw, SLICE("vars")));
    cr_expect_eq(trace.raw, root);
}

Test(stack_json, leaves_out_what_a_frame_does_not_say)
{
    struct stacktrace trace;
    stack_decode(&arena,
                 tree(SLICE("{\"frames\":[null,{\"function\":null,\"lineno\":-4,\"colno\":[],"
                            "\"in_app\":\"yes\",\"module\":{},\"filename\":12},\"x\"]}")),
                 &trace);

    cr_assert_eq(trace.count, 1);
    cr_expect_eq(trace.frames[0].function.len, 0);
    cr_expect_eq(trace.frames[0].lineno, 0);
    cr_expect_eq(trace.frames[0].colno, 0);
    cr_expect_eq(trace.frames[0].in_app, UNKNOWN);
    cr_expect_eq(trace.frames[0].module.len, 0);
    cr_expect(slice_eq(trace.frames[0].filename, SLICE("12")));
}

Test(stack_json, traces_without_frames_are_empty)
{
    static const struct slice cases[] = {
        SLICE_INIT("null"),
        SLICE_INIT("{}"),
        SLICE_INIT("{\"frames\":null}"),
        SLICE_INIT("{\"frames\":[]}"),
        SLICE_INIT("{\"frames\":[null]}"),
        SLICE_INIT("{\"frames\":\"none\"}"),
        SLICE_INIT("[]"),
        SLICE_INIT("\"at main()\""),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct stacktrace trace = {.count = 9};
        stack_decode(&arena, tree(cases[i]), &trace);
        cr_expect_eq(trace.count, 0, "%s", cases[i].at);
        cr_expect_null(trace.frames, "%s", cases[i].at);
    }
}

Test(stack_json, reads_a_bare_list_of_frames)
{
    struct stacktrace trace;
    stack_decode(&arena, tree(SLICE("[{\"function\":\"a\"},{\"function\":\"b\"}]")), &trace);
    cr_assert_eq(trace.count, 2);
    cr_expect(slice_eq(trace.frames[1].function, SLICE("b")));
}

Test(stack_json, reads_exceptions_in_every_shape)
{
    static const struct {
        struct slice json;
        uint32_t count;
    } cases[] = {
        {SLICE_INIT("{\"values\":[{\"type\":\"A\"},{\"type\":\"E\",\"value\":\"v\"}]}"), 2},
        {SLICE_INIT("[{\"type\":\"A\"},null,{\"type\":\"E\",\"value\":\"v\"}]"), 2},
        {SLICE_INIT("{\"type\":\"E\",\"value\":\"v\"}"), 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event event = {0};
        stack_decode_exceptions(&arena, tree(cases[i].json), &event);
        cr_assert_eq(event.exception_count, cases[i].count, "%s", cases[i].json.at);
        const struct exception *last = &event.exceptions[event.exception_count - 1];
        cr_expect(slice_eq(last->type, SLICE("E")), "%s", cases[i].json.at);
        cr_expect(slice_eq(last->value, SLICE("v")), "%s", cases[i].json.at);
        cr_expect_eq(last->exception_id, -1);
        cr_expect_eq(last->parent_id, -1);
        cr_expect_eq(last->handled, UNKNOWN);
    }
}

Test(stack_json, exception_values_need_not_be_text)
{
    struct event event = {0};
    stack_decode_exceptions(
        &arena, tree(SLICE("[{\"value\":42},{\"value\":{\"a\":1}},{\"value\":null},{}]")), &event);

    cr_assert_eq(event.exception_count, 4);
    cr_expect(slice_eq(event.exceptions[0].value, SLICE("42")));
    cr_expect(slice_eq(event.exceptions[1].value, SLICE("{\"a\":1}")));
    cr_expect_eq(event.exceptions[2].value.len, 0);
    cr_expect_eq(event.exceptions[3].value.len, 0);
}

Test(stack_json, reads_the_mechanism)
{
    struct event event = {0};
    stack_decode_exceptions(
        &arena,
        tree(SLICE("[{\"thread_id\":7,\"mechanism\":{\"type\":\"mach\",\"handled\":false,"
                   "\"synthetic\":true,\"is_exception_group\":true,\"exception_id\":2,"
                   "\"parent_id\":0,\"meta\":{\"signal\":{\"number\":11,\"name\":\"SIGSEGV\"},"
                   "\"ns_error\":{\"domain\":\"NSCocoa\",\"code\":-4}}}},"
                   "{\"mechanism\":{\"posix_signal\":{\"name\":\"SIGABRT\"},\"handled\":1}},"
                   "{\"mechanism\":\"generic\"}]")),
        &event);

    cr_assert_eq(event.exception_count, 3);
    const struct exception *first = &event.exceptions[0];
    cr_expect(slice_eq(first->thread_id, SLICE("7")));
    cr_expect(slice_eq(first->mechanism_type, SLICE("mach")));
    cr_expect(slice_eq(first->signal_name, SLICE("SIGSEGV")));
    cr_expect(slice_eq(first->error_domain, SLICE("NSCocoa")));
    cr_expect_eq(first->error_code, -4);
    cr_expect_eq(first->handled, NO);
    cr_expect(first->is_synthetic && first->is_group);
    cr_expect_eq(first->exception_id, 2);
    cr_expect_eq(first->parent_id, 0);
    cr_expect(slice_eq(event.exceptions[1].signal_name, SLICE("SIGABRT")));
    cr_expect_eq(event.exceptions[1].handled, UNKNOWN);
    cr_expect_eq(event.exceptions[2].mechanism_type.len, 0);
}

Test(stack_json, reads_threads)
{
    struct event event = {0};
    stack_decode_threads(
        &arena,
        tree(SLICE("{\"values\":[{\"id\":259,\"name\":\"main\",\"crashed\":true,\"current\":true,"
                   "\"stacktrace\":{\"frames\":[{\"function\":\"f\"}]}},null,{\"id\":\"2\"}]}")),
        &event);

    cr_assert_eq(event.thread_count, 2);
    cr_expect(slice_eq(event.threads[0].id, SLICE("259")));
    cr_expect(slice_eq(event.threads[0].name, SLICE("main")));
    cr_expect(event.threads[0].is_crashed && event.threads[0].is_current);
    cr_expect_eq(event.threads[0].stacktrace.count, 1);
    cr_expect(slice_eq(event.threads[1].id, SLICE("2")));
    cr_expect_not(event.threads[1].is_crashed || event.threads[1].is_current);
    cr_expect_eq(event.threads[1].stacktrace.count, 0);
}

Test(stack_json, tolerates_a_full_arena)
{
    struct event event = {0};
    const struct value *root = tree(SLICE("[{\"type\":\"E\",\"stacktrace\":[{}]}]"));
    struct arena full;
    arena_over(&full, room, 0);

    stack_decode_exceptions(&full, root, &event);
    stack_decode_threads(&full, root, &event);
    stack_decode(&full, value_get(value_first(root), SLICE("stacktrace")), &event.stacktrace);

    cr_expect_null(event.exceptions);
    cr_expect_eq(event.exception_count + event.thread_count + event.stacktrace.count, 0);
    cr_expect(full.exhausted);
}
