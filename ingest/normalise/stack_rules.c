/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/stack_config.h"
#include "ingest/normalise/stack_memo.h"
#include "ingest/normalise/stack_rule.h"
#include "ingest/normalise/stacks.h"
#include "ingest/normalise/steps.h"

/* One stack trace with what is believed of its frames. */
struct trace {
    const struct event *event;
    struct stacktrace *stack;
    struct stack_mark *marks;
    uint32_t present; /* bit set of the categories in `marks` */
};

/* A frame of category `self` whose neighbour is of category `other` becomes `becomes`. */
struct relation {
    enum category self;
    enum category other;
    enum category becomes;
};

/* By its caller: of two of the same trade, the first call tells enough. */
static const struct relation first_callers[] = {
    {CATEGORY_GL, CATEGORY_GL, CATEGORY_INTERNALS},
    {CATEGORY_AV, CATEGORY_AV, CATEGORY_INTERNALS},
    {CATEGORY_MALLOC, CATEGORY_MALLOC, CATEGORY_INTERNALS},
};
static const struct relation throw_callers[] = {
    {CATEGORY_THROW, CATEGORY_THROW, CATEGORY_INTERNALS},
};
static const struct relation last_callers[] = {
    {CATEGORY_SYSTEM, CATEGORY_FREE, CATEGORY_INTERNALS},
    {CATEGORY_SYSTEM, CATEGORY_SYSTEM, CATEGORY_INTERNALS},
    {CATEGORY_SYSTEM, CATEGORY_STD, CATEGORY_INTERNALS},
    {CATEGORY_STD, CATEGORY_STD, CATEGORY_INTERNALS},
    {CATEGORY_UI, CATEGORY_UI, CATEGORY_INTERNALS},
    {CATEGORY_SYSTEM, CATEGORY_UI, CATEGORY_INTERNALS},
    {CATEGORY_SYSTEM, CATEGORY_INTERNALS, CATEGORY_INTERNALS},
    {CATEGORY_UI, CATEGORY_INTERNALS, CATEGORY_INTERNALS},
    {CATEGORY_SYSTEM, CATEGORY_LOAD, CATEGORY_INTERNALS},
    {CATEGORY_LOAD, CATEGORY_LOAD, CATEGORY_INTERNALS},
    {CATEGORY_SYSTEM, CATEGORY_THROW, CATEGORY_INTERNALS},
    {CATEGORY_SYSTEM, CATEGORY_RUNTIME, CATEGORY_INTERNALS},
    {CATEGORY_RUNTIME, CATEGORY_RUNTIME, CATEGORY_INTERNALS},
    {CATEGORY_DTOR, CATEGORY_DTOR, CATEGORY_INTERNALS},
};

static bool has(const struct trace *trace, enum category category)
{
    return (trace->present & (1u << category)) != 0;
}

static void become(struct trace *trace, uint32_t index, enum category category)
{
    MUST(index < trace->stack->count && category != CATEGORY_NONE);
    trace->marks[index].category = category;
    trace->present |= 1u << category;
}

/* From the newest frame down, so that each is judged by what its caller was before. */
static void relate(struct trace *trace, const struct relation *relations, size_t count)
{
    for (size_t r = 0; r < count; r++) {
        const struct relation *relation = &relations[r];
        if (!has(trace, relation->self) || !has(trace, relation->other)) {
            continue;
        }
        for (uint32_t i = trace->stack->count - 1; i > 0; i--) {
            if (trace->marks[i].category == relation->self &&
                trace->marks[i - 1].category == relation->other) {
                become(trace, i, relation->becomes);
            }
        }
    }
}

/* A driver's frame that calls the driver; from the oldest up, for the same reason. */
static void relate_drivers(struct trace *trace)
{
    for (uint32_t i = 0; has(trace, CATEGORY_DRIVER) && i + 1 < trace->stack->count; i++) {
        if (trace->marks[i].category == CATEGORY_DRIVER &&
            trace->marks[i + 1].category == CATEGORY_DRIVER) {
            become(trace, i, CATEGORY_INTERNALS);
        }
    }
}

/* What a frame's name says once its neighbours are known. */
static void rename_frame(struct trace *trace, uint32_t index)
{
    static const struct slice compiled[] = {
        SLICE_INIT("closure"),
        SLICE_INIT("Collection.map<T>"),
        SLICE_INIT("Array.subscript.getter"),
        SLICE_INIT("Array._getElement"),
        SLICE_INIT("_ArrayBuffer._nativeTypeChecked.getter"),
        SLICE_INIT("range"),
        SLICE_INIT("@callee_guaranteed"),
    };
    const struct frame *frame = &trace->stack->frames[index];
    struct slice function = frame->function;
    bool is_system = trace->marks[index].category == CATEGORY_SYSTEM;
    bool is_nameless = function.len + frame->filename.len + frame->abs_path.len == 0;
    bool is_garbage =
        is_system &&
        (is_nameless || slice_eq(function, SLICE("<unknown>")) ||
         (slice_starts(function, SLICE("_")) && !slice_eq(function, SLICE("_purecall"))));
    if (is_garbage || slice_starts(function, SLICE("_INTERNAL"))) {
        become(trace, index, CATEGORY_INTERNALS);
    }
    for (size_t i = 0; i < sizeof(compiled) / sizeof(compiled[0]); i++) {
        if (slice_eq(function, compiled[i])) {
            become(trace, index, CATEGORY_INTERNALS);
        }
    }
    if (slice_ends(function, SLICE(".cold.1"))) {
        become(trace, index, CATEGORY_INDIRECTION);
    }
}

