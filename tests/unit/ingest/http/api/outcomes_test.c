/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/clock.h"
#include "tests/unit/ingest/http/api/api_rig.h"

static struct api_rig rig;

static void teardown(void)
{
    api_rig_close(&rig);
}

TestSuite(api_outcomes, .fini = teardown, .timeout = 60);

Test(api_outcomes, are_told_in_the_shape_of_sentrys_statistics)
{
    api_rig_connect(&rig);
    struct effect effect = {.partition = 7,
                            .project = 7,
                            .category = CATEGORY_ERROR,
                            .fate = FATE_FILTERED,
                            .reason = SLICE("localhost"),
                            .quantity = 4,
                            .received_us = clock_wall_us()};
    books_add(&rig.books, &effect);
    books_commit(&rig.books);
    rig.request.query = SLICE("hours=2");
    struct fault fault = api_rig_call(&rig, api_outcomes, "shop", "");
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    cr_expect(strstr(rig.text,
                     "{\"by\":{\"outcome\":\"filtered\",\"category\":\"error\","
                     "\"reason\":\"localhost\"},\"totals\":{\"sum(quantity)\":4}") != NULL,
              "%s", rig.text);
    cr_expect_eq(api_rig_count(&rig, ":00:00Z"), 4u, "start, end and two intervals");
}

Test(api_outcomes, of_too_many_hours_or_of_nobody_are_refused)
{
    api_rig_open(&rig);
    cr_expect_eq(api_rig_call(&rig, api_outcomes, "nobody", "").kind, FAULT_NOT_FOUND);
    static const char *const queries[] = {"hours=0", "hours=2161", "hours=x", "hours=-1"};
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        rig.request.query = slice_str(queries[i]);
        cr_expect_eq(api_rig_call(&rig, api_outcomes, "7", "").kind, FAULT_MALFORMED);
    }
    rig.request.query = SLICE("hours=2160");
    cr_expect_eq(api_rig_call(&rig, api_outcomes, "7", "").kind, FAULT_UNAVAILABLE,
                 "Redis is away");
}
