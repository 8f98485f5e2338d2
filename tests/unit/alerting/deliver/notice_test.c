/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/notice.h"
#include <criterion/criterion.h>

Test(notice, fires_while_any_alert_does)
{
    struct alert over = {.state = ALERT_RESOLVED};
    struct alert firing = {.state = ALERT_FIRING};
    struct alert owned = {.state = ALERT_ACKNOWLEDGED};
    const struct alert *alerts[2] = {&over, &over};
    struct notice notice = {.alerts = alerts, .alert_count = 2};

    cr_expect_not(notice_is_firing(&notice));
    alerts[1] = &firing;
    cr_expect(notice_is_firing(&notice));
    alerts[1] = &owned;
    cr_expect(notice_is_firing(&notice));
}
