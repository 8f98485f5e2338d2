/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/render_inside.h"
#include <criterion/criterion.h>

static void expect_user(const struct event *event, const char *expected)
{
    struct buffer buffer;
    struct json json;
    buffer_init(&buffer, 4096);
    json_init(&json, &buffer);
    json_map(&json);
    render_user(&json, event);
    json_map_end(&json);
    cr_expect(slice_eq(buffer_slice(&buffer), slice_str(expected)), "%.*s",
              SLICE_ARG(buffer_slice(&buffer)));
    buffer_done(&buffer);
}

Test(render_user, nobody_is_null_and_a_place_is_written_as_sentry_does)
{
    const struct event nobody = {.title = SLICE("t")};
    expect_user(&nobody, "{\"user\":null}");
    const struct event jane = {.user = {.id = SLICE("7")}};
    expect_user(&jane, "{\"user\":{\"id\":\"7\",\"email\":null,\"username\":null,"
                       "\"ip_address\":null,\"geo\":null}}");
    const struct event abroad = {.user = {.place = {.country_code = SLICE("DE"),
                                                    .country = SLICE("Germany"),
                                                    .region = SLICE("Hesse"),
                                                    .city = SLICE("Frankfurt")}}};
    expect_user(&abroad, "{\"user\":{\"id\":null,\"email\":null,\"username\":null,"
                         "\"ip_address\":null,\"geo\":{\"country_code\":\"DE\","
                         "\"city\":\"Frankfurt\",\"subdivision\":\"Hesse\","
                         "\"region\":\"Germany\"}}}");
    const struct event network = {
        .user = {.place = {.as_number = 64500, .as_name = SLICE("Example")}}};
    expect_user(&network, "{\"user\":{\"id\":null,\"email\":null,\"username\":null,"
                          "\"ip_address\":null,\"geo\":{\"country_code\":null,"
                          "\"city\":null,\"subdivision\":null,\"region\":null,"
                          "\"as_number\":64500,\"as_organization\":\"Example\"}}}");
}
