/* SPDX-License-Identifier: Apache-2.0 */
/* scrub — plants secrets in an event, scrubs it, and looks for them.
 *
 * The bytes are an event's JSON. Where one of its texts is a single '$', a secret is put that goes
 * by its form; where a name is "$", the name is "password", whose value goes whatever it is.
 */
#pragma once
#include "ingest/normalise/scrub.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/grouping.h"

#define FUZZ_SECRET "hunter2hunter"

static const char *const fuzz_secrets[] = {
    "4111 1111 1111 1111", "Bearer " FUZZ_SECRET,    "https://u:" FUZZ_SECRET "@h/",
    "123-45-6789",         "token=" FUZZ_SECRET "1", "DE89370400440532013000",
};

/* Parts where values are looked at: not releases, paths, module names, ids. */
static inline bool fuzz_is_scrubbed(struct slice name)
{
    static const char *const parts[] = {"extra",   "tags",    "user",     "contexts",
                                        "request", "message", "logentry", "breadcrumbs"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (slice_eq(name, slice_str(parts[i]))) {
            return true;
        }
    }
    return false;
}

static inline void fuzz_plant(struct value *value, unsigned *next)
{
    if (value->kind == VALUE_STRING && slice_eq(value->of.text, SLICE("$"))) {
        value->of.text = slice_str(fuzz_secrets[*next % 6]);
        (*next)++;
    } else if (value->kind == VALUE_LIST || value->kind == VALUE_MAP) {
        for (struct value *at = value->of.children.first; at != NULL; at = at->next) {
            if (slice_eq(at->key, SLICE("$")) && at->kind == VALUE_STRING) {
                at->key = SLICE("password");
                at->of.text = SLICE(FUZZ_SECRET);
            }
            fuzz_plant(at, next);
        }
    }
}

/* Fills the event with its secrets planted, and the rules; false for what is no event. */
static inline bool fuzz_planted(struct arena *arena, struct slice json, struct event *event,
                                const struct scrub_rules **rules)
{
    struct value *root = NULL;
    unsigned next = 0;
    const struct normalise_input input = {.received_us = TEST_RECEIVED_US, .seed = {{1, 2, 3}}};
    if (fault_is(value_parse_json(arena, json, &root)) || root->kind != VALUE_MAP) {
        return false;
    }
    for (struct value *at = root->of.children.first; at != NULL; at = at->next) {
        if (fuzz_is_scrubbed(at->key)) {
            fuzz_plant(at, &next);
        }
    }
    *rules = scrub_rules_new(arena, NULL);
    if (*rules == NULL || fault_is(event_decode(arena, root, event))) {
        return false;
    }
    normalise_event(arena, &input, event);
    return true;
}

/* The event without its secrets, as JSON; empty for what is no event, or too large a one. */
static inline struct slice fuzz_scrub(struct arena *arena, struct slice json)
{
    struct event event;
    const struct scrub_rules *rules = NULL;
    if (!fuzz_planted(arena, json, &event, &rules)) {
        return slice_of(NULL, 0);
    }
    struct value *root = (struct value *)(uintptr_t)event.root; /* it is ours */
    scrub_event(arena, rules, root, &event);
    return arena->exhausted ? slice_of(NULL, 0) : fuzz_write(arena, root);
}

/* What is kept of an event that is only counted, in one text; empty as above. */
static inline struct slice fuzz_scrub_kept(struct arena *arena, struct slice json)
{
    struct event event;
    const struct scrub_rules *rules = NULL;
    if (!fuzz_planted(arena, json, &event, &rules)) {
        return slice_of(NULL, 0);
    }
    scrub_kept(arena, rules, &event);
    const struct slice kept[] = {event.title,         event.culprit,        event.logger,
                                 event.server_name,   event.user.id,        event.user.email,
                                 event.user.username, event.user.ip_address};
    struct slice text = arena_concat(arena, kept, sizeof(kept) / sizeof(kept[0]));
    return arena->exhausted ? slice_of(NULL, 0) : text;
}

/* Also true of what the fuzzer itself put anywhere, having seen what we look for. */
static inline bool fuzz_has_secret(struct slice json)
{
    return slice_search(json, SLICE(FUZZ_SECRET)) != json.len ||
           slice_search(json, SLICE("4111 1111 1111 1111")) != json.len ||
           slice_search(json, SLICE("123-45-6789")) != json.len ||
           slice_search(json, SLICE("DE89370400440532013000")) != json.len;
}
