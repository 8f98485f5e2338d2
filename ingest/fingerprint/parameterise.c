/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/parameterise.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/fingerprint/parameter.h"

#define NAME_BYTES_MAX 16u /* of "<swift_txn_id>" */

/* Rows of 16 bytes, 0x00 to 0xff. */
#define D CLASS_DIGIT | CLASS_LOCAL
#define l CLASS_LOW_HEX | CLASS_LOCAL
#define L CLASS_LOWER | CLASS_LOCAL
#define u CLASS_UP_HEX | CLASS_LOCAL
#define U CLASS_UPPER | CLASS_LOCAL
#define O CLASS_OTHER
#define M CLASS_LOCAL
#define S CLASS_STOP
const uint8_t parameter_classes[256] = {
    S,     S, S, S, S, S, S, S,     S, S, S, S,     S,     S,     S,     S, /* 00 */
    S,     S, S, S, S, S, S, S,     S, S, S, S,     S,     S,     S,     S, /* 10 */
    S,     M, S, M, M, M, M, M | S, 0, 0, M, M,     0,     M,     M,     M, /*  !"#$%&'()*+,-./ */
    D,     D, D, D, D, D, D, D,     D, D, 0, 0,     S,     M,     S,     M, /* 0-9 :;<=>? */
    0,     u, u, u, u, u, u, U,     U, U, U, U,     U,     U,     U,     U, /* @A-O */
    U,     U, U, U, U, U, U, U,     U, U, U, 0,     S,     0,     M | S, M | O, /* P-Z [\]^_ */
    M | S, l, l, l, l, l, l, L,     L, L, L, L,     L,     L,     L,     L,     /* `a-o */
    L,     L, L, L, L, L, L, L,     L, L, L, M | S, M | S, M | S, M,     S,     /* p-z {|}~ */
    O,     O, O, O, O, O, O, O,     O, O, O, O,     O,     O,     O,     O,     /* UTF-8 */
    O,     O, O, O, O, O, O, O,     O, O, O, O,     O,     O,     O,     O,     O, O, O, O, O, O, O,
    O,     O, O, O, O, O, O, O,     O, O, O, O,     O,     O,     O,     O,     O, O, O, O, O, O, O,
    O,     O, O, O, O, O, O, O,     O, O, O, O,     O,     O,     O,     O,     O, O, O, O, O, O, O,
    O,     O, O, O, O, O, O, O,     O, O, O, O,     O,     O,     O,     O,     O, O, O, O, O, O, O,
    O,     O, O, O, O, O, O, O,     O, O, O, O,     O,     O,     O,     O,     O, O, O, O,
};
#undef D
#undef l
#undef L
#undef u
#undef U
#undef O
#undef M
#undef S

static const struct slice names[PARAMETER_COUNT] = {
#define PARAMETER_NAME(constant, name) SLICE_INIT("<" name ">"),
    PARAMETERS(PARAMETER_NAME)
#undef PARAMETER_NAME
};

/* A value: text[start, end). */
struct found {
    enum parameter kind;
    size_t start;
    size_t end;
};

/* A kind found by its middle: where its next value begins, beforehand. */
struct ahead {
    bool is_there;
    size_t start;
    size_t end;
};

struct scan {
    struct slice text;
    size_t at;
    size_t no_host; /* before it */
    struct ahead email;
    struct ahead url;
};

static bool found_at(struct found *found, enum parameter kind, size_t start, size_t end)
{
    if (end == 0) {
        return false;
    }
    MUST(end > start);
    *found = (struct found){kind, start, end};
    return true;
}

/* A word without a digit is seldom a value, and its next byte mostly tells that it is none. */
static bool try_name(struct scan *scan, struct word word, struct found *found)
{
    struct slice text = scan->text;
    size_t size = word.end - word.at;
    char next = byte_at(text, word.end);
    bool is_hex = (word.classes & CLASS_WORD & ~CLASS_HEX) == 0;
    if ((next == '.' || next == '-') &&
        found_at(found, PARAMETER_HOSTNAME, word.at,
                 parameter_hostname(text, word.at, &scan->no_host))) {
        return true;
    }
    if (is_hex && next == ':' &&
        found_at(found, PARAMETER_IP, word.at, parameter_ip(text, word.at))) {
        return true;
    }
    if (is_hex && next == '-' && size == 8 &&
        found_at(found, PARAMETER_UUID, word.at, parameter_uuid(text, word))) {
        return true;
    }
    if (is_hex && (next == ':' || next == '-' || next == '.') &&
        found_at(found, PARAMETER_MAC, word.at, parameter_mac(text, word.at))) {
        return true;
    }
    if (is_hex && (size == 32 || size == 40)) {
        return found_at(found, size == 32 ? PARAMETER_MD5 : PARAMETER_SHA1, word.at, word.end);
    }
    if (is_hex && parameter_is_hex(text, word)) {
        return found_at(found, PARAMETER_HEX, word.at, word.end);
    }
    bool may_be_date =
        (size >= 3 && size <= 9 && (next == ' ' || next == ',')) || (size == 8 && next == '.');
    return may_be_date && found_at(found, PARAMETER_DATE, word.at, parameter_date(text, word.at));
}

