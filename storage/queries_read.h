/* SPDX-License-Identifier: Apache-2.0 */
/* queries_read — what Redis answers, as structs. Pure. */
#pragma once
#include "storage/queries.h"

#define ISSUE_FIELD_COUNT 17u

/* Fills ISSUE_FIELD_COUNT names, in the order issue_read expects their values. */
void issue_field_names(struct slice *out);

/* Fills from the reply to HMGET, all but id and users; texts are copied into `arena`. NOT_FOUND for
 * an issue that does not exist, TOO_BIG when the arena is full. */
MUST_USE struct fault issue_read(struct arena *arena, const redisReply *reply, struct issue *out);

/* Fills from a value of an events hash (keys.h); false when it is none. */
bool place_decode(struct slice value, struct place *out, uint64_t *out_issue);

/* Whether `member` comes behind `id` among issues last seen in the same millisecond: Redis orders
 * their ids as text, here descending. */
bool issue_is_after(uint64_t member, uint64_t id);