/* What the two sides of a call say together. */
static void relate_names(struct trace *trace)
{
    const struct frame *frames = trace->stack->frames;
    for (uint32_t i = 0; i < trace->stack->count; i++) {
        bool has_callee = i + 1 < trace->stack->count;
        if (has_callee && slice_eq(frames[i + 1].function, SLICE("spawn_main")) &&
            slice_eq(frames[i].function, SLICE("<module>"))) {
            become(trace, i, CATEGORY_INTERNALS); /* Python's multiprocessing made it up */
        }
        if (i > 0 && trace->marks[i].category == CATEGORY_THROW &&
            slice_eq(frames[i - 1].function, SLICE("_purecall"))) {
            become(trace, i, CATEGORY_INTERNALS);
        }
    }
}

/* Unreal Engine's assertions pass through frames that are of the engine only where they call it. */
static void relate_assertions(struct trace *trace)
{
    static const struct slice impl = SLICE_INIT("FDebug::CheckVerifyFailedImpl");
    const struct frame *frames = trace->stack->frames;
    for (uint32_t i = 0; i + 1 < trace->stack->count; i++) {
        struct slice callee = frames[i + 1].function;
        bool is_check = slice_eq(callee, impl) &&
                        slice_ends(frames[i].function, SLICE("::Impl::ExecCheckImplInternal"));
        bool is_ensure =
            trace->marks[i].category == CATEGORY_INDIRECTION &&
            slice_eq(callee, SLICE("FDebug::OptionallyLogFormattedEnsureMessageReturningFalse"));
        if (is_check || is_ensure) {
            trace->marks[i].actions |= RULE_NOT_APP;
        }
    }
}

/* A system frame wedged between two others is noise. Judged by what all were before. */
static void relate_wedged(struct trace *trace)
{
    MUST(trace->stack->count > 0);
    bool was_system = trace->marks[0].category == CATEGORY_SYSTEM;
    for (uint32_t i = 1; has(trace, CATEGORY_SYSTEM) && i + 1 < trace->stack->count; i++) {
        bool is_system = trace->marks[i].category == CATEGORY_SYSTEM;
        if (is_system && !was_system && trace->marks[i + 1].category != CATEGORY_SYSTEM) {
            become(trace, i, CATEGORY_INDIRECTION);
        }
        was_system = is_system;
    }
}

static void relate_all(struct trace *trace)
{
    relate_drivers(trace);
    relate(trace, first_callers, sizeof(first_callers) / sizeof(first_callers[0]));
    relate_names(trace);
    relate(trace, throw_callers, sizeof(throw_callers) / sizeof(throw_callers[0]));
    for (uint32_t i = 0; i < trace->stack->count; i++) {
        if (family_of(trace->event, &trace->stack->frames[i]) == FAMILY_NATIVE) {
            rename_frame(trace, i);
        }
    }
    relate_wedged(trace);
    relate(trace, last_callers, sizeof(last_callers) / sizeof(last_callers[0]));
    relate_assertions(trace);
}

/* What follows from a category, and how it is told. */
static unsigned actions_of(enum category category, const char **why)
{
    static const struct {
        unsigned actions;
        const char *why;
    } rows[] = {
        [CATEGORY_SYSTEM] = {RULE_NOT_APP, NULL},
        [CATEGORY_FRAMEWORK] = {RULE_NOT_APP, NULL},
        [CATEGORY_THROW] = {RULE_BORDER, "stack rule: raises what happened elsewhere"},
        [CATEGORY_THREADBASE] = {RULE_IGNORE | RULE_IGNORE_DOWN, "stack rule: base of a thread"},
        [CATEGORY_HANDLER] = {RULE_IGNORE | RULE_IGNORE_UP, "stack rule: crash handler"},
        [CATEGORY_TELEMETRY] = {RULE_NOT_APP | RULE_IGNORE, "stack rule: crash reporter"},
        [CATEGORY_INDIRECTION] = {RULE_IGNORE, "stack rule: only passes the call on"},
        [CATEGORY_INTERNALS] = {RULE_NOT_APP | RULE_IGNORE, "stack rule: inside a library"},
        [CATEGORY_LOCK] = {0, NULL},
    };
    *why = NULL;
    if ((size_t)category >= sizeof(rows) / sizeof(rows[0])) {
        return 0;
    }
    *why = rows[category].why;
    return rows[category].actions;
}

