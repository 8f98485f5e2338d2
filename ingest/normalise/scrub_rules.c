/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/scrub_rules.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

static const struct {
    struct slice text;
    enum scrub_word word;
} default_words[] = {
    {SLICE_INIT("password"), WORD_SECRET},    {SLICE_INIT("passwd"), WORD_SECRET},
    {SLICE_INIT("passphrase"), WORD_SECRET},  {SLICE_INIT("secret"), WORD_SECRET},
    {SLICE_INIT("api_key"), WORD_SECRET},     {SLICE_INIT("api-key"), WORD_SECRET},
    {SLICE_INIT("apikey"), WORD_SECRET},      {SLICE_INIT("credentials"), WORD_SECRET},
    {SLICE_INIT("mysql_pwd"), WORD_SECRET},   {SLICE_INIT("privatekey"), WORD_SECRET},
    {SLICE_INIT("private_key"), WORD_SECRET}, {SLICE_INIT("private-key"), WORD_SECRET},
    {SLICE_INIT("access_key"), WORD_MARK},    {SLICE_INIT("accesskey"), WORD_MARK},
    {SLICE_INIT("auth"), WORD_MARK},          {SLICE_INIT("token"), WORD_MARK},
    {SLICE_INIT("sessionid"), WORD_MARK},     {SLICE_INIT("session_id"), WORD_MARK},
    {SLICE_INIT("session_key"), WORD_MARK},   {SLICE_INIT("bearer"), WORD_BEARER},
    {SLICE_INIT("basic "), WORD_BASIC},       {SLICE_INIT("-----begin"), WORD_PEM},
    {SLICE_INIT("eyjhbgci"), WORD_JWT},       {SLICE_INIT("eyj0exai"), WORD_JWT},
    {SLICE_INIT("eyjrawqi"), WORD_JWT},       {SLICE_INIT("eyjlbmmi"), WORD_JWT},
};

/* Whole names, folded: too short or too common to be looked for inside others. */
static const struct slice default_names[] = {
    SLICE_INIT("otp"),        SLICE_INIT("two_factor"),   SLICE_INIT("pwd"),
    SLICE_INIT("pass"),       SLICE_INIT("jwt"),          SLICE_INIT("session"),
    SLICE_INIT("sid"),        SLICE_INIT("ssn"),          SLICE_INIT("cvv"),
    SLICE_INIT("cvc"),        SLICE_INIT("pin"),          SLICE_INIT("card_number"),
    SLICE_INIT("cardnumber"), SLICE_INIT("card[number]"), SLICE_INIT("csrf"),
    SLICE_INIT("xsrf"),       SLICE_INIT("cookie"),       SLICE_INIT("set_cookie"),
};

/* Of cookies alone, where names end and contain these. */
static const struct slice cookie_names[] = {
    SLICE_INIT("sudo"),
    SLICE_INIT("su"),
    SLICE_INIT("symfony"),
    SLICE_INIT("remember_me"),
};
static const struct slice cookie_parts[] = {
    SLICE_INIT("sess"),
    SLICE_INIT("csrf"),
    SLICE_INIT("xsrf"),
    SLICE_INIT("jwt"),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *scrub_reason_name(enum scrub_reason reason)
{
    static const char *const names[] = {
#define SCRUB_NAME(constant, name) name,
        SCRUB_REASONS(SCRUB_NAME)
#undef SCRUB_NAME
    };
    MUST((size_t)reason < COUNT(names));
    return names[reason];
}

/* Lower case, '_' for '-': how whole names are compared. */
static char fold(char c)
{
    return c == '-' ? '_' : scrub_lower(c);
}

static bool is_name(struct slice folded, struct slice name)
{
    if (folded.len != name.len) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (fold(name.at[i]) != folded.at[i]) {
            return false;
        }
    }
    return true;
}

static bool is_any(const struct slice *names, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (is_name(names[i], name)) {
            return true;
        }
    }
    return false;
}

bool scrub_is_safe(const struct scrub_rules *rules, struct slice name)
{
    return rules->safe_count != 0 && is_any(rules->safe, rules->safe_count, name);
}

bool scrub_removes_addresses(const struct scrub_rules *rules)
{
    MUST(rules != NULL);
    return rules->remove_addresses;
}

bool scrub_is_author(struct slice text, const struct scrub_hit *hit)
{
    if (hit->to - hit->from != 4 || hit->to + 2 > text.len) {
        return false;
    }
    char o = scrub_lower(text.at[hit->to]);
    char r = scrub_lower(text.at[hit->to + 1]);
    char after = hit->to + 2 < text.len ? scrub_lower(text.at[hit->to + 2]) : '\0';
    return scrub_lower(text.at[hit->from]) == 'a' && o == 'o' && r == 'r' && after != 'i';
}

