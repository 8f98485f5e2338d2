/* SPDX-License-Identifier: Apache-2.0 */
/* file — whole files: read at once, or replaced at once.
 *
 * file_write makes the new content durable before it takes the name: PATH.tmp, fsync, rename, fsync
 * of the folder. A reader sees the old file or the new one, never half; after a crash too. Two
 * processes must not write the same path at the same time.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"
#include <sys/types.h>

/* Fills with the content, in `arena`. Faults: NOT_FOUND, TOO_BIG (over `bytes_max`, or the arena is
 * full), UNAVAILABLE (cannot be read: errno says why). */
MUST_USE struct fault file_read(struct arena *arena, const char *path, size_t bytes_max,
                                struct slice *out);

/* Replaces the file; `mode` as for chmod, whatever the umask. Faults: UNAVAILABLE (errno says why),
 * and then the old content is untouched. */
MUST_USE struct fault file_write(const char *path, struct slice content, mode_t mode);

/* Makes a folder with its parents where missing. Faults: UNAVAILABLE (errno says why). */
MUST_USE struct fault file_make_folder(const char *path, mode_t mode);

/* Makes the names in a folder durable. Faults: UNAVAILABLE (errno says why). */
MUST_USE struct fault file_sync_folder(const char *path);
