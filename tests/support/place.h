/* SPDX-License-Identifier: Apache-2.0 */
/* place — where tests find files of the project, and scratch folders of their own. */
#pragma once
#include "ingest/base/arena.h"

/* The whole file in `arena`; the test fails (aborts) when it cannot be read. `path` is relative to
 * the project's root, or absolute. */
struct slice place_read(struct arena *arena, const char *path);

/* Makes a new empty folder under $TMPDIR or /tmp and fills its path. */
void place_scratch(char out[static 64]);

/* Removes a folder made by place_scratch with all in it. */
void place_remove(const char *path);
