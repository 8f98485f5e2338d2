/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/build_id.h"
#include "ingest/symbols/symbols.h"
#include <criterion/criterion.h>

Test(build_id, is_read_from_hex_and_written_again)
{
    static const struct {
        const char *text;
        const char *written; /* NULL: refused */
    } rows[] = {
        {"5DA2c1d1f0b4a1c0e6b7f8a9d0c1b2a3f4e5d6c7", "5da2c1d1f0b4a1c0e6b7f8a9d0c1b2a3f4e5d6c7"},
        {"0102030405060708", "0102030405060708"},
        {"01020304050607", NULL},    /* too short */
        {"0102030405060708f", NULL}, /* half a byte */
        {"../../../etc/pass", NULL},
        {"../../../etc/passwd0", NULL},
        {"01020304/6070809", NULL},
        {"", NULL},
        {"0102030405060708 ", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct build_id id = {.len = 0};
        char hex[BUILD_ID_HEX_BYTES] = "";
        bool is_read = build_id_parse(slice_str(rows[i].text), &id);
        cr_expect_eq(is_read, rows[i].written != NULL, "%s", rows[i].text);
        if (is_read) {
            build_id_format(&id, hex);
            cr_expect_str_eq(hex, rows[i].written);
            cr_expect_not(id.is_prefix);
        }
    }
}

Test(build_id, is_the_bytes_of_a_debug_id_in_another_order)
{
    static const char *const rows[] = {
        "d1c1a25d-b4f0-c0a1-e6b7-f8a9d0c1b2a3", "D1C1A25DB4F0C0A1E6B7F8A9D0C1B2A3",
        "d1c1a25d-b4f0-c0a1-e6b7-f8a9d0c1b2a3-1f", "d1c1a25db4f0c0a1e6b7f8a9d0c1b2a31"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct build_id id;
        char hex[BUILD_ID_HEX_BYTES];
        cr_assert(build_id_of_debug_id(slice_str(rows[i]), &id), "%s", rows[i]);
        build_id_format(&id, hex);
        cr_expect_str_eq(hex, "5da2c1d1f0b4a1c0e6b7f8a9d0c1b2a3");
        cr_expect(id.is_prefix);
    }
    struct build_id untouched = {.len = 1};
    cr_expect_not(build_id_of_debug_id(SLICE("d1c1a25d"), &untouched));
    cr_expect_not(build_id_of_debug_id(SLICE("zzc1a25d-b4f0-c0a1-e6b7-f8a9d0c1b2a3"), &untouched));
    cr_expect_eq(untouched.len, 1);
}

Test(build_id, statuses_have_sentrys_names)
{
    cr_expect_str_eq(symbol_status_name(SYMBOL_FOUND), "symbolicated");
    cr_expect_str_eq(symbol_status_name(SYMBOL_NO_FILE), "missing");
    cr_expect_str_eq(symbol_status_name(SYMBOL_PENDING), "pending");
}
