/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/address.h"
#include "rules/networks.h"
#include "tests/unit/rules/fixture.h"

static const char *const written[] = {
    "0.0.0.0/0",          "::/0",           "10.0.0.0/8",   "10.0.0.0/9", "10.128.0.0/9",
    "10.1.2.3/32",        "10.1.2.2/31",    "192.0.2.0/24", "fe80::/10",  "2001:db8::/32",
    "2001:db8::1/128",    "2001:db8::/127", "::1/128",      "10.0.0.0/8", "::ffff:10.0.0.0/104",
    "255.255.255.255/32", "128.0.0.0/1",    "0.0.0.0/1",    "8000::/1",
};
#define COUNT (sizeof(written) / sizeof(written[0]))

/* The tests that hold for an address by the trie, as bits. */
static uint32_t held(const struct networks *all, uint32_t root, const uint8_t address[static 16])
{
    uint32_t bits = 0;
    uint32_t node = networks_find(all, root, address);
    while (node != 0) {
        for (uint32_t i = all->at[node - 1].atoms; i != 0; i = all->atoms[i - 1].next) {
            cr_expect_eq(bits >> all->atoms[i - 1].atom & 1, 0u, "told once");
            bits |= 1u << all->atoms[i - 1].atom;
        }
        node = networks_find(all, networks_below(all, node, address), address);
    }
    return bits;
}

Test(networks, a_walk_finds_what_each_network_says_by_itself)
{
    static const char *const asked[] = {
        "0.0.0.0",
        "10.0.0.0",
        "10.1.2.3",
        "10.1.2.2",
        "10.127.255.255",
        "10.128.0.0",
        "11.0.0.0",
        "9.255.255.255",
        "192.0.2.0",
        "192.0.2.255",
        "192.0.3.0",
        "127.255.255.255",
        "128.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "fe80::",
        "febf::1",
        "fec0::",
        "2001:db8::1",
        "2001:db8::",
        "2001:db8::2",
        "2001:db9::",
        "8000::",
        "ffff::",
        "::ffff:10.1.2.3",
        "::10.1.2.3",
    };
    struct fixture *f = fixture_new();
    struct networks all;
    uint32_t root = 0;
    cr_assert(networks_init(&all, &f->arena, COUNT));
    for (uint32_t i = 0; i < COUNT; i++) {
        uint8_t address[16];
        uint8_t bits = 0;
        bool has_host_bits = false;
        cr_assert(address_parse_network(slice_str(written[i]), address, &bits, &has_host_bits));
        networks_add(&all, &root, address, bits, i);
    }
    for (size_t k = 0; k < sizeof(asked) / sizeof(asked[0]); k++) {
        uint8_t address[16];
        uint32_t wanted = 0;
        cr_assert(address_parse(slice_str(asked[k]), address));
        for (uint32_t i = 0; i < COUNT; i++) {
            uint8_t network[16];
            uint8_t bits = 0;
            bool has_host_bits = false;
            (void)address_parse_network(slice_str(written[i]), network, &bits, &has_host_bits);
            wanted |= (address_is_in(slice_str(asked[k]), network, bits) ? 1u : 0u) << i;
        }
        cr_expect_eq(held(&all, root, address), wanted, "%s", asked[k]);
    }
    fixture_free(f);
}

Test(networks, an_empty_trie_holds_nothing)
{
    struct fixture *f = fixture_new();
    struct networks all;
    uint8_t address[16] = {0};

    cr_assert(networks_init(&all, &f->arena, 0));
    cr_expect_eq(networks_find(&all, 0, address), 0u);
    fixture_free(f);
}

Test(networks, rules_of_networks_agree_with_the_oracle_at_the_borders)
{
    struct fixture *f = fixture_new();
    fixture_text(f, "title: a\nlogsource: {category: c}\n"
                    "detection: {s: {a|cidr: [10.0.0.0/8, '2001:db8::/32']}, condition: s}\n---\n"
                    "title: b\nlogsource: {category: c}\n"
                    "detection: {s: {a|cidr: 10.1.2.3/32}, condition: s}\n---\n"
                    "title: c\nlogsource: {category: c}\n"
                    "detection: {s: {a|cidr: '::/0'}, t: {a|cidr: 10.1.0.0/16},\n"
                    "            condition: s and not t}\n");
    static const struct {
        const char *event;
        uint32_t count;
    } cases[] = {
        {"{\"a\": \"10.1.2.3\"}", 2},
        {"{\"a\": \"10.2.0.0\"}", 2},
        {"{\"a\": \"::ffff:10.1.2.3\"}", 2},
        {"{\"a\": \"2001:db8::5\"}", 2},
        {"{\"a\": \"9.9.9.9\"}", 1},
        {"{\"a\": \"10.1.2\"}", 0},
        {"{\"a\": \"\"}", 0},
        {"{\"a\": [\"9.9.9.9\", \"10.1.2.3\"]}", 2},
        {"{\"b\": \"10.1.2.3\"}", 0},
        {"{\"a\": 10}", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)fixture_holds(f, cases[i].event);
        cr_expect_eq(f->count, cases[i].count, "%s: %u", cases[i].event, f->count);
    }
    fixture_free(f);
}
