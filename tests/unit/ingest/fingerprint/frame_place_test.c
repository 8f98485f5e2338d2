/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(frame_place, .init = fixture_start);

#define IMAGES                                                                                     \
    "{\"images\":["                                                                                \
    "{\"code_file\":\"/lib/libc.so.6\",\"image_addr\":\"0x7f0000000000\",\"image_size\":4096},"    \
    "{\"code_file\":\"C:\\\\shop.exe\",\"image_addr\":\"0x5500000000\",\"image_size\":8192},"      \
    "{\"code_file\":\"/x\",\"image_addr\":\"nonsense\",\"image_size\":\"0x10\"}]}"

Test(frame_place, is_the_same_wherever_the_file_was_loaded)
{
    struct event event = {.platform = SLICE("native")};
    struct frame first = {.instruction_addr = 0x1234, .image_addr = 0x1000};
    struct frame second = {.instruction_addr = 0x91234, .image_addr = 0x91000};
    first.package = second.package = SLICE("/usr/lib/libshop.so");

    struct slice one = frame_place(&parts, &event, &first);
    struct slice two = frame_place(&parts, &event, &second);

    cr_expect(slice_eq(one, SLICE("libshop.so+0x234")), "%.*s", SLICE_ARG(one));
    cr_expect(slice_eq(one, two));
}

Test(frame_place, is_looked_up_in_the_loaded_files)
{
    static const struct {
        uint64_t address;
        const char *place;
    } rows[] = {
        {0x7f0000000000, "libc.so.6+0x0"},
        {0x7f0000000fff, "libc.so.6+0xfff"},
        {0x7f0000001000, ""},
        {0x5500001fff, "shop.exe+0x1fff"},
        {0x54ffffffff, ""},
        {0, ""},
    };
    struct event event = {.platform = SLICE("native"), .debug_meta = fixture_tree(IMAGES)};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct frame frame = {.instruction_addr = rows[i].address};
        struct slice place = frame_place(&parts, &event, &frame);
        cr_expect(slice_eq(place, slice_str(rows[i].place)), "%.*s", SLICE_ARG(place));
    }
}

Test(frame_place, is_unknown_below_its_file)
{
    struct event event = {0};
    struct frame frame = {.instruction_addr = 7, .image_addr = 8, .package = SLICE("a")};
    cr_expect_eq(frame_place(&parts, &event, &frame).len, 0);
}

Test(frame_place, loaded_files_past_the_limit_are_not_looked_for)
{
    struct value *meta = value_new(&arena, VALUE_MAP);
    struct value *list = value_new(&arena, VALUE_LIST);
    value_append(meta, SLICE("images"), list);
    for (uint32_t i = IMAGES_MAX + 1; i > 0; i--) {
        struct value *image = value_new(&arena, VALUE_MAP);
        struct slice base = arena_printf(&arena, "%u", i * 16);
        value_append(image, SLICE("image_addr"), value_new_string(&arena, base));
        value_append(image, SLICE("image_size"), value_new_string(&arena, SLICE("16")));
        value_append(list, SLICE(""), image);
    }
    struct event event = {.debug_meta = meta};
    struct frame last = {.instruction_addr = 2 * 16 + 3};
    struct frame past = {.instruction_addr = 1 * 16 + 3};
    struct slice place = frame_place(&parts, &event, &last);
    cr_expect(slice_eq(place, SLICE("+0x3")), "%.*s", SLICE_ARG(place));
    cr_expect_eq(frame_place(&parts, &event, &past).len, 0);
    cr_expect_not(arena.exhausted);
}
