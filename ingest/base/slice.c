/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/slice.h"
#include "ingest/base/must.h"
#include <endian.h>
#include <stdint.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && is_space(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.at[s.len - 1])) {
        s.len--;
    }
    return s;
}

int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter != 0 ? memcmp(a.at, b.at, shorter) : 0;
    if (order != 0) {
        return order;
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

#define BLOCK      16u
#define FIRST_BITS UINT64_C(0x0101010101010101)

/* Longer needles are memmem's, whose time is linear whatever the bytes. */
#define SCANNED_NEEDLE_MAX 64u

/* Compared sixteen at once on every machine that can. */
typedef unsigned char block __attribute__((vector_size(BLOCK)));

static block load(const char *at)
{
    block bytes;
    memcpy(&bytes, at, sizeof(bytes));
    return bytes;
}

/* The first start among the eight from `from` that are marked, a bit in each's byte. */
static size_t first_of(struct slice s, struct slice needle, size_t from, uint64_t marks)
{
    for (; marks != 0; marks &= marks - 1) {
        size_t start = from + (size_t)__builtin_ctzll(marks) / 8;
        if (memcmp(s.at + start + 1, needle.at + 1, needle.len - 1) == 0) {
            return start;
        }
    }
    return s.len;
}

/* Among the sixteen starts from `from`: those where the needle's first and last byte are. */
static inline size_t search_block(struct slice s, struct slice needle, size_t from)
{
    uint64_t marks[2];
    block firsts = (block)(load(s.at + from) == (unsigned char)needle.at[0]);
    block lasts =
        (block)(load(s.at + from + needle.len - 1) == (unsigned char)needle.at[needle.len - 1]);
    block hits = firsts & lasts;
    memcpy(marks, &hits, sizeof(marks));
    if (__builtin_expect((marks[0] | marks[1]) == 0, 1)) {
        return s.len;
    }
    size_t start = first_of(s, needle, from, le64toh(marks[0]) & FIRST_BITS);
    return start != s.len ? start : first_of(s, needle, from + 8, le64toh(marks[1]) & FIRST_BITS);
}

static size_t search_short(struct slice s, struct slice needle)
{
    size_t starts = s.len - needle.len + 1;
    for (size_t i = 0; i < starts; i++) {
        if (s.at[i] == needle.at[0] && memcmp(s.at + i, needle.at, needle.len) == 0) {
            return i;
        }
    }
    return s.len;
}

size_t slice_search(struct slice s, struct slice needle)
{
    if (needle.len == 0 || needle.len > s.len) {
        return s.len;
    }
    MUST(s.at != NULL && needle.at != NULL);
    size_t starts = s.len - needle.len + 1;
    if (needle.len > SCANNED_NEEDLE_MAX) {
        const char *hit = memmem(s.at, s.len, needle.at, needle.len);
        return hit != NULL ? (size_t)(hit - s.at) : s.len;
    }
    if (starts < BLOCK) {
        return search_short(s, needle);
    }
    size_t found = s.len;
    for (size_t i = 0; i + BLOCK <= starts && found == s.len; i += BLOCK) {
        found = search_block(s, needle, i);
    }
    return found != s.len || starts % BLOCK == 0 ? found : search_block(s, needle, starts - BLOCK);
}

struct slice slice_cut_utf8(struct slice s, size_t max)
{
    if (s.len <= max) {
        return s;
    }
    MUST(s.at != NULL);
    size_t end = max;
    while (end > 0 && ((unsigned char)s.at[end] & 0xC0u) == 0x80u) {
        end--;
    }
    return slice_of(s.at, end);
}
