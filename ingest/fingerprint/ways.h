/* SPDX-License-Identifier: Apache-2.0 */
/* ways — the ways to tell events apart, one function and one file each, in the order of
 * fingerprint.c: the first that has something to say wins.
 *
 * Each adds its parts; what is left of them that counts is its answer. Private to
 * ingest/fingerprint.
 */
#pragma once
#include "ingest/event/event.h"
#include "ingest/fingerprint/parts.h"

typedef void way_fn(struct parts *parts, const struct event *event);

way_fn way_exceptions; /* all of a chain; of a group its distinct members */
way_fn way_threads;    /* the one that crashed, else the current, else the only one */
way_fn way_stacktrace; /* the event's own */
way_fn way_template;   /* a template engine's file and line */
way_fn way_security;   /* a browser's report: what was forbidden, and from where */
way_fn way_message;

/* Adds "stacktrace" with its frames; gives the variants in which it counts. */
unsigned stack_add(struct parts *parts, const struct event *event, const struct stacktrace *stack);

/* Adds "frame" number `index` of `stack`, without regard to its neighbours; gives the part. */
struct part *frame_add(struct parts *parts, const struct event *event,
                       const struct stacktrace *stack, uint32_t index);

/* True for what a browser loaded: such a name carries hosts and versions. */
bool frame_has_url(struct slice path);

/* Adds a text that people wrote: its first two lines, without what changes. */
struct part *text_add(struct parts *parts, const char *name, struct slice text);

/* The module of a Java frame without what is made up at run time. */
struct slice java_module(struct arena *arena, struct slice module);

/* Where a frame without names is: "<package>+0x<offset>", the same wherever the system loaded it;
 * the empty slice when that cannot be told. */
struct slice frame_place(struct parts *parts, const struct event *event, const struct frame *frame);
