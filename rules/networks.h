/* SPDX-License-Identifier: Apache-2.0 */
/* networks — the `cidr` tests of a set as tries: one walk down answers all of a field.
 *
 *   10.0.0.0/8 ──┬─ 10.1.0.0/16        a node is a network; below it are those inside it, by their
 *                └─ 10.128.0.0/9       first bit after its own; a fork may be no test's network
 *
 * Runs of bits without a fork are one node, so a walk is as long as networks lie in each other, not
 * 128 steps. Rejected: sorted ranges, which do not say which of several nested ones hold.
 *
 * Built while loading, in an arena of the caller's; immutable then.
 */
#pragma once
#include "ingest/base/arena.h"

struct network {
    uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
    uint8_t bits;
    uint32_t below[2]; /* node + 1; 0: none */
    uint32_t atoms;    /* network_atom + 1; 0: only a fork */
};

/* The same network may be written in two ways, and be two atoms. */
struct network_atom {
    uint32_t atom;
    uint32_t next; /* + 1; 0: the last */
};

struct networks {
    struct network *at;
    uint32_t count;
    struct network_atom *atoms;
    uint32_t atom_count;
    uint32_t room; /* tests that may be added */
};

/* Makes room for so many tests; false when the arena is full. */
bool networks_init(struct networks *all, struct arena *arena, uint32_t room);

/* Adds a test below `*root` (0: an empty trie), whose address has no bit set after its prefix. */
void networks_add(struct networks *all, uint32_t *root, const uint8_t address[static 16],
                  uint8_t bits, uint32_t atom);

/* The first node from `node` on that holds the address and is a test's; 0: there is none. Begin
 * with the root, go on with networks_below. */
uint32_t networks_find(const struct networks *all, uint32_t node, const uint8_t address[static 16]);
uint32_t networks_below(const struct networks *all, uint32_t node,
                        const uint8_t address[static 16]);
