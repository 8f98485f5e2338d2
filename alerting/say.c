/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/say.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>

void say(const struct say *to, enum alerting_log_level level, const char *format, ...)
{
    char text[500];
    va_list args;
    if (to->log == NULL) {
        return;
    }
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    MUST(length >= 0);
    to->log(to->context, level, text);
}
