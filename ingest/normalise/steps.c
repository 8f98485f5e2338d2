/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/steps.h"

/* One row a step, in order: stack rules match on function names, titles on what rules left. */
const struct step steps[] = {
    {"ids", step_ids},
    {"timestamp", step_timestamp},
    {"level", step_level},
    {"exceptions", step_exceptions},
    {"functions", step_functions},
    {"stack rules", step_stack_rules},
    {"logentry", step_logentry},
    {"tags", step_tags},
    {"user", step_user},
    {"place", step_place},
    {"request", step_request},
    {"views", step_views},
    {"trim", step_trim},
    {"title", step_title},
};

const size_t steps_count = sizeof(steps) / sizeof(steps[0]);
