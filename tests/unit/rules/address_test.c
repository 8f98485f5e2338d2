/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/address.h"
#include <criterion/criterion.h>

Test(address, networks_hold_their_addresses_only)
{
    static const struct {
        const char *network;
        const char *address;
        bool is_in;
    } cases[] = {
        {"10.0.0.0/8", "10.255.0.1", true},  {"10.0.0.0/8", "11.0.0.1", false},
        {"10.0.0.0/9", "10.128.0.0", false}, {"1.2.3.4/32", "1.2.3.4", true},
        {"1.2.3.4/32", "1.2.3.5", false},    {"0.0.0.0/0", "255.1.1.1", true},
        {"0.0.0.0/0", "::1", false},         {"::/0", "::1", true},
        {"::/0", "1.2.3.4", true},           {"fe80::/10", "febf::1", true},
        {"fe80::/10", "fec0::1", false},     {"::ffff:1.2.3.0/120", "1.2.3.9", true},
        {"10.0.0.0/8", "", false},           {"10.0.0.0/8", "10.0.0", false},
        {"10.0.0.0/8", "10.0.0.1x", false},  {"10.0.0.0/8", "10.0.0.1/8", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t network[16];
        uint8_t bits = 0;
        bool has_host_bits = false;
        cr_assert(
            address_parse_network(slice_str(cases[i].network), network, &bits, &has_host_bits));
        cr_expect_eq(address_is_in(slice_str(cases[i].address), network, bits), cases[i].is_in,
                     "%s in %s", cases[i].address, cases[i].network);
    }
}

Test(address, refuses_what_is_no_network)
{
    static const struct {
        const char *text;
        bool has_host_bits;
    } cases[] = {
        {"10.0.0.1/8", true},
        {"fe80::1/10", true},
        {"10.0.0.0/33", false},
        {"::/129", false},
        {"10.0.0.0/", false},
        {"10.0.0.0/a", false},
        {"", false},
        {"/8", false},
        {"host/8", false},
        {"10.0.0.0/-1", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t network[16];
        uint8_t bits = 0;
        bool has_host_bits = false;
        cr_expect_not(
            address_parse_network(slice_str(cases[i].text), network, &bits, &has_host_bits), "%s",
            cases[i].text);
        cr_expect_eq(has_host_bits, cases[i].has_host_bits, "%s", cases[i].text);
    }
}
