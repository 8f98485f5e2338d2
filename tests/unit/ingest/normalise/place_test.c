/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/geo.h"
#include "tests/support/mmdb.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/normalise/fixture.h"
#include <stdio.h>

TestSuite(place, .init = fixture_start);

Test(place, the_user_s_address_tells_and_the_sender_knows_better)
{
    static const struct mmdb_row rows[] = {
        {"203.0.113.0/24", "DE", "Germany", "Hesse", "Frankfurt", 50.1, 8.6, 64500, "Example"}};
    char folder[64];
    char path[128];
    uint32_t bad = 0;
    const char *why = NULL;
    place_scratch(folder);
    snprintf(path, sizeof(path), "%s/all.mmdb", folder);
    cr_assert(mmdb_write(path, rows, 1));
    const char *paths[] = {path};
    struct geo *geo = geo_open(paths, 1, &bad, &why);
    cr_assert_not_null(geo);
    input.geo = geo;
    struct event event = {.user = {.ip_address = SLICE("203.0.113.9")}};
    step_place(&arena, &input, &event);
    EXPECT_TEXT(event.user.place.city, "Frankfurt");
    cr_expect_eq(event.user.place.as_number, 64500);
    event.user.raw = fixture_tree("{\"geo\":{\"country_code\":\"FR\",\"city\":\"Paris\"}}");
    step_place(&arena, &input, &event);
    EXPECT_TEXT(event.user.place.country_code, "FR");
    EXPECT_TEXT(event.user.place.city, "Paris");
    EXPECT_TEXT(event.user.place.region, "");
    cr_expect_eq(event.user.place.as_number, 64500);
    geo_close(geo);
    place_remove(folder);
}

Test(place, without_a_database_nothing_is_known)
{
    struct event event = {.user = {.ip_address = SLICE("203.0.113.9")}};
    step_place(&arena, &input, &event);
    cr_expect(event.user.place.country_code.len == 0 && !event.user.place.has_location);
}
