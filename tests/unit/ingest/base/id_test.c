/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/id.h"
#include <criterion/criterion.h>

Test(id, reads_every_way_the_clients_write_it)
{
    static const struct slice ways[] = {
        SLICE_INIT("9ec79c33ec9942ab8353589fcb2e04dc"),
        SLICE_INIT("9EC79C33EC9942AB8353589FCB2E04DC"),
        SLICE_INIT("9ec79c33-ec99-42ab-8353-589fcb2e04dc"),
    };
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct id id;
        char text[ID_HEX_BYTES + 1];
        cr_assert(id_parse(ways[i], &id));
        id_format(id, text);
        cr_expect_str_eq(text, "9ec79c33ec9942ab8353589fcb2e04dc");
    }
}

Test(id, leaves_the_old_one_when_the_text_is_none)
{
    static const struct slice bad[] = {
        SLICE_INIT(""),
        SLICE_INIT("9ec79c33ec9942ab8353589fcb2e04d"),
        SLICE_INIT("9ec79c33ec9942ab8353589fcb2e04dcc"),
        SLICE_INIT("9ec79c33ec9942ab8353589fcb2e04dg"),
        SLICE_INIT("9ec79c33ec9942ab8353589fcb2e04d@"),
        SLICE_INIT("9ec79c33_ec99-42ab-8353-589fcb2e04dc"),
        SLICE_INIT("9ec79c3-3ec99-42ab-8353-589fcb2e04dc"),
        SLICE_INIT("{9ec79c33ec9942ab8353589fcb2e04dc}"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct id id = {{1}};
        cr_expect_not(id_parse(bad[i], &id), "%s", bad[i].at);
        cr_expect_eq(id.bytes[0], 1, "%s", bad[i].at);
    }
}

Test(id, all_zero_means_none)
{
    struct id id;
    cr_assert(id_parse(SLICE("00000000-0000-0000-0000-000000000000"), &id));
    cr_expect(id_is_none(id));
    id.bytes[15] = 1;
    cr_expect_not(id_is_none(id));
    cr_expect_not(id_eq(id, (struct id){{0}}));
}

Test(id, writes_any_bytes_as_hex)
{
    char text[7];
    id_hex((const uint8_t *)"\x00\x7f\xff", 3, text);
    cr_expect_str_eq(text, "007fff");
}
