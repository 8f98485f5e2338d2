/* SPDX-License-Identifier: Apache-2.0 */
/* steps — what normalise does to an event, one function and one file each, in the order of steps.c.
 *
 * Each takes the arena, what is known from outside, and the event, and sees what the steps before
 * it left. Private to ingest/normalise.
 */
#pragma once
#include "ingest/normalise/normalise.h"

typedef void step_fn(struct arena *arena, const struct normalise_input *input, struct event *event);

struct step {
    const char *name;
    step_fn *run;
};

extern const struct step steps[];
extern const size_t steps_count;

step_fn step_ids;         /* id: the envelope's, else the payload's, else the seed */
step_fn step_timestamp;   /* the sender's clock corrected; 0, future and too old: when we took it */
step_fn step_level;       /* platform, type and level where none was sent */
step_fn step_exceptions;  /* types and values without space around them, in bounds */
step_fn step_functions;   /* native functions without arguments, templates and return types */
step_fn step_stack_rules; /* in_app, and which frames say nothing */
step_fn step_logentry;    /* formatted from message and params */
step_fn step_tags;        /* trimmed, each key once */
step_fn step_user;        /* {{auto}} is the address it came from */
step_fn step_place;       /* where the address is */
step_fn step_request;     /* method, url without query and fragment */
step_fn step_views;       /* the request's path, query, body and headers with escapes undone */
step_fn step_trim;        /* lengths of limits.h */
step_fn step_title;       /* title and culprit */
