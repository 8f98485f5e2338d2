/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/address.h"
#include "ingest/base/must.h"
#include <arpa/inet.h>

#define V4_BITS 96u /* of an IPv6 address before the four bytes of a mapped IPv4 one */

bool address_parse(struct slice text, uint8_t address[static 16])
{
    char copy[INET6_ADDRSTRLEN];
    if (text.len == 0 || text.len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (slice_find(text, ':') != text.len) {
        return inet_pton(AF_INET6, copy, address) == 1;
    }
    memcpy(address, mapped, sizeof(mapped));
    return inet_pton(AF_INET, copy, address + sizeof(mapped)) == 1;
}

/* Digits up to 128; false for anything else. */
static bool read_bits(struct slice text, unsigned *out)
{
    unsigned bits = 0;
    if (text.len == 0 || text.len > 3) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
        bits = bits * 10 + (unsigned)(text.at[i] - '0');
    }
    *out = bits;
    return bits <= 128;
}

static bool is_in(const uint8_t *address, const uint8_t *network, unsigned bits)
{
    MUST(bits <= 128);
    unsigned whole = bits / 8;
    unsigned rest = bits % 8;
    if (memcmp(address, network, whole) != 0) {
        return false;
    }
    return rest == 0 || ((address[whole] ^ network[whole]) >> (8 - rest)) == 0;
}

static bool has_bits_after(const uint8_t *address, unsigned bits)
{
    for (unsigned i = bits; i < 128; i++) {
        if ((address[i / 8] >> (7 - i % 8) & 1) != 0) {
            return true;
        }
    }
    return false;
}

bool address_parse_network(struct slice text, uint8_t address[static 16], uint8_t *prefix_bits,
                           bool *has_host_bits)
{
    *has_host_bits = false;
    size_t slash = slice_find(text, '/');
    struct slice host = slice_head(text, slash);
    bool is_v6 = slice_find(host, ':') != host.len;
    unsigned bits = is_v6 ? 128 : 32;
    if (!address_parse(host, address) ||
        (slash != text.len && !read_bits(slice_from(text, slash + 1), &bits))) {
        return false;
    }
    bits += is_v6 ? 0 : V4_BITS;
    if (bits > 128) {
        return false;
    }
    *prefix_bits = (uint8_t)bits;
    *has_host_bits = has_bits_after(address, bits);
    return !*has_host_bits;
}

bool address_is_in(struct slice text, const uint8_t network[static 16], uint8_t prefix_bits)
{
    uint8_t address[16];
    return address_parse(text, address) && is_in(address, network, prefix_bits);
}
