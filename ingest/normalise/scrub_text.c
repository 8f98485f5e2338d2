/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/scrub_text.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

#define DIGITS_MIN 8u /* of the shortest IBAN; an address of 4 is looked for apart */

void scrub_mark_whole(struct scrub_spans *spans, enum scrub_reason reason)
{
    if (!spans->is_whole) {
        spans->is_whole = true;
        spans->reason = reason;
    }
}

void scrub_mark(struct scrub_spans *spans, struct slice text, const struct scrub_span *span)
{
    MUST(span->from <= span->to && span->to <= text.len);
    struct slice found = slice_of(text.at + span->from, span->to - span->from);
    if (found.len == 0 || slice_eq(found, SLICE(SCRUB_FILTERED))) {
        return;
    }
    if (spans->count == SCRUB_SPANS_MAX) {
        scrub_mark_whole(spans, span->reason);
        return;
    }
    spans->list[spans->count++] = *span;
}

/* What a text has of what detectors need. */
struct needs {
    uint32_t digits;
    uint32_t colons;
    bool has_at;
    bool has_blank; /* space, newline and the like */
    bool has_equals;
};

/* Sixteen bytes at a time: this looks at every byte of every event. */
typedef uint8_t block __attribute__((vector_size(16)));
#define BLOCK_ROUNDS_MAX 255u /* a lane counts no further */

/* What is counted in blocks, lane by lane. */
struct lanes {
    block digits;
    block colons;
    block ats;
    block blanks;
    block equals;
};

static void count_block(struct lanes *lanes, const char *at)
{
    block bytes;
    memcpy(&bytes, at, sizeof(bytes));
    lanes->digits -= (block)(bytes - '0' < 10);
    lanes->colons -= (block)(bytes == ':');
    lanes->ats |= (block)(bytes == '@');
    lanes->blanks |= (block)(bytes <= ' ');
    lanes->equals |= (block)(bytes == '=');
}

static bool any(block lanes)
{
    uint64_t halves[2];
    memcpy(halves, &lanes, sizeof(halves));
    return (halves[0] | halves[1]) != 0;
}

/* All sixteen lanes together: pairs of bytes first, then those by one multiplication. */
static uint32_t sum(block lanes)
{
    static const uint64_t odd = UINT64_C(0x00ff00ff00ff00ff);
    uint64_t halves[2];
    memcpy(halves, &lanes, sizeof(halves));
    uint64_t pairs =
        (halves[0] & odd) + (halves[0] >> 8 & odd) + (halves[1] & odd) + (halves[1] >> 8 & odd);
    return (uint32_t)(pairs * UINT64_C(0x0001000100010001) >> 48);
}

static void add_lanes(struct needs *needs, const struct lanes *lanes)
{
    needs->digits += sum(lanes->digits);
    needs->colons += sum(lanes->colons);
    needs->has_at = needs->has_at || any(lanes->ats);
    needs->has_blank = needs->has_blank || any(lanes->blanks);
    needs->has_equals = needs->has_equals || any(lanes->equals);
}

static struct needs needs_of(struct slice text)
{
    struct needs needs = {0};
    char rest[sizeof(block)];
    while (text.len >= sizeof(block)) {
        struct lanes lanes = {{0}, {0}, {0}, {0}, {0}};
        for (uint32_t i = 0; i < BLOCK_ROUNDS_MAX && text.len >= sizeof(block); i++) {
            count_block(&lanes, text.at);
            text = slice_from(text, sizeof(block));
        }
        add_lanes(&needs, &lanes);
    }
    if (text.len != 0) {
        struct lanes lanes = {{0}, {0}, {0}, {0}, {0}};
        memset(rest, 'x', sizeof(rest));
        memcpy(rest, text.at, text.len);
        count_block(&lanes, rest);
        add_lanes(&needs, &lanes);
    }
    return needs;
}

/* A URL or a form: names and values can be told apart, and the rest is worth keeping. */
static bool is_made_of_pairs(struct slice text, const struct needs *needs)
{
    if (needs->has_blank || text.at[0] == '{' || text.at[0] == '[' || text.at[0] == '"') {
        return false;
    }
    return needs->has_equals || text.at[0] == '/' ||
           (needs->colons != 0 && slice_search(text, SLICE("://")) != text.len);
}

