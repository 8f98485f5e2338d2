/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/schedule.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stddef.h>

#define SECOND_US INT64_C(1000000)

const char *delivery_failure_name(enum delivery_failure failure)
{
    static const char *const names[] = {
#define FAILURE_NAME(constant, name) name,
        DELIVERY_FAILURES(FAILURE_NAME)
#undef FAILURE_NAME
    };
    MUST(failure < DELIVERY_FAILURE_COUNT);
    return names[failure];
}

static enum delivery_failure classify(const struct delivery_answer *answer)
{
    uint32_t status = answer->status;
    if (status == 0) {
        return answer->timed_out ? FAILED_TIMEOUT : FAILED_NETWORK;
    }
    if (status == 401 || status == 403 || status == 407) {
        return FAILED_AUTH;
    }
    if (status == 429) {
        return FAILED_RATE_LIMITED;
    }
    return status >= 500 ? FAILED_SERVER_ERROR : FAILED_CLIENT_ERROR;
}

static bool may_be_tried_again(uint32_t status)
{
    return status == 0 || status == 408 || status == 425 || status == 429 || status >= 500;
}

/* Between 80 and 120 % of the delay, so that what failed together does not come back together. */
static int64_t shake(int64_t delay_us, uint32_t dice)
{
    int64_t fifth_us = delay_us / 5;
    return delay_us - fifth_us + (int64_t)((uint64_t)(2 * fifth_us) * dice >> 32);
}

static int64_t delay_of(uint32_t attempts, int64_t age_us)
{
    static const int64_t first_s[] = {5, 15, 45, 120};
    MUST(attempts > 0);
    if (attempts <= sizeof(first_s) / sizeof(first_s[0])) {
        return first_s[attempts - 1] * SECOND_US;
    }
    return (age_us < 3600 * SECOND_US ? 300 : 1800) * SECOND_US;
}

struct delivery_step schedule_step(const struct delivery_answer *answer, uint32_t attempts,
                                   int64_t created_us, int64_t now_us, uint32_t dice)
{
    struct delivery_step step = {.kind = STEP_DEAD, .failure = classify(answer)};
    if (answer->status >= 200 && answer->status < 300) {
        return (struct delivery_step){.kind = STEP_DELIVERED, .why = "delivered"};
    }
    if (answer->status == 410) {
        step.kind = STEP_DEAD_AND_CLOSE;
        step.why = "the receiver is gone (410)";
        return step;
    }
    if (!may_be_tried_again(answer->status)) {
        step.why = "refused: the same bytes would be refused again";
        return step;
    }
    int64_t age_us = now_us > created_us ? now_us - created_us : 0;
    int64_t delay_us = shake(delay_of(attempts, age_us), dice);
    int64_t asked_us = answer->retry_after_us;
    asked_us = asked_us > RETRY_AFTER_US_MAX ? RETRY_AFTER_US_MAX : asked_us;
    delay_us = asked_us > delay_us ? asked_us : delay_us;
    if (age_us + delay_us > NOTICE_TRIED_US_MAX) {
        step.why = "not delivered within a day";
        return step;
    }
    MUST(delay_us > 0);
    step.kind = STEP_RETRY;
    step.at_us = now_us + delay_us;
    step.why = asked_us == delay_us ? "again when the receiver said" : "again later";
    return step;
}
