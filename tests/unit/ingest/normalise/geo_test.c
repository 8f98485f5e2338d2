/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/geo.h"
#include "tests/support/mmdb.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/normalise/fixture.h"
#include <stdio.h>

static char folder[64];
static char cities[128];
static char networks[128];

static void setup(void)
{
    static const struct mmdb_row city_rows[] = {
        {"203.0.113.0/24", "DE", "Germany", "Hesse", "Frankfurt", 50.1109, 8.6821, 0, NULL},
        {"198.51.100.0/25", "JP", "Japan", NULL, NULL, 35.69, 139.69, 0, NULL},
        {"2001:db8::/32", "BR", "Brazil", NULL, "Recife", 0, 0, 0, NULL},
    };
    static const struct mmdb_row network_rows[] = {
        {"203.0.113.0/25", NULL, NULL, NULL, NULL, 0, 0, 64500, "Example Net"},
    };
    fixture_start();
    place_scratch(folder);
    snprintf(cities, sizeof(cities), "%s/city.mmdb", folder);
    snprintf(networks, sizeof(networks), "%s/asn.mmdb", folder);
    cr_assert(mmdb_write(cities, city_rows, 3));
    cr_assert(mmdb_write(networks, network_rows, 1));
}

static void teardown(void)
{
    place_remove(folder);
}

TestSuite(geo, .init = setup, .fini = teardown);

static struct geo *open_both(void)
{
    uint32_t bad = 0;
    const char *why = NULL;
    const char *paths[] = {cities, networks};
    struct geo *geo = geo_open(paths, 2, &bad, &why);
    cr_assert_not_null(geo, "%s", why);
    return geo;
}

Test(geo, files_add_to_each_other)
{
    struct geo *geo = open_both();
    struct geo_place place;
    cr_assert(geo_find(geo, SLICE("203.0.113.7"), &place));
    EXPECT_TEXT(place.country_code, "DE");
    EXPECT_TEXT(place.country, "Germany");
    EXPECT_TEXT(place.region, "Hesse");
    EXPECT_TEXT(place.city, "Frankfurt");
    EXPECT_TEXT(place.as_name, "Example Net");
    cr_expect_eq(place.as_number, 64500);
    cr_expect(place.has_location && place.latitude > 50.11 && place.longitude < 8.69);
    cr_assert(geo_find(geo, SLICE("203.0.113.200"), &place));
    cr_expect_eq(place.as_number, 0, "another network of the same city");
    geo_close(geo);
}

Test(geo, what_a_file_leaves_out_is_empty)
{
    struct geo *geo = open_both();
    struct geo_place place;
    cr_assert(geo_find(geo, SLICE("198.51.100.1"), &place));
    cr_expect(place.city.len == 0 && place.region.len == 0 && place.has_location);
    cr_assert(geo_find(geo, SLICE("2001:db8:1::2%eth0"), &place));
    EXPECT_TEXT(place.city, "Recife");
    cr_expect_not(place.has_location);
    geo_close(geo);
}

Test(geo, addresses_nobody_knows_and_what_is_none_give_nothing)
{
    static const char *const addresses[] = {
        "",
        "192.0.2.1",
        "198.51.100.200",
        "::1",
        "2001:db9::1",
        "203.0.113",
        "x",
        "203.0.113.7.example.a.very.long.name.that.is.none.at.all",
    };
    struct geo *geo = open_both();
    struct geo_place place;
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        cr_expect_not(geo_find(geo, slice_str(addresses[i]), &place), "%s", addresses[i]);
        cr_expect(place.country_code.len == 0 && place.as_number == 0);
    }
    cr_expect_not(geo_find(NULL, SLICE("203.0.113.7"), &place));
    geo_close(geo);
}

Test(geo, a_file_that_is_none_is_told_by_its_place)
{
    uint32_t bad = 0;
    const char *why = NULL;
    const char *paths[] = {cities, "/nowhere/x.mmdb"};
    cr_expect_null(geo_open(paths, 2, &bad, &why));
    cr_expect_eq(bad, 1);
    cr_expect_not_null(why);
    const char *many[GEO_FILES_MAX + 1];
    for (unsigned i = 0; i <= GEO_FILES_MAX; i++) {
        many[i] = networks;
    }
    struct geo *geo = geo_open(many, GEO_FILES_MAX, &bad, &why);
    cr_expect_not_null(geo);
    geo_close(geo);
    cr_expect_null(geo_open(many, GEO_FILES_MAX + 1, &bad, &why));
    cr_expect_eq(bad, GEO_FILES_MAX);
}

Test(geo, an_open_set_keeps_what_it_had_when_its_file_is_replaced)
{
    static const struct mmdb_row moved[] = {
        {"203.0.113.0/24", "FR", NULL, NULL, NULL, 0, 0, 0, NULL}};
    struct geo *before = open_both();
    cr_assert(mmdb_write(cities, moved, 1));
    struct geo *after = open_both();
    struct geo_place place;
    cr_assert(geo_find(before, SLICE("203.0.113.7"), &place));
    EXPECT_TEXT(place.country_code, "DE");
    cr_assert(geo_find(after, SLICE("203.0.113.7"), &place));
    EXPECT_TEXT(place.country_code, "FR");
    geo_close(before);
    geo_close(after);
}
