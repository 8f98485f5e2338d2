/* SPDX-License-Identifier: Apache-2.0 */
/* regex — PCRE2 with the JIT and hard limits.
 *
 * A compiled pattern is immutable and shared by threads; each thread matches with its own
 * `struct regex_scratch`. A match that hits a limit is REGEX_LIMIT, an error to be counted and
 * shown: never a quiet "no".
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

struct regex;         /* owns the compiled code */
struct regex_scratch; /* owns match data and JIT stack; one thread */

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };

/* Flags of regex_new: those of Sigma's `re` (i, m, s). Without REGEX_BYTES the pattern and subject
 * are UTF-8, invalid sequences in the subject never match. */
#define REGEX_CASELESS  1u
#define REGEX_MULTILINE 2u
#define REGEX_DOTALL    4u
#define REGEX_BYTES     8u

struct regex_error {
    size_t offset; /* into the pattern */
    char message[128];
};

/* Gives a pattern to free with regex_free; NULL fills `error`. */
struct regex *regex_new(struct slice pattern, unsigned flags, struct regex_error *error);
void regex_free(struct regex *regex); /* NULL is fine */

struct regex_scratch *regex_scratch_new(void); /* NULL without memory */
void regex_scratch_free(struct regex_scratch *scratch);

/* Unanchored search from byte `from`. On REGEX_YES the match is [*start, *end) of the subject.
 * Subjects past REGEX_SUBJECT_BYTES_MAX are looked at up to there. */
enum regex_result regex_find(const struct regex *regex, struct regex_scratch *scratch,
                             struct slice subject, size_t from, size_t *start, size_t *end);

/* Index of the named group that took part in the last regex_find of this scratch with REGEX_YES:
 * the lowest capturing group that is set, from 1; 0 when none is. */
uint32_t regex_group(const struct regex_scratch *scratch);
