/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/printable.h"
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(printable, .init = fixture_start);

Test(printable, reads_base64_that_is_text)
{
    static const char *const rows[][2] = {
        {"PHNjcmlwdD4=", "<script>"},
        {"aGVsbG8gd29ybGQ=", "hello world"},
        {"aGVsbG8gd29ybGQ", "hello world"},
        {"Pj4-Pj4_Pj4_", ">>>>>?>>?"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice out = {0};
        cr_expect(printable_base64(&arena, slice_str(rows[i][0]), &out), "%s", rows[i][0]);
        EXPECT_TEXT(out, rows[i][1]);
    }
}

Test(printable, refuses_what_is_binary_short_or_broken)
{
    static const char *const rows[] = {
        "",
        "PHNjcmlw",
        "AAECAwQFBgcICQ==",
        "PHNjcmlwdD4",
        "PHNjcmlwdD4==",
        "PHNj cmlwdD4",
        "PHNjcmlwdD4===",
        "rO0ABXNyABFqYXZh",
        "=PHNjcmlwdD4",
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice out = {0};
        cr_expect_not(printable_base64(&arena, slice_str(rows[i]), &out), "%s", rows[i]);
    }
    cr_expect_eq(arena.used, 0);
}
