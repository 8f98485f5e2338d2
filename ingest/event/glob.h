/* SPDX-License-Identifier: Apache-2.0 */
/* glob — patterns as people write them in grouping rules.
 *
 *   *    any bytes; of a path, within one folder      ?       one byte
 *   **   any bytes, folders too                       [a-z]   one of these; [!a-z] none of these
 *
 * No pattern can be made to take long: there are never more than two places to go back to.
 */
#pragma once
#include "ingest/base/slice.h"

#define GLOB_NOCASE 0x1u /* of ASCII */
#define GLOB_PATH   0x2u /* '\\' is '/'; a relative path also matches as if it began with '/' */

/* Bytes of a text that are looked at: a message has up to 8192, a path of more is no path. */
#define GLOB_BYTES_MAX      8192u
#define GLOB_PATH_BYTES_MAX 1024u

/* True when all of `text` matches. A text longer than what is looked at is cut there. */
bool glob_matches(struct slice pattern, struct slice text, unsigned how);
