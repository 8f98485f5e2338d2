/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/multipart.h"
#include <criterion/criterion.h>

#define TYPE SLICE("multipart/form-data; charset=x; boundary=\"b1\"")

static unsigned parts_of(struct slice type, struct slice body, struct part *out, unsigned room,
                         struct fault *fault)
{
    struct multipart form;
    bool found = true;
    unsigned count = 0;
    *fault = multipart_open(&form, type, body);
    while (!fault_is(*fault) && found) {
        struct part part;
        *fault = multipart_next(&form, &part, &found);
        if (!fault_is(*fault) && found && count < room) {
            out[count++] = part;
        }
    }
    return count;
}

Test(multipart, gives_names_types_and_bytes_of_each_part)
{
    struct slice body = SLICE("preamble\r\n--b1\r\n"
                              "Content-Disposition: form-data; name=\"a;b\"\r\n\r\none\r\n--b1\r\n"
                              "content-type: application/x-dmp\r\n"
                              "Content-Disposition: form-data; filename=\"x.dmp\"; name=dump\r\n"
                              "\r\nM\0\r\n--b\r\n\r\n--b1\r\n"
                              "Content-Disposition: form-data; name=empty\r\n\r\n\r\n--b1--\r\n");
    struct part parts[4];
    struct fault fault;
    cr_assert_eq(parts_of(TYPE, body, parts, 4, &fault), 3u, "%s", fault.reason);
    cr_expect(slice_eq(parts[0].name, SLICE("a;b")) && parts[0].filename.len == 0);
    cr_expect(slice_eq(parts[0].content, SLICE("one")));
    cr_expect(slice_eq(parts[1].name, SLICE("dump")));
    cr_expect(slice_eq(parts[1].filename, SLICE("x.dmp")));
    cr_expect(slice_eq(parts[1].content_type, SLICE("application/x-dmp")));
    cr_expect(slice_eq(parts[1].content, SLICE("M\0\r\n--b\r\n")));
    cr_expect(slice_eq(parts[2].name, SLICE("empty")) && parts[2].content.len == 0);
}

Test(multipart, what_is_cut_short_is_malformed_wherever_it_is_cut)
{
    struct slice body =
        SLICE("--b1\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--b1--");
    struct part part;
    struct fault fault;
    cr_assert_eq(parts_of(TYPE, body, &part, 1, &fault), 1u);
    for (size_t length = 0; length < body.len - 2; length++) {
        (void)parts_of(TYPE, slice_head(body, length), &part, 1, &fault);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%zu bytes", length);
        cr_expect(fault.offset == FAULT_NO_OFFSET || fault.offset <= length);
    }
}

Test(multipart, a_type_without_a_boundary_is_no_form)
{
    static const char *const types[] = {"", "multipart/form-data", "multipart/form-data; boundary=",
                                        "multipart/form-data; boundary=\"\"", "boundary=b1"};
    struct multipart form;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct fault fault = multipart_open(&form, slice_str(types[i]), SLICE("--b1--"));
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", types[i]);
    }
    char longest[128] = "multipart/form-data; boundary=";
    char body[80] = "--";
    memset(longest + strlen(longest), 'x', 70);
    memset(body + 2, 'x', 70);
    cr_expect_not(fault_is(multipart_open(&form, slice_str(longest), slice_str(body))));
    longest[strlen(longest)] = 'x';
    cr_expect(fault_is(multipart_open(&form, slice_str(longest), slice_str(body))));
}
