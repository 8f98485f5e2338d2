/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/notice.h"
#include "ingest/base/must.h"

bool notice_is_firing(const struct notice *notice)
{
    MUST(notice->alert_count > 0);
    for (uint32_t i = 0; i < notice->alert_count; i++) {
        if (notice->alerts[i]->state != ALERT_RESOLVED) {
            return true;
        }
    }
    return false;
}
