/* SPDX-License-Identifier: Apache-2.0 */
/* quote — text in double quotes, as Go and OpenMetrics write it.
 *
 * Alertmanager's groupKey contains label sets printed by Go's strconv.Quote and matchers escaped as
 * in OpenMetrics; receivers use the key to recognise a group, so ours must agree byte by byte.
 * Pure.
 */
#pragma once
#include "ingest/base/buffer.h"

/* Appends `"…"`: \a \b \f \n \r \t \v \\ \", \xNN for other control bytes and bytes that are not
 * UTF-8, \uNNNN for invisible characters, all else as it is. */
void quote_go(struct slice text, struct buffer *out);

/* Appends `"…"` with only \\, \" and \n escaped. */
void quote_metrics(struct slice text, struct buffer *out);
