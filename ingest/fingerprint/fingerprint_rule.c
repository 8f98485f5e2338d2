/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/fingerprint_rule.h"
#include "ingest/base/must.h"
#include "ingest/event/family.h"

/* A rule's matchers of one kind, and what they are asked about. */
struct question {
    const struct fingerprint_rule *rule;
    const struct event *event;
    enum matcher_kind kind;
};

static bool is_asked(const struct question *question, const struct matcher *matcher)
{
    return matcher_kind(matcher, MATCHER_FINGERPRINT) == question->kind;
}

/* True when each matcher of the kind holds for the text that `of` gives for it. */
static bool all_hold(const struct question *question, const void *about,
                     bool holds(const struct matcher *, const struct event *, const void *))
{
    const struct fingerprint_rule *rule = question->rule;
    for (uint32_t i = 0; i < rule->matcher_count; i++) {
        const struct matcher *matcher = &rule->matchers[i];
        if (is_asked(question, matcher) && !holds(matcher, question->event, about)) {
            return false;
        }
    }
    return true;
}

/* ---- frames ---- */

/* A frame with its neighbours. */
struct place {
    const struct exception *exception;
    const struct stacktrace *stack;
    uint32_t index;
};

static bool holds_frame(const struct matcher *matcher, const struct event *event, const void *about)
{
    const struct place *place = about;
    uint32_t index = place->index;
    if ((matcher->place == MATCHER_CALLER && index == 0) ||
        (matcher->place == MATCHER_CALLEE && index + 1 == place->stack->count)) {
        return false;
    }
    index += matcher->place == MATCHER_CALLEE;
    index -= matcher->place == MATCHER_CALLER;
    MUST(index < place->stack->count);
    const struct matcher_frame at = {event, place->exception, &place->stack->frames[index],
                                     SLICE("")};
    return matcher_holds_frame(matcher, &at);
}

static bool in_stack(const struct question *question, const struct exception *exception,
                     const struct stacktrace *stack)
{
    struct place place = {exception, stack, 0};
    for (; place.index < stack->count; place.index++) {
        if (all_hold(question, &place, holds_frame)) {
            return true;
        }
    }
    return false;
}

static bool in_frames(const struct question *question)
{
    const struct event *event = question->event;
    for (uint32_t i = 0; i < event->exception_count; i++) {
        if (in_stack(question, &event->exceptions[i], &event->exceptions[i].stacktrace)) {
            return true;
        }
    }
    for (uint32_t i = 0; event->exception_count == 0 && i < event->thread_count; i++) {
        if (in_stack(question, NULL, &event->threads[i].stacktrace)) {
            return true;
        }
    }
    return in_stack(question, NULL, &event->stacktrace);
}

/* ---- exceptions and messages ---- */

static bool holds_exception(const struct matcher *matcher, const struct event *event,
                            const void *about)
{
    const struct exception *exception = about;
    (void)event;
    MUST(matcher->key == KEY_TYPE || matcher->key == KEY_VALUE);
    bool is_type = matcher->key == KEY_TYPE;
    return matcher_holds_text(matcher, is_type ? exception->type : slice_trim(exception->value));
}

static bool holds_message(const struct matcher *matcher, const struct event *event,
                          const void *about)
{
    (void)event;
    return matcher_holds_text(matcher, slice_trim(*(const struct slice *)about));
}

static bool in_exceptions(const struct question *question)
{
    const struct event *event = question->event;
    for (uint32_t i = 0; i < event->exception_count; i++) {
        if (all_hold(question, &event->exceptions[i], holds_exception)) {
            return true;
        }
    }
    return false;
}

/* What exceptions say is a message too, as people expect. */
static bool in_messages(const struct question *question)
{
    const struct event *event = question->event;
    const struct slice *message = event->formatted.len != 0 ? &event->formatted : &event->message;
    if (message->len != 0 && all_hold(question, message, holds_message)) {
        return true;
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        if (all_hold(question, &event->exceptions[i].value, holds_message)) {
            return true;
        }
    }
    return false;
}

/* ---- threads ---- */

static bool holds_thread(const struct matcher *matcher, const struct event *event,
                         const void *about)
{
    const struct thread *thread = about;
    (void)event;
    switch ((int)matcher->key) {
    case KEY_THREAD_ID:
        return matcher_holds_text(matcher, thread->id);
    case KEY_THREAD_NAME:
        return matcher_holds_text(matcher, thread->name);
    case KEY_THREAD_STATE:
        return matcher_holds_text(matcher, value_text(value_get(thread->raw, SLICE("state"))));
    case KEY_THREAD_CRASHED:
        return matcher_holds_truth(matcher, thread->is_crashed);
    case KEY_THREAD_CURRENT:
        return matcher_holds_truth(matcher, thread->is_current);
    default:
        NEVER("a matcher that is not about threads");
    }
}

static bool in_threads(const struct question *question)
{
    const struct event *event = question->event;
    for (uint32_t i = 0; i < event->thread_count; i++) {
        if (all_hold(question, &event->threads[i], holds_thread)) {
            return true;
        }
    }
    return false;
}

/* ---- what an event has one of ---- */

static struct slice family_name(const struct event *event)
{
    static const struct frame plain;
    switch (family_of(event, &plain)) {
    case FAMILY_NATIVE:
        return SLICE("native");
    case FAMILY_JAVASCRIPT:
        return SLICE("javascript");
    default:
        return SLICE("other");
    }
}

static bool holds_event(const struct matcher *matcher, const struct event *event, const void *about)
{
    (void)about;
    switch ((int)matcher->key) {
    case KEY_LOGGER:
        return matcher_holds_text(matcher, event->logger);
    case KEY_LEVEL:
        return matcher_holds_text(matcher, slice_str(level_name(event->level)));
    case KEY_TAG:
        return matcher_holds_text(matcher, slice_trim(event_tag(event, matcher->tag)));
    case KEY_SDK:
        return matcher_holds_text(matcher, event->sdk_name);
    case KEY_RELEASE:
        return matcher_holds_text(matcher, event->release);
    case KEY_FAMILY:
        return matcher_holds_text(matcher, family_name(event));
    default:
        NEVER("a matcher that is not about the event");
    }
}

static bool holds_kind(const struct question *question)
{
    switch (question->kind) {
    case MATCHER_FRAME:
        return in_frames(question);
    case MATCHER_EXCEPTION:
        return in_exceptions(question);
    case MATCHER_MESSAGE:
        return in_messages(question);
    case MATCHER_THREAD:
        return in_threads(question);
    case MATCHER_LOG:
    case MATCHER_TAG:
    case MATCHER_SDK:
    case MATCHER_FAMILY:
    case MATCHER_RELEASE:
        return all_hold(question, NULL, holds_event);
    case MATCHER_KIND_COUNT:
        break;
    }
    NEVER("a kind of matcher without a place to look");
}

bool fingerprint_rule_matches(const struct fingerprint_rule *rule, const struct event *event)
{
    uint32_t kinds = 0;
    MUST(rule->matcher_count > 0);
    for (uint32_t i = 0; i < rule->matcher_count; i++) {
        kinds |= 1u << matcher_kind(&rule->matchers[i], MATCHER_FINGERPRINT);
    }
    for (uint32_t kind = 0; kind < MATCHER_KIND_COUNT; kind++) {
        struct question question = {rule, event, (enum matcher_kind)kind};
        if ((kinds & (1u << kind)) != 0 && !holds_kind(&question)) {
            return false;
        }
    }
    return true;
}
