/* SPDX-License-Identifier: Apache-2.0 */
/* elf_file — the little we must know of a file before we keep it: its build id, and what it has.
 *
 *   \177ELF ▸ sections of type NOTE ▸ "GNU", type 3 ▸ the build id
 *                                 └ without any: program headers of type NOTE
 *
 * 32 and 64 bits, little-endian. Sections come first, since `objcopy --only-keep-debug` leaves
 * program headers that point at nothing. Everything is checked against the end of the file; loops
 * end with it. Rejected: libelf here: the uploader's process has no sandbox. Pure.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/symbols/build_id.h"

struct elf_file {
    struct build_id id;
    bool has_debug; /* .debug_info, or its compressed form, with its bytes */
};

/* Borrows `bytes`, the whole file. Faults: MALFORMED with the offset, UNSUPPORTED (an object file,
 * big-endian), NOT_FOUND (without a build id). */
MUST_USE struct fault elf_file_read(struct slice bytes, struct elf_file *out);
