/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/stack_json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/decode/event_json.h"
#include "ingest/decode/members.h"

#define FRAME_MEMBERS(X)                                                                           \
    X(FRAME_FUNCTION, "function")                                                                  \
    X(FRAME_MODULE, "module")                                                                      \
    X(FRAME_FILENAME, "filename")                                                                  \
    X(FRAME_ABS_PATH, "abs_path")                                                                  \
    X(FRAME_LINENO, "lineno")                                                                      \
    X(FRAME_COLNO, "colno")                                                                        \
    X(FRAME_IN_APP, "in_app")                                                                      \
    X(FRAME_CONTEXT_LINE, "context_line")                                                          \
    X(FRAME_RAW_FUNCTION, "raw_function")                                                          \
    X(FRAME_PACKAGE, "package")                                                                    \
    X(FRAME_PLATFORM, "platform")                                                                  \
    X(FRAME_INSTRUCTION_ADDR, "instruction_addr")                                                  \
    X(FRAME_IMAGE_ADDR, "image_addr")

#define EXCEPTION_MEMBERS(X)                                                                       \
    X(EXCEPTION_TYPE, "type")                                                                      \
    X(EXCEPTION_VALUE, "value")                                                                    \
    X(EXCEPTION_MODULE, "module")                                                                  \
    X(EXCEPTION_THREAD_ID, "thread_id")                                                            \
    X(EXCEPTION_STACKTRACE, "stacktrace")                                                          \
    X(EXCEPTION_MECHANISM, "mechanism")

#define MECHANISM_MEMBERS(X)                                                                       \
    X(MECHANISM_TYPE, "type")                                                                      \
    X(MECHANISM_HANDLED, "handled")                                                                \
    X(MECHANISM_SYNTHETIC, "synthetic")                                                            \
    X(MECHANISM_IS_GROUP, "is_exception_group")                                                    \
    X(MECHANISM_EXCEPTION_ID, "exception_id")                                                      \
    X(MECHANISM_PARENT_ID, "parent_id")                                                            \
    X(MECHANISM_META, "meta")                                                                      \
    X(MECHANISM_POSIX_SIGNAL, "posix_signal") /* Cocoa until 2018: not yet in meta */

#define THREAD_MEMBERS(X)                                                                          \
    X(THREAD_ID, "id")                                                                             \
    X(THREAD_NAME, "name")                                                                         \
    X(THREAD_CRASHED, "crashed")                                                                   \
    X(THREAD_CURRENT, "current")                                                                   \
    X(THREAD_STACKTRACE, "stacktrace")

#define MEMBER_ENUM(constant, name) constant,
#define MEMBER_NAME(constant, name) SLICE_INIT(name),
enum { FRAME_MEMBERS(MEMBER_ENUM) FRAME_MEMBER_COUNT };
enum { EXCEPTION_MEMBERS(MEMBER_ENUM) EXCEPTION_MEMBER_COUNT };
enum { MECHANISM_MEMBERS(MEMBER_ENUM) MECHANISM_MEMBER_COUNT };
enum { THREAD_MEMBERS(MEMBER_ENUM) THREAD_MEMBER_COUNT };
static const struct slice frame_names[] = {FRAME_MEMBERS(MEMBER_NAME)};
static const struct slice exception_names[] = {EXCEPTION_MEMBERS(MEMBER_NAME)};
static const struct slice mechanism_names[] = {MECHANISM_MEMBERS(MEMBER_NAME)};
static const struct slice thread_names[] = {THREAD_MEMBERS(MEMBER_NAME)};

static int64_t positive(const struct value *value)
{
    int64_t number = members_integer(value, 0);
    return number > 0 ? number : 0;
}

static void read_frame(struct members_order *order, const struct value *value, struct frame *out)
{
    const struct value *found[FRAME_MEMBER_COUNT];
    members_pick_next(order, value, frame_names, FRAME_MEMBER_COUNT, found);
    *out = (struct frame){
        .function = value_text(found[FRAME_FUNCTION]),
        .raw_function = value_text(found[FRAME_RAW_FUNCTION]),
        .module = value_text(found[FRAME_MODULE]),
        .filename = value_text(found[FRAME_FILENAME]),
        .abs_path = value_text(found[FRAME_ABS_PATH]),
        .package = value_text(found[FRAME_PACKAGE]),
        .context_line = value_text(found[FRAME_CONTEXT_LINE]),
        .platform = value_text(found[FRAME_PLATFORM]),
        .lineno = positive(found[FRAME_LINENO]),
        .colno = positive(found[FRAME_COLNO]),
        .instruction_addr = members_address(found[FRAME_INSTRUCTION_ADDR]),
        .image_addr = members_address(found[FRAME_IMAGE_ADDR]),
        .in_app = members_tristate(found[FRAME_IN_APP]),
        .raw = value,
    };
}

/* True for a frame of the middle, which a trace of `total` frames loses. */
static bool is_cut(uint32_t index, uint32_t total)
{
    if (total <= FRAMES_MAX) {
        return false;
    }
    return index >= FRAMES_OLDEST_KEPT && index < total - (FRAMES_MAX - FRAMES_OLDEST_KEPT);
}

