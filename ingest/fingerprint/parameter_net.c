/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/parameter.h"

#define SCHEME_BYTES_MAX 33u
#define LABEL_BYTES_MAX  63u

/* Endings that make a dotted name a host: the hundred most used, and those of Sentry's list. In
 * order, for the search. */
static const char *const top_domains[] = {
    "ae", "al",     "app",  "ar",   "at",   "au", "be",   "bg",   "biz",  "br",   "by",
    "ca", "cat",    "cc",   "cf",   "ch",   "cl", "club", "cn",   "co",   "com",  "cz",
    "de", "dk",     "edu",  "ee",   "es",   "eu", "fi",   "fm",   "fr",   "ga",   "gov",
    "gq", "gr",     "hk",   "hr",   "hu",   "id", "ie",   "il",   "in",   "info", "io",
    "ir", "is",     "it",   "jobs", "jp",   "kr", "kz",   "la",   "link", "lt",   "lv",
    "ly", "me",     "mobi", "ms",   "mx",   "my", "net",  "news", "ng",   "nl",   "no",
    "nz", "online", "org",  "pe",   "ph",   "pl", "pro",  "pt",   "ro",   "rs",   "ru",
    "sa", "se",     "sg",   "si",   "site", "sk", "th",   "tips", "tk",   "to",   "tr",
    "tv", "tw",     "ua",   "ug",   "uk",   "us", "vn",   "wiki", "xxx",  "xyz",  "za",
};

bool parameter_email(struct slice text, size_t from, size_t *start, size_t *end)
{
    for (size_t at = from; at < text.len; at++) {
        const char *sign = memchr(text.at + at, '@', text.len - at);
        if (sign == NULL) {
            return false;
        }
        at = (size_t)(sign - text.at);
        size_t first = at;
        while (first > from && (class_at(text, first - 1) & CLASS_LOCAL) != 0) {
            first--;
        }
        size_t last = at + 1;
        while (
            (class_at(text, last) & CLASS_ALNUM) != 0 || byte_at(text, last) == '-' ||
            (byte_at(text, last) == '.' && last > at + 1 &&
             ((class_at(text, last + 1) & CLASS_ALNUM) != 0 || byte_at(text, last + 1) == '-'))) {
            last++;
        }
        MUST(first >= from && last <= text.len);
        if (first < at && last > at + 1) {
            *start = first;
            *end = last;
            return true;
        }
    }
    return false;
}

static bool is_scheme_byte(struct slice text, size_t at)
{
    return (class_at(text, at) & CLASS_ALNUM) != 0 || byte_at(text, at) == '+' ||
           byte_at(text, at) == '-' || byte_at(text, at) == '.';
}

/* The first letter of the scheme that ends at `colon`; `colon` when there is none. */
static size_t scheme_start(struct slice text, size_t from, size_t colon)
{
    size_t first = colon;
    for (size_t at = colon; at > from && colon - at < SCHEME_BYTES_MAX; at--) {
        if (!is_scheme_byte(text, at - 1)) {
            break;
        }
        if ((class_at(text, at - 1) & CLASS_LETTER) != 0) {
            first = at - 1;
        }
    }
    return first;
}

bool parameter_url(struct slice text, size_t from, size_t *start, size_t *end)
{
    for (size_t at = from; at < text.len;) {
        at += slice_search(slice_from(text, at), SLICE("://"));
        if (at >= text.len) {
            return false;
        }
        size_t first = scheme_start(text, from, at);
        size_t host = at + 3;
        size_t last = host;
        while (last < text.len && (class_at(text, last) & CLASS_STOP) == 0) {
            last++;
        }
        while (last > host && strchr(".,;", text.at[last - 1]) != NULL) {
            last--;
        }
        MUST(first >= from && last >= host);
        if (first < at && last > host && strchr("/$.?#", text.at[host]) == NULL) {
            *start = first;
            *end = last;
            return true;
        }
        at = host;
    }
    return false;
}

