/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/sender.h"
#include "ingest/base/limits.h"
#include "tests/support/receiver.h"
#include <criterion/criterion.h>
#include <stdio.h>

static void ignore(void *context, void *ticket, const struct delivery_answer *answer)
{
    (void)context, (void)ticket, (void)answer;
}

Test(limits_sender, no_more_under_way_than_allowed, .timeout = 60)
{
    struct test_receiver receiver;
    char url[64];
    receiver_start(&receiver);
    receiver_rule(&receiver, (struct receiver_rule){
                                 .path = "/hang", .act = RECEIVER_HANGS, .times = UINT32_MAX});
    snprintf(url, sizeof(url), "http://127.0.0.1:%u/hang", receiver.port);
    struct sender_request request = {
        .url = slice_str(url), .body = SLICE("{}"), .timeout_ms = 30000};
    struct sender *sender = sender_new(ignore, NULL);

    for (uint32_t i = 0; i < DELIVERIES_MAX; i++) {
        cr_assert(sender_send(sender, &request, NULL));
    }
    cr_expect_not(sender_send(sender, &request, NULL));
    cr_expect_eq(sender_under_way(sender), DELIVERIES_MAX);

    sender_free(sender);
    receiver_stop(&receiver);
}