void stack_decode(struct arena *arena, const struct value *value, struct stacktrace *out)
{
    MUST(arena != NULL && out != NULL);
    const struct value *frames =
        value_is(value, VALUE_MAP) ? value_get(value, SLICE("frames")) : value;
    struct members_list list;
    struct members_order order = {0};
    uint32_t total = members_count_maps(frames);
    uint32_t room = total < FRAMES_MAX ? total : FRAMES_MAX;
    *out = (struct stacktrace){.raw = members_map(value)};
    if (total == 0) {
        return;
    }
    /* Not cleared: each frame is filled whole. */
    out->frames = arena_alloc_raw(arena, room * sizeof(struct frame));
    if (out->frames == NULL) {
        return;
    }
    members_open(&list, frames);
    for (uint32_t i = 0; i < total; i++) {
        const struct value *frame = members_next_map(&list);
        if (!is_cut(i, total)) {
            read_frame(&order, frame, &out->frames[out->count++]);
        }
    }
    MUST(out->count == room);
}

static void read_mechanism(const struct value *value, struct exception *out)
{
    const struct value *found[MECHANISM_MEMBER_COUNT];
    members_pick(value, mechanism_names, MECHANISM_MEMBER_COUNT, found);
    const struct value *meta = found[MECHANISM_META];
    const struct value *signal = value_get(meta, SLICE("signal"));
    const struct value *error = value_get(meta, SLICE("ns_error"));
    signal = signal != NULL ? signal : found[MECHANISM_POSIX_SIGNAL];
    out->mechanism_type = value_text(found[MECHANISM_TYPE]);
    out->signal_name = value_text(value_get(signal, SLICE("name")));
    out->error_domain = value_text(value_get(error, SLICE("domain")));
    out->error_code = members_integer(value_get(error, SLICE("code")), 0);
    out->handled = members_tristate(found[MECHANISM_HANDLED]);
    out->is_synthetic = value_is(found[MECHANISM_SYNTHETIC], VALUE_TRUE);
    out->is_group = value_is(found[MECHANISM_IS_GROUP], VALUE_TRUE);
    out->exception_id = members_integer(found[MECHANISM_EXCEPTION_ID], -1);
    out->parent_id = members_integer(found[MECHANISM_PARENT_ID], -1);
}

static void read_exception(struct arena *arena, const struct value *value, struct exception *out)
{
    const struct value *found[EXCEPTION_MEMBER_COUNT];
    members_pick(value, exception_names, EXCEPTION_MEMBER_COUNT, found);
    out->type = value_text(found[EXCEPTION_TYPE]);
    out->value = members_text(arena, found[EXCEPTION_VALUE]);
    out->module = value_text(found[EXCEPTION_MODULE]);
    out->thread_id = value_text(found[EXCEPTION_THREAD_ID]);
    out->raw = value;
    read_mechanism(found[EXCEPTION_MECHANISM], out);
    stack_decode(arena, found[EXCEPTION_STACKTRACE], &out->stacktrace);
}

void stack_decode_exceptions(struct arena *arena, const struct value *value, struct event *out)
{
    MUST(arena != NULL && out != NULL);
    struct members_list list;
    uint32_t total = members_count_maps(value);
    uint32_t room = total < EXCEPTIONS_MAX ? total : EXCEPTIONS_MAX;
    if (total == 0) {
        return;
    }
    out->exceptions = ARENA_ARRAY(arena, room, struct exception);
    members_open(&list, value);
    for (uint32_t i = 0; i < total && out->exceptions != NULL; i++) {
        const struct value *exception = members_next_map(&list);
        if (i >= total - room) { /* the last are the ones closest to what is shown */
            read_exception(arena, exception, &out->exceptions[out->exception_count++]);
        }
    }
    MUST(out->exceptions == NULL || out->exception_count == room);
}

static void read_thread(struct arena *arena, const struct value *value, struct thread *out)
{
    const struct value *found[THREAD_MEMBER_COUNT];
    members_pick(value, thread_names, THREAD_MEMBER_COUNT, found);
    out->id = value_text(found[THREAD_ID]);
    out->name = value_text(found[THREAD_NAME]);
    out->is_crashed = value_is(found[THREAD_CRASHED], VALUE_TRUE);
    out->is_current = value_is(found[THREAD_CURRENT], VALUE_TRUE);
    out->raw = value;
    stack_decode(arena, found[THREAD_STACKTRACE], &out->stacktrace);
}

void stack_decode_threads(struct arena *arena, const struct value *value, struct event *out)
{
    MUST(arena != NULL && out != NULL);
    struct members_list list;
    uint32_t total = members_count_maps(value);
    uint32_t room = total < THREADS_MAX ? total : THREADS_MAX;
    if (total == 0) {
        return;
    }
    out->threads = ARENA_ARRAY(arena, room, struct thread);
    members_open(&list, value);
    while (out->threads != NULL && out->thread_count < room) {
        read_thread(arena, members_next_map(&list), &out->threads[out->thread_count++]);
    }
}
