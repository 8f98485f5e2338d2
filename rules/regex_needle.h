/* SPDX-License-Identifier: Apache-2.0 */
/* regex_needle — the text every match of a regular expression must contain. Pure.
 *
 *   \\cmd\.exe\s+/c   ─▶  "\cmd.exe"       foo|bar  ─▶  none (either)       (abc)?d+e  ─▶  "d"
 *
 * Reads only what it is sure of: literal characters outside groups and classes that no quantifier
 * makes optional. Anything unusual gives no needle, which costs speed, never a match.
 */
#pragma once
#include "ingest/base/arena.h"

/* The longest such text, unescaped, in `arena`; empty when there is none. */
struct slice regex_needle(struct arena *arena, struct slice pattern);
