/* SPDX-License-Identifier: Apache-2.0 */
/* queries_inside — what the files of queries share. Private to storage. */
#pragma once
#include "storage/queries.h"

struct queries {
    struct redis *link;
    uint32_t index_hours;
};

/* A link that answers: one that broke while idle shows only when it is used. */
bool queries_ready(struct queries *queries);

/* What is said when Redis does not answer. */
struct fault queries_away(void);