/* True for a top domain all in lower or all in upper case. */
static bool is_top_domain(struct slice label)
{
    char lower[8];
    unsigned classes = 0;
    if (label.len < 2 || label.len >= sizeof(lower)) {
        return false;
    }
    for (size_t i = 0; i < label.len; i++) {
        classes |= class_at(label, i);
        lower[i] = (char)(label.at[i] | 0x20);
    }
    bool is_mixed = (classes & (CLASS_LOW_HEX | CLASS_LOWER)) != 0 &&
                    (classes & (CLASS_UP_HEX | CLASS_UPPER)) != 0;
    if (is_mixed || (classes & ~(CLASS_LETTER | CLASS_LOCAL)) != 0) {
        return false;
    }
    MUST(label.len < sizeof(lower));
    size_t low = 0;
    size_t high = sizeof(top_domains) / sizeof(top_domains[0]);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = slice_compare(slice_str(top_domains[middle]), slice_of(lower, label.len));
        if (order == 0) {
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

/* Where a label that begins at `at` ends; one past what a label may have when it is too long. */
static size_t label_end(struct slice text, size_t at)
{
    size_t limit = at + LABEL_BYTES_MAX + 1;
    while (at < limit && ((class_at(text, at) & CLASS_ALNUM) != 0 || byte_at(text, at) == '-')) {
        at++;
    }
    return at;
}

/* Names with dots are also classes and modules ("java.io.File"): so only one that ends in a top
 * domain, all of it, is a host. */
size_t parameter_hostname(struct slice text, size_t at, size_t *tried)
{
    MUST(word_starts(text, at));
    size_t first = at;
    if (at < *tried) {
        return 0;
    }
    size_t end = label_end(text, at);
    if (end == at || end - at > LABEL_BYTES_MAX) {
        return 0;
    }
    while (byte_at(text, end) == '.' && (class_at(text, end + 1) & CLASS_ALNUM) != 0) {
        first = end + 1;
        end = label_end(text, first);
        if (end - first > LABEL_BYTES_MAX) {
            return 0;
        }
    }
    bool is_host =
        first > at && word_ends(text, end) && is_top_domain(slice_of(text.at + first, end - first));
    *tried = is_host ? *tried : end;
    return is_host ? end : 0;
}

/* Dotted quad of 0 to 255 each, its numbers without leading zero of three digits. */
static size_t quad_end(struct slice text, size_t at)
{
    for (unsigned part = 0; part < 4; part++) {
        unsigned number = 0;
        size_t first = at;
        if (part > 0 && byte_at(text, at++) != '.') {
            return 0;
        }
        first = at;
        while ((class_at(text, at) & CLASS_DIGIT) != 0 && at - first < 4) {
            number = number * 10 + (unsigned)(text.at[at++] - '0');
        }
        if (at == first || at - first > 3 || number > 255) {
            return 0;
        }
    }
    return at;
}

/* What is read so far of groups of up to four hex digits with colons between. */
struct groups {
    unsigned count;
    bool has_gap; /* a "::" */
    bool has_digit;
};

/* Reads groups and colons as far as they make an IPv6 address; gives where they end. */
static size_t groups_end(struct slice text, size_t at, struct groups *groups)
{
    size_t good = at; /* the end of the last whole group or gap */
    while (groups->count < 8) {
        size_t end = class_end(text, at, CLASS_HEX);
        if (end > at && byte_at(text, end) == '.') {
            size_t quad = quad_end(text, at);
            groups->count += quad != 0 ? 2 : 0;
            groups->has_digit = true;
            return quad != 0 ? quad : good;
        }
        if (end - at > 4) {
            return good;
        }
        if (end > at) {
            for (size_t i = at; i < end; i++) {
                groups->has_digit |= (class_at(text, i) & CLASS_DIGIT) != 0;
            }
            groups->count++;
            good = end;
        }
        if (byte_at(text, end) != ':') {
            return good;
        }
        if (byte_at(text, end + 1) == ':') {
            if (groups->has_gap) {
                return good;
            }
            groups->has_gap = true;
            at = end + 2;
            good = at;
        } else if (end == at) {
            return good;
        } else {
            at = end + 1;
        }
    }
    return good;
}

/* "%eth0", "/64" behind an IPv6 address. */
static size_t suffix_end(struct slice text, size_t at)
{
    unsigned classes = byte_at(text, at) == '%' ? CLASS_ALNUM : CLASS_DIGIT;
    if (byte_at(text, at) != '%' && byte_at(text, at) != '/') {
        return at;
    }
    size_t end = class_end(text, at + 1, classes);
    return end > at + 1 && word_ends(text, end) ? end : at;
}

/* A digit is asked for, so that `Fee::add` is what it looks like: a method. */
size_t parameter_ip(struct slice text, size_t at)
{
    struct groups groups = {0};
    MUST(word_starts(text, at));
    size_t end = quad_end(text, at);
    if (end != 0 && word_ends(text, end)) {
        return end;
    }
    size_t colon = class_end(text, at, CLASS_HEX);
    if (colon - at > 4 || byte_at(text, colon) != ':') {
        return 0;
    }
    end = groups_end(text, at, &groups);
    bool is_whole = groups.has_gap ? groups.count < 8 : groups.count == 8;
    MUST(groups.count <= 9 && end <= text.len);
    bool is_unspecified = groups.has_gap && groups.count == 0;
    if (!is_whole || !word_ends(text, end) || (!groups.has_digit && !is_unspecified)) {
        return 0;
    }
    return suffix_end(text, end);
}

/* Groups of `size` hex digits, `count` of them, with `between` in between. */
static size_t pairs_end(struct slice text, size_t at, unsigned size, unsigned count, char between)
{
    for (unsigned group = 0; group < count; group++) {
        if (group > 0 && byte_at(text, at++) != between) {
            return 0;
        }
        for (unsigned i = 0; i < size; i++) {
            if ((class_at(text, at++) & CLASS_HEX) == 0) {
                return 0;
            }
        }
    }
    return word_ends(text, at) && byte_at(text, at) != between ? at : 0;
}

size_t parameter_mac(struct slice text, size_t at)
{
    MUST(word_starts(text, at));
    char between = byte_at(text, at + 2);
    if (between == ':' || between == '-') {
        return pairs_end(text, at, 2, 6, between);
    }
    return byte_at(text, at + 4) == '.' ? pairs_end(text, at, 4, 3, '.') : 0;
}
