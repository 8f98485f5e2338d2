/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

static struct buffer buffer;
static struct json json;

static void start(void)
{
    buffer_init(&buffer, 1u << 16);
    json_init(&json, &buffer);
}

static void stop(void)
{
    buffer_done(&buffer);
}

TestSuite(json, .init = start, .fini = stop);

static void expect(const char *text)
{
    cr_expect(slice_eq(buffer_slice(&buffer), slice_str(text)), "%.*s is not %s",
              SLICE_ARG(buffer_slice(&buffer)), text);
}

Test(json, puts_the_commas_where_they_belong)
{
    json_map(&json);
    json_key(&json, "a");
    json_list(&json);
    json_integer(&json, -1);
    json_unsigned(&json, UINT64_MAX);
    json_list(&json);
    json_list_end(&json);
    json_list_end(&json);
    json_member_string(&json, "b", SLICE("x"));
    json_member_integer(&json, "c", INT64_MIN);
    json_member_bool(&json, "d", true);
    json_key_slice(&json, SLICE("e"));
    json_null(&json);
    json_map_end(&json);

    expect("{\"a\":[-1,18446744073709551615,[]],\"b\":\"x\",\"c\":-9223372036854775808,"
           "\"d\":true,\"e\":null}");
}

Test(json, escapes_what_json_does_not_allow)
{
    json_string(&json, SLICE("\"\\\n\r\t\x01\x7f/\0."));

    expect("\"\\\"\\\\\\n\\r\\t\\u0001\\u007f/\\u0000.\"");
}

Test(json, replaces_bytes_that_are_not_utf8)
{
    static const struct {
        struct slice bytes;
        const char *text;
    } cases[] = {
        {SLICE_INIT("a\xff"), "\"a\xEF\xBF\xBD\""},
        {SLICE_INIT("\xc3"), "\"\xEF\xBF\xBD\""},
        {SLICE_INIT("\xc0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {SLICE_INIT("\xe0\x80\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {SLICE_INIT("\xed\xa0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {SLICE_INIT("\xf4\x8f\xbf\xbf"), "\"\xf4\x8f\xbf\xbf\""},
        {SLICE_INIT("\xc3\xa9"), "\"\xc3\xa9\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        buffer_reset(&buffer);
        json_init(&json, &buffer);
        json_string(&json, cases[i].bytes);
        expect(cases[i].text);
    }
}

Test(json, writes_reals_that_read_back_equal)
{
    json_list(&json);
    json_real(&json, 0.1);
    json_real(&json, NAN);
    json_real(&json, INFINITY);
    json_list_end(&json);

    expect("[0.10000000000000001,null,null]");
}

Test(json, writes_no_tree_as_null)
{
    json_value(&json, NULL);

    expect("null");
}

Test(json, a_list_closed_twice_is_a_bug, .signal = SIGABRT)
{
    close(STDERR_FILENO); /* its last words are not this run\'s */
    json_list(&json);
    json_list_end(&json);
    json_list_end(&json);
}

Test(json, a_key_without_its_value_is_a_bug, .signal = SIGABRT)
{
    close(STDERR_FILENO); /* its last words are not this run\'s */
    json_map(&json);
    json_key(&json, "a");
    json_map_end(&json);
}
