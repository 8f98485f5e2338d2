/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/title.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

#define UNLABELED "<unlabeled event>"

/* The first line that has anything in it, in bounds, with "..." where it was cut. */
static struct slice first_line(struct arena *arena, struct slice text)
{
    text = slice_trim(text);
    struct slice line = slice_trim(slice_head(text, slice_find(text, '\n')));
    if (line.len <= TITLE_BYTES_MAX) {
        return line;
    }
    struct slice parts[] = {slice_cut_utf8(line, TITLE_BYTES_MAX - 3), SLICE("...")};
    struct slice joined = arena_concat(arena, parts, 2);
    return joined.len != 0 ? joined : slice_cut_utf8(line, TITLE_BYTES_MAX);
}

/* The exception people are shown: the last; of a group whose members are all the same, the first
 * member, since the group says only "several". */
static const struct exception *shown(const struct event *event)
{
    MUST(event->exception_count > 0);
    const struct exception *last = &event->exceptions[event->exception_count - 1];
    const struct exception *member = NULL;
    if (!last->is_group || last->exception_id < 0) {
        return last;
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        const struct exception *at = &event->exceptions[i];
        if (at->parent_id != last->exception_id || at == last) {
            continue;
        }
        if (at->is_group || (member != NULL && (!slice_eq(at->type, member->type) ||
                                                !slice_eq(at->value, member->value)))) {
            return last;
        }
        member = at;
    }
    return member != NULL ? member : last;
}

/* The function in which the newest frame, of the application if there is one, was. */
static const struct frame *crash_frame(const struct stacktrace *stack)
{
    for (uint32_t i = stack->count; i-- > 0;) {
        if (stack->frames[i].in_app == YES && stack->frames[i].ignored_by == NULL) {
            return &stack->frames[i];
        }
    }
    return stack->count != 0 ? &stack->frames[stack->count - 1] : NULL;
}

static struct slice function_of(const struct exception *exception)
{
    const struct frame *frame = crash_frame(&exception->stacktrace);
    return frame != NULL ? frame->function : slice_of(NULL, 0);
}

static struct slice exception_title(struct arena *arena, const struct exception *exception)
{
    struct slice value = slice_trim(exception->value);
    struct slice type = exception->type;
    value = slice_head(value, slice_find(value, '\n'));
    if (exception->is_synthetic && function_of(exception).len != 0) {
        return first_line(arena, function_of(exception)); /* its type is only "Error" */
    }
    if (type.len == 0) {
        return first_line(arena, value);
    }
    if (value.len == 0) {
        return first_line(arena, type);
    }
    struct slice parts[] = {slice_cut_utf8(type, TITLE_BYTES_MAX), SLICE(": "),
                            slice_cut_utf8(value, TITLE_BYTES_MAX + 1)};
    struct slice joined = arena_concat(arena, parts, 3);
    return first_line(arena, joined.len != 0 ? joined : type);
}

/* "csp" and the like, made by decode from a browser's report, hold their own message. */
static struct slice message_of(const struct event *event)
{
    return event->formatted.len != 0 ? event->formatted : event->message;
}

static struct slice title_of(struct arena *arena, const struct event *event)
{
    struct slice title = slice_of(NULL, 0);
    if (event->exception_count > 0) {
        title = exception_title(arena, shown(event));
    }
    if (title.len == 0) {
        title = first_line(arena, message_of(event));
    }
    if (title.len == 0 && event->type == EVENT_TRANSACTION) {
        title = first_line(arena, event->transaction);
    }
    return title.len != 0 ? title : SLICE(UNLABELED);
}

static const struct frame *culprit_frame(const struct event *event)
{
    if (event->exception_count > 0) {
        return crash_frame(&shown(event)->stacktrace);
    }
    if (event->stacktrace.count > 0) {
        return crash_frame(&event->stacktrace);
    }
    for (uint32_t i = 0; i < event->thread_count; i++) {
        if (event->threads[i].is_crashed || event->threads[i].is_current ||
            event->thread_count == 1) {
            return crash_frame(&event->threads[i].stacktrace);
        }
    }
    return NULL;
}

/* "module in function", "file in function", or what there is of them. */
struct slice title_culprit(struct arena *arena, const struct event *event)
{
    if (event->transaction.len != 0) {
        return event->transaction;
    }
    const struct frame *frame = culprit_frame(event);
    if (frame == NULL) {
        return slice_of(NULL, 0);
    }
    struct slice place = frame->module.len != 0 ? frame->module : frame->filename;
    if (place.len == 0 || frame->function.len == 0) {
        return first_line(arena, place.len != 0 ? place : frame->function);
    }
    struct slice parts[] = {place, SLICE(" in "), frame->function};
    return first_line(arena, arena_concat(arena, parts, 3));
}

void step_title(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)input;
    event->title = title_of(arena, event);
    event->culprit = title_culprit(arena, event);
    MUST(event->title.len > 0 && event->title.len <= TITLE_BYTES_MAX);
    MUST(event->culprit.len <= TITLE_BYTES_MAX);
}
