/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/native_frames.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/event/images.h"
#include "ingest/normalise/title.h"
#include <stdlib.h>

/* One address of the event, in one of its images. */
struct native_address {
    const struct image *image;
    uint64_t offset;
    uint32_t request; /* where its answer is */
    uint32_t index;
};

static bool is_wanted(const struct frame *frame)
{
    return frame->instruction_addr != 0 && (frame->function.len == 0 || frame->lineno == 0);
}

/* ---- which byte of the program a frame is at ---- */

/* How many of the newest frames' addresses are those of an instruction, and not after it. */
static uint32_t exact_count(const struct stacktrace *stack, bool is_crash)
{
    struct slice said = value_text_at(stack->raw, "instruction_addr_adjustment");
    if (slice_eq(said, SLICE("none"))) {
        return stack->count;
    }
    if (slice_eq(said, SLICE("all"))) {
        return 0;
    }
    return is_crash || slice_eq(said, SLICE("all_but_first"));
}

static uint64_t address_of(const struct stacktrace *stack, uint32_t index, uint32_t exact)
{
    MUST(index < stack->count && exact <= stack->count);
    uint64_t address = stack->frames[index].instruction_addr;
    return address - (stack->count - index > exact && address > 0);
}

static bool is_crash(const struct exception *exception)
{
    return exception->handled == NO;
}

/* ---- what must be asked ---- */

static bool id_of(const struct image *image, struct build_id *out)
{
    return build_id_parse(value_text_at(image->raw, "code_id"), out) ||
           build_id_of_debug_id(value_text_at(image->raw, "debug_id"), out);
}

static void add_stack(struct native_plan *plan, const struct stacktrace *stack, bool crash)
{
    uint32_t exact = stack->count > 0 ? exact_count(stack, crash) : 0;
    for (uint32_t i = stack->count; i-- > 0 && plan->address_count < SYMBOL_ADDRESSES_MAX;) {
        uint64_t address = address_of(stack, i, exact);
        const struct image *image = images_at(plan->images, address);
        struct build_id id;
        if (is_wanted(&stack->frames[i]) && image != NULL && id_of(image, &id)) {
            plan->addresses[plan->address_count++] =
                (struct native_address){.image = image, .offset = address - image->base};
        }
    }
}