enum scrub_reason scrub_name(const struct scrub_rules *rules, struct slice name)
{
    struct scrub_hit hit = {0};
    if (name.len > SCRUB_NAME_BYTES_MAX) {
        name = slice_head(name, SCRUB_NAME_BYTES_MAX);
    }
    for (size_t from = 0; scrub_words_find(&rules->words, name, from, &hit); from = hit.from + 1) {
        switch ((enum scrub_word)hit.kind) {
        case WORD_FIELD:
            return SCRUB_FIELD;
        case WORD_SECRET:
        case WORD_BEARER:
            return SCRUB_PASSWORD;
        case WORD_MARK:
            if (!scrub_is_author(name, &hit)) {
                return SCRUB_PASSWORD;
            }
            break;
        case WORD_BASIC:
        case WORD_PEM:
        case WORD_JWT:
            break;
        }
    }
    if (rules->exact_count != 0 && is_any(rules->exact, rules->exact_count, name)) {
        return SCRUB_FIELD;
    }
    bool is_known = rules->has_defaults && name.len >= 3 && name.len <= 12 &&
                    is_any(default_names, COUNT(default_names), name);
    return is_known ? SCRUB_PASSWORD : SCRUB_NONE;
}

static bool contains(struct slice name, struct slice part)
{
    for (size_t i = 0; i + part.len <= name.len; i++) {
        if (is_name(part, slice_of(name.at + i, part.len))) {
            return true;
        }
    }
    return false;
}

enum scrub_reason scrub_cookie_name(const struct scrub_rules *rules, struct slice name)
{
    enum scrub_reason reason = scrub_name(rules, name);
    if (reason != SCRUB_NONE || !rules->has_defaults) {
        return reason;
    }
    bool is_session = is_any(cookie_names, COUNT(cookie_names), name) ||
                      (name.len >= 3 && is_name(SLICE("sid"), slice_from(name, name.len - 3)));
    for (size_t i = 0; i < COUNT(cookie_parts) && !is_session; i++) {
        is_session = contains(name, cookie_parts[i]);
    }
    return is_session ? SCRUB_COOKIE : SCRUB_NONE;
}

/* ---- making them ---- */

static struct slice folded(struct arena *arena, struct slice text, char dash)
{
    char *copy = arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len && copy != NULL; i++) {
        char c = scrub_lower(text.at[i]);
        copy[i] = c == '-' || c == '_' ? dash : c;
    }
    return slice_of(copy, copy != NULL ? text.len : 0);
}

/* A short name is whole names; a longer one any part of a name, with either dash. */
static void add_field(struct arena *arena, struct scrub_rules *rules, struct slice field)
{
    field = slice_trim(field);
    if (field.len == 0 || field.len > SCRUB_NAME_BYTES_MAX) {
        return;
    }
    if (field.len < SCRUB_WORD_BYTES_MIN + 1) { /* "pin" would be found in "spinning" */
        rules->exact[rules->exact_count++] = folded(arena, field, '_');
        return;
    }
    (void)scrub_words_add(&rules->words, folded(arena, field, '_'), WORD_FIELD);
    bool has_dash = slice_find(field, '_') != field.len || slice_find(field, '-') != field.len;
    if (has_dash) {
        (void)scrub_words_add(&rules->words, folded(arena, field, '-'), WORD_FIELD);
    }
}

static uint32_t bounded(uint32_t count)
{
    return count < SCRUB_FIELDS_MAX ? count : SCRUB_FIELDS_MAX;
}

const struct scrub_rules *scrub_rules_new(struct arena *arena, const struct scrub_options *options)
{
    static const struct scrub_options none;
    options = options != NULL ? options : &none;
    uint32_t fields = bounded(options->field_count);
    uint32_t safe = bounded(options->safe_count);
    struct scrub_rules *rules = ARENA_NEW(arena, struct scrub_rules);
    if (rules == NULL) {
        return NULL;
    }
    rules->exact = ARENA_ARRAY(arena, fields, struct slice);
    rules->safe = ARENA_ARRAY(arena, safe, struct slice);
    if (rules->exact == NULL || rules->safe == NULL) {
        return NULL;
    }
    rules->has_defaults = !options->keep_defaults_out;
    rules->remove_addresses = options->remove_addresses;
    for (size_t i = 0; i < COUNT(default_words) && rules->has_defaults; i++) {
        MUST(scrub_words_add(&rules->words, default_words[i].text, (uint8_t)default_words[i].word));
    }
    for (uint32_t i = 0; i < fields; i++) {
        add_field(arena, rules, options->fields[i]);
    }
    for (uint32_t i = 0; i < safe; i++) {
        rules->safe[rules->safe_count++] = folded(arena, slice_trim(options->safe[i]), '_');
    }
    if (rules->words.count > 0) {
        scrub_words_ready(&rules->words);
    }
    return arena->exhausted ? NULL : rules;
}
