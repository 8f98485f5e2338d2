/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/envelope.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define ID "9ec79c33ec9942ab8353589fcb2e04dc"

static _Alignas(16) char room[65536];
static struct arena arena;

static struct fault parse(struct slice body, struct envelope *out)
{
    arena_over(&arena, room, sizeof(room));
    return envelope_parse(&arena, body, out);
}

/* "event:41 session:0" of the items, for comparing. */
static const char *outline(const struct envelope *envelope)
{
    static char text[512];
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < envelope->count; i++) {
        const struct envelope_item *item = &envelope->items[i];
        length +=
            (size_t)snprintf(text + length, sizeof(text) - length, "%s%s:%.*s", i != 0 ? " " : "",
                             item_name(item->kind), SLICE_ARG(item->payload));
    }
    return text;
}

Test(envelope, reads_what_the_format_allows)
{
    static const struct {
        const char *rule;
        struct slice body;
        const char *items;
    } cases[] = {
        {"a header alone is an empty envelope", SLICE_INIT("{}"), ""},
        {"with its newline too", SLICE_INIT("{}\n"), ""},
        {"a header may contain newlines where JSON may", SLICE_INIT("{\n}\n"), ""},
        {"length counts bytes", SLICE_INIT("{}\n{\"type\":\"event\",\"length\":2}\n{}\n"),
         "event:{}"},
        {"the last newline is optional", SLICE_INIT("{}\n{\"type\":\"event\",\"length\":2}\n{}"),
         "event:{}"},
        {"without length the line is the payload", SLICE_INIT("{}\n{\"type\":\"event\"}\n{}\n"),
         "event:{}"},
        {"or what is left", SLICE_INIT("{}\n{\"type\":\"event\"}\n{}"), "event:{}"},
        {"a length of null is none", SLICE_INIT("{}\n{\"type\":\"event\",\"length\":null}\n{}"),
         "event:{}"},
        {"payloads with length hold newlines",
         SLICE_INIT("{}\n{\"type\":\"attachment\",\"length\":3}\n\n\n\n\n{\"type\":\"event\"}\n{}"),
         "attachment:\n\n\n event:{}"},
        {"and text that looks like an envelope",
         SLICE_INIT("{}\n{\"type\":\"attachment\",\"length\":10}\n{}\n{\"a\":1}"),
         "attachment:{}\n{\"a\":1}"},
        {"a carriage return belongs to the payload",
         SLICE_INIT("{}\n{\"type\":\"attachment\"}\nab\r\n"), "attachment:ab\r"},
        {"a length of zero", SLICE_INIT("{}\n{\"type\":\"attachment\",\"length\":0}\n\n"),
         "attachment:"},
        {"zero, and the end", SLICE_INIT("{}\n{\"type\":\"attachment\",\"length\":0}\n"),
         "attachment:"},
        {"zero, without any newline", SLICE_INIT("{}\n{\"type\":\"attachment\",\"length\":0}"),
         "attachment:"},
        {"no length, without any newline", SLICE_INIT("{}\n{\"type\":\"attachment\"}"),
         "attachment:"},
        {"no length, an empty line", SLICE_INIT("{}\n{\"type\":\"attachment\"}\n\n"),
         "attachment:"},
        {"unknown types stay",
         SLICE_INIT("{\"new\":[1]}\n{\"type\":\"unknown_thing\",\"x\":{}}\n1\n{\"type\":"
                    "\"session\"}\n2"),
         "unknown:1 session:2"},
        {"profile_chunk_ui is profile_chunk", SLICE_INIT("{}\n{\"type\":\"profile_chunk_ui\"}\n{}"),
         "profile_chunk:{}"},
        {"many attachments and sessions",
         SLICE_INIT("{}\n{\"type\":\"session\"}\n1\n{\"type\":\"session\"}\n2\n{\"type\":"
                    "\"attachment\"}\n3\n{\"type\":\"attachment\"}\n4\n{\"type\":\"client_"
                    "report\"}\n5\n{\"type\":\"event\"}\n6\n"),
         "session:1 session:2 attachment:3 attachment:4 client_report:5 event:6"},
        {"blank lines before a header are JSON's white space",
         SLICE_INIT("{}\n\n\n{\"type\":\"session\"}\n1"), "session:1"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct envelope envelope;
        struct fault fault = parse(cases[i].body, &envelope);
        cr_expect_not(fault_is(fault), "%s: %s at %zu", cases[i].rule, fault.reason, fault.offset);
        if (!fault_is(fault)) {
            cr_expect_str_eq(outline(&envelope), cases[i].items, "%s: %s", cases[i].rule,
                             outline(&envelope));
        }
    }
}

Test(envelope, refuses_what_it_does_not_and_says_where)
{
    static const struct {
        struct slice body;
        const char *reason;
        size_t offset;
    } cases[] = {
        {SLICE_INIT(""), "envelope: empty body", 0},
        {SLICE_INIT("\n"), "envelope: header is not JSON", 1},
        {SLICE_INIT("garbage"), "envelope: header is not JSON", 1},
        {SLICE_INIT("[]\n"), "envelope: header is not a JSON object", 0},
        {SLICE_INIT("{\"a\":"), "envelope: header is not JSON", 5},
        {SLICE_INIT("{}x"), "envelope: no newline after the header", 2},
        {SLICE_INIT("{}\r\n"), "envelope: no newline after the header", 2},
        {SLICE_INIT("{} \n"), "envelope: no newline after the header", 2},
        {SLICE_INIT("{}{}"), "envelope: no newline after the header", 2},
        {SLICE_INIT("{\"event_id\":\"xyz\"}\n"), "envelope: event_id is not 32 hex digits", 0},
        {SLICE_INIT("{\"event_id\":7}\n"), "envelope: event_id is not 32 hex digits", 0},
        {SLICE_INIT("{\"sent_at\":\"2023-11-14T22:13:20Z\",\"sent_at\":\"2023-11-14T22:13:21Z\"}"),
         "envelope: header has sent_at twice", 0},
        {SLICE_INIT("{}\n\n"), "envelope: item header is not JSON", 4},
        {SLICE_INIT("{}\n{\"type\":\"session\"}\n1\n\n"), "envelope: item header is not JSON", 25},
        {SLICE_INIT("{}\n{\"type\":\"session\"}\n1\n "), "envelope: item header is not JSON", 25},
        {SLICE_INIT("{}\n{\"length\":1}\n1"), "envelope: item header has no type", 3},
        {SLICE_INIT("{}\n{\"type\":7}\n1"), "envelope: item header has no type", 3},
        {SLICE_INIT("{}\n[1]\n1"), "envelope: item header is not a JSON object", 3},
        {SLICE_INIT("{}\n{\"type\":\"session\"}x\n1"), "envelope: no newline after the item header",
         21},
        {SLICE_INIT("{}\n{\"type\":\"event\",\"length\":90}\n{\"a\":1}"),
         "envelope: item length runs past the end of the body", 32},
        {SLICE_INIT("{}\n{\"type\":\"event\",\"length\":90}"),
         "envelope: item length runs past the end of the body", 31},
        {SLICE_INIT("{}\n{\"type\":\"event\",\"length\":2}\n{\"a\":1}"),
         "envelope: no newline where item length says the payload ends", 33},
        {SLICE_INIT("{}\n{\"type\":\"event\",\"length\":-1}\n{}"),
         "envelope: item length is not a size", 32},
        {SLICE_INIT("{}\n{\"type\":\"event\",\"length\":1.5}\n{}"),
         "envelope: item length is not a size", 33},
        {SLICE_INIT("{}\n{\"type\":\"event\",\"length\":\"2\"}\n{}"),
         "envelope: item length is not a size", 33},
        {SLICE_INIT("{}\n{\"type\":\"event\",\"length\":4294967296}\n{}"),
         "envelope: item length is not a size", 40},
        {SLICE_INIT("{}\n{\"type\":\"integration\"}\n{}"),
         "envelope: items of type integration are not accepted", 26},
        {SLICE_INIT("{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"event\"}\n{}"),
         "envelope: more than one event or transaction", 40},
        {SLICE_INIT("{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"transaction\"}\n{}"),
         "envelope: more than one event or transaction", 46},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct envelope envelope = {.count = 77};
        struct fault fault = parse(cases[i].body, &envelope);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", cases[i].body.at);
        cr_assert_not_null(fault.reason, "%s", cases[i].body.at);
        cr_expect_str_eq(fault.reason, cases[i].reason, "%s: %s", cases[i].body.at, fault.reason);
        cr_expect_eq(fault.offset, cases[i].offset, "%s: %zu", cases[i].body.at, fault.offset);
        cr_expect_eq(envelope.count, 77, "%s", cases[i].body.at);
    }
}

Test(envelope, reads_its_header)
{
    struct envelope envelope;
    struct slice body = SLICE("{\"event_id\":\"9EC79C33-EC99-42AB-8353-589FCB2E04DC\","
                              "\"dsn\":\"https://k@h/1\",\"sent_at\":\"2023-11-14T22:13:20.5Z\","
                              "\"sdk\":{\"name\":\"sentry.python\",\"version\":\"1.9.10\"},"
                              "\"trace\":{\"trace_id\":\"x\"}}");
    char id[ID_HEX_BYTES + 1];
    cr_assert_not(fault_is(parse(body, &envelope)));

    id_format(envelope.event_id, id);
    cr_expect_str_eq(id, ID);
    cr_expect(slice_eq(envelope.dsn, SLICE("https://k@h/1")));
    cr_expect_eq(envelope.sent_at_us, INT64_C(1700000000500000));
    cr_expect(slice_eq(envelope.sdk_name, SLICE("sentry.python")));
    cr_expect(slice_eq(envelope.sdk_version, SLICE("1.9.10")));
    cr_expect_not_null(value_get(envelope.headers, SLICE("trace")));
}

Test(envelope, leaves_out_of_its_header_what_it_does_not_understand)
{
    struct envelope envelope;
    struct slice body = SLICE("{\"event_id\":null,\"dsn\":7,\"sent_at\":\"now\",\"sdk\":[]}\n");

    cr_assert_not(fault_is(parse(body, &envelope)));

    cr_expect(id_is_none(envelope.event_id));
    cr_expect_eq(envelope.dsn.len, 0);
    cr_expect_eq(envelope.sent_at_us, 0);
    cr_expect_eq(envelope.sdk_name.len, 0);
}

Test(envelope, knows_where_each_payload_lay)
{
    struct envelope envelope;
    struct slice body = SLICE("{}\n{\"type\":\"session\"}\nab\n{\"type\":\"log\"}\ncd");
    cr_assert_not(fault_is(parse(body, &envelope)));

    cr_expect_eq(envelope.items[0].offset, 22);
    cr_expect_eq(envelope.items[1].payload.at, body.at + envelope.items[1].offset);
    cr_expect(slice_eq(envelope.items[1].payload, SLICE("cd")));
}

Test(envelope, needs_an_event_id_for_what_belongs_to_an_event)
{
    struct envelope envelope;
    cr_assert_not(fault_is(parse(SLICE("{}\n{\"type\":\"session\"}\n1"), &envelope)));
    cr_expect_not(envelope_needs_event_id(&envelope));
    cr_expect_null(envelope_event(&envelope));
    cr_assert_not(fault_is(parse(SLICE("{}\n{\"type\":\"attachment\"}\n1"), &envelope)));
    cr_expect(envelope_needs_event_id(&envelope));
    cr_expect_null(envelope_event(&envelope));
    cr_assert_not(fault_is(parse(SLICE("{}\n{\"type\":\"transaction\"}\n1"), &envelope)));
    cr_expect_eq(envelope_event(&envelope), &envelope.items[0]);
}

Test(envelope, containers_hold_what_they_promise)
{
    static const struct {
        struct slice body;
        const char *reason;
    } cases[] = {
        {SLICE_INIT("{}\n{\"type\":\"log\",\"item_count\":2}\n{\"items\":[{},{}]}"), NULL},
        {SLICE_INIT("{}\n{\"type\":\"span\",\"item_count\":0}\n{\"version\":2,\"items\":[]}"),
         NULL},
        {SLICE_INIT("{}\n{\"type\":\"trace_metric\",\"item_count\":1}\n{\"items\":[{},{}]}"),
         "envelope: item_count is not the number of items"},
        {SLICE_INIT("{}\n{\"type\":\"log\",\"item_count\":\"x\"}\n{\"items\":[]}"),
         "envelope: item_count is not the number of items"},
        {SLICE_INIT("{}\n{\"type\":\"log\",\"item_count\":1}\n{\"items\":{}}"),
         "envelope: container has no list of items"},
        {SLICE_INIT("{}\n{\"type\":\"log\",\"item_count\":1}\n[{}]"),
         "envelope: container has no list of items"},
        {SLICE_INIT("{}\n{\"type\":\"log\",\"item_count\":1}\n{\"items\":"),
         "json: not valid JSON here"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct envelope envelope;
        const struct value *members = NULL;
        cr_assert_not(fault_is(parse(cases[i].body, &envelope)));
        cr_assert(envelope_item_is_container(&envelope.items[0]));
        struct fault fault = envelope_item_members(&arena, &envelope.items[0], &members);
        cr_expect_eq(fault_is(fault), cases[i].reason != NULL, "%s", cases[i].body.at);
        cr_expect_eq(members != NULL, cases[i].reason == NULL, "%s", cases[i].body.at);
        if (fault_is(fault) && cases[i].reason != NULL) {
            cr_expect_str_eq(fault.reason, cases[i].reason);
            cr_expect_geq(fault.offset, envelope.items[0].offset);
        }
    }
}

Test(envelope, other_items_are_no_containers)
{
    struct envelope envelope;
    struct slice body =
        SLICE("{}\n{\"type\":\"span\"}\n{}\n{\"type\":\"event\",\"item_count\":1}\n{}");
    cr_assert_not(fault_is(parse(body, &envelope)));
    cr_expect_not(envelope_item_is_container(&envelope.items[0]));
    cr_expect_not(envelope_item_is_container(&envelope.items[1]));
}

Test(envelope, is_too_big_in_an_arena_of_any_size_that_does_not_hold_it)
{
    struct slice body = SLICE("{\"a\\n\":1}\n{\"type\":\"session\"}\n1\n{\"type\":\"session\"}\n1\n"
                              "{\"type\":\"session\"}\n1\n{\"type\":\"session\"}\n1\n"
                              "{\"type\":\"session\"}\n1\n");
    bool fitted = false;
    for (size_t size = 0; size < 32768 && !fitted; size += 16) {
        struct envelope envelope = {.count = 77};
        arena_over(&arena, room, size);
        struct fault fault = envelope_parse(&arena, body, &envelope);
        fitted = !fault_is(fault);
        cr_assert(fitted || (fault.kind == FAULT_TOO_BIG && envelope.count == 77), "%zu", size);
    }
    cr_expect(fitted);
}
