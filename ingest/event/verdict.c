/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/verdict.h"
#include "ingest/base/must.h"

static const char *const names[VERDICT_COUNT] = {
#define VERDICT_NAME(constant, name) name,
    VERDICTS(VERDICT_NAME)
#undef VERDICT_NAME
};

const char *verdict_name(enum verdict verdict)
{
    MUST(verdict < VERDICT_COUNT);
    return names[verdict];
}

bool verdict_parse(struct slice name, enum verdict *out)
{
    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        if (slice_eq(name, slice_str(names[i]))) {
            *out = (enum verdict)i;
            return true;
        }
    }
    return false;
}
