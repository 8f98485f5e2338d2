/* SPDX-License-Identifier: Apache-2.0 */
/* address — IP networks as Sigma's `cidr` writes them. IPv4 is seen as ::ffff:a.b.c.d. Pure. */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

/* Fills from "10.0.0.0/8", "fe80::/10" or one address; false when it is none, or when bits beyond
 * the prefix are set (`*has_host_bits`). */
bool address_parse_network(struct slice text, uint8_t address[static 16], uint8_t *prefix_bits,
                           bool *has_host_bits);

/* Fills from an IPv4 or IPv6 address, zone and brackets not allowed. */
bool address_parse(struct slice text, uint8_t address[static 16]);

/* Whether `text` is an address inside the network. */
bool address_is_in(struct slice text, const uint8_t network[static 16], uint8_t prefix_bits);
