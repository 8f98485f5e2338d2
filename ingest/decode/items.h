/* SPDX-License-Identifier: Apache-2.0 */
/* items — the table of what an envelope may carry.
 *
 * One row a type: adding one is adding a row. The category is what rate limits, quotas and
 * outcomes are counted in (names of the X-Sentry-Rate-Limits header). Types not in the table are
 * ITEM_UNKNOWN: skipped and counted, never an error, since clients are newer than servers.
 */
#pragma once
#include "ingest/base/limits.h"
#include "ingest/event/category.h"

/*    kind, type on the wire, category, belongs to an event, bytes at most */
#define ITEMS(X)                                                                                   \
    X(ITEM_EVENT, "event", CATEGORY_ERROR, true, EVENT_BYTES_MAX)                                  \
    X(ITEM_TRANSACTION, "transaction", CATEGORY_TRANSACTION, true, EVENT_BYTES_MAX)                \
    X(ITEM_ATTACHMENT, "attachment", CATEGORY_ATTACHMENT, true, BODY_PLAIN_BYTES_MAX)              \
    X(ITEM_SESSION, "session", CATEGORY_SESSION, false, EVENT_BYTES_MAX)                           \
    X(ITEM_SESSIONS, "sessions", CATEGORY_SESSION, false, SESSIONS_BYTES_MAX)                      \
    X(ITEM_USER_REPORT, "user_report", CATEGORY_FEEDBACK, true, EVENT_BYTES_MAX)                   \
    X(ITEM_FEEDBACK, "feedback", CATEGORY_FEEDBACK, true, EVENT_BYTES_MAX)                         \
    X(ITEM_CLIENT_REPORT, "client_report", CATEGORY_INTERNAL, false, CLIENT_REPORT_BYTES_MAX)      \
    X(ITEM_CHECK_IN, "check_in", CATEGORY_MONITOR, false, CHECK_IN_BYTES_MAX)                      \
    X(ITEM_PROFILE, "profile", CATEGORY_PROFILE, true, BODY_PLAIN_BYTES_MAX)                       \
    X(ITEM_PROFILE_CHUNK, "profile_chunk", CATEGORY_PROFILE_CHUNK, false, BODY_PLAIN_BYTES_MAX)    \
    X(ITEM_REPLAY_EVENT, "replay_event", CATEGORY_REPLAY, true, EVENT_BYTES_MAX)                   \
    X(ITEM_REPLAY_RECORDING, "replay_recording", CATEGORY_REPLAY, true, REPLAY_BYTES_MAX)          \
    X(ITEM_REPLAY_VIDEO, "replay_video", CATEGORY_REPLAY, true, BODY_PLAIN_BYTES_MAX)              \
    X(ITEM_SPAN, "span", CATEGORY_SPAN, false, CONTAINER_BYTES_MAX)                                \
    X(ITEM_OTEL_LOG, "otel_log", CATEGORY_LOG_ITEM, false, CONTAINER_BYTES_MAX)                    \
    X(ITEM_LOG, "log", CATEGORY_LOG_ITEM, false, CONTAINER_BYTES_MAX)                              \
    X(ITEM_TRACE_METRIC, "trace_metric", CATEGORY_TRACE_METRIC, false, CONTAINER_BYTES_MAX)        \
    X(ITEM_STATSD, "statsd", CATEGORY_METRIC_BUCKET, false, BODY_PLAIN_BYTES_MAX)                  \
    X(ITEM_METRIC_BUCKETS, "metric_buckets", CATEGORY_METRIC_BUCKET, false, BODY_PLAIN_BYTES_MAX)  \
    X(ITEM_SECURITY, "security", CATEGORY_SECURITY, true, EVENT_BYTES_MAX)                         \
    X(ITEM_RAW_SECURITY, "raw_security", CATEGORY_SECURITY, true, EVENT_BYTES_MAX)                 \
    X(ITEM_NEL, "nel", CATEGORY_SECURITY, false, EVENT_BYTES_MAX)                                  \
    X(ITEM_FORM_DATA, "form_data", CATEGORY_ATTACHMENT, true, BODY_PLAIN_BYTES_MAX)                \
    X(ITEM_UNREAL_REPORT, "unreal_report", CATEGORY_ERROR, true, BODY_PLAIN_BYTES_MAX)             \
    X(ITEM_UNKNOWN, "unknown", CATEGORY_DEFAULT, false, BODY_PLAIN_BYTES_MAX)

enum item_kind {
#define ITEM_ENUM(kind, type, category, belongs, bytes) kind,
    ITEMS(ITEM_ENUM)
#undef ITEM_ENUM
        ITEM_KIND_COUNT
};

/* The kind of a `type` as written in an item header; ITEM_UNKNOWN for any not in the table. */
enum item_kind item_kind_of(struct slice type);

/* The table's columns. */
const char *item_name(enum item_kind kind);
enum category item_category(enum item_kind kind);
bool item_needs_event_id(enum item_kind kind);
size_t item_bytes_max(enum item_kind kind);
