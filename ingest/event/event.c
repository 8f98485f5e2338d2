/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/event.h"
#include "ingest/base/must.h"

static const char *const level_names[LEVEL_COUNT] = {
#define LEVEL_NAME(constant, name) name,
    LEVELS(LEVEL_NAME)
#undef LEVEL_NAME
};

const char *level_name(enum level level)
{
    MUST(level < LEVEL_COUNT);
    return level_names[level];
}

bool level_parse(struct slice name, enum level *out)
{
    MUST(out != NULL);
    static const struct {
        const char *name;
        enum level level;
    } aliases[] = {{"log", LEVEL_INFO},        {"notice", LEVEL_INFO},    {"warn", LEVEL_WARNING},
                   {"err", LEVEL_ERROR},       {"critical", LEVEL_FATAL}, {"crit", LEVEL_FATAL},
                   {"emergency", LEVEL_FATAL}, {"alert", LEVEL_FATAL},    {"trace", LEVEL_DEBUG},
                   {"verbose", LEVEL_DEBUG},   {"sample", LEVEL_DEBUG}};
    for (unsigned i = 0; i < LEVEL_COUNT; i++) {
        if (slice_eq_nocase(name, slice_str(level_names[i]))) {
            *out = (enum level)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (slice_eq_nocase(name, slice_str(aliases[i].name))) {
            *out = aliases[i].level;
            return true;
        }
    }
    return false;
}

const char *event_type_name(enum event_type type)
{
    switch (type) {
    case EVENT_DEFAULT:
        return "default";
    case EVENT_ERROR:
        return "error";
    case EVENT_CSP:
        return "csp";
    case EVENT_NEL:
        return "nel";
    case EVENT_TRANSACTION:
        return "transaction";
    }
    NEVER("event type outside its enum");
}

struct slice event_tag(const struct event *event, struct slice key)
{
    MUST(event->tag_count == 0 || event->tags != NULL);
    for (uint32_t i = 0; i < event->tag_count; i++) {
        if (slice_eq(event->tags[i].key, key)) {
            return event->tags[i].value;
        }
    }
    return slice_of(NULL, 0);
}
