/* SPDX-License-Identifier: Apache-2.0 */
/* geo — where in the world an address is, and whose network it is in.
 *
 *   203.0.113.7 ─▶ country DE, region "Hesse", city "Frankfurt", 50.11,8.68; AS 64500 "Example"
 *
 * MaxMind DB files (GeoLite2, GeoIP2, DB-IP and others in that format; libmaxminddb): a city or
 * country file and an AS file may be opened together, and each says what it knows; the first that
 * knows a thing counts. Files are mapped into memory: replace one by renaming a new one over it,
 * as geoipupdate does; a file that is written over while it is open is undefined.
 *
 * Opening reads files and takes memory, and is done when a snapshot is built. Looking up is pure:
 * no file, no memory, no lock; any thread. Immutable.
 */
#pragma once
#include "ingest/event/event.h"

#define GEO_FILES_MAX 8u

struct geo;

/* Gives the databases at `paths`; NULL when one cannot be opened, or there are too many: then
 * `*out_bad` is its index and `*out_why` says why (static text). No paths: a set that knows
 * nothing. Free with geo_close. */
struct geo *geo_open(const char *const *paths, uint32_t count, uint32_t *out_bad,
                     const char **out_why);
void geo_close(struct geo *geo); /* NULL is fine */

/* Fills `out` with what is known of the address, texts borrowed from the files. False when that is
 * nothing: no address, a private one, an unknown one; `out` is then empty. `geo` may be NULL. */
bool geo_find(const struct geo *geo, struct slice address, struct geo_place *out);
