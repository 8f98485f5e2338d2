/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/geo.h"
#include "ingest/normalise/steps.h"

/* What the sender itself knows of the place, as Sentry's clients send it. */
static bool read_sent(const struct value *geo, struct geo_place *out)
{
    *out = (struct geo_place){
        .country_code = value_string(value_get(geo, SLICE("country_code"))),
        .country = value_string(value_get(geo, SLICE("region"))),
        .region = value_string(value_get(geo, SLICE("subdivision"))),
        .city = value_string(value_get(geo, SLICE("city"))),
    };
    return out->country_code.len != 0 || out->country.len != 0 || out->city.len != 0;
}

void step_place(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)arena;
    struct geo_place sent;
    bool is_sent = read_sent(value_get(event->user.raw, SLICE("geo")), &sent);
    (void)geo_find(input->geo, event->user.ip_address, &event->user.place);
    if (is_sent) { /* the network is the address's all the same */
        event->user.place.country_code = sent.country_code;
        event->user.place.country = sent.country;
        event->user.place.region = sent.region;
        event->user.place.city = sent.city;
    }
    MUST(event->user.place.has_location || event->user.place.latitude == 0);
}
