/* SPDX-License-Identifier: Apache-2.0 */
/* category — what rate limits, quotas and outcomes are counted in.
 *
 * Names of the X-Sentry-Rate-Limits header. Their order is not stored anywhere: names are. Pure.
 */
#pragma once
#include "ingest/base/slice.h"

#define CATEGORIES(X)                                                                              \
    X(CATEGORY_DEFAULT, "default")                                                                 \
    X(CATEGORY_ERROR, "error")                                                                     \
    X(CATEGORY_TRANSACTION, "transaction")                                                         \
    X(CATEGORY_SECURITY, "security")                                                               \
    X(CATEGORY_ATTACHMENT, "attachment")                                                           \
    X(CATEGORY_SESSION, "session")                                                                 \
    X(CATEGORY_PROFILE, "profile")                                                                 \
    X(CATEGORY_PROFILE_CHUNK, "profile_chunk")                                                     \
    X(CATEGORY_REPLAY, "replay")                                                                   \
    X(CATEGORY_MONITOR, "monitor")                                                                 \
    X(CATEGORY_SPAN, "span")                                                                       \
    X(CATEGORY_LOG_ITEM, "log_item")                                                               \
    X(CATEGORY_FEEDBACK, "feedback")                                                               \
    X(CATEGORY_TRACE_METRIC, "trace_metric")                                                       \
    X(CATEGORY_METRIC_BUCKET, "metric_bucket")                                                     \
    X(CATEGORY_INTERNAL, "internal") /* never limited: client reports */

enum category {
#define CATEGORY_ENUM(constant, name) constant,
    CATEGORIES(CATEGORY_ENUM)
#undef CATEGORY_ENUM
        CATEGORY_COUNT
};

/* The category's name on the wire; and back, false and untouched for others. */
const char *category_name(enum category category);
bool category_parse(struct slice name, enum category *out);
