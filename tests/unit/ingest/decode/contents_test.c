/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/contents.h"
#include "tests/unit/ingest/decode/dump.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(contents, .init = made_start, .fini = made_end);

static const struct report_source source = {.received_us = 1};

static struct fault read(const char *headers, struct slice payload, struct contents *out)
{
    struct envelope envelope = {0};
    struct envelope_item item = {.payload = payload, .offset = 100, .headers = made_of(headers)};
    item.type = value_string(value_get(item.headers, SLICE("type")));
    item.kind = item_kind_of(item.type);
    cr_assert_not(fault_is(envelope_add(&made, &envelope, &item)));
    return contents_read(&made, &source, &envelope, 0, out);
}

Test(contents, are_counted_in_units_of_their_type)
{
    static const struct {
        const char *headers;
        const char *payload;
        uint32_t quantity;
        uint32_t events;
    } cases[] = {
        {"{\"type\":\"event\"}", "{\"message\":\"a\"}", 0, 1},
        {"{\"type\":\"event\"}", "{\"x\":NaN}", 0, 1},
        {"{\"type\":\"transaction\"}", "{}", 1, 0},
        {"{\"type\":\"attachment\"}", "MDMP", 1, 0},
        {"{\"type\":\"session\"}", "{\"started\":1,\"attrs\":{\"release\":\"1\"}}", 1, 0},
        {"{\"type\":\"sessions\"}",
         "{\"aggregates\":[{\"exited\":4}],\"attrs\":{\"release\":\"1\"}}", 4, 0},
        {"{\"type\":\"user_report\"}", "{\"comments\":\"bad\"}", 1, 0},
        {"{\"type\":\"feedback\"}", "{\"contexts\":{\"feedback\":{\"message\":\"bad\"}}}", 1, 0},
        {"{\"type\":\"client_report\"}", "{}", 0, 0},
        {"{\"type\":\"check_in\"}", "{\"monitor_slug\":\"a\",\"status\":\"ok\"}", 1, 0},
        {"{\"type\":\"log\",\"item_count\":2}", "{\"items\":[{},{}]}", 2, 0},
        {"{\"type\":\"span\",\"item_count\":1}", "{\"items\":[{}]}", 1, 0},
        {"{\"type\":\"span\"}", "{}", 1, 0},
        {"{\"type\":\"statsd\"}", "a:1|c", 1, 0},
        {"{\"type\":\"unknown_thing\"}", "", 1, 0},
        {"{\"type\":\"nel\"}",
         "[{\"type\":\"network-error\",\"body\":{\"type\":\"tcp.reset\"}},"
         "{\"type\":\"network-error\",\"body\":{\"type\":\"tcp.reset\"}}]",
         0, 2},
        {"{\"type\":\"raw_security\"}", "{\"csp-report\":{\"effective-directive\":\"x\"}}", 0, 1},
        {"{\"type\":\"security\"}", "{\"csp\":{},\"message\":\"made by a relay\"}", 0, 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct contents contents;
        struct fault fault = read(cases[i].headers, slice_str(cases[i].payload), &contents);
        cr_expect_not(fault_is(fault), "%s %s: %s", cases[i].headers, cases[i].payload,
                      fault.reason);
        uint32_t events = contents.events != NULL ? contents.events->count : 0;
        cr_expect(contents.quantity == cases[i].quantity && events == cases[i].events,
                  "%s %s: %u, %u events", cases[i].headers, cases[i].payload, contents.quantity,
                  events);
    }
}

Test(contents, that_are_not_what_the_type_says_are_malformed)
{
    static const struct {
        const char *headers;
        const char *payload;
    } cases[] = {
        {"{\"type\":\"event\"}", "{\"message\":}"},
        {"{\"type\":\"transaction\"}", "no"},
        {"{\"type\":\"session\"}", "{}"},
        {"{\"type\":\"sessions\"}", "{"},
        {"{\"type\":\"user_report\"}", "{}"},
        {"{\"type\":\"feedback\"}", "{\"message\":\"not there\"}"},
        {"{\"type\":\"client_report\"}", "[]"},
        {"{\"type\":\"check_in\"}", "{\"status\":\"ok\"}"},
        {"{\"type\":\"log\",\"item_count\":2}", "{\"items\":[{}]}"},
        {"{\"type\":\"raw_security\"}", "7"},
        {"{\"type\":\"attachment\",\"attachment_type\":\"event.minidump\"}", "no dump"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct contents contents;
        struct fault fault = read(cases[i].headers, slice_str(cases[i].payload), &contents);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s %s", cases[i].headers, cases[i].payload);
    }
    struct contents contents;
    struct fault fault = read("{\"type\":\"event\"}", SLICE("{\"message\":}"), &contents);
    cr_expect(fault.offset == 111 || fault.offset == 112, "of the body, not of the item");
}

Test(contents, a_dump_without_an_event_is_one_and_with_one_completes_it)
{
    char bytes[DUMP_BYTES];
    struct contents contents;
    struct slice dump = dump_linux(bytes, 6, 0x400001);
    const char *headers = "{\"type\":\"attachment\",\"attachment_type\":\"event.minidump\"}";
    cr_assert_not(fault_is(read(headers, dump, &contents)));
    cr_assert_not_null(contents.events);
    made_expect(contents.events, "0/exception/0/type", "SIGABRT");
    cr_expect_eq(contents.quantity, 1u);

    struct envelope envelope = {0};
    const struct envelope_item items[] = {
        {.kind = ITEM_EVENT, .payload = SLICE("{\"release\":\"1\"}")},
        {.kind = ITEM_ATTACHMENT, .payload = dump, .headers = made_of(headers)}};
    for (size_t i = 0; i < 2; i++) {
        cr_assert_not(fault_is(envelope_add(&made, &envelope, &items[i])));
    }
    cr_assert_not(fault_is(contents_read(&made, &source, &envelope, 0, &contents)));
    made_expect(contents.events, "0/release", "1");
    made_expect(contents.events, "0/exception/0/type", "SIGABRT");
    cr_assert_not(fault_is(contents_read(&made, &source, &envelope, 1, &contents)));
    cr_expect(contents.events == NULL && contents.quantity == 1);
}
