/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/routes.h"
#include <criterion/criterion.h>

Test(intake_routes, know_the_endpoints_with_and_without_slash_and_prefix)
{
    static const struct {
        const char *path;
        enum intake_route route;
        uint32_t project;
    } cases[] = {
        {"/api/1/envelope/", ROUTE_ENVELOPE, 1},
        {"/api/42/envelope", ROUTE_ENVELOPE, 42},
        {"/errors/api/7/envelope/", ROUTE_ENVELOPE, 7},
        {"/api/4294967295/store/", ROUTE_STORE, 4294967295u},
        {"/api/store/", ROUTE_STORE, 0},
        {"/api/1/security/", ROUTE_SECURITY, 1},
        {"/api/1/csp-report", ROUTE_SECURITY, 1},
        {"/api/1/nel/", ROUTE_NEL, 1},
        {"/p/api/1/minidump", ROUTE_MINIDUMP, 1},
        {"/api/1/events/fc6d8c0c43fc4630ad850ee518f1b9d0/attachments/", ROUTE_ATTACHMENTS, 1},
        {"/api/1/cron/nightly", ROUTE_CRON, 1},
        {"/api/1/cron/nightly/0123/", ROUTE_CRON, 1},
        {"/api/1/cron/a/b/c", ROUTE_NONE, 0},
        {"/api/1/cron/", ROUTE_NONE, 0},
        {"/api/relay/healthcheck/ready/", ROUTE_READY, 0},
        {"/healthz", ROUTE_HEALTH, 0},
        {"/readyz/", ROUTE_READY, 0},
        {"/api/4294967296/store/", ROUTE_NONE, 0},
        {"/api/x/envelope/", ROUTE_NONE, 0},
        {"/api//envelope/", ROUTE_NONE, 0},
        {"/api/1/envelope/x", ROUTE_NONE, 0},
        {"/prefix/healthz", ROUTE_NONE, 0},
        {"/", ROUTE_NONE, 0},
        {"", ROUTE_NONE, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct route_hit hit = route_find(SLICE("POST"), slice_str(cases[i].path));
        cr_expect_eq(hit.route, cases[i].route, "%s", cases[i].path);
        if (cases[i].route != ROUTE_NONE) {
            cr_expect_eq(hit.project, cases[i].project, "%s", cases[i].path);
        }
    }
}

Test(intake_routes, give_the_segments_in_their_order)
{
    struct route_hit hit = route_find(SLICE("GET"), SLICE("/x/api/3/cron/nightly/0123/"));
    cr_expect(hit.takes_method && hit.project == 3);
    cr_expect(slice_eq(hit.parts[0], SLICE("nightly")));
    cr_expect(slice_eq(hit.parts[1], SLICE("0123")));

    hit = route_find(SLICE("POST"), SLICE("/api/3/cron/nightly"));
    cr_expect(slice_eq(hit.parts[0], SLICE("nightly")) && hit.parts[1].len == 0);

    hit = route_find(SLICE("POST"), SLICE("/api/3/events/abc/attachments/"));
    cr_expect(slice_eq(hit.parts[0], SLICE("abc")) && hit.project == 3);
}

Test(intake_routes, tell_which_methods_a_path_takes)
{
    cr_expect(route_find(SLICE("POST"), SLICE("/api/1/envelope/")).takes_method);
    cr_expect(route_find(SLICE("OPTIONS"), SLICE("/api/1/envelope/")).takes_method);
    cr_expect(route_find(SLICE("HEAD"), SLICE("/healthz")).takes_method);

    struct route_hit hit = route_find(SLICE("GET"), SLICE("/api/1/envelope/"));

    cr_expect_not(hit.takes_method);
    cr_expect_str_eq(hit.methods, "POST, OPTIONS");
    cr_expect_not(route_find(SLICE("POS"), SLICE("/api/1/envelope/")).takes_method);
    cr_expect_not(route_find(SLICE(""), SLICE("/api/1/envelope/")).takes_method);
}
