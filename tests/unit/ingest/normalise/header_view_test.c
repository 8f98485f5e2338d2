/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/decoded.h"
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(header_view, .init = fixture_start);

Test(header_view, shows_what_a_client_fills_freely)
{
    const struct value *headers =
        fixture_tree("[[\"User-Agent\",\"() { :;}; %2fbin%2fid\"],[\"Cookie\",\"a=<script>\"],"
                     "[\"Authorization\",\"Basic "
                     "eDp5\"],[\"Sec-CH-UA\",\"\\\"x\\\"\"],[\"If-None-Match\",\"1\"],"
                     "[\"Iffy\",\"1\"],[\"X-Api\",\"a+b\"]]");
    EXPECT_TEXT(decoded_headers(&arena, headers),
                "User-Agent=() { :;}; /bin/id\nIffy=1\nX-Api=a+b\n");
}

Test(header_view, is_empty_without_headers)
{
    EXPECT_TEXT(decoded_headers(&arena, NULL), "");
    EXPECT_TEXT(decoded_headers(&arena, fixture_tree("[]")), "");
    EXPECT_TEXT(decoded_headers(&arena, fixture_tree("[[], [\"cookie\", \"x\"]]")), "");
}
