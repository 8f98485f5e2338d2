/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/images.h"
#include <criterion/criterion.h>

static struct arena arena;

static const struct images *read_images(const char *json)
{
    struct value *tree = NULL;
    cr_assert(arena_init(&arena, 4u << 20));
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &tree)));
    return images_read(&arena, tree);
}

Test(images, are_found_by_any_of_their_addresses)
{
    const struct images *images =
        read_images("{\"images\":["
                    "{\"image_addr\":\"0x2000\",\"image_size\":\"0x100\"},"
                    "null,{},{\"image_addr\":\"x\",\"image_size\":9},"
                    "{\"image_addr\":4096,\"image_size\":16}]}");
    cr_assert_not_null(images);
    cr_expect_eq(images->count, 2);
    cr_expect_eq(images_at(images, 0xfff), NULL);
    cr_expect_eq(images_at(images, 0x1000), &images->list[0]);
    cr_expect_eq(images_at(images, 0x100f), &images->list[0]);
    cr_expect_eq(images_at(images, 0x1010), NULL);
    cr_expect_eq(images_at(images, 0x20ff), &images->list[1]);
    cr_expect_eq(images_at(images, UINT64_MAX), NULL);
    arena_done(&arena);
}

Test(images, may_not_be_there)
{
    static const char *const none[] = {"{}", "[]", "{\"images\":[]}", "{\"images\":7}", "null"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        cr_expect_null(images_at(read_images(none[i]), 1), "%s", none[i]);
        arena_done(&arena);
    }
}
