/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/exception.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

/* Apple's errors are told apart by domain and code, their texts are for people. */
static bool add_error(struct parts *parts, const struct exception *exception)
{
    if (exception->error_domain.len == 0) {
        return false;
    }
    struct part *part = parts_open(parts, "ns_error");
    (void)parts_leaf(parts, "domain", exception->error_domain);
    (void)parts_leaf(parts, "code",
                     arena_printf(parts->arena, "%lld", (long long)exception->error_code));
    return parts_close(parts, part) != 0;
}

unsigned exception_add(struct parts *parts, const struct event *event,
                       const struct exception *exception)
{
    struct part *whole = parts_open(parts, "exception");
    struct part *type = parts_leaf(parts, "type", exception->type);
    if (exception->is_synthetic) {
        parts_drop(type, VARIANT_BOTH, "made up by the SDK");
    }
    bool has_error = add_error(parts, exception);
    struct part *value = text_add(parts, "value", exception->value);
    unsigned stack = 0;
    if (exception->stacktrace.count > 0) {
        stack = stack_add(parts, event, &exception->stacktrace);
    }
    if (has_error) {
        parts_drop(value, VARIANT_BOTH, "domain and code tell more");
    } else if (stack != 0 && value->counts != 0) {
        parts_drop(value, stack, "the stack trace tells more");
    }
    unsigned counts = parts_close(parts, whole);
    MUST((stack & ~counts) == 0);
    return counts;
}

static bool has_stack(const struct exception *const *chain, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (chain[i]->stacktrace.count > 0) {
            return true;
        }
    }
    return false;
}

/* Where some have a stack trace, the system's frames are only of those. */
static void add_chain(struct parts *parts, const struct event *event,
                      const struct exception *const *chain, uint32_t count)
{
    bool is_partly = has_stack(chain, count);
    for (uint32_t i = 0; i < count; i++) {
        struct part *last = parts->last;
        (void)exception_add(parts, event, chain[i]);
        struct part *whole = last != NULL ? last->next : NULL;
        if (is_partly && chain[i]->stacktrace.count == 0 && whole != NULL) {
            parts_drop(whole, VARIANT_SYSTEM, "without a stack trace, beside ones with");
        }
    }
}

void way_exceptions(struct parts *parts, const struct event *event)
{
    const struct exception *chain[EXCEPTIONS_MAX];
    if (event->exception_count == 0) {
        return;
    }
    uint32_t count = exceptions_distinct(parts->arena, event, chain);
    MUST(count > 0 && count <= event->exception_count);
    if (count == 1) {
        (void)exception_add(parts, event, chain[0]);
        return;
    }
    struct part *part = parts_open(parts, "chain");
    add_chain(parts, event, chain, count);
    (void)parts_close(parts, part);
}
