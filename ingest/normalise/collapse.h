/* SPDX-License-Identifier: Apache-2.0 */
/* collapse — the last step of a decoded view, in place: NUL dropped, SQL comments and runs of white
 * space made one space. Private to ingest/normalise.
 */
#pragma once
#include <stddef.h>

/* Gives the new length, at most `length`. */
size_t collapse(char *text, size_t length);
