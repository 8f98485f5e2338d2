/* SPDX-License-Identifier: Apache-2.0 */
/* fingerprint_rules — a project's own word on which events belong together.
 *
 *   type:DatabaseUnavailable                         -> system-down
 *   type:ConnectionError tags.tenant:acme            -> acme, {{ transaction }}
 *   logger:shop.* message:"*timed out*"              -> timeout, {{ logger }} title="Timeout in
 * shop" [ function:main ] | function:load_config         -> no-config
 *
 * Matchers (matcher.h), then what takes the place of the sender's fingerprint: texts and variables
 * (custom.h), and a title of the issue if one is given. The first rule that matches wins. Matchers
 * of one kind hold for the same frame, exception or message; those of different kinds for any. The
 * language is Sentry's.
 *
 * After a project's rules come ours (built_in.c), of what is never worth an issue of its own for
 * each place where it shows up.
 *
 * Immutable once parsed; shared by threads.
 */
#pragma once
#include "ingest/base/problem.h"
#include "ingest/event/event.h"

struct fingerprint_rules;

/* Gives the rules of `text`, in `arena`; NULL when something is wrong, which `problems` tell with
 * line and column in `file`. */
const struct fingerprint_rules *fingerprint_rules_parse(struct arena *arena, struct slice text,
                                                        struct slice file,
                                                        struct problems *problems);

uint32_t fingerprint_rules_count(const struct fingerprint_rules *rules);

/* Sets `fingerprint`, `fingerprint_rule` and perhaps `title` of the event by the first rule that
 * matches it; true when one did. `rules` NULL: only ours. The event must have gone through
 * normalise; what it gets lives in `arena` or with the rules. */
bool fingerprint_rules_apply(struct arena *arena, const struct fingerprint_rules *rules,
                             struct event *event);
