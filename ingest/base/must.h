/* SPDX-License-Identifier: Apache-2.0 */
/* must — two words for "this cannot happen".
 *
 * MUST(condition) states what is always true unless our own code has a bug. It is on in every
 * build, has no side effect, and costs one predictable branch. NEVER("text") marks a branch no
 * input can reach. Input is never judged by these: input is refused with a `struct fault`.
 */
#pragma once
#include <stdio.h>
#include <stdlib.h>

/* Writes where and what to standard error and aborts; the supervising parent starts a new server.
 */
_Noreturn static inline void must_fail(const char *file, int line, const char *text)
{
    fprintf(stderr, "tocsin: bug at %s:%d: %s\n", file, line, text);
    abort();
}

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (__builtin_expect(!(condition), 0)) {                                                   \
            must_fail(__FILE__, __LINE__, #condition);                                             \
        }                                                                                          \
    } while (0)

#define NEVER(text) must_fail(__FILE__, __LINE__, text)
