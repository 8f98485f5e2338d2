/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/api/api_rig.h"

static struct api_rig rig;

static void setup(void)
{
    api_rig_open(&rig);
}

static void teardown(void)
{
    api_rig_close(&rig);
}

TestSuite(api_health, .init = setup, .fini = teardown);

Test(api_health, is_ok_whatever_else_is_wrong)
{
    rig.is_ready = false;
    cr_expect_not(fault_is(api_rig_call(&rig, api_health, "", "")));
    cr_expect_eq(rig.call.status, 200u);
    cr_expect_str_eq(rig.text, "ok\n");
}

Test(api_health, readiness_says_why_not)
{
    static const struct {
        bool is_ready;
        unsigned status;
        const char *text;
    } cases[] = {{true, 200, "ready\n"}, {false, 503, "not ready: the disk is full\n"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        rig.is_ready = cases[i].is_ready;
        cr_expect_not(fault_is(api_rig_call(&rig, api_ready, "", "")));
        cr_expect_eq(rig.call.status, cases[i].status);
        cr_expect_str_eq(rig.text, cases[i].text);
        cr_expect_str_eq(rig.call.content_type, "text/plain; charset=utf-8");
    }
}
