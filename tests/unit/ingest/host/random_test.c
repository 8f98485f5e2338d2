/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/random.h"

#include <criterion/criterion.h>

Test(random, fills_every_byte_of_a_large_block)
{
    static unsigned char block[100000];
    unsigned seen[256] = {0};

    random_bytes(block, sizeof block);

    for (size_t i = 0; i < sizeof block; i++) {
        seen[block[i]]++;
    }
    for (int byte = 0; byte < 256; byte++) {
        /* 390 are expected; 200 off is ten standard deviations. */
        cr_expect(seen[byte] > 190 && seen[byte] < 590, "byte %d: %u times", byte, seen[byte]);
    }
}

Test(random, nothing_asked_for_nothing_written)
{
    char kept = 'k';

    random_bytes(&kept, 0);

    cr_expect_eq(kept, 'k');
}

Test(random, ids_differ_and_are_never_none)
{
    struct id one = random_id();
    struct id two = random_id();

    cr_expect(!id_is_none(one) && !id_is_none(two));
    cr_expect(!id_eq(one, two));
}
