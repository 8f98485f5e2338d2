/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/symbols/native_frames.h"
#include <criterion/criterion.h>

#define ID "5da2c1d1f0b4a1c0e6b7f8a9d0c1b2a3f4e5d6c7"

static struct arena arena;
static struct native_plan plan;

static void setup(void)
{
    cr_assert(arena_init(&arena, 4u << 20));
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(native_frames, .init = setup, .fini = teardown);

static const struct value *tree(const char *json)
{
    struct value *out = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &out)), "%s", json);
    return out;
}

static const struct value *images(void)
{
    return tree(
        "{\"images\":["
        "{\"image_addr\":\"0x1000\",\"image_size\":4096,\"code_id\":\"" ID "\","
        "\"code_file\":\"/bin/shop\"},"
        "{\"image_addr\":\"0x8000\",\"image_size\":4096,"
        "\"debug_id\":\"d1c1a25d-b4f0-c0a1-e6b7-f8a9d0c1b2a3\"},"
        "{\"image_addr\":\"0xf000\",\"image_size\":4096,\"code_file\":\"/bin/nameless\"}]}");
}

static struct frame frames[4];

/* An event with `count` frames of one exception. */
static struct event event_of(uint32_t count, enum tristate handled)
{
    struct exception *exception = ARENA_NEW(&arena, struct exception);
    *exception =
        (struct exception){.handled = handled, .stacktrace = {.frames = frames, .count = count}};
    return (struct event){.exceptions = exception, .exception_count = 1, .debug_meta = images()};
}

static const struct stacktrace *stack_of(const struct event *event)
{
    return &event->exceptions[0].stacktrace;
}

/* Answers every question with `symbol`. */
static const struct event *apply(const struct event *event, struct symbol symbol)
{
    for (uint32_t i = 0; i < plan.request_count; i++) {
        struct symbol *symbols = ARENA_ARRAY(&arena, plan.requests[i].count, struct symbol);
        for (uint32_t k = 0; k < plan.requests[i].count; k++) {
            symbols[k] = symbol;
        }
        plan.requests[i].symbols = symbols;
    }
    return native_plan_apply(&arena, &plan, event);
}

Test(native_frames, are_asked_about_by_image_and_offset_each_once)
{
    frames[0] = (struct frame){.instruction_addr = 0x1101};
    frames[1] = (struct frame){.instruction_addr = 0x8001};
    frames[2] = (struct frame){.instruction_addr = 0x1101};
    frames[3] = (struct frame){.instruction_addr = 0x1200};
    struct event event = event_of(4, NO);
    cr_assert(native_plan_make(&arena, &event, &plan));
    cr_assert_eq(plan.request_count, 2);
    cr_expect_eq(plan.requests[0].count, 2);
    cr_expect_eq(plan.requests[0].addresses[0], 0x100, "where it returns to, less one");
    cr_expect_eq(plan.requests[0].addresses[1], 0x200, "the instruction that crashed");
    cr_expect_not(plan.requests[0].id.is_prefix);
    cr_expect_eq(plan.requests[1].count, 1);
    cr_expect_eq(plan.requests[1].addresses[0], 0);
    cr_expect(plan.requests[1].id.is_prefix, "of the debug id");
}

Test(native_frames, are_one_before_where_they_return_unless_the_sender_says_otherwise)
{
    static const struct {
        const char *said;
        enum tristate handled;
        uint64_t newest;
        uint64_t other;
    } rows[] = {
        {"{}", YES, 0x1ff, 0xff},
        {"{}", UNKNOWN, 0x1ff, 0xff},
        {"{}", NO, 0x200, 0xff},
        {"{\"instruction_addr_adjustment\":\"all\"}", NO, 0x1ff, 0xff},
        {"{\"instruction_addr_adjustment\":\"all_but_first\"}", YES, 0x200, 0xff},
        {"{\"instruction_addr_adjustment\":\"none\"}", NO, 0x200, 0x100},
        {"{\"instruction_addr_adjustment\":7}", YES, 0x1ff, 0xff},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        frames[0] = (struct frame){.instruction_addr = 0x1100};
        frames[1] = (struct frame){.instruction_addr = 0x1200};
        struct event event = event_of(2, rows[i].handled);
        event.exceptions[0].stacktrace.raw = tree(rows[i].said);
        cr_assert(native_plan_make(&arena, &event, &plan));
        cr_expect_eq(plan.requests[0].addresses[0], rows[i].other, "%zu", i);
        cr_expect_eq(plan.requests[0].addresses[1], rows[i].newest, "%zu", i);
    }
}

