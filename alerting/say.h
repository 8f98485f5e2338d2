/* SPDX-License-Identifier: Apache-2.0 */
/* say — one line to whoever started alerting, who knows where logs go. Any thread. */
#pragma once
#include "alerting/alerting.h"

struct say {
    alerting_log_fn *log; /* NULL: silent */
    void *context;
};

/* Formats and hands over one line, cut at 500 bytes. */
void say(const struct say *to, enum alerting_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
