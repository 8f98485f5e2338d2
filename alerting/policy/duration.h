/* SPDX-License-Identifier: Apache-2.0 */
/* duration — spans of time as Prometheus and Alertmanager write them.
 *
 *   30s   4h   1h30m   1d12h   250ms   2w   0
 *
 * Units y w d h m s ms, each at most once and from large to small; a bare 0 needs none. A year is
 * 365 days. Pure.
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

/* Fills; false (and untouched) when it is no duration, or over 100 years. */
bool duration_parse(struct slice text, int64_t *out_us);
