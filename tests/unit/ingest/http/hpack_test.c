/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/hpack.h"

#include <criterion/criterion.h>

#include <stdint.h>

static const struct {
    const char *name;
    struct slice block;
    size_t count;
} cases[] = {
    {"nothing", SLICE_INIT(""), 0},
    {"three references", SLICE_INIT("\x82\x86\x84"), 3},
    {"a reference of two octets", SLICE_INIT("\xff\x01"), 1},
    {"a literal with indexing, new name",
     SLICE_INIT("\x40\x01"
                "a\x02"
                "bc"),
     1},
    {"a literal with indexing, known name", SLICE_INIT("\x44\x01/"), 1},
    {"a literal without indexing",
     SLICE_INIT("\x00\x01"
                "a\x01"
                "b"),
     1},
    {"a literal never indexed, long index", SLICE_INIT("\x1f\x05\x01x"), 1},
    {"an empty value",
     SLICE_INIT("\x00\x01"
                "a\x00"),
     1},
    {"a Huffman string", SLICE_INIT("\x44\x81\x63"), 1},
    {"size updates, which are none", SLICE_INIT("\x20\x3f\xe1\x1f\x82"), 1},
    {"a reference cut off", SLICE_INIT("\xff"), HPACK_MALFORMED},
    {"a reference cut off in its octets", SLICE_INIT("\xff\x80"), HPACK_MALFORMED},
    {"an integer of five octets", SLICE_INIT("\xff\x80\x80\x80\x80\x01"), HPACK_MALFORMED},
    {"an integer of four octets", SLICE_INIT("\xff\x80\x80\x80\x01"), 1},
    {"a value longer than the block", SLICE_INIT("\x44\x05/"), HPACK_MALFORMED},
    {"no value", SLICE_INIT("\x44"), HPACK_MALFORMED},
    {"a name longer than the block", SLICE_INIT("\x40\x7f\x80\x80\x80\x01"), HPACK_MALFORMED},
};

Test(hpack, counts_fields_and_sees_what_is_malformed)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t count = hpack_count(cases[i].block);
        cr_expect_eq(count, cases[i].count, "%s: %zu", cases[i].name, count);
    }
}
