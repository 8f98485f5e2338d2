/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/fault.h"
#include "ingest/base/must.h"

static const char *const names[FAULT_KIND_COUNT] = {
#define FAULT_NAME(constant, name) name,
    FAULT_KINDS(FAULT_NAME)
#undef FAULT_NAME
};

const char *fault_kind_name(enum fault_kind kind)
{
    MUST(kind < FAULT_KIND_COUNT);
    return names[kind];
}
