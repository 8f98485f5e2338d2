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

TestSuite(api_projects, .init = setup, .fini = teardown);

Test(api_projects, are_listed_with_what_a_client_needs)
{
    cr_expect_not(fault_is(api_rig_call(&rig, api_projects, "", "")));
    cr_expect_str_eq(rig.text,
                     "[{\"id\":\"7\",\"slug\":\"shop\",\"name\":\"shop\",\"keys\":[{\"public\":"
                     "\"" PASS_KEY "\",\"dsn\":{\"public\":\"http://" PASS_KEY
                     "@127.0.0.1:8627/7\"}}]}]");
}

Test(api_projects, have_no_dsn_when_nobody_knows_where_the_intake_is)
{
    rig.api->options.public_base = "nowhere";
    cr_expect_not(fault_is(api_rig_call(&rig, api_projects, "", "")));
    cr_expect(strstr(rig.text, "\"public\":\"" PASS_KEY "\"") != NULL);
    cr_expect_null(strstr(rig.text, "dsn"));
}

Test(api_projects, of_a_prefix_keep_it_in_the_dsn)
{
    rig.api->options.public_base = "https://example.org/errors";
    cr_expect_not(fault_is(api_rig_call(&rig, api_projects, "", "")));
    cr_expect(strstr(rig.text, "https://" PASS_KEY "@example.org/errors/7") != NULL);
}

Test(api_projects, none_is_an_empty_list)
{
    rig.api->snapshot->projects.count = 0;
    cr_expect_not(fault_is(api_rig_call(&rig, api_projects, "", "")));
    cr_expect_str_eq(rig.text, "[]");
}
