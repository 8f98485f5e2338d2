/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/refusals.h"
#include <criterion/criterion.h>

Test(refusals, what_is_written_is_read)
{
    char line[REFUSAL_LINE_BYTES_MAX];
    const struct refusal refusal = {17, FATE_RATE_LIMITED, CATEGORY_METRIC_BUCKET, UINT32_MAX,
                                    SLICE("daily")};
    struct slice text = refusal_write(&refusal, line);
    struct refusal back;
    cr_expect(slice_eq(text, SLICE("17 rate_limited metric_bucket 4294967295 daily\n")));
    cr_assert(refusal_next(&text, &back));
    cr_expect(back.project == 17 && back.fate == FATE_RATE_LIMITED &&
              back.category == CATEGORY_METRIC_BUCKET && back.quantity == UINT32_MAX);
    cr_expect(slice_eq(back.reason, SLICE("daily")));
    cr_expect_not(refusal_next(&text, &back));
}

Test(refusals, a_long_reason_is_cut)
{
    char reason[100];
    char line[REFUSAL_LINE_BYTES_MAX];
    memset(reason, 'r', sizeof(reason));
    const struct refusal refusal = {UINT32_MAX, FATE_CLIENT_DISCARD, CATEGORY_TRACE_METRIC,
                                    UINT32_MAX, slice_of(reason, sizeof(reason))};
    struct slice text = refusal_write(&refusal, line);
    struct refusal back;
    cr_assert(refusal_next(&text, &back));
    cr_expect_eq(back.reason.len, 64u);
}

Test(refusals, lines_that_are_wrong_are_passed_over)
{
    struct slice text = SLICE("\n1 lost error 1 x\n1 invalid nothing 1\nx invalid error 1\n"
                              "4294967296 invalid error 1\n1 invalid error 0\n"
                              "3 invalid error 1 a\0b\n3 invalid error 1 a b\n"
                              "2 invalid error 3\n1 invalid");
    struct refusal back;
    cr_assert(refusal_next(&text, &back));
    cr_expect(back.project == 2 && back.quantity == 3 && back.reason.len == 0);
    cr_expect_not(refusal_next(&text, &back));
}
