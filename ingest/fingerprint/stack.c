/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
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

/* A project's rule: of each variant only the newest frames count, and none of too few. */
static void keep_newest(struct part *const *frames, const struct stacktrace *stack,
                        unsigned variant)
{
    uint32_t count = 0;
    for (uint32_t i = stack->count; i-- > 0;) {
        bool is_counted = (frames[i]->counts & variant) != 0;
        if (is_counted && stack->frames_max != 0 && count == stack->frames_max) {
            parts_drop(frames[i], variant, "max-frames: newer ones are enough");
        } else {
            count += is_counted;
        }
    }
    for (uint32_t i = 0; count < stack->frames_min && i < stack->count; i++) {
        if ((frames[i]->counts & variant) != 0) {
            parts_drop(frames[i], variant, "min-frames: too few of them");
        }
    }
}

unsigned stack_add(struct parts *parts, const struct event *event, const struct stacktrace *stack)
{
    struct part *frames[FRAMES_MAX];
    struct part *whole = parts_open(parts, "stacktrace");
    MUST(stack->count <= FRAMES_MAX);
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
        frames[i] = part;
    }
    if (stack->frames_max != 0 || stack->frames_min != 0) {
        keep_newest(frames, stack, VARIANT_APP);
        keep_newest(frames, stack, VARIANT_SYSTEM);
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
