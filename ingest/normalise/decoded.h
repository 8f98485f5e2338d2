/* SPDX-License-Identifier: Apache-2.0 */
/* decoded — text of a request the way the application behind it will have read it.
 *
 *   id=1%2527+UN%2F**%2FION%20SELECT     ─▶   id=1' UN ION SELECT
 *   q=%26lt%3Bscript%26gt%3B             ─▶   q=<script>
 *   ..%c0%af..%c0%afetc/passwd           ─▶   ../../etc/passwd
 *   x=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==  ─▶  the same, and a line <script>alert(1)</script>
 *
 * An attack is written so that what a filter reads and what the application reads differ. So:
 *
 *   1  rounds, until nothing changes or DECODED_ROUNDS_MAX: '+' in queries (first round only), %XX
 *      and %uXXXX, HTML entities, \uXXXX \u{X} \xXX; overlong UTF-8, full-width forms
 *   2  a value that as a whole is base64 of printable text gets that text as one more line
 *   3  NUL dropped; SQL comments and runs of white space become one space
 *
 * Case is kept. A comment that could hide markup or code is not dropped, only its two ends are, or
 * it would be the place to hide in. What is no UTF-8 in the end becomes '?'. The result is a view
 * to search, not a value to use: it is not what was sent and need not be unambiguous.
 *
 * Rejected: views per parameter (rules want one text), and lower case (Sigma folds by itself).
 *
 * Pure; nothing is allocated but in the arena; at most DECODED_BYTES_MAX bytes of input are looked
 * at and at most twice that come out; empty when the arena is full.
 */
#pragma once
#include "ingest/event/event.h"

enum decoded_kind {
    DECODED_TEXT,  /* paths, headers, JSON strings: '+' is a plus */
    DECODED_QUERY, /* name=value&…: '+' is a space */
};

/* Gives the view of `text`: itself where nothing had to be done, else in the arena. */
struct slice decoded_text(struct arena *arena, struct slice text, enum decoded_kind kind);

/* Gives the view of a body, whatever its shape: of a tree, and of text that is JSON, one line for
 * each leaf with its path as forms write it, `user[name][$ne]=x`; else as text. A body of pairs
 * counts as a query when `is_form`. At most DECODED_LEAVES_MAX leaves. */
struct slice decoded_body(struct arena *arena, const struct value *data, bool is_form);

/* Gives the view of all headers that a client fills freely, one line each, `name=value`. Not of
 * cookies and credentials (a rule must name those), nor of what browsers negotiate. `headers` are
 * pairs, as event.h says. */
struct slice decoded_headers(struct arena *arena, const struct value *headers);

/* Gives decoded text as a shell reads its words: without quotes, backslashes, carets and empty
 * expansions, ${IFS} as a space. Empty when that changes nothing. */
struct slice decoded_unquoted(struct arena *arena, struct slice decoded);
