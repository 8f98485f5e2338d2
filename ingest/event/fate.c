/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/fate.h"
#include "ingest/base/must.h"

static const char *const names[FATE_COUNT] = {
#define FATE_NAME(constant, name) name,
    FATES(FATE_NAME)
#undef FATE_NAME
};

const char *fate_name(enum fate fate)
{
    MUST(fate < FATE_COUNT);
    return names[fate];
}

bool fate_parse(struct slice name, enum fate *out)
{
    for (unsigned i = 0; i < FATE_COUNT; i++) {
        if (slice_eq(name, slice_str(names[i]))) {
            *out = (enum fate)i;
            return true;
        }
    }
    return false;
}
