/* SPDX-License-Identifier: Apache-2.0 */
/* entity — one HTML character reference (HTML 13.5): &lt; &#60; &#x3c. Names need their semicolon,
 * since `&lt=5` is a parameter of a query; numbers do not. Private to ingest/normalise.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Reads a reference at the front of `text`, whose first byte is '&'. Gives its bytes and fills
 * `*point`; 0 when it is none. */
size_t entity_read(const char *text, size_t length, uint32_t *point);

/* Writes a code point as UTF-8, at most 4 bytes, and gives how many; '?' for what is none. */
size_t entity_write(uint32_t point, char *to);
