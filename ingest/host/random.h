/* SPDX-License-Identifier: Apache-2.0 */
/* random — unpredictable bytes from the kernel (getrandom). Any thread. */
#pragma once
#include "ingest/base/id.h"

/* Fills. Waits for the kernel's pool only in the first moments after boot. */
void random_bytes(void *out, size_t size);

/* Never the none id. */
struct id random_id(void);
