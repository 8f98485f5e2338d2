/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/family.h"
#include "tests/unit/ingest/normalise/fixture.h"

Test(family, follows_from_the_platform)
{
    static const struct {
        const char *event;
        const char *frame;
        unsigned family;
    } rows[] = {
        {"javascript", "", FAMILY_JAVASCRIPT},
        {"node", "", FAMILY_JAVASCRIPT},
        {"native", "", FAMILY_NATIVE},
        {"cocoa", "", FAMILY_NATIVE},
        {"objc", "", FAMILY_NATIVE},
        {"swift", "", FAMILY_NATIVE},
        {"c", "", FAMILY_NATIVE},
        {"python", "", FAMILY_OTHER},
        {"other", "", FAMILY_OTHER},
        {"python", "native", FAMILY_NATIVE},
        {"native", "python", FAMILY_OTHER},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event = {.platform = slice_str(rows[i].event)};
        struct frame frame = {.platform = slice_str(rows[i].frame)};
        cr_expect_eq(family_of(&event, &frame), rows[i].family, "row %zu", i);
    }
}
