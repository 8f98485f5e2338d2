/* SPDX-License-Identifier: Apache-2.0 */
/* matcher — one condition of a grouping rule: `key:pattern`, about a frame, its neighbours, an
 * exception, or the event.
 *
 *   function:foo*   !module:com.acme.**   family:native,other   app:no   tags.tenant:acme
 *   [ function:caller ] | function:here | [ function:callee ]
 *
 * Keys and meaning follow Sentry's published rules, so that rules people have can be taken over:
 * patterns are globs (glob.h); those of paths, packages and releases are of paths and blind to
 * case; so are those of messages, values, levels and threads.
 */
#pragma once
#include "ingest/event/event.h"
#include "ingest/event/rule_text.h"

/* Keys that need not be about the same thing are of other kinds: see fingerprint_rules. Those that
 * cost least to ask come first. */
enum matcher_kind {
    MATCHER_FAMILY,
    MATCHER_SDK,
    MATCHER_LOG,
    MATCHER_RELEASE,
    MATCHER_FRAME,
    MATCHER_EXCEPTION,
    MATCHER_MESSAGE,
    MATCHER_TAG,
    MATCHER_THREAD,
    MATCHER_KIND_COUNT
};

enum matcher_key {
    KEY_FUNCTION,
    KEY_MODULE,
    KEY_PACKAGE,
    KEY_PATH,
    KEY_APP,
    KEY_CATEGORY,
    KEY_FAMILY,
    KEY_TYPE,
    KEY_VALUE,
    KEY_MECHANISM,
    KEY_MESSAGE,
    KEY_LOGGER,
    KEY_LEVEL,
    KEY_TAG,
    KEY_SDK,
    KEY_RELEASE,
    KEY_THREAD_ID,
    KEY_THREAD_NAME,
    KEY_THREAD_STATE,
    KEY_THREAD_CRASHED,
    KEY_THREAD_CURRENT
};

/* Of which frame a matcher of frames speaks. */
enum matcher_place { MATCHER_HERE, MATCHER_CALLER, MATCHER_CALLEE };

struct matcher {
    enum matcher_key key;
    enum matcher_place place;
    bool is_negated;
    struct slice pattern;
    struct slice tag; /* of KEY_TAG */
};

/* The two languages know different keys. */
#define MATCHER_STACK       0x1u
#define MATCHER_FINGERPRINT 0x2u

/* Reads all matchers that stand at the reader, at least one and at most GROUPING_MATCHERS_MAX;
 * gives them in the reader's arena. NULL when there is a mistake, which is told. */
struct matcher *matchers_read(struct rule_text *text, unsigned language, uint32_t *count);

enum matcher_kind matcher_kind(const struct matcher *matcher, unsigned language);

/* A frame as matchers see it. */
struct matcher_frame {
    const struct event *event;
    const struct exception *exception; /* whose it is, or NULL */
    const struct frame *frame;
    struct slice category; /* what stack rules take it for, or empty */
};

/* Whether it holds, negation included, for a frame; for a text; for a truth ("yes", "1", "true").
 */
bool matcher_holds_frame(const struct matcher *matcher, const struct matcher_frame *frame);
bool matcher_holds_text(const struct matcher *matcher, struct slice text);
bool matcher_holds_truth(const struct matcher *matcher, bool is_so);
