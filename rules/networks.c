/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/networks.h"
#include "ingest/base/must.h"

#define ADDRESS_BITS 128u

static unsigned bit_at(const uint8_t *address, unsigned bit)
{
    MUST(bit < ADDRESS_BITS);
    return address[bit / 8] >> (7 - bit % 8) & 1;
}

/* How many bits from the first on two addresses share, at most `max`. */
static unsigned shared_bits(const uint8_t *a, const uint8_t *b, unsigned max)
{
    unsigned bits = 0;
    while (bits + 8 <= max && a[bits / 8] == b[bits / 8]) {
        bits += 8;
    }
    while (bits < max && bit_at(a, bits) == bit_at(b, bits)) {
        bits++;
    }
    return bits;
}

bool networks_init(struct networks *all, struct arena *arena, uint32_t room)
{
    *all = (struct networks){.at = ARENA_ARRAY(arena, (size_t)room * 2 + 1, struct network),
                             .atoms = ARENA_ARRAY(arena, (size_t)room + 1, struct network_atom),
                             .room = room};
    return all->at != NULL && all->atoms != NULL;
}

static uint32_t new_node(struct networks *all, const uint8_t *address, unsigned bits)
{
    struct network *node = &all->at[all->count++];
    MUST(all->count <= 2 * all->room && bits <= ADDRESS_BITS);
    *node = (struct network){.bits = (uint8_t)bits};
    memcpy(node->address, address, sizeof(node->address));
    return all->count;
}

static void add_atom(struct networks *all, uint32_t node, uint32_t atom)
{
    MUST(node != 0 && all->atom_count < all->room);
    all->atoms[all->atom_count++] = (struct network_atom){atom, all->at[node - 1].atoms};
    all->at[node - 1].atoms = all->atom_count;
}

/* A node of `bits` bits in the place of `*link`, which then lies below it. */
static uint32_t fork_at(struct networks *all, uint32_t *link, const uint8_t *address, unsigned bits)
{
    uint32_t below = *link;
    uint32_t fork = new_node(all, address, bits);
    all->at[fork - 1].below[bit_at(all->at[below - 1].address, bits)] = below;
    *link = fork;
    return fork;
}

void networks_add(struct networks *all, uint32_t *root, const uint8_t address[static 16],
                  uint8_t bits, uint32_t atom)
{
    uint32_t *link = root;
    MUST(bits <= ADDRESS_BITS);
    while (*link != 0) {
        uint32_t node = *link;
        unsigned node_bits = all->at[node - 1].bits;
        unsigned max = node_bits < bits ? node_bits : bits;
        unsigned shared = shared_bits(all->at[node - 1].address, address, max);
        if (shared < node_bits) {
            node = fork_at(all, link, address, shared);
            node_bits = shared;
        }
        if (node_bits == bits) {
            add_atom(all, node, atom);
            return;
        }
        link = &all->at[node - 1].below[bit_at(address, node_bits)];
    }
    *link = new_node(all, address, bits);
    add_atom(all, *link, atom);
}

uint32_t networks_below(const struct networks *all, uint32_t node, const uint8_t address[static 16])
{
    MUST(node != 0 && node <= all->count);
    const struct network *at = &all->at[node - 1];
    return at->bits < ADDRESS_BITS ? at->below[bit_at(address, at->bits)] : 0;
}

uint32_t networks_find(const struct networks *all, uint32_t node, const uint8_t address[static 16])
{
    while (node != 0) {
        const struct network *at = &all->at[node - 1];
        if (shared_bits(at->address, address, at->bits) < at->bits) {
            return 0;
        }
        if (at->atoms != 0) {
            return node;
        }
        node = networks_below(all, node, address);
    }
    return 0;
}
