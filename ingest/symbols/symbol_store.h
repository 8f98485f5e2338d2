/* SPDX-License-Identifier: Apache-2.0 */
/* symbol_store — the uploaded files, by build id.
 *
 *   DIR/symbols/5d/a2…f1.debug     with DWARF: functions, files, lines
 *   DIR/symbols/5d/a2…f1           without: functions at the most
 *   DIR/symbols/lock               held while a file is stored or removed
 *   DIR/symbols/upload.tmp         a file on its way in
 *
 * The layout of /usr/lib/debug/.build-id, which gdb reads too. A file is copied, synced and then
 * renamed, so that a reader sees all of it or nothing; what a killed upload left is overwritten by
 * the next. Files are never written to, so the server reads them without a lock.
 *
 * Rejected: symbols in Redis (gigabytes), reading the uploader's file in place (it goes away).
 * Owner: uploads, any process; lookups, any thread.
 */
#pragma once
#include "ingest/symbols/elf_file.h"
#include <time.h>

#define SYMBOL_STORE_FOLDER "symbols" /* in the data folder */

/* What makes it this file and no other: answers are remembered by it. */
struct symbol_file_identity {
    uint64_t device;
    uint64_t inode;
    uint64_t size;       /* bytes */
    int64_t modified_ns; /* since 1970 */
};

struct stored_symbols {
    struct build_id id;
    bool has_debug;
    struct symbol_file_identity identity;
};

/* Stores a copy of the file at `path` in `folder`, which is made when missing, replacing what it
 * had of that kind and build id. Fills what it is. Faults: those of elf_file_read, TOO_BIG,
 * UNAVAILABLE (errno says why). */
MUST_USE struct fault symbol_store_add(const char *folder, const char *path,
                                       struct stored_symbols *out);

/* Gives a descriptor to read, and fills which file it is; -1 when there is none of that build id.
 * The one with DWARF is preferred. */
int symbol_store_open(const char *folder, const struct build_id *id,
                      struct symbol_file_identity *out);

/* Removes what there is of a build id; gives how many files that were. */
unsigned symbol_store_remove(const char *folder, const struct build_id *id);

/* Calls `each` for every file, in no order; no folder is an empty one. */
typedef void symbol_store_each(void *data, const struct stored_symbols *stored);
void symbol_store_list(const char *folder, symbol_store_each *each, void *data);
