/* SPDX-License-Identifier: Apache-2.0 */
/* minidump — what a crash dump says of itself: why, where, in which module, on what system.
 *
 *   "MDMP" u32 version, u32 streams, u32 directory ──▶ {u32 type, u32 size, u32 at} …
 *        6 exception: thread, code, address     7 system: processor, OS, version
 *        4 modules: base, size, name, debug id (at most MINIDUMP_MODULES_MAX)
 *
 * No stack is unwound: that needs symbols, which a server that gets the dump does not have. Every
 * offset in the file is the sender's word, and is checked against what is there. Pure.
 * Format: Microsoft, "MINIDUMP_HEADER structure"; signals of Linux and macOS as Breakpad writes
 * them.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/value.h"

/* True when the bytes begin as a minidump does. */
bool minidump_is(struct slice bytes);

/* Adds to the event tree `event` (a MAP) what the dump says and the tree does not have yet:
 * platform, level, exception with its one frame, debug_meta, contexts.os. MALFORMED when the header
 * or the directory is not whole; streams that are not are left out. TOO_BIG when the arena is full.
 */
MUST_USE struct fault minidump_describe(struct arena *arena, struct slice bytes,
                                        struct value *event);
