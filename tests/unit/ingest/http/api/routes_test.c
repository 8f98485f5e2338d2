/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/api/routes.h"
#include <criterion/criterion.h>

Test(api_routes, take_segments_out_of_the_path)
{
    struct slice parts[CALL_PARTS_MAX] = {{NULL, 0}};
    const char *allowed = NULL;

    const struct api_route *route = api_route_find(
        SLICE("GET"), SLICE("/api/0/projects/tocsin/shop/events/abc/"), parts, &allowed);

    cr_assert_not_null(route);
    cr_expect(route->needs_token);
    cr_expect(slice_eq(parts[0], SLICE("shop")));
    cr_expect(slice_eq(parts[1], SLICE("abc")));
}

Test(api_routes, name_the_methods_of_a_path)
{
    struct slice parts[CALL_PARTS_MAX];
    const char *allowed = NULL;

    cr_expect_null(api_route_find(SLICE("DELETE"), SLICE("/api/0/issues/1/"), parts, &allowed));
    cr_expect_str_eq(allowed, "GET, PUT");
    cr_expect_null(api_route_find(SLICE("GET"), SLICE("/nothing"), parts, &allowed));
    cr_expect_null(allowed);
    cr_expect_null(api_route_find(SLICE("GET"), SLICE("/api/0/issues//"), parts, &allowed));
    cr_expect_not_null(api_route_find(SLICE("HEAD"), SLICE("/metrics"), parts, &allowed));
}

Test(api_routes, ask_for_a_token_but_for_health_and_metrics)
{
    static const char *const open[] = {"/healthz", "/readyz", "/metrics"};
    struct slice parts[CALL_PARTS_MAX];
    const char *allowed = NULL;
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        cr_expect_not(
            api_route_find(SLICE("GET"), slice_str(open[i]), parts, &allowed)->needs_token);
    }
    cr_expect(api_route_find(SLICE("PUT"), SLICE("/api/0/issues/9"), parts, &allowed)->needs_token);
}
