/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/record.h"

#include "ingest/base/must.h"
#include <criterion/criterion.h>

Test(record_limits, a_field_may_have_8_kib_and_not_one_byte_more)
{
    static char text[RECORD_FIELD_BYTES_MAX + 1];
    struct record record = {.sequence = 1, .kind = RECORD_STORE};

    record.user_agent = slice_of(text, RECORD_FIELD_BYTES_MAX);
    cr_expect(record_bytes(&record) > 0);

    record.user_agent.len++;
    cr_expect_eq(record_bytes(&record), 0);

    record.user_agent.len = 0;
    record.parameters = slice_of(text, RECORD_FIELD_BYTES_MAX);
    cr_expect(record_bytes(&record) > 0);
    record.parameters.len++;
    cr_expect_eq(record_bytes(&record), 0);
}

Test(record_limits, a_body_of_the_limit_is_encoded_and_one_past_is_refused)
{
    char *body = calloc(1, BODY_WIRE_BYTES_MAX + 1);
    char *bytes = malloc(RECORD_BYTES_MAX);
    struct record back;
    struct record record = {.sequence = 1, .kind = RECORD_STORE};

    record.body = slice_of(body, BODY_WIRE_BYTES_MAX);
    size_t size = record_bytes(&record);
    cr_assert(size > 0 && size <= RECORD_BYTES_MAX);
    record_encode(&record, 1, bytes);
    cr_expect(!fault_is(record_decode(slice_of(bytes, size), 1, &back)));

    record.body.len++;
    cr_expect_eq(record_bytes(&record), 0);
    free(body);
    free(bytes);
}

Test(record_limits, the_largest_record_fits_its_bound)
{
    static char text[RECORD_FIELD_BYTES_MAX];
    struct slice most = slice_of(text, sizeof text);
    struct record record = {.key = most,
                            .address = most,
                            .content_type = most,
                            .content_encoding = most,
                            .user_agent = most,
                            .parameters = most,
                            .body = slice_of(NULL, BODY_WIRE_BYTES_MAX)};

    cr_expect(record_bytes(&record) > 0);
    cr_expect(record_bytes(&record) <= RECORD_BYTES_MAX);
}
