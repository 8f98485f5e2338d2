/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/reading.h"
#include "alerting/policy/duration.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>

#define WORD_BYTES_MAX 40u /* longer keys get no hint */

void reading_error(struct reading *reading, const struct value *at, const char *format, ...)
{
    MUST(reading->problems != NULL && format != NULL);
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    problem_error(reading->problems, reading->file, at != NULL ? at->line : 0,
                  at != NULL ? at->column : 0, "%s", text);
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

/* Letters to add, drop or change to make one word of the other. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[WORD_BYTES_MAX + 1];
    if (a.len > WORD_BYTES_MAX || b.len > WORD_BYTES_MAX) {
        return WORD_BYTES_MAX;
    }
    for (size_t j = 0; j <= b.len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t above = row[j];
            size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
            row[j] = least(above + 1, row[j - 1] + 1, change);
            diagonal = above;
        }
    }
    return row[b.len];
}

static void refuse_key(struct reading *reading, const struct value *member, const char *what,
                       const char *const *keys, size_t key_count)
{
    const char *nearest = NULL;
    size_t best = 3; /* further away is another word */
    for (size_t i = 0; i < key_count; i++) {
        size_t away = distance(member->key, slice_str(keys[i]));
        if (away < best) {
            best = away;
            nearest = keys[i];
        }
    }
    if (nearest != NULL) {
        reading_error(reading, member, "%s has no '%.*s'; did you mean '%s'?", what,
                      SLICE_ARG(member->key), nearest);
        return;
    }
    reading_error(reading, member, "%s has no '%.*s'", what, SLICE_ARG(member->key));
}

bool reading_map(struct reading *reading, const struct value *map, const char *what,
                 const char *const *keys, size_t key_count)
{
    MUST(keys != NULL && what != NULL);
    if (!value_is(map, VALUE_MAP)) {
        reading_error(reading, map, "%s is written as `key: value` lines", what);
        return false;
    }
    for (const struct value *member = value_first(map); member != NULL; member = member->next) {
        size_t i = 0;
        while (i < key_count && !slice_eq(member->key, slice_str(keys[i]))) {
            i++;
        }
        if (i == key_count) {
            refuse_key(reading, member, what, keys, key_count);
        }
    }
    return true;
}

void reading_text(struct reading *reading, const struct value *map, const char *key,
                  struct slice *out)
{
    MUST(out != NULL);
    const struct value *value = value_get(map, slice_str(key));
    struct slice text = value_text(value);
    if (value == NULL) {
        return;
    }
    if (slice_is_empty(text)) {
        reading_error(reading, value, "'%s' needs a text", key);
        return;
    }
    *out = arena_copy(reading->arena, text);
}

void reading_bool(struct reading *reading, const struct value *map, const char *key, bool *out)
{
    MUST(out != NULL);
    const struct value *value = value_get(map, slice_str(key));
    if (value != NULL && !value_bool(value, out)) {
        reading_error(reading, value, "'%s' is true or false", key);
    }
}

void reading_count(struct reading *reading, const struct value *map, const char *key, uint32_t *out)
{
    MUST(out != NULL);
    const struct value *value = value_get(map, slice_str(key));
    int64_t number = 0;
    if (value == NULL) {
        return;
    }
    if (!value_integer(value, &number) || number < 0 || number > INT32_MAX) {
        reading_error(reading, value, "'%s' is a whole number from 0", key);
        return;
    }
    *out = (uint32_t)number;
}

void reading_duration(struct reading *reading, const struct value *map, const char *key,
                      const struct duration_bounds *bounds, int64_t *out_us)
{
    MUST(out_us != NULL);
    const struct value *value = value_get(map, slice_str(key));
    int64_t us = 0;
    MUST(bounds->least_us <= bounds->most_us);
    if (value == NULL) {
        return;
    }
    if (!duration_parse(value_text(value), &us)) {
        reading_error(reading, value, "'%s' is a duration such as 30s, 5m or 1h30m", key);
        return;
    }
    if (us < bounds->least_us || us > bounds->most_us) {
        reading_error(reading, value, "'%s' may be %s", key, bounds->words);
        return;
    }
    *out_us = us;
}