Test(native_frames, with_inlined_functions_become_several)
{
    struct symbol_place places[2] = {
        {SLICE("price"), SLICE("_Z5pricei"), SLICE("/src/cart.h"), 12, 3},
        {SLICE("checkout"), {NULL, 0}, SLICE("/src/shop.c"), 40, 0}};
    frames[0] = (struct frame){.instruction_addr = 0x1100, .function = SLICE("guess")};
    frames[1] = (struct frame){.instruction_addr = 0x7000};
    struct event event = event_of(2, NO);
    cr_assert(native_plan_make(&arena, &event, &plan));
    const struct event *shown = apply(&event, (struct symbol){SYMBOL_FOUND, 2, places});
    cr_assert_not_null(shown);
    cr_assert_eq(stack_of(shown)->count, 3);
    const struct frame *outer = &stack_of(shown)->frames[0];
    cr_expect(slice_eq(outer->function, SLICE("checkout")));
    cr_expect(slice_eq(outer->filename, SLICE("shop.c")));
    cr_expect(slice_eq(outer->package, SLICE("/bin/shop")));
    cr_expect(outer->lineno == 40 && outer->instruction_addr == 0x1100);
    cr_expect(slice_eq(outer[1].function, SLICE("price")));
    cr_expect(slice_eq(outer[1].abs_path, SLICE("/src/cart.h")));
    cr_expect(slice_eq(outer[1].raw_function, SLICE("_Z5pricei")));
    cr_expect(outer[1].lineno == 12 && outer[1].colno == 3);
    cr_expect_str_eq(outer[1].symbol_status, "symbolicated");
    cr_expect_str_eq(outer[2].symbol_status, "unknown_image");
    cr_expect_eq(stack_of(&event)->count, 2, "what was read stays as it is");
    cr_expect_eq(frames[0].lineno, 0);
}

Test(native_frames, say_why_they_have_no_function)
{
    frames[0] = (struct frame){.instruction_addr = 0x1100, .function = SLICE("guess")};
    frames[1] = (struct frame){.instruction_addr = 0xf100};
    struct event event = event_of(2, NO);
    cr_assert(native_plan_make(&arena, &event, &plan));
    const struct event *shown = apply(&event, (struct symbol){.status = SYMBOL_NO_FILE});
    cr_expect_str_eq(stack_of(shown)->frames[0].symbol_status, "missing");
    cr_expect(slice_eq(stack_of(shown)->frames[0].function, SLICE("guess")));
    cr_expect_str_eq(stack_of(shown)->frames[1].symbol_status, "unknown_image", "no build id");
}

Test(native_frames, move_the_culprit_but_not_the_title)
{
    struct symbol_place place = {SLICE("boom"), {NULL, 0}, SLICE("/src/shop.c"), 4, 0};
    frames[0] = (struct frame){.instruction_addr = 0x1100};
    struct event event = event_of(1, NO);
    event.title = SLICE("SIGSEGV: at 0");
    cr_assert(native_plan_make(&arena, &event, &plan));
    const struct event *shown = apply(&event, (struct symbol){SYMBOL_FOUND, 1, &place});
    cr_expect(slice_eq(shown->culprit, SLICE("shop.c in boom")));
    cr_expect(slice_eq(shown->title, event.title));
    event.transaction = SLICE("/checkout");
    shown = apply(&event, (struct symbol){SYMBOL_FOUND, 1, &place});
    cr_expect(slice_eq(shown->culprit, SLICE("/checkout")));
}

Test(native_frames, of_threads_and_of_messages_are_found_too)
{
    struct symbol_place place = {SLICE("run"), {NULL, 0}, {NULL, 0}, 0, 0};
    struct thread thread = {.is_crashed = true, .stacktrace = {.frames = frames, .count = 1}};
    struct event event = {.threads = &thread,
                          .thread_count = 1,
                          .stacktrace = {.frames = frames, .count = 1},
                          .debug_meta = images()};
    frames[0] = (struct frame){.instruction_addr = 0x1100};
    cr_assert(native_plan_make(&arena, &event, &plan));
    cr_expect_eq(plan.address_count, 2, "a crash, and a place it returns to");
    const struct event *shown = apply(&event, (struct symbol){SYMBOL_FOUND, 1, &place});
    cr_expect(slice_eq(shown->threads[0].stacktrace.frames[0].function, SLICE("run")));
    cr_expect(slice_eq(shown->stacktrace.frames[0].function, SLICE("run")));
}

Test(native_frames, of_other_programs_are_left_alone)
{
    frames[0] = (struct frame){.function = SLICE("view"), .lineno = 3};
    frames[1] = (struct frame){.instruction_addr = 0x1100, .function = SLICE("f"), .lineno = 3};
    struct event event = event_of(2, NO);
    cr_expect_not(native_plan_make(&arena, &event, &plan));
    cr_expect_eq(native_frames(&arena, NULL, &event, 0), &event, "nobody is asked");
}

Test(native_frames, without_memory_are_shown_as_they_came)
{
    frames[0] = (struct frame){.instruction_addr = 0x1100};
    struct event event = event_of(1, NO);
    while (arena_alloc(&arena, 16) != NULL) {
    }
    cr_expect_eq(native_frames(&arena, NULL, &event, 0), &event);
}
