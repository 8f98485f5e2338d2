/* SPDX-License-Identifier: Apache-2.0 */
/* correlated — the hits of correlations that one event makes, as effects for the store. Pure. */
#pragma once
#include "rules/correlation.h"
#include "storage/effect.h"

/* Fills the effect's `windows` in `keep` (see rules_correlate): one for each tree a hit belongs to,
 * at most EFFECT_WINDOWS_MAX. `scratch` is for the work. */
void correlated_windows(const struct correlation_ask *held, struct arena *scratch,
                        struct arena *keep, struct effect *effect);
