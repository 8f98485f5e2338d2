/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(template, .init = fixture_start);

Test(template, is_its_file_and_line)
{
    static const char *const rows[][2] = {
        {"{\"template\":{\"filename\":\"a/b.html\",\"context_line\":\"{% x %}\"}}",
         "a/b.html|{% x %}"},
        {"{\"sentry.interfaces.Template\":{\"abs_path\":\"/a/b.html\"}}", "/a/b.html"},
        {"{\"template\":\"a.html\"}", ""},
        {"{\"template\":{}}", ""},
        {"{}", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fixture_start();
        struct event event = {.root = fixture_tree(rows[i][0])};
        way_template(&parts, &event);
        EXPECT_COUNTED(VARIANT_SYSTEM, rows[i][1]);
    }
}
