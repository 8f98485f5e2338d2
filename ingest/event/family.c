/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/family.h"

static unsigned family(struct slice platform)
{
    static const struct {
        struct slice platform;
        unsigned family;
    } rows[] = {
        {SLICE_INIT("javascript"), FAMILY_JAVASCRIPT},
        {SLICE_INIT("node"), FAMILY_JAVASCRIPT},
        {SLICE_INIT("native"), FAMILY_NATIVE},
        {SLICE_INIT("cocoa"), FAMILY_NATIVE},
        {SLICE_INIT("objc"), FAMILY_NATIVE},
        {SLICE_INIT("swift"), FAMILY_NATIVE},
        {SLICE_INIT("c"), FAMILY_NATIVE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (slice_eq(platform, rows[i].platform)) {
            return rows[i].family;
        }
    }
    return FAMILY_OTHER;
}

unsigned family_of(const struct event *event, const struct frame *frame)
{
    return family(frame->platform.len != 0 ? frame->platform : event->platform);
}
