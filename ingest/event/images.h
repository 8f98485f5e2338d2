/* SPDX-License-Identifier: Apache-2.0 */
/* images — the files that were loaded when a native program failed (`debug_meta.images`), by the
 * addresses they lay at. Images without an address or a size are left out. Pure.
 */
#pragma once
#include "ingest/base/value.h"

/* Addresses [base, base + size). */
struct image {
    uint64_t base;
    uint64_t size;
    const struct value *raw; /* code_file, code_id, debug_id and what else was sent */
};

struct images {
    uint32_t count;
    struct image list[]; /* by base; IMAGES_MAX at the most */
};

/* NULL when there are none, or no room. */
const struct images *images_read(struct arena *arena, const struct value *debug_meta);

/* The one in which `address` lies; NULL when the sender listed none (or `images` is NULL). */
const struct image *images_at(const struct images *images, uint64_t address);
