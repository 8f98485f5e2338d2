/* SPDX-License-Identifier: Apache-2.0 */
/* yaml — reads YAML files into value trees, each node with its line and column.
 *
 * YAML 1.2 core schema: plain `true`, `null`, `12`, `1.5` get their kinds (`yes`, `on`, `0777` are
 * strings); quoted scalars are strings. Aliases, anchors' uses, tags and duplicate keys are errors:
 * rule files do not need them, and an alias bomb is then impossible. By libyaml.
 */
#pragma once
#include "ingest/base/problem.h"
#include "ingest/base/value.h"

/* Fills `*out` with a LIST of the documents in `text` (`---` separates them). Problems, each with
 * its place, go to `problems` under the name `file`; false when there was an error. Limits:
 * YAML_BYTES_MAX, YAML_DEPTH_MAX, YAML_VALUES_MAX. The tree lives in `arena`. Pure. */
bool yaml_parse(struct arena *arena, struct slice text, struct slice file,
                struct problems *problems, struct value **out);
