/* SPDX-License-Identifier: Apache-2.0 */
/* address — how many connections each client address has open, and how fast it opens new ones.
 *
 * Open addressing, at most half full of addresses with open connections; the rest are addresses
 * seen in the last second, which are forgotten first. An IPv6 client is its /64, since it has all
 * of it.
 *
 * Owner: the loop's thread.
 */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct address_key {
    uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d, IPv6 with the last 8 bytes 0, else all 0 */
};

struct address_table;

enum address_verdict { ADDRESS_ADMITTED, ADDRESS_TOO_MANY, ADDRESS_TOO_FAST };

/* The key of a peer, and its text without the port ("" when it has none). */
struct address_key address_key(const struct sockaddr *peer, char text[static INET6_ADDRSTRLEN]);

/* For up to `connections_max` connections in all, `open_max` of one address and `per_s` new ones a
 * second. Never NULL. */
struct address_table *address_table_new(unsigned connections_max, unsigned open_max,
                                        unsigned per_s);
void address_table_free(struct address_table *table);

/* Counts one more connection when it is admitted. `now_ms` must not go back. */
enum address_verdict address_enter(struct address_table *table, struct address_key key,
                                   uint64_t now_ms);

/* One connection less of an address that was admitted. */
void address_leave(struct address_table *table, struct address_key key);
