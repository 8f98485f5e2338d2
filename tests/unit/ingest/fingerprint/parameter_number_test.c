/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/parameter.h"
#include "tests/unit/ingest/fingerprint/parameters.h"

#define CHECK(rows) parameters_check(rows, sizeof(rows) / sizeof((rows)[0]))

Test(parameter_number, ids_of_known_shape)
{
    static const struct parameters_row rows[] = {
        {"0f8a4c1e-5b7d-4a3e-9c21-6d0e8f7b1a55", "<uuid>"},
        {"0F8A4C1E-5B7D-4A3E-9C21-6D0E8F7B1A55/x", "<uuid>/x"},
        {"{abcdefab-cdef-abcd-efab-cdefabcdefab}", "{<uuid>}"},
        {"da39a3ee5e6b4b0d3255bfef95601890afd80709", "<sha1>"},
        {"d41d8cd98f00b204e9800998ecf8427e", "<md5>"},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "<traceparent>"},
        {"1-5759e988-bd862e3fe1be46a994272793", "<traceparent>"},
        {"x1-5759e988-bd862e3fe1be46a994272793", "x1-<hex>-<hex>"},
        {"tx21a4f09c8e3b4d7f9a056-0065a1b2c3", "<swift_txn_id>"},
        {"tx21a4f09c8e3b4d7f9a056-0065a1b2c3-cluster01", "<swift_txn_id>"},
        {"ax21a4f09c8e3b4d7f9a056-0065a1b2c3", "ax21a4f09c8e3b4d7f9a056-<hex>"},
        {"commit a93c7d2", "commit <git_sha>"},
        {"commit cabcafe", NULL},
        {"key sk4Xp9Zt2Qm7Rb1Vn8", "key <random_id>"},
        {"Base64EncoderForUtf8", NULL},
    };
    CHECK(rows);
}

Test(parameter_number, hex_has_a_prefix_or_is_long_or_mixed)
{
    static const struct parameters_row rows[] = {
        {"0x0", "<hex>"},
        {"0xdeadbeef", "<hex>"},
        {"0XDEADBEEF", "<hex>"},
        {"7ffd4", "<hex>"},
        {"7FFD4", "<hex>"},
        {"7fF4", NULL},
        {"9af", NULL},
        {"cafe", NULL},
        {"deadbee", NULL},
        {"deadbeef", "<hex>"},
        {"DEADBEEFCAFE", "<hex>"},
        {"12345678", "<hex>"},
        {"-12345678", "<hex>"},
        {"9af8c3be3a1231fe1121acb1", "<hex>"},
        {"0xyz", NULL},
    };
    CHECK(rows);
}

Test(parameter_number, hex_is_at_most_128_digits)
{
    char text[132];
    memset(text, 'a', sizeof(text));
    text[0] = '1';
    struct word word = {.at = 0, .end = 128, .classes = CLASS_DIGIT | CLASS_LOW_HEX};
    cr_expect(parameter_is_hex(slice_of(text, sizeof(text)), word));
    word.end = 129;
    cr_expect_not(parameter_is_hex(slice_of(text, sizeof(text)), word));
}

Test(parameter_number, numbers)
{
    static const struct parameters_row rows[] = {
        {"7", "<int>"},
        {"1234567", "<int>"},
        {"-7", "<int>"},
        {"0.5", "<float>"},
        {"-0.5", "<float>"},
        {"4,150", "<int>,<int>"},
        {"#4711", "#<int>"},
        {"(4711)", "(<int>)"},
        {"value:-17", "value:<int>"},
        {"415-908", "<int>-<int>"},
        {"worker-7", "worker-<int>"},
        {"utf-8", "utf-<int>"},
        {"worker7", NULL},
        {"x86_64", NULL},
        {"no number", NULL},
    };
    CHECK(rows);
}
