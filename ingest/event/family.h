/* SPDX-License-Identifier: Apache-2.0 */
/* family — which of the ways to read a frame its platform asks for. */
#pragma once
#include "ingest/event/event.h"

#define FAMILY_OTHER      1u
#define FAMILY_NATIVE     2u /* compiled: functions are mangled or demangled, packages are files */
#define FAMILY_JAVASCRIPT 4u

/* The frame's own platform counts before the event's. */
unsigned family_of(const struct event *event, const struct frame *frame);
