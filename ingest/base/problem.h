/* SPDX-License-Identifier: Apache-2.0 */
/* problem — what is wrong in files a person wrote: `file:line:column: message`.
 *
 * For rules and configuration, where one answer is not enough: a load collects every problem it
 * can find. A warning does not make the load fail. Texts are kept in the list's own arena; past
 * PROBLEMS_KEPT_MAX they are only counted.
 */
#pragma once
#include "ingest/base/arena.h"

struct problem {
    struct slice file;
    uint32_t line;   /* from 1; 0 when the whole file is meant */
    uint32_t column; /* from 1 */
    bool is_warning;
    struct slice message; /* says what is wrong and, where one is known, the way out */
    struct problem *next;
};

struct problems {
    struct arena *arena; /* borrowed */
    struct problem *first;
    struct problem *last;
    uint32_t kept;
    uint32_t errors;   /* all, also those not kept */
    uint32_t warnings; /* all */
};

void problems_init(struct problems *problems, struct arena *arena);

/* Copies file and message. `file` may be empty for text that came from no file. */
void problem_error(struct problems *problems, struct slice file, uint32_t line, uint32_t column,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
void problem_warning(struct problems *problems, struct slice file, uint32_t line, uint32_t column,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));

/* "file:line:column: message" (": warning: " for one) without a newline, in `arena`. */
struct slice problem_text(const struct problem *problem, struct arena *arena);
