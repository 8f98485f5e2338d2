/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/api/api_rig.h"

static struct api_rig rig;

static void setup(void)
{
    api_rig_connect(&rig);
}

static void teardown(void)
{
    api_rig_close(&rig);
}

TestSuite(api_grouping, .init = setup, .fini = teardown);

Test(api_grouping, says_what_it_does_not_have)
{
    static const char hex[] = "6f6e6500000000000000000000000000";
    cr_expect_eq(api_rig_call(&rig, api_grouping, "nowhere", hex).kind, FAULT_NOT_FOUND);
    cr_expect_eq(api_rig_call(&rig, api_grouping, "shop", "xyz").kind, FAULT_MALFORMED);
    cr_expect_eq(api_rig_call(&rig, api_grouping, "shop", hex).kind, FAULT_NOT_FOUND);
    books_write(&rig.books, books_event("one", "a"));
    cr_expect(fault_is(api_rig_call(&rig, api_grouping, "shop", hex)),
              "counted, and its body is not in the journal");
}
