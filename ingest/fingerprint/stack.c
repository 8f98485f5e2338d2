/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"

/* A function that calls itself does so a different number of times each time. */
static bool is_recursion(const struct frame *frame, const struct frame *caller)
{
    return frame->lineno == caller->lineno && frame->colno == caller->colno &&
           slice_eq(frame->function, caller->function) &&
           slice_eq(frame->filename, caller->filename) && slice_eq(frame->module, caller->module) &&
           slice_eq(frame->abs_path, caller->abs_path) &&
           slice_eq(frame->package, caller->package) &&
           (frame->function.len != 0 || frame->instruction_addr == caller->instruction_addr);
}

/* One frame that is only the address of a page says nothing. */
static bool is_only_a_page(const struct event *event, const struct stacktrace *stack)
{
    MUST(stack->count > 0);
    const struct frame *frame = &stack->frames[0];
    struct slice platform = frame->platform.len != 0 ? frame->platform : event->platform;
    bool is_script = slice_eq(platform, SLICE("javascript")) || slice_eq(platform, SLICE("node"));
    struct slice path = frame->abs_path.len != 0 ? frame->abs_path : frame->filename;
    bool is_url = frame_has_url(path) || slice_starts(path, SLICE("file:"));
    return stack->count == 1 && is_script && is_url && frame->function.len == 0;
}

unsigned stack_add(struct parts *parts, const struct event *event, const struct stacktrace *stack)
{
    struct part *whole = parts_open(parts, "stacktrace");
    for (uint32_t i = 0; i < stack->count; i++) {
        const struct frame *frame = &stack->frames[i];
        struct part *part = frame_add(parts, event, stack, i);
        if (i > 0 && is_recursion(frame, &stack->frames[i - 1])) {
            parts_drop(part, VARIANT_BOTH, "calls itself");
        } else if (frame->ignored_by != NULL) {
            parts_drop(part, VARIANT_BOTH, frame->ignored_by);
        } else if (is_only_a_page(event, stack)) {
            parts_drop(part, VARIANT_BOTH, "only the address of a page");
        }
        if (frame->in_app != YES) {
            parts_drop(part, VARIANT_APP, "not of the application");
        }
    }
    unsigned counts = parts_close(parts, whole);
    if (counts == 0) {
        whole->why = "no frame that says anything";
    } else if ((counts & VARIANT_APP) == 0) {
        whole->why_app = "no frame of the application";
    }
    MUST(counts != VARIANT_APP);
    parts->stacks |= counts;
    return counts;
}
