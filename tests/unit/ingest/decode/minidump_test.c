/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/minidump.h"
#include "tests/unit/ingest/decode/dump.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(minidump, .init = made_start, .fini = made_end);

static struct fault describe(struct slice bytes, struct value **event)
{
    *event = value_new(&made, VALUE_MAP);
    return minidump_describe(&made, bytes, *event);
}

Test(minidump, is_titled_by_its_reason_and_module)
{
    char bytes[DUMP_BYTES];
    struct value *event;
    struct fault fault = describe(dump_linux(bytes, 11, 0x401234), &event);

    cr_assert_not(fault_is(fault), "%s", fault.reason);
    made_expect(event, "platform", "native");
    made_expect(event, "level", "fatal");
    made_expect(event, "exception/0/type", "SIGSEGV");
    made_expect(event, "exception/0/value", "crash in shop");
    made_expect(event, "exception/0/mechanism/type", "minidump");
    made_expect(event, "exception/0/stacktrace/frames/0/package", "shop");
    made_expect(event, "exception/0/stacktrace/frames/0/instruction_addr", "0x401234");
    made_expect(event, "exception/0/stacktrace/frames/0/image_addr", "0x400000");
    made_expect(event, "debug_meta/images/0/code_file", "shop");
    made_expect(event, "contexts/os/name", "Linux");
    made_expect(event, "contexts/os/version", "6.1.0");
}

Test(minidump, a_crash_outside_of_all_modules_is_the_programs)
{
    char bytes[DUMP_BYTES];
    struct value *event;
    struct fault fault = describe(dump_linux(bytes, 99, 0x10), &event);
    cr_assert_not(fault_is(fault));
    made_expect(event, "exception/0/type", "Exception 0x00000063");
    made_expect(event, "exception/0/value", "crash in shop");
    cr_expect_eq(made_at(event, "exception/0/stacktrace/frames")->count, 0u);
}

Test(minidump, what_the_event_says_itself_stays)
{
    char bytes[DUMP_BYTES];
    struct value *event = made_of("{\"level\":\"error\",\"exception\":[{\"type\":\"Mine\"}]}");
    struct fault fault = minidump_describe(&made, dump_linux(bytes, 11, 0x401234), event);
    cr_assert_not(fault_is(fault));
    made_expect(event, "level", "error");
    made_expect(event, "exception/0/type", "Mine");
    made_expect(event, "platform", "native");
}

Test(minidump, no_length_in_it_is_believed)
{
    char whole[DUMP_BYTES];
    struct slice dump = dump_linux(whole, 11, 0x401234);
    struct value *event;
    for (size_t length = 0; length < dump.len; length++) {
        struct fault fault = describe(slice_head(dump, length), &event);
        cr_expect_eq(fault_is(fault), length < 32 + 3 * 12, "%zu bytes", length);
    }
    for (size_t at = 4; at < dump.len; at++) {
        char bent[DUMP_BYTES];
        memcpy(bent, whole, sizeof(bent));
        bent[at] = (char)0xff;
        (void)describe(slice_of(bent, dump.len), &event); /* under the sanitizers */
        arena_reset(&made);
    }
    cr_expect(fault_is(describe(SLICE("MDMP"), &event)));
    cr_expect(minidump_is(dump) && !minidump_is(SLICE("MDM")));
}
