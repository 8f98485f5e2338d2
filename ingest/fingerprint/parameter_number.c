/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/parameter.h"

#define HEX_BYTES_MAX 128u

static bool is_only(struct word word, unsigned classes)
{
    return (word.classes & CLASS_WORD & ~classes) == 0;
}

/* `count` hex digits of `classes` from `at`, not one more. */
static size_t hex_end(struct slice text, size_t at, size_t count, unsigned classes)
{
    size_t end = at;
    MUST(count > 0);
    while (end - at < count && (class_at(text, end) & classes) != 0) {
        end++;
    }
    return end - at == count && (class_at(text, end) & CLASS_WORD) == 0 ? end : 0;
}

size_t parameter_uuid(struct slice text, struct word word)
{
    static const unsigned sizes[] = {4, 4, 4, 12};
    if (word.end - word.at != 8 || !is_only(word, CLASS_HEX)) {
        return 0;
    }
    size_t end = word.end;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (byte_at(text, end) != '-') {
            return 0;
        }
        end = hex_end(text, end + 1, sizes[i], CLASS_HEX);
        if (end == 0) {
            return 0;
        }
    }
    return end;
}

/* W3C's "00-<32>-<16>-01", and Amazon's "1-<8>-<24>". */
size_t parameter_traceparent(struct slice text, struct word word)
{
    const unsigned low = CLASS_DIGIT | CLASS_LOW_HEX;
    MUST(word.at < word.end && word.end <= text.len);
    struct slice version = slice_of(text.at + word.at, word.end - word.at);
    if (byte_at(text, word.end) != '-') {
        return 0;
    }
    if (slice_eq(version, SLICE("1"))) {
        size_t end = hex_end(text, word.end + 1, 8, low);
        return end != 0 && byte_at(text, end) == '-' ? hex_end(text, end + 1, 24, low) : 0;
    }
    if (!slice_eq(version, SLICE("00"))) {
        return 0;
    }
    size_t trace = hex_end(text, word.end + 1, 32, low);
    size_t span = trace != 0 && byte_at(text, trace) == '-' ? hex_end(text, trace + 1, 16, low) : 0;
    if (span == 0 || byte_at(text, span) != '-' || byte_at(text, span + 1) != '0') {
        return 0;
    }
    char sampled = byte_at(text, span + 2);
    return (sampled == '0' || sampled == '1') && word_ends(text, span + 3) ? span + 3 : 0;
}

/* OpenStack Swift: "tx<21 hex>-<10 hex>" and whatever hangs on it. */
size_t parameter_swift(struct slice text, struct word word)
{
    const unsigned low = CLASS_DIGIT | CLASS_LOW_HEX;
    if (word.end - word.at != 23 || byte_at(text, word.at) != 't' ||
        byte_at(text, word.at + 1) != 'x' || byte_at(text, word.end) != '-') {
        return 0;
    }
    size_t end = word.end + 1;
    if (hex_end(text, word.at + 2, 21, low) == 0) {
        return 0;
    }
    while (end - word.end <= 10 && (class_at(text, end) & low) != 0) {
        end++;
    }
    if (end - word.end != 11) {
        return 0;
    }
    while (end < text.len && strchr(" \t\r\n\v\f", text.at[end]) == NULL) {
        end++;
    }
    return end;
}

/* With 0x; or 8 to 128 digits of one case; or 4 to 6 with figures and letters. */
bool parameter_is_hex(struct slice text, struct word word)
{
    size_t size = word.end - word.at;
    MUST(size > 0);
    if (size > 2 && text.at[word.at] == '0' && (text.at[word.at + 1] | 0x20) == 'x') {
        return class_end(text, word.at + 2, CLASS_HEX) == word.end;
    }
    bool is_one_case =
        is_only(word, CLASS_DIGIT | CLASS_LOW_HEX) || is_only(word, CLASS_DIGIT | CLASS_UP_HEX);
    bool has_both = (word.classes & CLASS_DIGIT) != 0 && (word.classes & CLASS_LETTER) != 0;
    return is_one_case &&
           ((size >= 8 && size <= HEX_BYTES_MAX) || (size >= 4 && size <= 6 && has_both));
}

bool parameter_is_git_sha(struct word word)
{
    return word.end - word.at == 7 && is_only(word, CLASS_DIGIT | CLASS_LOW_HEX) &&
           (word.classes & CLASS_DIGIT) != 0 && (word.classes & CLASS_LOW_HEX) != 0;
}

static unsigned kind_of(unsigned classes)
{
    if ((classes & CLASS_DIGIT) != 0) {
        return 1;
    }
    return (classes & (CLASS_UP_HEX | CLASS_UPPER)) != 0 ? 2 : 3;
}

/* Letters of both cases and digits that change places nearly as often as chance would have them:
 * in words that people make ("Base64Encoder") they do not. */
bool parameter_is_random(struct slice text, struct word word)
{
    size_t size = word.end - word.at;
    size_t changes = 0;
    MUST(word.at < word.end && word.end <= text.len);
    bool has_all = (word.classes & CLASS_DIGIT) != 0 &&
                   (word.classes & (CLASS_UP_HEX | CLASS_UPPER)) != 0 &&
                   (word.classes & (CLASS_LOW_HEX | CLASS_LOWER)) != 0;
    if (!has_all || size < 16 || !is_only(word, CLASS_ALNUM)) {
        return false;
    }
    for (size_t i = word.at + 1; i < word.end; i++) {
        changes += kind_of(class_at(text, i)) != kind_of(class_at(text, i - 1));
    }
    return changes * 20 > size * 9;
}

/* Digits, a point, digits; at the first digit. */
size_t parameter_float(struct slice text, size_t at)
{
    MUST(at < text.len);
    size_t point = class_end(text, at, CLASS_DIGIT);
    if (point == at || byte_at(text, point) != '.') {
        return 0;
    }
    size_t end = class_end(text, point + 1, CLASS_DIGIT);
    return end > point + 1 && word_ends(text, end) ? end : 0;
}
