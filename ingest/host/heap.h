/* SPDX-License-Identifier: Apache-2.0 */
/* heap — how much freed memory this process keeps for its next request.
 *
 * glibc's defaults give memory back once 128 KB are free, and take it again with the next requests:
 * a seventh of the server's time under load, since a fresh page is a fault, and a costly one in a
 * virtual machine. Kept is what a burst needed, at most HEAP_KEPT_BYTES of each arena (one a
 * thread).
 */
#pragma once

/* To be called once, before threads are. */
void heap_keep(void);
