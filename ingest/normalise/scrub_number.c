/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that are somebody's: cards, bank accounts, US social security. Each has a check that
 * numbers of other kinds fail, or a form they do not have. */
#include "ingest/base/must.h"
#include "ingest/normalise/scrub_text.h"

#define CARD_DIGITS_MIN 13u
#define CARD_DIGITS_MAX 19u
#define IBAN_BYTES_MIN  15u
#define IBAN_BYTES_MAX  34u

/* ISO/IEC 7812: the check digit. */
static bool is_luhn(const char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        unsigned doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
        sum += i % 2 == 1 ? doubled : digit;
    }
    return sum % 10 == 0;
}

/* The ranges of the card schemes, by the first four digits. */
static bool is_scheme(const char *digits, size_t count)
{
    static const struct {
        unsigned from;
        unsigned to;
        size_t shortest;
        size_t longest;
    } schemes[] = {
        {4000, 4999, 13, 19},                                             /* Visa */
        {5100, 5599, 16, 16}, {2221, 2720, 16, 16},                       /* Mastercard */
        {3400, 3499, 15, 15}, {3700, 3799, 15, 15},                       /* American Express */
        {6011, 6011, 16, 19}, {6440, 6599, 16, 19},                       /* Discover */
        {3000, 3059, 14, 19}, {3600, 3699, 14, 19}, {3800, 3999, 14, 19}, /* Diners */
        {3528, 3589, 16, 19},                                             /* JCB */
        {6200, 6299, 16, 19},                                             /* UnionPay */
        {5000, 5099, 16, 19}, {5600, 5899, 16, 19}, {6304, 6304, 16, 19}, {6759, 6763, 16, 19},
    };
    unsigned first = 0;
    for (size_t i = 0; i < 4; i++) {
        first = first * 10 + (unsigned)(digits[i] - '0');
    }
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (first >= schemes[i].from && first <= schemes[i].to && count >= schemes[i].shortest &&
            count <= schemes[i].longest) {
            return true;
        }
    }
    return false;
}

/* The end of the card that starts at `from`, 0 when none does: digits, one by one separated by at
 * most one space or dash, up to the end of a group. */
static size_t card_end(struct slice text, size_t from)
{
    char digits[CARD_DIGITS_MAX];
    size_t count = 0;
    size_t best = 0;
    size_t at = from;
    while (at < text.len && count < CARD_DIGITS_MAX && scrub_is_digit(text.at[at])) {
        digits[count++] = text.at[at++];
        bool ends_group = at == text.len || !scrub_is_digit(text.at[at]);
        bool ends_word = at == text.len || !scrub_is_word_byte(text.at[at]);
        if (ends_group && ends_word && count >= CARD_DIGITS_MIN && is_scheme(digits, count) &&
            is_luhn(digits, count)) {
            best = at;
        }
        bool is_gap = at + 1 < text.len && (text.at[at] == ' ' || text.at[at] == '-') &&
                      scrub_is_digit(text.at[at + 1]);
        at += ends_group && is_gap ? 1 : 0;
    }
    return best;
}

/* ISO 13616: the four first characters moved to the end, letters as 10 to 35, modulo 97 is 1. */
static bool is_mod97(const char *account, size_t count)
{
    unsigned rest = 0;
    for (size_t i = 0; i < count; i++) {
        char c = account[(i + 4) % count];
        unsigned number = scrub_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A' + 10);
        rest = (rest * (number > 9 ? 100 : 10) + number) % 97;
    }
    return rest == 1;
}

/* Two capitals and two digits stand at `from`. */
static bool starts_iban(struct slice text, size_t from)
{
    return from + IBAN_BYTES_MIN <= text.len && text.at[from] >= 'A' && text.at[from] <= 'Z' &&
           text.at[from + 1] >= 'A' && text.at[from + 1] <= 'Z' &&
           scrub_is_digit(text.at[from + 2]) && scrub_is_digit(text.at[from + 3]);
}

/* The end of the account that starts at `from`, 0 when none does: in one, or in groups of four. */
static size_t iban_end(struct slice text, size_t from)
{
    char account[IBAN_BYTES_MAX];
    size_t count = 0;
    size_t best = 0;
    for (size_t at = from; at < text.len && count < IBAN_BYTES_MAX;) {
        char c = text.at[at];
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (!scrub_is_digit(c) && !(c >= 'A' && c <= 'Z')) {
            break;
        }
        account[count++] = c;
        at++;
        bool ends = at == text.len || !scrub_is_word_byte(text.at[at]);
        if (ends && count >= IBAN_BYTES_MIN && is_mod97(account, count)) {
            best = at;
        }
        at += ends && at < text.len && text.at[at] == ' ' && count % 4 == 0 ? 1 : 0;
    }
    return best;
}

/* "123-45-6789" and nothing that it is a part of. */
static bool is_ssn(struct slice text, size_t from)
{
    static const char form[] = "ddd-dd-dddd";
    if (from + sizeof(form) - 1 > text.len) {
        return false;
    }
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        char c = text.at[from + i];
        if (form[i] == 'd' ? !scrub_is_digit(c) : c != '-') {
            return false;
        }
    }
    size_t end = from + sizeof(form) - 1;
    bool goes_on = end < text.len && (scrub_is_word_byte(text.at[end]) || text.at[end] == '-');
    bool comes_from = from > 0 && text.at[from - 1] == '-';
    return !goes_on && !comes_from;
}

/* Marks what number starts at `at`, the start of a word; gives where to go on. */
static size_t find_at(struct slice text, size_t at, struct scrub_spans *spans)
{
    bool is_digit = scrub_is_digit(text.at[at]);
    bool is_fraction = at > 1 && text.at[at - 1] == '.' && scrub_is_digit(text.at[at - 2]);
    struct scrub_span span = {at, 0, SCRUB_CARD};
    if (is_digit && !is_fraction) {
        span.to = card_end(text, at);
        if (span.to == 0 && is_ssn(text, at)) {
            span.to = at + 11;
            span.reason = SCRUB_SSN;
        }
    } else if (starts_iban(text, at)) {
        span.to = iban_end(text, at);
        span.reason = SCRUB_IBAN;
    }
    if (span.to == 0) {
        return at + 1;
    }
    MUST(span.to > at && span.to <= text.len);
    scrub_mark(spans, text, &span);
    return span.to;
}

void scrub_find_numbers(struct slice text, struct scrub_spans *spans)
{
    for (size_t at = 0; at < text.len;) {
        if (at == 0 || !scrub_is_word_byte(text.at[at - 1])) {
            at = find_at(text, at, spans);
        } else {
            at++;
        }
    }
}
