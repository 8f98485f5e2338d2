/* SPDX-License-Identifier: Apache-2.0 */
/* admit — who may send: the project whose key a request presents, and whence it may come.
 *
 * A path without a project (/api/store/, of 2012) means the project that the key opens. Pure.
 */
#pragma once
#include "ingest/decode/auth.h"
#include "ingest/projects.h"

/* Fills `out_project` and `out_auth`. `dsn` is the envelope's, when its header has been seen.
 * Faults: UNAUTHORISED, MALFORMED, FORBIDDEN (unknown project, or a key that does not open it). */
MUST_USE struct fault admit_sender(struct arena *arena, const struct projects *projects,
                                   const struct auth_sources *sources, struct auth *out_auth,
                                   const struct project **out_project);

/* Whether a page of `origin` (the Origin field, else the Referer) may send to the project.
 * FORBIDDEN when not. Anything that is no page (empty, "null") may. */
MUST_USE struct fault admit_origin(const struct project *project, struct slice origin);
