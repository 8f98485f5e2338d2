/* SPDX-License-Identifier: Apache-2.0 */
/* rule_text — a file of rules, one a line, read word by word.
 *
 *   # a comment
 *   key:pattern key:"a pattern with spaces"  what follows from it
 *
 * What is common to fingerprint rules and stack rules: lines, comments, words, quotes, and where a
 * mistake stands. Texts it gives are copies in the reader's arena, so that the file can go.
 */
#pragma once
#include "ingest/base/problem.h"

struct rule_text {
    struct arena *arena; /* borrowed; holds what is kept of the rules */
    struct problems *problems;
    struct slice file; /* its name, for problems */
    struct slice rest; /* the lines not yet read */
    struct slice line; /* the one that is being read */
    uint32_t number;   /* its, from 1 */
    size_t at;         /* place in it */
};

/* Borrows all of it as long as the reader is used. */
void rule_text_init(struct rule_text *text, struct arena *arena, struct problems *problems,
                    struct slice file, struct slice content);

/* Goes to the next line that says something; false at the end. */
bool rule_text_next(struct rule_text *text);

/* True at the end of the line; passes over spaces. */
bool rule_text_is_done(struct rule_text *text);

/* Passes over spaces, then takes `word` when it stands there. */
bool rule_text_take(struct rule_text *text, struct slice word);

/* A name: letters, digits, '_', '.', '-'. Empty when there is none. Borrows the line. */
struct slice rule_text_name(struct rule_text *text);

/* A text up to the next space or one of `stops`, or in quotes, in which '\' makes the next
 * character plain. Fills `out` with a copy; false, with a problem told, for a quote that is never
 * closed, or no text at all. */
bool rule_text_value(struct rule_text *text, const char *stops, struct slice *out);

/* The line as it stands, without space around it, as a copy. */
const char *rule_text_line(struct rule_text *text);

/* Tells a problem at the place where the reader is. */
void rule_text_error(struct rule_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
