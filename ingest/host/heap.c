/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/heap.h"
#include "ingest/base/limits.h"
#include <malloc.h>

void heap_keep(void)
{
    /* advice: another malloc (a sanitizer's) knows none of it */
    (void)mallopt(M_TRIM_THRESHOLD, HEAP_KEPT_BYTES);
    (void)mallopt(M_TOP_PAD, HEAP_GROWTH_BYTES);
    (void)mallopt(M_MMAP_THRESHOLD, HEAP_BLOCK_BYTES);
}
