/* SPDX-License-Identifier: Apache-2.0 */
/* unescape — undoes one layer of escapes, in place: no escape is shorter than what it stands for.
 * Private to ingest/normalise; decoded.h tells which escapes.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Undoes %XX, %uXXXX, entities and backslash escapes once, and '+' when `plus_is_space`. Gives the
 * new length, at most `length`; the text is as it was when nothing was undone (`*changed`). */
size_t unescape(char *text, size_t length, bool plus_is_space, bool *changed);

/* Makes overlong UTF-8 and full-width forms of ASCII the characters they mean. */
size_t unescape_narrow(char *text, size_t length, bool *changed);

/* Puts '?' for each byte that belongs to no UTF-8 sequence. */
void unescape_repair(char *text, size_t length);

/* True when one of the above could change the text. */
bool unescape_may_change(const char *text, size_t length, bool plus_is_space);
