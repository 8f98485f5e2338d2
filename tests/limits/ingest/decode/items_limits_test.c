/* SPDX-License-Identifier: Apache-2.0 */
/* Items, parts of forms and lists of minidumps: at their limits, and one past them. */
#include "ingest/decode/body.h"
#include "ingest/decode/minidump.h"
#include "tests/limits/ingest/decode/text.h"

TestSuite(items_limits, .init = text_start, .fini = text_stop);

static struct fault parse_item(const char *type, size_t bytes)
{
    struct envelope envelope;
    arena_reset(&arena);
    buffer_reset(&text);
    buffer_add(&text, arena_printf(&arena, "{}\n{\"type\":\"%s\",\"length\":%zu}\n", type, bytes));
    add_many(' ', bytes);
    return envelope_parse(&arena, buffer_slice(&text), &envelope);
}

Test(items_limits, items_are_as_large_as_their_type_allows)
{
    static const struct {
        const char *type;
        size_t most;
    } rows[] = {
        {"event", EVENT_BYTES_MAX},
        {"transaction", EVENT_BYTES_MAX},
        {"sessions", SESSIONS_BYTES_MAX},
        {"client_report", CLIENT_REPORT_BYTES_MAX},
        {"check_in", CHECK_IN_BYTES_MAX},
        {"replay_recording", REPLAY_BYTES_MAX},
        {"log", CONTAINER_BYTES_MAX},
        {"span", CONTAINER_BYTES_MAX},
        {"trace_metric", CONTAINER_BYTES_MAX},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_not(fault_is(parse_item(rows[i].type, rows[i].most)), "%s", rows[i].type);
        struct fault fault = parse_item(rows[i].type, rows[i].most + 1);
        cr_expect_eq(fault.kind, FAULT_TOO_BIG, "%s", rows[i].type);
        cr_expect(fault.offset < buffer_slice(&text).len, "%s", rows[i].type);
    }
}

static struct fault check_in_of(size_t bytes)
{
    struct envelope envelope;
    buffer_reset(&text);
    buffer_add(&text, SLICE("{}"));
    add_many(' ', bytes - 2);
    const struct body body = {.plain = buffer_slice(&text),
                              .parameters = SLICE("monitor_slug=a&status=ok")};
    return body_check_in(&arena, &body, &envelope);
}

Test(items_limits, check_ins_by_url_are_as_large_as_items)
{
    cr_expect_not(fault_is(check_in_of(CHECK_IN_BYTES_MAX)));
    cr_expect_eq(check_in_of(CHECK_IN_BYTES_MAX + 1).kind, FAULT_TOO_BIG);
}

static struct fault form_of(uint32_t parts, struct envelope *out)
{
    buffer_reset(&text);
    for (uint32_t i = 0; i < parts; i++) {
        buffer_add(&text, SLICE("--b\r\ncontent-disposition: form-data; name=\"f\"; "
                                "filename=\"f\"\r\n\r\nx\r\n"));
    }
    buffer_add(&text, SLICE("--b--\r\n"));
    const struct body body = {.plain = buffer_slice(&text),
                              .content_type = SLICE("multipart/form-data; boundary=b")};
    return body_attachments(&arena, &body, out);
}

Test(items_limits, forms_have_as_many_parts_as_allowed)
{
    struct envelope envelope;
    cr_expect_not(fault_is(form_of(PARTS_MAX, &envelope)));
    cr_expect_eq(envelope.count, PARTS_MAX);
    cr_expect_eq(form_of(PARTS_MAX + 1, &envelope).kind, FAULT_TOO_BIG);
}

static void put(char *at, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = (char)(unsigned char)(number >> (8 * i));
    }
}

#define STREAMS_AT 32u
#define MODULES_AT (STREAMS_AT + 12u * (MINIDUMP_STREAMS_MAX + 1))
#define MODULE     108u

/* A dump of `streams` streams: an exception, `modules` modules side by side, and empty ones. The
 * crash is in the last module. */
static struct fault dump_of(uint32_t streams, uint32_t modules, struct value **event)
{
    uint32_t bytes = 4 + MODULE * modules, exception = MODULES_AT + bytes;
    char *dump = arena_alloc(&arena, exception + 168);
    cr_assert_not_null(dump);
    memcpy(dump, "MDMP\x93\xa7", 6);
    put(dump + 8, streams, 4);
    put(dump + 12, STREAMS_AT, 4);
    put(dump + STREAMS_AT, 4, 4);
    put(dump + STREAMS_AT + 4, bytes, 4);
    put(dump + STREAMS_AT + 8, MODULES_AT, 4);
    put(dump + STREAMS_AT + 12, 6, 4);
    put(dump + STREAMS_AT + 16, 168, 4);
    put(dump + STREAMS_AT + 20, exception, 4);
    put(dump + MODULES_AT, modules, 4);
    for (uint32_t i = 0; i < modules; i++) {
        put(dump + MODULES_AT + 4 + MODULE * i, 0x10000ull * (i + 1), 8);
        put(dump + MODULES_AT + 12 + MODULE * i, 0x10000, 4);
    }
    put(dump + exception + 8, 11, 4);
    put(dump + exception + 24, 0x10000ull * modules + 16, 8);
    *event = value_new(&arena, VALUE_MAP);
    return minidump_describe(&arena, slice_of(dump, exception + 168), *event);
}

static bool has_frame_in_a_module(const struct value *event)
{
    const struct value *list = value_get(value_get(event, SLICE("exception")), SLICE("values"));
    list = list != NULL ? list : value_get(event, SLICE("exception"));
    const struct value *stack = value_get(value_first(list), SLICE("stacktrace"));
    return value_get(value_first(value_get(stack, SLICE("frames"))), SLICE("image_addr")) != NULL;
}

Test(items_limits, minidumps_have_as_many_streams_as_allowed)
{
    struct value *event;
    cr_expect_not(fault_is(dump_of(MINIDUMP_STREAMS_MAX, 1, &event)));
    cr_expect(has_frame_in_a_module(event));
    cr_expect_eq(dump_of(MINIDUMP_STREAMS_MAX + 1, 1, &event).kind, FAULT_MALFORMED);
}

Test(items_limits, modules_past_the_limit_are_not_known)
{
    struct value *event;
    cr_expect_not(fault_is(dump_of(2, MINIDUMP_MODULES_MAX, &event)));
    cr_expect(has_frame_in_a_module(event));
    cr_expect_not(fault_is(dump_of(2, MINIDUMP_MODULES_MAX + 1, &event)));
    cr_expect_not(has_frame_in_a_module(event));
}
