/* SPDX-License-Identifier: Apache-2.0 */
/* slice — bytes that somebody else owns.
 *
 * A slice borrows: it is valid as long as the memory it points into. It may hold any byte, is not
 * terminated, and is empty when `len` is 0 (`at` may then be NULL). Passed by value.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct slice {
    const char *at;
    size_t len;
};

/* A slice of a string literal; also usable in static initialisers. */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})
#define SLICE_INIT(literal)                                                                        \
    {                                                                                              \
        (literal), sizeof(literal) - 1                                                             \
    }

/* Arguments for printf's "%.*s". Precision is an int: longer slices are cut for display. */
#define SLICE_ARG(s) ((s).len > 4096 ? 4096 : (int)(s).len), ((s).at != NULL ? (s).at : "")

static inline struct slice slice_of(const char *at, size_t len)
{
    return (struct slice){at, len};
}

/* Borrows a terminated string; NULL gives the empty slice. */
static inline struct slice slice_str(const char *text)
{
    return (struct slice){text, text != NULL ? strlen(text) : 0};
}

static inline bool slice_is_empty(struct slice s)
{
    return s.len == 0;
}

static inline bool slice_eq(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Equal but for the case of ASCII letters. */
static inline bool slice_eq_nocase(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

static inline bool slice_starts(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

static inline bool slice_ends(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.at + s.len - suffix.len, suffix.at, suffix.len) == 0);
}

/* The part from `from` on; empty when `from` is at or past the end. */
static inline struct slice slice_from(struct slice s, size_t from)
{
    return from >= s.len ? (struct slice){NULL, 0} : (struct slice){s.at + from, s.len - from};
}

/* At most the first `count` bytes. */
static inline struct slice slice_head(struct slice s, size_t count)
{
    return (struct slice){s.at, s.len < count ? s.len : count};
}

/* Index of the first `byte`, or `s.len` when there is none. */
static inline size_t slice_find(struct slice s, char byte)
{
    const char *hit = s.len != 0 ? memchr(s.at, byte, s.len) : NULL;
    return hit != NULL ? (size_t)(hit - s.at) : s.len;
}

/* Without spaces, tabs, carriage returns and newlines at both ends. */
struct slice slice_trim(struct slice s);

/* Orders by bytes, then by length, as strcmp does: negative, 0 or positive. */
int slice_compare(struct slice a, struct slice b);

/* Index of the first occurrence of `needle`, or `s.len` when there is none (or it is empty). */
size_t slice_search(struct slice s, struct slice needle);

/* At most `max` bytes, cut before a UTF-8 sequence that would not fit whole. */
struct slice slice_cut_utf8(struct slice s, size_t max);
