/* SPDX-License-Identifier: Apache-2.0 */
/* parameter — the recognisers of parameterise: does a value of some kind begin at this place?
 *
 * Each takes the whole text (what stands before and after decides, as \b does in a pattern) and a
 * place in it, and gives the place just after the value, or 0 for "no". None looks further than its
 * value reaches. Character tests are one look-up in `parameter_classes`.
 *
 * Private to ingest/fingerprint.
 */
#pragma once
#include "ingest/fingerprint/parameterise.h"
#include <stdint.h>

/* What a byte can be part of. */
#define CLASS_DIGIT   0x01u
#define CLASS_LOW_HEX 0x02u /* a to f */
#define CLASS_UP_HEX  0x04u /* A to F */
#define CLASS_LOWER   0x08u /* g to z */
#define CLASS_UPPER   0x10u /* G to Z */
#define CLASS_OTHER   0x20u /* _ and all of UTF-8's bytes past ASCII: letters, as \w has it */
#define CLASS_LOCAL   0x40u /* before the @ of a mail address */
#define CLASS_STOP    0x80u /* ends a URL: space, quotes, brackets */

#define CLASS_LETTER (CLASS_LOW_HEX | CLASS_UP_HEX | CLASS_LOWER | CLASS_UPPER)
#define CLASS_HEX    (CLASS_DIGIT | CLASS_LOW_HEX | CLASS_UP_HEX)
#define CLASS_ALNUM  (CLASS_DIGIT | CLASS_LETTER)
#define CLASS_WORD   (CLASS_ALNUM | CLASS_OTHER)

extern const uint8_t parameter_classes[256];

/* Classes of the byte at `at`; 0 past the end. */
static inline unsigned class_at(struct slice text, size_t at)
{
    return at < text.len ? parameter_classes[(unsigned char)text.at[at]] : 0;
}

static inline char byte_at(struct slice text, size_t at)
{
    return at < text.len ? text.at[at] : '\0';
}

/* The first place from `at` on that is not of `classes`. */
static inline size_t class_end(struct slice text, size_t at, unsigned classes)
{
    while (at < text.len && (parameter_classes[(unsigned char)text.at[at]] & classes) != 0) {
        at++;
    }
    return at;
}

/* True when no word goes on across `at`: the end of \b's two sides. */
static inline bool word_ends(struct slice text, size_t at)
{
    return (class_at(text, at) & CLASS_WORD) == 0;
}

static inline bool word_starts(struct slice text, size_t at)
{
    return at == 0 || (class_at(text, at - 1) & CLASS_WORD) == 0;
}

/* A word: a run of CLASS_WORD with nothing of it before, and all its bytes' classes. */
struct word {
    size_t at;
    size_t end;
    unsigned classes;
};

/* parameter_net.c. The two `_start`s look for the next value of their kind from `from` on and fill
 * where it begins and ends; false when there is none: these are found by their middle. */
bool parameter_email(struct slice text, size_t from, size_t *start, size_t *end);
bool parameter_url(struct slice text, size_t from, size_t *start, size_t *end);

/* `*tried` starts at 0 and makes it linear: no host begins before it, as an earlier call found. */
size_t parameter_hostname(struct slice text, size_t at, size_t *tried);
size_t parameter_ip(struct slice text, size_t at);
size_t parameter_mac(struct slice text, size_t at);

/* parameter_date.c */
size_t parameter_date(struct slice text, size_t at);
size_t parameter_duration(struct slice text, size_t at);

/* parameter_number.c */
size_t parameter_uuid(struct slice text, struct word word);
size_t parameter_traceparent(struct slice text, struct word word);
size_t parameter_swift(struct slice text, struct word word);
bool parameter_is_hex(struct slice text, struct word word);
bool parameter_is_git_sha(struct word word);
bool parameter_is_random(struct slice text, struct word word);
size_t parameter_float(struct slice text, size_t at);
