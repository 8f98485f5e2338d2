/* SPDX-License-Identifier: Apache-2.0 */
/* dwarf — libdw, asked about one address at a time. In the worker's process alone: it reads files
 * nobody has looked at, and may crash, hang or take memory.
 *
 *   address ─▶ compilation unit (its .debug_aranges; units without: one after the other)
 *     ├─▶ scopes ─▶ inlined functions, each with the place it was called from ─▶ the real function
 *     ├─▶ line table ─▶ file and line of the innermost
 *     └─▶ without DWARF: the symbol table
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/symbols/symbols.h"

struct dwarf_file;

/* Takes `fd`, also when it gives NULL: no file that libdw can read. */
struct dwarf_file *dwarf_open(int fd);
void dwarf_close(struct dwarf_file *file);

/* Fills what is known of the instruction `address` bytes after the first that is loaded. */
void dwarf_find(struct dwarf_file *file, uint64_t address, struct arena *arena, struct symbol *out);
