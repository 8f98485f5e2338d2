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

TestSuite(api_metrics, .init = setup, .fini = teardown);

static void scrape(void)
{
    struct fault fault = api_rig_call(&rig, api_metrics, "", "");
    cr_assert_not(fault_is(fault), "%s", fault.reason);
}

/* A line of its own. */
static bool has_line(const char *line)
{
    char text[256];
    snprintf(text, sizeof(text), "\n%s\n", line);
    return strstr(rig.text, text) != NULL;
}

Test(api_metrics, are_prometheus_text)
{
    scrape();
    cr_expect_str_eq(rig.call.content_type, "text/plain; version=0.0.4; charset=utf-8");
    unsigned families = 0;
    char last[128] = "";
    for (char *save = NULL, *line = strtok_r(rig.text, "\n", &save); line != NULL;
         line = strtok_r(NULL, "\n", &save)) {
        char name[128];
        if (sscanf(line, "# HELP %127s", name) == 1) {
            snprintf(last, sizeof(last), "%s", name);
            families++;
        } else if (sscanf(line, "# TYPE %127s", name) == 1) {
            cr_expect_str_eq(name, last, "TYPE follows HELP of the same family");
        } else {
            cr_expect_eq(strncmp(line, last, strlen(last)), 0, "a sample of %s: %s", last, line);
            cr_expect(strchr("{ ", line[strlen(last)]) != NULL, "%s", line);
            cr_expect_eq(strncmp(line, "tocsin_", 7), 0, "%s", line);
        }
    }
    cr_expect_gt(families, 60u);
}

Test(api_metrics, name_each_family_once)
{
    static char names[256][96];
    unsigned count = 0;
    scrape();
    for (const char *at = rig.text; (at = strstr(at, "# HELP ")) != NULL; at++) {
        cr_assert_lt(count, 256u);
        cr_assert_eq(sscanf(at, "# HELP %95s", names[count]), 1);
        for (unsigned i = 0; i < count; i++) {
            cr_expect_str_neq(names[i], names[count]);
        }
        count++;
    }
}

Test(api_metrics, add_up_all_workers)
{
    atomic_store(&rig.intakes[0].accepted, 40);
    atomic_store(&rig.intakes[1].accepted, 2);
    atomic_store(&rig.intake_http[1].guard_resets, 3);
    atomic_store(&rig.intake_http[0].connections, 5);
    scrape();
    cr_expect(has_line("tocsin_intake_accepted_total 42"));
    cr_expect(has_line("tocsin_http_guard_resets_total 3"));
    cr_expect(has_line("tocsin_http_connections 5"), "a gauge, so without _total");
    cr_expect(has_line("# TYPE tocsin_http_connections gauge"));
    cr_expect(has_line("tocsin_workers 2"));
    cr_expect(has_line("tocsin_start_time_seconds 1700000000"));
    cr_expect(has_line("tocsin_projects 1"));
    cr_expect(has_line("tocsin_redis_connected 0"));
}

Test(api_metrics, count_what_the_journal_holds)
{
    struct test_entry entries[3];
    test_journal_write(rig.journal, entries, 1, 3);
    scrape();
    cr_expect(has_line("tocsin_journal_ok 1"));
    cr_expect(has_line("tocsin_journal_records_total 3"));
    cr_expect(has_line("tocsin_journal_end 3"));
}
