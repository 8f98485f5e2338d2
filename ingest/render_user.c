/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/render_inside.h"

/* As Sentry has it: `region` is the name of the country. The network is ours: Sentry has none. */
static void place(struct json *json, const struct geo_place *place)
{
    if (place->country_code.len == 0 && place->city.len == 0 && place->as_number == 0) {
        json_null(json);
        return;
    }
    json_map(json);
    render_text(json, "country_code", place->country_code);
    render_text(json, "city", place->city);
    render_text(json, "subdivision", place->region);
    render_text(json, "region", place->country);
    if (place->as_number != 0) {
        json_member_integer(json, "as_number", place->as_number);
        render_text(json, "as_organization", place->as_name);
    }
    json_map_end(json);
}

void render_user(struct json *json, const struct event *event)
{
    const struct user *user = &event->user;
    MUST(json != NULL && event != NULL);
    json_key(json, "user");
    if (slice_is_empty(user->id) && slice_is_empty(user->email) && slice_is_empty(user->username) &&
        slice_is_empty(user->ip_address) && user->place.country_code.len == 0 &&
        user->place.as_number == 0) {
        json_null(json);
        return;
    }
    json_map(json);
    render_text(json, "id", user->id);
    render_text(json, "email", user->email);
    render_text(json, "username", user->username);
    render_text(json, "ip_address", user->ip_address);
    json_key(json, "geo");
    place(json, &user->place);
    json_map_end(json);
}
