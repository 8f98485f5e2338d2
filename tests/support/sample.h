/* SPDX-License-Identifier: Apache-2.0 */
/* sample — reads recorded data: packed files, lines, archives. Built on tests/support/shared.h. */
#pragma once
#include "ingest/base/arena.h"

/* The whole file of the shared folder, unpacked when its name ends in .gz; false when it is not
 * there: the test skips. */
bool sample_read(struct arena *arena, const char *path, struct slice *out);

/* Takes the next line off `*text`, without its newline; false at the end. */
bool sample_line(struct slice *text, struct slice *line);

/* Takes the next regular file off a tar archive; false at the end. */
bool sample_tar_next(struct slice *tar, struct slice *name, struct slice *content);
