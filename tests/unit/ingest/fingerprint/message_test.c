/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(message, .init = fixture_start);

Test(message, template_goes_before_the_text)
{
    struct event event = {.message = SLICE("user %s is away"),
                          .formatted = SLICE("user ann is away")};
    way_message(&parts, &event);
    EXPECT_COUNTED(VARIANT_SYSTEM, "user %s is away");

    fixture_start();
    event.message = SLICE("");
    way_message(&parts, &event);
    EXPECT_COUNTED(VARIANT_APP, "user ann is away");
}

Test(message, without_text_says_nothing)
{
    struct event event = {.message = SLICE(" \n ")};
    way_message(&parts, &event);
    EXPECT_COUNTED(VARIANT_SYSTEM, "");
}