/* Names with digits in them that are values as a whole. */
static bool try_token(struct slice text, struct word word, struct found *found)
{
    size_t size = word.end - word.at;
    bool is_hex = (word.classes & CLASS_WORD & ~CLASS_HEX) == 0;
    if (found_at(found, PARAMETER_TRACEPARENT, word.at, parameter_traceparent(text, word)) ||
        found_at(found, PARAMETER_UUID, word.at, parameter_uuid(text, word))) {
        return true;
    }
    if (is_hex && (size == 32 || size == 40)) {
        return found_at(found, size == 32 ? PARAMETER_MD5 : PARAMETER_SHA1, word.at, word.end);
    }
    return false;
}

static bool try_number(struct slice text, struct word word, struct found *found)
{
    if (found_at(found, PARAMETER_SWIFT_TXN_ID, word.at, parameter_swift(text, word))) {
        return true;
    }
    if (parameter_is_hex(text, word)) {
        return found_at(found, PARAMETER_HEX, word.at, word.end);
    }
    if (parameter_is_git_sha(word)) {
        return found_at(found, PARAMETER_GIT_SHA, word.at, word.end);
    }
    if (parameter_is_random(text, word)) {
        return found_at(found, PARAMETER_RANDOM_ID, word.at, word.end);
    }
    if ((word.classes & CLASS_WORD & ~CLASS_DIGIT) != 0) {
        return false;
    }
    if (found_at(found, PARAMETER_FLOAT, word.at, parameter_float(text, word.at))) {
        return true;
    }
    return found_at(found, PARAMETER_INT, word.at, word.end);
}

/* A date may hang on a name ("backup_2026-11-24"): the digits that end `word` begin it. */
static bool try_date_inside(struct slice text, struct word word, struct found *found)
{
    size_t digits = word.end;
    char next = byte_at(text, word.end);
    while (digits > word.at && (class_at(text, digits - 1) & CLASS_DIGIT) != 0) {
        digits--;
    }
    bool may_be = (next == '-' && word.end - digits == 4) ||
                  (next == ':' && word.end - digits <= 2 && digits < word.end);
    return may_be && found_at(found, PARAMETER_DATE, digits, parameter_date(text, digits));
}

static bool try_digits(struct scan *scan, struct word word, struct found *found)
{
    struct slice text = scan->text;
    char next = byte_at(text, word.end);
    bool is_digit_first = (class_at(text, word.at) & CLASS_DIGIT) != 0;
    if ((next == '.' || next == '-') &&
        found_at(found, PARAMETER_HOSTNAME, word.at,
                 parameter_hostname(text, word.at, &scan->no_host))) {
        return true;
    }
    if ((next == '.' || next == ':') &&
        found_at(found, PARAMETER_IP, word.at, parameter_ip(text, word.at))) {
        return true;
    }
    if (try_token(text, word, found)) {
        return true;
    }
    if ((next == '-' || next == ':' || next == '.') &&
        found_at(found, PARAMETER_MAC, word.at, parameter_mac(text, word.at))) {
        return true;
    }
    if (is_digit_first &&
        (found_at(found, PARAMETER_DATE, word.at, parameter_date(text, word.at)) ||
         found_at(found, PARAMETER_DURATION, word.at, parameter_duration(text, word.at)))) {
        return true;
    }
    return try_number(text, word, found) || (!is_digit_first && try_date_inside(text, word, found));
}

static struct word word_at(struct slice text, size_t at)
{
    struct word word = {.at = at, .end = at};
    unsigned classes = class_at(text, at);
    while ((classes & CLASS_WORD) != 0) {
        word.classes |= classes;
        classes = class_at(text, ++word.end);
    }
    return word;
}

/* True or false, right after '='. */
static bool is_bool(struct slice name)
{
    return slice_eq(name, SLICE("true")) || slice_eq(name, SLICE("false")) ||
           slice_eq(name, SLICE("True")) || slice_eq(name, SLICE("False"));
}

static bool try_word(struct scan *scan, struct word word, struct found *found)
{
    bool has_digit = (word.classes & CLASS_DIGIT) != 0;
    MUST(word_starts(scan->text, word.at));
    if (has_digit ? try_digits(scan, word, found) : try_name(scan, word, found)) {
        return true;
    }
    struct slice name = slice_of(scan->text.at + word.at, word.end - word.at);
    bool is_value = word.at > 0 && scan->text.at[word.at - 1] == '=';
    return is_value && is_bool(name) && found_at(found, PARAMETER_BOOL, word.at, word.end);
}

