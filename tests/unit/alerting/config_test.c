/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/config.h"
#include "alerting/policy/route.h"
#include "tests/unit/alerting/config_text.h"

#define HOOK "webhook_configs: [{url: 'http://h/'}]"

Test(config, reads_receivers_with_their_places)
{
    struct config_text read;
    config_text_read(&read, "external_url: https://tocsin.example//\n"
                            "route: {receiver: oncall}\n"
                            "receivers:\n"
                            "  - {name: team, " HOOK "}\n"
                            "  - name: oncall\n"
                            "    webhook_configs:\n"
                            "      - {url: 'http://a/', send_resolved: false, timeout: 3s}\n"
                            "      - {url: 'https://b/x', max_alerts: 5}\n");

    cr_assert(read.config != NULL, "%s", read.said);
    cr_expect_eq(alerting_config_receiver_count(read.config), 2);
    const struct receiver *oncall = alerting_config_receiver(read.config, 1);
    cr_expect(slice_eq(oncall->name, SLICE("oncall")));
    cr_assert_eq(oncall->endpoint_count, 2);
    cr_expect(slice_eq(oncall->endpoints[0].url, SLICE("http://a/")));
    cr_expect_not(oncall->endpoints[0].send_resolved);
    cr_expect_eq(oncall->endpoints[0].timeout_ms, 3000);
    cr_expect_eq(oncall->endpoints[1].max_alerts, 5);
    cr_expect(slice_eq(oncall->endpoints[1].receiver, SLICE("oncall")));
    cr_expect(slice_eq(alerting_config_external_url(read.config), SLICE("https://tocsin.example")));
    cr_assert_not_null(alerting_config_root(read.config));
    cr_expect_eq(alerting_config_root(read.config)->receiver, 1);
    config_text_done(&read);
}

Test(config, a_lane_leads_to_its_endpoint)
{
    struct config_text read;
    config_text_read(&read, "route: {receiver: a}\n"
                            "receivers: [{name: a, webhook_configs: [{url: 'http://1/'},\n"
                            "    {url: 'http://2/'}]}]\n");

    cr_assert(read.config != NULL, "%s", read.said);
    const struct endpoint *second = alerting_config_endpoint(read.config, SLICE("a/webhook/1"));
    cr_assert_not_null(second);
    cr_expect(slice_eq(second->url, SLICE("http://2/")));
    cr_expect(slice_eq(second->lane, SLICE("a/webhook/1")));
    cr_expect_null(alerting_config_endpoint(read.config, SLICE("a/webhook/2")));
    cr_expect_null(alerting_config_endpoint(read.config, SLICE("")));
    config_text_done(&read);
}

Test(config, without_a_route_nobody_is_told)
{
    static const char *const texts[] = {"{}", "other: 1", "external_url: http://x"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct config_text read;
        config_text_read(&read, texts[i]);
        cr_assert(read.config != NULL, "%s: %s", texts[i], read.said);
        cr_expect_null(alerting_config_root(read.config));
        config_text_done(&read);
    }
}

Test(config, no_file_at_all_is_a_configuration)
{
    struct config_text read;
    config_text_read(&read, "{}");
    struct alerting_config *config = alerting_config_new(NULL, SLICE(""), &read.problems);

    cr_assert_not_null(config);
    cr_expect_null(alerting_config_root(config));
    cr_expect_eq(alerting_config_receiver_count(config), 0);

    alerting_config_unref(config);
    config_text_done(&read);
}

Test(config, refuses_with_the_place_and_the_way_out)
{
    const struct {
        const char *yaml;
        const char *said;
    } cases[] = {
        {"receivers: [{name: a, " HOOK "}]", "receivers without a 'route' hear of nothing"},
        {"route: {receiver: a}\nreceivers: 7", "c.yml:2:12: 'receivers' is a list"},
        {"route: {receiver: a}\nreceivers: [{" HOOK "}]", "c.yml:2:13: a receiver needs a 'name'"},
        {"route: {receiver: a}\nreceivers: [{name: a}, {name: a}]",
         "another receiver is called 'a' already"},
        {"route: {receiver: a}\nreceivers: [{name: a, webhook_config: []}]", "webhook_configs"},
        {"route: {receiver: a}\nreceivers: [{name: a, webhook_configs: {url: x}}]",
         "'webhook_configs' is a list"},
        {"route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: 'ftp://x'}]}]",
         "c.yml:2:47: 'url' may be http"},
        {"route: {receiver: a}\nreceivers: [{name: \"a\\nb\"}]", "a receiver needs a 'name'"},
        {"external_url: tocsin.example", "https://HOST"},
        {"route: {receiver: b}\nreceivers: [{name: a}]", "no receiver is called 'b'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config_text read;
        config_text_read(&read, cases[i].yaml);
        cr_expect_null(read.config, "%s", cases[i].yaml);
        cr_expect(strstr(read.said, cases[i].said) != NULL, "%s said: %s", cases[i].yaml,
                  read.said);
        config_text_done(&read);
    }
}

Test(config, says_all_that_is_wrong_at_once)
{
    struct config_text read;
    config_text_read(&read, "external_url: x\n"
                            "route: {receiver: b, group_wait: -1s}\n"
                            "receivers: [{name: a, webhook_configs: [{}]}]\n");

    cr_expect_null(read.config);
    cr_expect_geq(read.problems.errors, 4, "%s", read.said);
    config_text_done(&read);
}

Test(config, lives_as_long_as_its_last_reference)
{
    struct config_text read;
    config_text_read(&read, "route: {receiver: a}\nreceivers: [{name: a, " HOOK "}]");
    cr_assert_not_null(read.config);

    struct alerting_config *second = alerting_config_ref(read.config);
    config_text_done(&read);

    cr_expect(slice_eq(alerting_config_receiver(second, 0)->name, SLICE("a")));
    alerting_config_unref(second);
    alerting_config_unref(alerting_config_ref(NULL));
}
