/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/slice.h"
#include "ingest/base/must.h"

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

size_t slice_search(struct slice s, struct slice needle)
{
    if (needle.len == 0 || needle.len > s.len) {
        return s.len;
    }
    MUST(s.at != NULL && needle.at != NULL);
    const char *hit = memmem(s.at, s.len, needle.at, needle.len);
    return hit != NULL ? (size_t)(hit - s.at) : s.len;
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
