/* SPDX-License-Identifier: Apache-2.0 */
/* stack_config — a project's own stack rules: which frames are the application's, and which say
 * nothing, where ours (stack_rule.h) do not know better.
 *
 *   # comment
 *   family:native function:std::*  -app
 *   module:com.acme.framework.**   -group ^-group
 *   package:libshop.so              +app
 *   function:run_tests             max-frames=10
 *
 * Matchers (matcher.h) all about one frame, then actions: app and group, each + or -, of the frame
 * itself, of those above it that it called (^), or below that led to it (v); category=NAME;
 * max-frames and min-frames, of the whole stack trace. Rules apply after ours, from the first to
 * the last, and each sees what those before it did. The language is Sentry's, with which people
 * have such files.
 *
 * Immutable once parsed; shared by threads.
 */
#pragma once
#include "ingest/base/problem.h"
#include "ingest/event/event.h"

struct stack_config;

/* Gives the rules of `text`, in `arena`, of which nothing is borrowed but what `arena` holds. NULL
 * when something is wrong, which `problems` tell with line and column in `file`. */
const struct stack_config *stack_config_parse(struct arena *arena, struct slice text,
                                              struct slice file, struct problems *problems);

uint32_t stack_config_count(const struct stack_config *config);

/* Applies them to one stack trace, which is of `exception` unless that is NULL. `categories` is
 * what our rules took its frames for; it is changed. */
void stack_config_apply(const struct stack_config *config, const struct event *event,
                        const struct exception *exception, struct stacktrace *stack,
                        struct slice *categories);