/* A number with its minus, which is one only where no name goes before it. */
static bool try_minus(struct slice text, size_t at, struct found *found)
{
    struct word word = word_at(text, at + 1);
    if (word.end == word.at || (class_at(text, word.at) & CLASS_HEX) == 0 ||
        !word_starts(text, at)) {
        return false;
    }
    if ((class_at(text, word.at) & CLASS_DIGIT) != 0 &&
        found_at(found, PARAMETER_FLOAT, at, parameter_float(text, word.at))) {
        return true;
    }
    if (parameter_is_hex(text, word)) {
        return found_at(found, PARAMETER_HEX, at, word.end);
    }
    bool is_digits = (word.classes & CLASS_WORD & ~CLASS_DIGIT) == 0;
    return is_digits && parameter_date(text, word.at) == 0 &&
           found_at(found, PARAMETER_INT, at, word.end);
}

static bool try_quoted(struct slice text, size_t at, struct found *found)
{
    if (at == 0 || text.at[at - 1] != '=') {
        return false;
    }
    size_t length = slice_find(slice_from(text, at + 1), text.at[at]);
    return length > 0 && at + 1 + length < text.len &&
           found_at(found, PARAMETER_QUOTED_STR, at, at + length + 2);
}

/* What begins at other bytes than a word's. */
static bool try_sign(struct slice text, size_t at, struct found *found)
{
    switch (text.at[at]) {
    case '-':
        return try_minus(text, at, found);
    case ':':
        return word_starts(text, at) && byte_at(text, at + 1) == ':' &&
               found_at(found, PARAMETER_IP, at, parameter_ip(text, at));
    case '\'':
    case '"':
        return try_quoted(text, at, found);
    default:
        return false;
    }
}

/* True when a value of `ahead`'s kind begins at or, for one inside a word, before `limit`. */
static bool is_due(struct ahead *ahead, struct scan *scan,
                   bool search(struct slice, size_t, size_t *, size_t *), size_t limit)
{
    if (ahead->is_there && ahead->start < scan->at) { /* its begin was taken by another */
        ahead->is_there = search(scan->text, scan->at, &ahead->start, &ahead->end);
    }
    return ahead->is_there && ahead->start < limit;
}

/* Finds the next value from scan->at on; false when there is none. */
static bool next_value(struct scan *scan, struct found *found)
{
    struct slice text = scan->text;
    MUST(scan->at <= text.len);
    while (scan->at < text.len) {
        struct word word = word_at(text, scan->at);
        size_t limit = word.end > word.at ? word.end : scan->at + 1;
        bool is_email = is_due(&scan->email, scan, parameter_email, limit);
        bool is_url = is_due(&scan->url, scan, parameter_url, limit);
        if (is_email && (!is_url || scan->email.start <= scan->url.start)) {
            return found_at(found, PARAMETER_EMAIL, scan->email.start, scan->email.end);
        }
        if (is_url) {
            return found_at(found, PARAMETER_URL, scan->url.start, scan->url.end);
        }
        bool is_found = word.end > word.at
                            ? word_starts(text, word.at) && try_word(scan, word, found)
                            : try_sign(text, scan->at, found);
        if (is_found) {
            return true;
        }
        scan->at = limit;
    }
    return false;
}

/* Copies text[from, to) behind what `out` holds. */
static size_t keep(char *out, size_t length, struct slice text, size_t from, size_t to)
{
    MUST(from <= to && to <= text.len);
    memcpy(out + length, text.at + from, to - from);
    return length + (to - from);
}

struct slice parameterise(struct arena *arena, struct slice message)
{
    struct scan scan = {.text = message, .email = {.is_there = true}, .url = {.is_there = true}};
    struct found found;
    size_t room = 0;
    if (message.len == 0 || message.len > PARAMETERISE_BYTES_MAX) {
        return message;
    }
    scan.email.is_there = parameter_email(message, 0, &scan.email.start, &scan.email.end);
    scan.url.is_there = parameter_url(message, 0, &scan.url.start, &scan.url.end);
    if (!next_value(&scan, &found)) {
        return message;
    }
    char *out = arena_rest(arena, &room);
    /* No value of one byte has a longer name than "<int>", none of two a longer than 5 for each. */
    if (room < 5 * message.len + NAME_BYTES_MAX) {
        arena->exhausted = true;
        return message;
    }
    size_t length = 0;
    size_t taken = 0;
    do {
        length = keep(out, length, message, taken, found.start);
        length = keep(out, length, names[found.kind], 0, names[found.kind].len);
        taken = scan.at = found.end;
    } while (next_value(&scan, &found));
    length = keep(out, length, message, taken, message.len);
    char *given = arena_bytes(arena, length);
    MUST(given == out && length < room);
    return slice_of(out, length);
}
