/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/clock.h"
#include "tests/unit/ingest/http/api/api_rig.h"

#define EVENT "fc6d8c0c43fc4630ad850ee518f1b9d0"
#define OTHER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct api_rig rig;
static struct test_entry entry;

static void setup(void)
{
    api_rig_connect(&rig);
}

static void teardown(void)
{
    api_rig_close(&rig);
}

TestSuite(api_events, .init = setup, .fini = teardown);

/* A request as the intake would have kept it: record 1 of the journal. */
static void keep(const char *body)
{
    test_entry_fill(&entry, 0);
    entry.entry.record.kind = RECORD_STORE;
    entry.entry.record.body = slice_str(body);
    journal_submit(rig.journal, &entry.entry);
    while (atomic_load(&entry.releases) == 0) {
        test_pause();
    }
}

/* Counts event `hex` as that of record `sequence`. */
static void count(const char *hex, uint64_t sequence)
{
    struct effect effect = books_event("", "hash");
    cr_assert(id_parse(slice_str(hex), &effect.event));
    effect.at_us = effect.received_us = clock_wall_us();
    batch_add(rig.books.applier.batch, sequence, &effect);
    cr_assert(applier_commit(&rig.books.applier, sequence), "%s", rig.books.applier.error);
}

static const char *issue(void)
{
    static char text[24];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)books_issue_id(&rig.books, "hash"));
    return text;
}

Test(api_events, are_shown_from_the_journal)
{
    keep("{\"event_id\":\"" EVENT "\",\"message\":\"it broke\",\"tags\":{\"shard\":\"7\"}}");
    count(EVENT, 1);
    char group[48];
    snprintf(group, sizeof(group), "\"groupID\":\"%s\"", issue());
    static const struct {
        api_endpoint *endpoint;
        const char *first; /* NULL: the issue */
        const char *second;
    } cases[] = {
        {api_event, "shop", EVENT},
        {api_event, "7", EVENT},
        {api_latest_event, NULL, ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *first = cases[i].first != NULL ? cases[i].first : issue();
        struct fault fault = api_rig_call(&rig, cases[i].endpoint, first, cases[i].second);
        cr_assert_not(fault_is(fault), "%zu: %s", i, fault.reason);
        cr_expect(strstr(rig.text, "\"eventID\":\"" EVENT "\"") != NULL, "%s", rig.text);
        cr_expect(strstr(rig.text, "\"message\":\"it broke\"") != NULL, "%s", rig.text);
        cr_expect(strstr(rig.text, "\"projectID\":\"7\"") != NULL, "%s", rig.text);
        cr_expect(strstr(rig.text, group) != NULL, "%s in %s", group, rig.text);
    }
}

Test(api_events, of_native_programs_say_whether_their_symbols_are_known)
{
    keep("{\"event_id\":\"" EVENT "\",\"platform\":\"native\",\"stacktrace\":{\"frames\":["
         "{\"instruction_addr\":\"0x1100\"},{\"instruction_addr\":\"0x9100\"}]},"
         "\"debug_meta\":{\"images\":[{\"image_addr\":\"0x1000\",\"image_size\":4096,"
         "\"code_id\":\"5da2c1d1f0b4a1c0e6b7f8a9d0c1b2a3f4e5d6c7\"}]}}");
    count(EVENT, 1);
    struct fault fault = api_rig_call(&rig, api_event, "shop", EVENT);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    cr_expect_eq(api_rig_count(&rig, "\"symbolicatorStatus\":\"missing\""), 1, "%s", rig.text);
    cr_expect_eq(api_rig_count(&rig, "\"symbolicatorStatus\":\"unknown_image\""), 1);
}

Test(api_events, that_are_not_there_say_why)
{
    static const struct {
        api_endpoint *endpoint;
        const char *first;
        const char *second;
        enum fault_kind kind;
    } cases[] = {
        {api_event, "nobody", EVENT, FAULT_NOT_FOUND}, {api_event, "shop", "x", FAULT_MALFORMED},
        {api_event, "shop", "", FAULT_MALFORMED},      {api_event, "shop", OTHER, FAULT_NOT_FOUND},
        {api_latest_event, "x", "", FAULT_NOT_FOUND},  {api_latest_event, "1", "", FAULT_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fault fault = api_rig_call(&rig, cases[i].endpoint, cases[i].first, cases[i].second);
        cr_expect_eq(fault.kind, cases[i].kind, "%zu: %s", i, fault.reason);
        cr_expect_str_eq(rig.text, "");
    }
}

Test(api_events, whose_body_is_gone_were_counted_all_the_same)
{
    count(EVENT, 1);
    struct fault fault = api_rig_call(&rig, api_event, "shop", EVENT);
    cr_expect_eq(fault.kind, FAULT_NOT_FOUND);
    cr_expect(strstr(fault.reason, "no longer in the journal") != NULL, "%s", fault.reason);
}

Test(api_events, are_not_mistaken_for_another_in_their_place)
{
    keep("{\"event_id\":\"" OTHER "\",\"message\":\"another\"}");
    count(EVENT, 1);
    struct fault fault = api_rig_call(&rig, api_event, "shop", EVENT);
    cr_expect_eq(fault.kind, FAULT_NOT_FOUND);
    cr_expect(strstr(fault.reason, "another event") != NULL, "%s", fault.reason);
}

Test(api_events, of_another_node_are_said_to_be_there)
{
    struct id node = {"node of somebody"};
    keep("{\"event_id\":\"" EVENT "\",\"message\":\"it broke\"}");
    applier_done(&rig.books.applier);
    applier_init(&rig.books.applier, &rig.books.options, node, 3 * 3600);
    cr_assert(applier_connect(&rig.books.applier, 0));
    count(EVENT, 1);
    struct fault fault = api_rig_call(&rig, api_event, "shop", EVENT);
    cr_expect_eq(fault.kind, FAULT_NOT_FOUND);
    cr_expect(strstr(fault.reason, "another node") != NULL, "%s", fault.reason);
}

Test(api_events, whose_record_cannot_be_read_any_more_are_a_fault)
{
    keep("{\"event_id\"");
    count(EVENT, 1);
    cr_expect_eq(api_rig_call(&rig, api_event, "shop", EVENT).kind, FAULT_MALFORMED);
}
