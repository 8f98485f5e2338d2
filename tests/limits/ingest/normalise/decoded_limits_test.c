/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/normalise/decoded.h"
#include <criterion/criterion.h>

static struct arena arena;
static char text[4 * DECODED_BYTES_MAX];

static void start(void)
{
    cr_assert(arena_init(&arena, 16u << 20));
}

static void stop(void)
{
    arena_done(&arena);
}

TestSuite(decoded_limits, .init = start, .fini = stop);

Test(decoded_limits, bytes_past_the_limit_are_not_looked_at)
{
    memset(text, 'a', sizeof(text));
    memcpy(text + DECODED_BYTES_MAX - 3, "%41", 3);
    struct slice at = decoded_text(&arena, slice_of(text, DECODED_BYTES_MAX), DECODED_TEXT);
    struct slice past = decoded_text(&arena, slice_of(text, DECODED_BYTES_MAX + 1), DECODED_TEXT);
    cr_expect_eq(at.len, DECODED_BYTES_MAX - 2);
    cr_expect_eq(at.at[at.len - 1], 'A');
    cr_expect_eq(past.len, DECODED_BYTES_MAX - 2);
}

/* "%25…41": so many rounds make an A of it. */
static struct slice layers(uint32_t count)
{
    size_t used = 0;
    text[used++] = '%';
    for (uint32_t i = 1; i < count; i++) {
        memcpy(text + used, "25", 2);
        used += 2;
    }
    memcpy(text + used, "41", 2);
    return decoded_text(&arena, slice_of(text, used + 2), DECODED_TEXT);
}

Test(decoded_limits, layers_past_the_limit_stay)
{
    cr_expect(slice_eq(layers(DECODED_ROUNDS_MAX), SLICE("A")));
    cr_expect(slice_eq(layers(DECODED_ROUNDS_MAX + 1), SLICE("%41")));
}

static struct slice base64_values(uint32_t count)
{
    size_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(text + used, "a=PHNjcmlwdD4=&", 15);
        used += 15;
    }
    return decoded_text(&arena, slice_of(text, used), DECODED_TEXT);
}

Test(decoded_limits, base64_values_past_the_limit_are_not_shown)
{
    const size_t shown = sizeof("\n<script>") - 1;
    struct slice at = base64_values(DECODED_BASE64_MAX);
    struct slice past = base64_values(DECODED_BASE64_MAX + 1);
    cr_expect_eq(at.len, 15 * (size_t)DECODED_BASE64_MAX + shown * DECODED_BASE64_MAX);
    cr_expect_eq(past.len, at.len + 15);
}

Test(decoded_limits, base64_shorter_than_the_limit_is_a_word)
{
    cr_expect_eq(decoded_text(&arena, SLICE("PHNjcmlwdD4="), DECODED_TEXT).len, 12 + 9);
    cr_expect_eq(decoded_text(&arena, SLICE("PHNjcmlwdD4"), DECODED_TEXT).len, 11);
    cr_expect_eq(PRINTABLE_BASE64_BYTES_MIN, 12);
}

static struct slice leaves(uint32_t count)
{
    struct value *list = value_new(&arena, VALUE_LIST);
    for (uint32_t i = 0; i < count; i++) {
        value_append(list, slice_of(NULL, 0), value_new_string(&arena, SLICE("x")));
    }
    return decoded_body(&arena, list, false);
}

Test(decoded_limits, leaves_past_the_limit_are_not_shown)
{
    cr_expect_eq(leaves(DECODED_LEAVES_MAX).len, 2 * (size_t)DECODED_LEAVES_MAX - 1);
    cr_expect_eq(leaves(DECODED_LEAVES_MAX + 1).len, 2 * (size_t)DECODED_LEAVES_MAX - 1);
}

static struct slice nested(uint32_t depth)
{
    struct value *value = value_new_string(&arena, SLICE("x"));
    for (uint32_t i = 0; i < depth; i++) {
        struct value *list = value_new(&arena, VALUE_LIST);
        value_append(list, slice_of(NULL, 0), value);
        value = list;
    }
    return decoded_body(&arena, value, false);
}

Test(decoded_limits, nesting_past_the_limit_is_not_looked_into)
{
    cr_expect(slice_ends(nested(DECODED_DEPTH_MAX), SLICE("x")));
    cr_expect_eq(nested(DECODED_DEPTH_MAX + 1).len, 0);
}

static struct slice named(size_t bytes)
{
    struct value *map = value_new(&arena, VALUE_MAP);
    memset(text, 'n', bytes);
    value_append(map, slice_of(text, bytes), value_new_string(&arena, SLICE("x")));
    return decoded_body(&arena, map, false);
}

Test(decoded_limits, paths_past_the_limit_are_cut)
{
    size_t most = DECODED_PATH_BYTES_MAX - 2; /* room for two brackets */
    cr_expect_eq(named(most).len, most + 2);
    cr_expect_eq(named(most + 1).len, most + 2);
}
