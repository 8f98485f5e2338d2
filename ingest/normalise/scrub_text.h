/* SPDX-License-Identifier: Apache-2.0 */
/* scrub_text — finds what is secret in one text, and writes the text without it.
 *
 *   text ─▶ detectors mark spans (scrub_number.c, scrub_secret.c, scrub_pair.c) ─▶ new text
 *
 * Detectors only look when the text has what they need: digits, an '@', one of the words. Spans
 * that meet are one. A text with more than SCRUB_SPANS_MAX of them goes whole, and so does one that
 * is not clean after the first time: nothing that is left may be a secret. Private to
 * ingest/normalise.
 */
#pragma once
#include "ingest/normalise/scrub_rules.h"

/* How much of a text may go. */
enum scrub_depth {
    SCRUB_MESSAGE, /* written for people: patterns, and "password=…" */
    SCRUB_SOURCE,  /* a line of a program: patterns, and 'password = "…"' */
    SCRUB_DATA,    /* somebody's data: one that speaks of a password goes whole */
    SCRUB_QUERY,   /* name=value&… */
    SCRUB_COOKIES, /* name=value; … */
};

#define SCRUB_FILTERED "[Filtered]"
#define SCRUB_IP       "[ip]"

struct scrub_span {
    size_t from; /* bytes of the text */
    size_t to;
    enum scrub_reason reason;
};

#define SCRUB_SPANS_MAX 32u

struct scrub_spans {
    struct scrub_span list[SCRUB_SPANS_MAX]; /* in the order they were found */
    uint32_t count;
    bool is_whole; /* the whole text goes, for `reason` */
    enum scrub_reason reason;
};

/* Marks a span; of no bytes, or already filtered: nothing. */
void scrub_mark(struct scrub_spans *spans, struct slice text, const struct scrub_span *span);
void scrub_mark_whole(struct scrub_spans *spans, enum scrub_reason reason);

/* The detectors. */
void scrub_find_numbers(struct slice text, struct scrub_spans *spans);
void scrub_find_addresses(struct slice text, struct scrub_spans *spans);
void scrub_find_url_users(struct slice text, struct scrub_spans *spans);
void scrub_find_secret(struct slice text, const struct scrub_hit *hit, struct scrub_spans *spans);
void scrub_find_assigned(struct slice text, const struct scrub_hit *hit, enum scrub_depth depth,
                         struct scrub_spans *spans);
void scrub_find_pairs(const struct scrub_rules *rules, struct slice text, enum scrub_depth depth,
                      struct scrub_spans *spans);

/* Finds everything. True when there is something. */
bool scrub_find(const struct scrub_rules *rules, struct slice text, enum scrub_depth depth,
                struct scrub_spans *spans);

/* What was written, and why: remarks in the order of the new text. */
struct scrub_rewrite {
    struct slice text;                          /* in the arena; the empty text when that is full */
    struct scrub_span remarks[SCRUB_SPANS_MAX]; /* bytes of the new text */
    uint32_t count;
};

/* Writes `text` without its secrets. False when there are none; `out` is then untouched. */
bool scrub_text(struct arena *arena, const struct scrub_rules *rules, struct slice text,
                enum scrub_depth depth, struct scrub_rewrite *out);

static inline bool scrub_is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c & 0x80) != 0;
}

static inline bool scrub_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
