/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/base64.h"
#include "ingest/base/must.h"

enum { PAD = 64, SPACE = 65, NONE = 66 }; /* what a character is when it is no digit */

static unsigned digit(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (unsigned)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (unsigned)(c - 'a') + 26;
    }
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0') + 52;
    }
    switch (c) {
    case '+':
    case '-':
        return 62;
    case '/':
    case '_':
        return 63;
    case '=':
        return PAD;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return SPACE;
    default:
        return NONE;
    }
}

/* Digits gathered into bytes. */
struct gatherer {
    char *to;
    size_t length;
    uint32_t bits;
    unsigned digits; /* of the unfinished group of four */
    bool padded;
};

static bool take(struct gatherer *g, unsigned value)
{
    if (value == SPACE) {
        return true;
    }
    if (value == PAD) {
        g->padded = true;
        return true;
    }
    if (value == NONE || g->padded) {
        return false;
    }
    g->bits = (g->bits << 6) | value;
    if (++g->digits == 4) {
        g->to[g->length++] = (char)(g->bits >> 16);
        g->to[g->length++] = (char)(g->bits >> 8);
        g->to[g->length++] = (char)g->bits;
        g->digits = 0;
    }
    return true;
}

/* Two digits left are one byte, three are two; a single one is none and means text is missing. */
static bool finish(struct gatherer *g)
{
    if (g->digits == 2) {
        g->to[g->length++] = (char)(g->bits >> 4);
    } else if (g->digits == 3) {
        g->to[g->length++] = (char)(g->bits >> 10);
        g->to[g->length++] = (char)(g->bits >> 2);
    }
    return g->digits != 1;
}

struct fault base64_decode(struct arena *arena, struct slice text, struct slice *out)
{
    MUST(arena != NULL && out != NULL);
    size_t room = text.len / 4 * 3 + 3;
    struct gatherer g = {.to = arena_bytes(arena, room)};
    if (g.to == NULL) {
        return fault_make(FAULT_TOO_BIG, "base64: no memory left");
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!take(&g, digit(text.at[i]))) {
            return fault_at(FAULT_MALFORMED, "base64: not base64 here", i);
        }
    }
    if (!finish(&g)) {
        return fault_at(FAULT_MALFORMED, "base64: cut short", text.len);
    }
    MUST(g.length <= room);
    *out = slice_of(g.to, g.length);
    return FAULT_OK;
}
