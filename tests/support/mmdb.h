/* SPDX-License-Identifier: Apache-2.0 */
/* mmdb — writes small MaxMind DB files: networks and what is known of them.
 *
 *   search tree (24-bit records) · 16 zero bytes · data · marker · metadata
 *
 * After the published MaxMind DB format, version 2.0: as much of it as lookups of cities and
 * networks need. For tests; names and networks are those of documentation (RFC 5737, 3849, 5398).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct mmdb_row {
    const char *network; /* "203.0.113.0/24", "2001:db8::/32" */
    const char *country_code;
    const char *country;
    const char *region;
    const char *city;
    double latitude;
    double longitude; /* both 0: none */
    uint32_t as_number;
    const char *as_name; /* NULL members are left out */
};

/* Writes the file anew, beside and renamed. False when it cannot be written. */
bool mmdb_write(const char *path, const struct mmdb_row *rows, unsigned count);
