/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

static struct slice env_address(const struct event *event)
{
    const struct value *env = value_get(event->request.raw, SLICE("env"));
    return value_string(value_get(env, SLICE("REMOTE_ADDR")));
}

/* Browsers do not know their own address, so it is taken for the user's without being asked for;
 * that of a server is not the user's. */
static bool is_of_user(const struct event *event)
{
    return slice_eq(event->platform, SLICE("javascript")) ||
           slice_eq(event->platform, SLICE("cocoa")) || slice_eq(event->platform, SLICE("objc"));
}

void step_user(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)arena;
    struct user *user = &event->user;
    user->id = slice_trim(user->id);
    user->email = slice_trim(user->email);
    user->username = slice_trim(user->username);
    user->ip_address = slice_trim(user->ip_address);
    bool is_auto = slice_eq(user->ip_address, SLICE("{{auto}}"));
    if (user->ip_address.len != 0 && !is_auto) {
        return;
    }
    user->ip_address = slice_of(NULL, 0);
    struct slice sent = env_address(event);
    if (!is_auto && sent.len != 0 && !slice_eq(sent, SLICE("{{auto}}"))) {
        user->ip_address = sent;
    } else if (is_auto || sent.len != 0 || is_of_user(event)) {
        user->ip_address = input->client_address;
    }
    MUST(!slice_eq(user->ip_address, SLICE("{{auto}}")));
}