static void decide(struct frame *frame, unsigned actions, const char *why)
{
    bool is_app = frame->in_app == YES || (actions & (RULE_APP | RULE_APP_DOWN)) != 0;
    bool is_not = (actions & (RULE_NOT_APP | RULE_NOT_APP_UP)) != 0;
    frame->in_app = is_app && !is_not ? YES : NO;
    if ((actions & RULE_IGNORE) != 0) {
        frame->ignored_by = why != NULL ? why : "stack rule: of a tool, not of the program";
    } else if ((actions & RULE_IGNORE_UP) != 0) {
        frame->ignored_by = "stack rule: called by what raises or reports";
    } else if ((actions & RULE_IGNORE_DOWN) != 0) {
        frame->ignored_by = "stack rule: below the base of a thread";
    }
}

static void apply(struct trace *trace)
{
    const unsigned down_mask = RULE_IGNORE_DOWN | RULE_APP_DOWN;
    const unsigned up_mask = RULE_NOT_APP_UP | RULE_IGNORE_UP;
    unsigned down = 0;
    unsigned up = 0;
    for (uint32_t i = trace->stack->count; i-- > 0;) {
        struct stack_mark *mark = &trace->marks[i];
        const char *why = NULL;
        unsigned own = mark->actions | actions_of(mark->category, &why);
        mark->actions = (own & ~down_mask) | down;
        down |= own & down_mask;
    }
    for (uint32_t i = 0; i < trace->stack->count; i++) {
        struct stack_mark *mark = &trace->marks[i];
        const char *why = NULL;
        unsigned own = mark->actions;
        (void)actions_of(mark->category, &why);
        decide(&trace->stack->frames[i], (own & ~up_mask) | up, why);
        up |= own & up_mask;
    }
}

static struct slice category_name(enum category category)
{
    static const struct slice names[] = {
        [CATEGORY_NONE] = SLICE_INIT(""),
        [CATEGORY_SYSTEM] = SLICE_INIT("system"),
        [CATEGORY_STD] = SLICE_INIT("std"),
        [CATEGORY_OS] = SLICE_INIT("os"),
        [CATEGORY_UI] = SLICE_INIT("ui"),
        [CATEGORY_RUNTIME] = SLICE_INIT("runtime"),
        [CATEGORY_AV] = SLICE_INIT("av"),
        [CATEGORY_INTERNALS] = SLICE_INIT("internals"),
        [CATEGORY_THREADBASE] = SLICE_INIT("threadbase"),
        [CATEGORY_MALLOC] = SLICE_INIT("malloc"),
        [CATEGORY_INDIRECTION] = SLICE_INIT("indirection"),
        [CATEGORY_DTOR] = SLICE_INIT("dtor"),
        [CATEGORY_SHUTDOWN] = SLICE_INIT("shutdown"),
        [CATEGORY_HANDLER] = SLICE_INIT("handler"),
        [CATEGORY_THROW] = SLICE_INIT("throw"),
        [CATEGORY_DRIVER] = SLICE_INIT("driver"),
        [CATEGORY_FREE] = SLICE_INIT("free"),
        [CATEGORY_GL] = SLICE_INIT("gl"),
        [CATEGORY_TELEMETRY] = SLICE_INIT("telemetry"),
        [CATEGORY_LOAD] = SLICE_INIT("load"),
        [CATEGORY_LOCK] = SLICE_INIT("lock"),
        [CATEGORY_FRAMEWORK] = SLICE_INIT("framework"),
    };
    MUST((size_t)category < sizeof(names) / sizeof(names[0]));
    return names[category];
}

/* A project's own rules come last: they know its frames better. */
static void apply_own(struct arena *arena, const struct stack_config *config,
                      const struct trace *trace, const struct exception *exception)
{
    struct slice *categories = ARENA_ARRAY(arena, trace->stack->count, struct slice);
    for (uint32_t i = 0; categories != NULL && i < trace->stack->count; i++) {
        categories[i] = category_name(trace->marks[i].category);
    }
    if (categories != NULL) {
        stack_config_apply(config, trace->event, exception, trace->stack, categories);
    }
}

static const struct exception *owner_of(const struct event *event, const struct stacktrace *stack)
{
    for (uint32_t i = 0; i < event->exception_count; i++) {
        if (&event->exceptions[i].stacktrace == stack) {
            return &event->exceptions[i];
        }
    }
    return NULL;
}

void step_stack_rules(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    struct stacks walk = {.event = event};
    for (struct stacktrace *stack = stacks_next(&walk); stack != NULL; stack = stacks_next(&walk)) {
        struct trace trace = {.event = event, .stack = stack};
        trace.marks = arena_alloc_raw(arena, stack->count * sizeof(struct stack_mark));
        if (trace.marks == NULL) {
            return;
        }
        for (uint32_t i = 0; i < stack->count; i++) {
            trace.marks[i] = stack_memo_mark(input->memo, event, &stack->frames[i]);
            trace.present |= 1u << trace.marks[i].category;
        }
        if ((trace.present & ~(1u << CATEGORY_NONE)) != 0 || stack->count > 1) {
            relate_all(&trace);
        }
        apply(&trace);
        if (stack_config_count(input->stack_config) > 0) {
            apply_own(arena, input->stack_config, &trace, owner_of(event, stack));
        }
    }
}
