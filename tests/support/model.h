/* SPDX-License-Identifier: Apache-2.0 */
/* model — what Redis should hold, by the plainest reading of the rules: events one by one, in the
 * order of the journal, over lists. The oracle for batch, payload, applier, committer and
 * tocsin_commit, none of which it shares a line with.
 *
 *   An event counts unless its id was counted within its hour of receipt or one beside it.
 *   Its issue is the one of its first known hash; if none is, a new one. All its hashes then are
 *   known. First and last of an issue go by the time of the event.
 */
#pragma once
#include "ingest/base/arena.h"
#include "storage/journal.h"
#include <hiredis/hiredis.h>

struct model;

/* Gives an empty model. */
struct model *model_new(void);
void model_free(struct model *model);

/* Applies the events of one record. Borrows the effects for the model's life. */
void model_apply(struct model *model, uint64_t sequence, const struct effect *effects);

/* Applies the records of the journal after those it has, through story_replay; what is damaged or
 * no story has no events. */
void model_read(struct model *model, struct journal *journal);

/* An issue was given a status (0 unresolved, 1 resolved, 2 ignored) at `now_us`. The issue is that
 * of `hash` in `project`. */
void model_set_status(struct model *model, uint32_t project, struct id hash, unsigned status,
                      int64_t now_us);

uint64_t model_counted(const struct model *model);
uint64_t model_duplicates(const struct model *model);
uint64_t model_issues(const struct model *model);

/* Compares all that Redis holds with the model, of which `node` wrote it; tells each difference on
 * standard error (twenty at most) and gives their number. */
unsigned model_differences(const struct model *model, const char *socket, struct id node);
