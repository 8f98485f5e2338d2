/* SPDX-License-Identifier: Apache-2.0 */
/* symbols — from addresses of a native program to functions, files and lines.
 *
 *   tocsin symbols upload ─▶ DIR/symbols/ab/cdef….debug               symbol_store.h, elf_file.h
 *
 *   an event is read (API thread)            symboliser (thread)         symbol worker (process)
 *   native_frames ─▶ symboliser_ask ─queue─▶ worker_process ─socket+fd─▶ sandbox ▸ dwarf (libdw)
 *                        ▲  waits 1 s at most     │ 10 s, then KILL
 *                        └──── symbol_cache ◀─────┘
 *
 * Symbols are looked up where an event is read, never in its pass. Rejected: before grouping, as
 * Sentry does: the pass would wait for another process and no longer be pure; and files uploaded an
 * hour late, or again with more in them, would put the same crash into another issue. So native
 * frames are grouped by the function if the SDK gave one, else by file and offset, which are the
 * same whatever was uploaded; and a late upload names functions in events that came before it.
 * Rejected: rewriting stored events (the journal keeps what was sent).
 *
 * DWARF is a language for programs, and libdw a C parser of it: files are hostile. They are read in
 * a process of its own, exec'd afresh so that it has nothing of the server's memory, in a sandbox
 * that opens nothing (sandbox.h). It is given the file as a descriptor, answers within a length,
 * and a crash or a hang of it costs that one answer; the next question starts another. What it says
 * is judged like any input (symbol_wire.h). Rejected: libdw in the server (one bad file ends it), a
 * process for each question (10 ms each), asking debuginfod servers (an address of a crash would
 * leave the house).
 *
 * What is remembered is remembered of one file (inode, size, time), so that replacing or removing
 * it forgets. That a file is missing is asked of the file system each time.
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

/* What became of one address; the names are those of Sentry's `symbolicatorStatus`, and the last
 * two ours. */
#define SYMBOL_STATUSES(X)                                                                         \
    X(SYMBOL_FOUND, "symbolicated")                                                                \
    X(SYMBOL_NO_SYMBOL, "missing_symbol") /* the file has nothing about this address */            \
    X(SYMBOL_NO_FILE, "missing")          /* nobody uploaded a file of this build id */            \
    X(SYMBOL_NO_IMAGE, "unknown_image")   /* no image of the event, or one without a build id */   \
    X(SYMBOL_MALFORMED, "malformed")      /* the file cannot be read, or reading it crashed */     \
    X(SYMBOL_TIMEOUT, "timeout")          /* reading it took longer than SYMBOLISE_DEADLINE_MS */  \
    X(SYMBOL_PENDING, "pending")          /* is being looked up: ask again */

enum symbol_status {
#define SYMBOL_ENUM(constant, name) constant,
    SYMBOL_STATUSES(SYMBOL_ENUM)
#undef SYMBOL_ENUM
        SYMBOL_STATUS_COUNT
};

/* One function an address is in. */
struct symbol_place {
    struct slice function;     /* as people write it */
    struct slice raw_function; /* as the linker knows it; empty: the same */
    struct slice file;         /* with its folder; empty: not known */
    uint32_t line;             /* from 1; 0 not known */
    uint32_t column;           /* from 1; 0 not known */
};

/* The answer to one address. */
struct symbol {
    enum symbol_status status;
    uint32_t count;              /* 0 unless FOUND; then up to SYMBOL_PLACES_MAX */
    struct symbol_place *places; /* the innermost inlined function first, the real one last */
};

const char *symbol_status_name(enum symbol_status status);
