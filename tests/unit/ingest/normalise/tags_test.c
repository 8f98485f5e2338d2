/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"
#include <stdio.h>

TestSuite(tags, .init = fixture_start);

Test(tags, are_trimmed_and_each_key_stays_once)
{
    struct tag list[] = {
        {S(" tenant "), S(" acme ")},
        {S("two words"), S("x")},
        {S("tenant"), S("other")},
        {S("line"), S("one\ntwo")},
        {S("empty"), S("  ")},
        {S("no;key"), S("x")},
        {S(""), S("x")},
        {S("a.b:c-d_9"), S("last")},
    };
    struct event event = {.tags = list, .tag_count = sizeof(list) / sizeof(list[0])};
    step_tags(&arena, &input, &event);
    cr_assert_eq(event.tag_count, 4);
    EXPECT_TEXT(event_tag(&event, SLICE("tenant")), "acme");
    EXPECT_TEXT(event_tag(&event, SLICE("two-words")), "x");
    EXPECT_TEXT(event_tag(&event, SLICE("line")), "one");
    EXPECT_TEXT(event_tag(&event, SLICE("a.b:c-d_9")), "last");
}

Test(tags, keys_past_the_limit_go_and_values_are_cut)
{
    static char text[TAG_VALUE_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    struct tag list[] = {
        {slice_of(text, TAG_KEY_BYTES_MAX), slice_of(text, TAG_VALUE_BYTES_MAX)},
        {slice_of(text, TAG_KEY_BYTES_MAX + 1), SLICE("gone")},
        {SLICE("key"), slice_of(text, TAG_VALUE_BYTES_MAX + 1)},
    };
    struct event event = {.tags = list, .tag_count = 3};
    step_tags(&arena, &input, &event);
    cr_assert_eq(event.tag_count, 2);
    cr_expect_eq(event.tags[0].value.len, TAG_VALUE_BYTES_MAX);
    cr_expect_eq(event.tags[1].value.len, TAG_VALUE_BYTES_MAX);
}

Test(tags, as_many_as_are_decoded_stay)
{
    static struct tag list[TAGS_MAX];
    static char keys[TAGS_MAX][8];
    for (uint32_t i = 0; i < TAGS_MAX; i++) {
        snprintf(keys[i], sizeof(keys[i]), "k%u", i);
        list[i] = (struct tag){slice_str(keys[i]), SLICE("v")};
    }
    struct event event = {.tags = list, .tag_count = TAGS_MAX};
    step_tags(&arena, &input, &event);
    cr_expect_eq(event.tag_count, TAGS_MAX);
}

Test(tags, full_arena_loses_only_keys_with_spaces)
{
    struct tag list[] = {{S("two words"), S("x")}, {S("plain"), S("y")}};
    struct event event = {.tags = list, .tag_count = 2};
    arena_over(&arena, fixture_room, 0);
    step_tags(&arena, &input, &event);
    cr_assert_eq(event.tag_count, 1);
    EXPECT_TEXT(event.tags[0].key, "plain");
}
