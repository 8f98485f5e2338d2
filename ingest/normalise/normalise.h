/* SPDX-License-Identifier: Apache-2.0 */
/* normalise — brings a decoded event into the one shape that fingerprint, rules and people read.
 *
 *   event as sent ─▶ ids ▸ timestamp ▸ … ▸ title ─▶ event as event.h describes it
 *
 * The steps and their order are the table in steps.c; each is one file. A step repairs, defaults
 * and trims, and never refuses: whatever a sender wrote, the result is an event. What is cut is cut
 * in the fields we act on alone; `root` and every `raw` still show what was sent.
 *
 * Rejected: normalising while decoding (a rule then hides in a parser, and cannot be tested alone).
 *
 * Pure, no allocation but from the arena, and safe when the arena is full: a field whose new text
 * did not fit keeps its old one, and the arena says `exhausted`.
 */
#pragma once
#include "ingest/event/event.h"

/* How far the sender's clock may lie from ours before its times are not believed: later than this
 * after we took the event is a wrong clock; older than this is data nobody can look up any more
 * (Sentry's published limits: one minute, thirty days). */
#define TIMESTAMP_FUTURE_US_MAX (60 * INT64_C(1000000))
#define TIMESTAMP_AGE_US_MAX    (30 * 24 * 3600 * INT64_C(1000000))

/* Difference between `sent_at` and our clock that is put down to the network, not to the clock. */
#define CLOCK_DRIFT_US_MIN (55 * 60 * INT64_C(1000000))

struct geo;
struct stack_config;
struct stack_memo;

/* What is known of an event from outside its JSON. */
struct normalise_input {
    int64_t received_us;         /* when we took it; > 0 */
    int64_t sent_at_us;          /* the envelope's `sent_at`; 0: none */
    struct slice client_address; /* text of the address it came from; empty: unknown */
    struct id envelope_id;       /* the envelope's `event_id`; none: the payload's is used */
    struct id seed;              /* not none: the id of an event that came without one */
    const struct geo *geo;       /* where addresses are (geo.h); NULL: not known */
    const struct stack_config *stack_config; /* the project's own stack rules, or NULL */
    struct stack_memo *memo; /* what is known of frames (stack_memo.h), the thread's; or NULL */
};

/* Runs all steps on `event`, which event_decode has filled. Borrows `input` and what it points to
 * as long as the event lives. Cannot fail. Afterwards: `id`, `timestamp_us`, `received_us`,
 * `level`, `platform` and `title` are set; text fields are within limits.h. */
void normalise_event(struct arena *arena, const struct normalise_input *input, struct event *event);
