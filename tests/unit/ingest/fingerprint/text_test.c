/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(text, .init = fixture_start);

Test(text, is_its_first_two_lines_without_what_changes)
{
    static const char *const rows[][2] = {
        {"one line", "one line"},
        {"user 7", "user <int>"},
        {"one\ntwo", "one\ntwo"},
        {"one\ntwo\nthree", "one\ntwo..."},
        {"\n\none\r\n\n  two\n", "one\n  two..."},
        {"one\n", "one..."},
        {"at 17:04\nuser 7\nx", "at <date>\nuser <int>..."},
        {"", ""},
        {" \n\t\n", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fixture_start();
        struct part *part = text_add(&parts, "message", slice_str(rows[i][0]));
        cr_expect(slice_eq(part->text, slice_str(rows[i][1])), "%s: %.*s", rows[i][0],
                  SLICE_ARG(part->text));
        cr_expect_eq(part->why != NULL, strcmp(rows[i][0], rows[i][1]) != 0);
    }
}
