/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/category.h"
#include "ingest/base/must.h"

static const char *const names[CATEGORY_COUNT] = {
#define CATEGORY_NAME(constant, name) name,
    CATEGORIES(CATEGORY_NAME)
#undef CATEGORY_NAME
};

const char *category_name(enum category category)
{
    MUST(category < CATEGORY_COUNT);
    return names[category];
}

bool category_parse(struct slice name, enum category *out)
{
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        if (slice_eq(name, slice_str(names[i]))) {
            *out = (enum category)i;
            return true;
        }
    }
    return false;
}