/* What people look at first comes first: past SYMBOL_ADDRESSES_MAX nothing is asked. */
static void add_all(struct native_plan *plan, const struct event *event)
{
    for (uint32_t i = event->exception_count; i-- > 0;) {
        add_stack(plan, &event->exceptions[i].stacktrace, is_crash(&event->exceptions[i]));
    }
    add_stack(plan, &event->stacktrace, false);
    for (uint32_t i = 0; i < event->thread_count; i++) {
        add_stack(plan, &event->threads[i].stacktrace, event->threads[i].is_crashed);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct native_address *one = a;
    const struct native_address *other = b;
    if (one->image != other->image) {
        return one->image < other->image ? -1 : 1;
    }
    return one->offset < other->offset ? -1 : one->offset > other->offset;
}

static void sort_once(struct native_plan *plan)
{
    uint32_t kept = 0;
    qsort(plan->addresses, plan->address_count, sizeof(plan->addresses[0]), by_place);
    for (uint32_t i = 0; i < plan->address_count; i++) {
        bool is_twice = kept > 0 && by_place(&plan->addresses[kept - 1], &plan->addresses[i]) == 0;
        plan->addresses[kept] = plan->addresses[is_twice ? kept - 1 : i];
        kept += !is_twice;
    }
    plan->address_count = kept;
}

/* One request for each image; `offsets` has room for all addresses. */
static void divide(struct native_plan *plan, uint64_t *offsets)
{
    for (uint32_t i = 0; i < plan->address_count; i++) {
        struct native_address *address = &plan->addresses[i];
        offsets[i] = address->offset;
        if (i == 0 || address->image != address[-1].image) {
            struct symbol_request *begun = &plan->requests[plan->request_count++];
            *begun = (struct symbol_request){.addresses = &offsets[i]};
            MUST(id_of(address->image, &begun->id));
        }
        struct symbol_request *request = &plan->requests[plan->request_count - 1];
        address->request = plan->request_count - 1;
        address->index = request->count++;
    }
}

static bool has_wanted(const struct stacktrace *stack)
{
    bool found = false;
    for (uint32_t i = 0; i < stack->count && !found; i++) {
        found = is_wanted(&stack->frames[i]);
    }
    return found;
}

static bool is_native(const struct event *event)
{
    bool found = has_wanted(&event->stacktrace);
    for (uint32_t i = 0; i < event->exception_count && !found; i++) {
        found = has_wanted(&event->exceptions[i].stacktrace);
    }
    for (uint32_t i = 0; i < event->thread_count && !found; i++) {
        found = has_wanted(&event->threads[i].stacktrace);
    }
    return found;
}

bool native_plan_make(struct arena *arena, const struct event *event, struct native_plan *out)
{
    *out = (struct native_plan){.request_count = 0};
    if (!is_native(event)) {
        return false;
    }
    out->images = images_read(arena, event->debug_meta);
    out->addresses = ARENA_ARRAY(arena, SYMBOL_ADDRESSES_MAX, struct native_address);
    if (out->addresses == NULL) {
        return false;
    }
    add_all(out, event);
    sort_once(out);
    uint64_t *offsets = ARENA_ARRAY(arena, SYMBOL_ADDRESSES_MAX, uint64_t);
    out->requests = ARENA_ARRAY(arena, SYMBOL_ADDRESSES_MAX, struct symbol_request);
    if (offsets == NULL || out->requests == NULL) {
        return false;
    }
    divide(out, offsets);
    return true;
}

/* ---- what is made of the answers ---- */

/* NULL: not asked. */
static const struct symbol *answer_of(const struct native_plan *plan, uint64_t address,
                                      const struct image **out_image)
{
    const struct image *image = images_at(plan->images, address);
    *out_image = image;
    if (image == NULL || plan->address_count == 0) {
        return NULL;
    }
    const struct native_address wanted = {.image = image, .offset = address - image->base};
    const struct native_address *found =
        bsearch(&wanted, plan->addresses, plan->address_count, sizeof(wanted), by_place);
    if (found == NULL || plan->requests[found->request].symbols == NULL) {
        return NULL;
    }
    return &plan->requests[found->request].symbols[found->index];
}

static struct slice basename_of(struct slice path)
{
    size_t start = path.len;
    while (start > 0 && path.at[start - 1] != '/') {
        start--;
    }
    return slice_from(path, start);
}

static struct frame named(const struct frame *frame, const struct symbol_place *place)
{
    struct frame out = *frame;
    out.function = place->function.len != 0 ? place->function : frame->function;
    out.raw_function = place->raw_function.len != 0 ? place->raw_function : frame->raw_function;
    if (place->file.len != 0) {
        out.abs_path = place->file;
        out.filename = basename_of(place->file);
        out.lineno = place->line;
        out.colno = place->column;
    }
    return out;
}

/* The frames made of one, oldest first: at least one, at `out`. Gives how many. */
static uint32_t expand(const struct native_plan *plan, const struct frame *frame, uint64_t address,
                       struct frame *out)
{
    const struct image *image = NULL;
    const struct symbol *symbol = answer_of(plan, address, &image);
    uint32_t count = 0;
    if (symbol == NULL || symbol->count == 0) {
        enum symbol_status status = symbol != NULL ? symbol->status : SYMBOL_NO_IMAGE;
        *out = *frame;
        out->symbol_status = symbol_status_name(status);
        return 1;
    }
    for (uint32_t i = symbol->count; i-- > 0; count++) {
        out[count] = named(frame, &symbol->places[i]);
        out[count].symbol_status = symbol_status_name(symbol->status);
        if (out[count].package.len == 0) {
            out[count].package = value_text_at(image->raw, "code_file");
        }
    }
    return count;
}

/* How many frames a stack trace becomes at the most. */
static uint32_t room_for(const struct native_plan *plan, const struct stacktrace *stack,
                         uint32_t exact)
{
    uint32_t room = 0;
    for (uint32_t i = 0; i < stack->count; i++) {
        const struct image *image = NULL;
        const struct symbol *symbol = answer_of(plan, address_of(stack, i, exact), &image);
        room += symbol != NULL && symbol->count > 0 ? symbol->count : 1;
    }
    return room;
}

static bool apply_stack(struct arena *arena, const struct native_plan *plan,
                        struct stacktrace *stack, bool crash)
{
    if (!has_wanted(stack)) {
        return true;
    }
    uint32_t exact = exact_count(stack, crash);
    uint32_t room = room_for(plan, stack, exact);
    uint32_t count = 0;
    struct frame *frames = ARENA_ARRAY(arena, room, struct frame);
    for (uint32_t i = 0; i < stack->count && frames != NULL; i++) {
        if (is_wanted(&stack->frames[i])) {
            uint64_t address = address_of(stack, i, exact);
            count += expand(plan, &stack->frames[i], address, &frames[count]);
        } else {
            frames[count++] = stack->frames[i];
        }
        MUST(count <= room);
    }
    stack->frames = frames;
    stack->count = count;
    return frames != NULL;
}

/* Copies `count` things of the event, so that they can be changed; NULL is fine for none. */
static bool copy(struct arena *arena, const void *from, size_t count, size_t size, void **out)
{
    *out = count > 0 ? arena_array(arena, count, size) : NULL;
    if (*out != NULL) {
        memcpy(*out, from, count * size);
    }
    return *out != NULL || count == 0;
}

const struct event *native_plan_apply(struct arena *arena, const struct native_plan *plan,
                                      const struct event *event)
{
    struct event *out = ARENA_NEW(arena, struct event);
    void *exceptions = NULL;
    void *threads = NULL;
    if (out == NULL ||
        !copy(arena, event->exceptions, event->exception_count, sizeof(struct exception),
              &exceptions) ||
        !copy(arena, event->threads, event->thread_count, sizeof(struct thread), &threads)) {
        return NULL;
    }
    *out = *event;
    out->exceptions = exceptions;
    out->threads = threads;
    bool is_done = apply_stack(arena, plan, &out->stacktrace, false);
    for (uint32_t i = 0; i < out->exception_count && is_done; i++) {
        struct exception *one = &out->exceptions[i];
        is_done = apply_stack(arena, plan, &one->stacktrace, is_crash(one));
    }
    for (uint32_t i = 0; i < out->thread_count && is_done; i++) {
        struct thread *one = &out->threads[i];
        is_done = apply_stack(arena, plan, &one->stacktrace, one->is_crashed);
    }
    out->culprit = title_culprit(arena, out);
    return is_done ? out : NULL;
}

const struct event *native_frames(struct arena *arena, struct symboliser *symboliser,
                                  const struct event *event, int wait_ms)
{
    struct native_plan plan;
    if (!native_plan_make(arena, event, &plan)) {
        return event;
    }
    symboliser_ask(symboliser, plan.requests, plan.request_count, wait_ms, arena);
    const struct event *symbolised = native_plan_apply(arena, &plan, event);
    return symbolised != NULL ? symbolised : event;
}
