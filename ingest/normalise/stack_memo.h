/* SPDX-License-Identifier: Apache-2.0 */
/* stack_memo — what the stack rules said of frames seen before.
 *
 *   family, in_app, function, module, package, path  ─▶  slot  ─▶  struct stack_mark
 *
 * The same code fails again and again: of a million events, some thousand frames differ, and the
 * rules' five tables need not be read for each anew. A slot keeps the last frame that fell into it,
 * whole: frames that only share a hash are told apart, so that the memo never changes an answer,
 * and a sender who makes up frames loses the others' time but not their marks.
 *
 * Rejected: an index over the tables (a third of the gain: patterns begin with '*'), a memo of
 * whole stack traces (their line numbers change with each release). A project's own rules are not
 * in it.
 *
 * Private to ingest/normalise but for its making: a thread's, kept by its pipeline.
 */
#pragma once
#include "ingest/event/event.h"

struct stack_mark; /* stack_rule.h */
struct stack_memo;

struct stack_memo *stack_memo_new(void); /* NULL without memory */
void stack_memo_free(struct stack_memo *memo);

/* As stack_rule_mark; without a memo (NULL) that itself. */
struct stack_mark stack_memo_mark(struct stack_memo *memo, const struct event *event,
                                  const struct frame *frame);