static void find_word(struct slice text, const struct scrub_hit *hit, enum scrub_depth depth,
                      struct scrub_spans *spans)
{
    switch ((enum scrub_word)hit->kind) {
    case WORD_SECRET:
    case WORD_FIELD:
        if (depth == SCRUB_DATA) {
            scrub_mark_whole(spans, hit->kind == WORD_FIELD ? SCRUB_FIELD : SCRUB_PASSWORD);
            return;
        }
        scrub_find_assigned(text, hit, depth, spans);
        return;
    case WORD_MARK:
        if (!scrub_is_author(text, hit)) {
            scrub_find_assigned(text, hit, depth, spans);
        }
        return;
    case WORD_BEARER:
    case WORD_BASIC:
    case WORD_PEM:
    case WORD_JWT:
        scrub_find_secret(text, hit, spans);
        return;
    }
    NEVER("a word of no kind");
}

bool scrub_find(const struct scrub_rules *rules, struct slice text, enum scrub_depth depth,
                struct scrub_spans *spans)
{
    struct scrub_hit hit = {0};
    spans->count = 0;
    spans->is_whole = false;
    if (text.len == 0 || slice_eq(text, SLICE(SCRUB_FILTERED))) {
        return false;
    }
    struct needs needs = needs_of(text);
    bool is_listed = depth == SCRUB_QUERY || depth == SCRUB_COOKIES;
    bool has_pairs = is_listed || (depth == SCRUB_DATA && is_made_of_pairs(text, &needs));
    if (has_pairs) {
        scrub_find_pairs(rules, text, depth, spans);
    }
    for (size_t from = 0; !spans->is_whole && scrub_words_find(&rules->words, text, from, &hit);
         from = hit.from + 1) {
        find_word(text, &hit, has_pairs ? SCRUB_MESSAGE : depth, spans);
    }
    if (rules->has_defaults && needs.digits >= DIGITS_MIN) {
        scrub_find_numbers(text, spans);
    }
    if (rules->has_defaults && needs.has_at) {
        scrub_find_url_users(text, spans);
    }
    if (rules->remove_addresses && (needs.digits >= 4 || needs.colons >= 2)) {
        scrub_find_addresses(text, spans);
    }
    return spans->is_whole || spans->count != 0;
}

/* ---- the new text ---- */

/* By their start; few, and mostly in order. */
static void sort(struct scrub_spans *spans)
{
    for (uint32_t i = 1; i < spans->count; i++) {
        struct scrub_span span = spans->list[i];
        uint32_t at = i;
        for (; at > 0 && spans->list[at - 1].from > span.from; at--) {
            spans->list[at] = spans->list[at - 1];
        }
        spans->list[at] = span;
    }
}

/* Spans that overlap become one, named after the first. */
static void merge(struct scrub_spans *spans)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < spans->count; i++) {
        struct scrub_span *last = kept != 0 ? &spans->list[kept - 1] : NULL;
        if (last != NULL && spans->list[i].from < last->to) {
            last->to = spans->list[i].to > last->to ? spans->list[i].to : last->to;
        } else {
            spans->list[kept++] = spans->list[i];
        }
    }
    MUST(kept <= spans->count);
    spans->count = kept;
}

static void write_whole(enum scrub_reason reason, struct scrub_rewrite *out)
{
    out->text = SLICE(SCRUB_FILTERED);
    out->count = 1;
    out->remarks[0] = (struct scrub_span){0, out->text.len, reason};
}

static void write_spans(struct arena *arena, const struct scrub_spans *spans, struct slice text,
                        struct scrub_rewrite *out)
{
    struct slice parts[2 * SCRUB_SPANS_MAX + 1];
    size_t count = 0;
    size_t at = 0;
    size_t length = 0;
    for (uint32_t i = 0; i < spans->count; i++) {
        const struct scrub_span *span = &spans->list[i];
        struct slice put = span->reason == SCRUB_ADDRESS ? SLICE(SCRUB_IP) : SLICE(SCRUB_FILTERED);
        MUST(span->from >= at && span->to <= text.len);
        parts[count++] = slice_of(text.at + at, span->from - at);
        parts[count++] = put;
        length += span->from - at;
        out->remarks[i] = (struct scrub_span){length, length + put.len, span->reason};
        length += put.len;
        at = span->to;
    }
    parts[count++] = slice_from(text, at);
    out->count = spans->count;
    out->text = arena_concat(arena, parts, count);
}

bool scrub_text(struct arena *arena, const struct scrub_rules *rules, struct slice text,
                enum scrub_depth depth, struct scrub_rewrite *out)
{
    struct scrub_spans spans;
    struct scrub_spans again;
    if (!scrub_find(rules, text, depth, &spans)) {
        return false;
    }
    if (spans.is_whole) {
        write_whole(spans.reason, out);
        return true;
    }
    sort(&spans);
    merge(&spans);
    write_spans(arena, &spans, text, out);
    if (scrub_find(rules, out->text, depth, &again)) {
        write_whole(spans.list[0].reason, out);
    }
    return true;
}
