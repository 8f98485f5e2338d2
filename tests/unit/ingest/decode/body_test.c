/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/body.h"
#include "tests/unit/ingest/decode/dump.h"
#include "tests/unit/ingest/decode/made.h"

static struct inflate_scratch *scratch;

static void setup(void)
{
    made_start();
    scratch = inflate_scratch_new(1u << 20);
}

static void teardown(void)
{
    inflate_scratch_free(scratch);
    made_end();
}

TestSuite(body, .init = setup, .fini = teardown);

#define FORM       SLICE("multipart/form-data; boundary=b")
#define PART(name) "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static struct fault open(body_fn *fn, struct slice plain, struct slice parameters,
                         struct envelope *out)
{
    const struct body body = {scratch, plain, FORM, parameters};
    return fn(&made, &body, out);
}

static struct slice form_with(const char *before, struct slice dump)
{
    const struct slice parts[] = {
        slice_str(before),
        SLICE("--b\r\nContent-Disposition: form-data; name=upload_file_minidump; filename=x.dmp\r\n"
              "Content-Type: application/x-dmp\r\n\r\n"),
        dump, SLICE("\r\n--b--\r\n")};
    return arena_concat(&made, parts, 4);
}

Test(body, of_every_endpoint_is_an_envelope)
{
    struct envelope envelope;
    static const struct {
        body_fn *open;
        const char *plain;
        const char *parameters;
        enum item_kind kind;
    } cases[] = {
        {body_envelope, "{}\n{\"type\":\"session\"}\n{}", "", ITEM_SESSION},
        {body_store, "{\"message\":\"a\"}", "", ITEM_EVENT},
        {body_store, "eyJtZXNzYWdlIjoiYSJ9", "", ITEM_EVENT},
        {body_reports, "[]", "", ITEM_RAW_SECURITY},
        {body_check_in, "", "monitor_slug=a&status=ok", ITEM_CHECK_IN},
        {body_attachments, PART("log") "text\r\n--b--", "", ITEM_ATTACHMENT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fault fault = open(cases[i].open, slice_str(cases[i].plain),
                                  slice_str(cases[i].parameters), &envelope);
        cr_assert_not(fault_is(fault), "%s: %s", cases[i].plain, fault.reason);
        cr_expect(envelope.count == 1 && envelope.items[0].kind == cases[i].kind, "%s",
                  cases[i].plain);
    }
}

Test(body, attachments_belong_to_the_event_of_the_url)
{
    struct envelope envelope;
    struct slice form = SLICE(PART("a") "1\r\n" PART("b") "2\r\n--b--");
    struct fault fault =
        open(body_attachments, form, SLICE("event_id=fc6d8c0c43fc4630ad850ee518f1b9d0"), &envelope);
    cr_assert_not(fault_is(fault));
    cr_expect(envelope.count == 2 && envelope.event_id.bytes[0] == 0xfc);
    fault = open(body_attachments, form, SLICE("event_id=zz"), &envelope);
    cr_expect_eq(fault.kind, FAULT_MALFORMED);
}

Test(body, a_minidump_form_is_an_event_made_of_its_fields)
{
    char bytes[DUMP_BYTES];
    struct envelope envelope;
    struct slice form =
        form_with(PART("sentry") "{\"release\":\"1\",\"tags\":{\"a\":\"b\"}}\r\n" PART(
                      "sentry[environment]") "prod\r\n" PART("prod_version") "7\r\n",
                  dump_linux(bytes, 11, 0x400001));
    struct fault fault = open(body_minidump, form, SLICE(""), &envelope);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    cr_assert_eq(envelope.count, 2u);
    cr_expect_eq(envelope.items[0].kind, ITEM_ATTACHMENT);
    made_expect(envelope.items[0].headers, "attachment_type", "event.minidump");
    made_expect(envelope.items[0].headers, "filename", "x.dmp");
    made_expect(envelope.items[1].root, "release", "1");
    made_expect(envelope.items[1].root, "tags/a", "b");
    made_expect(envelope.items[1].root, "environment", "prod");
    made_expect(envelope.items[1].root, "extra/prod_version", "7");

    fault = open(body_minidump, dump_linux(bytes, 11, 0x400001), SLICE(""), &envelope);
    cr_expect(!fault_is(fault) && envelope.count == 2, "the dump alone");
}

Test(body, a_form_without_a_dump_is_refused)
{
    struct envelope envelope;
    const struct slice bodies[] = {SLICE(""), SLICE("MDM"), SLICE(PART("a") "1\r\n--b--"),
                                   form_with("", SLICE("no dump")),
                                   form_with(PART("sentry") "{\r\n", SLICE("MDMP"))};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct fault fault = open(body_minidump, bodies[i], SLICE(""), &envelope);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "body %zu", i);
    }
}
