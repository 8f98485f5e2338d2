/* SPDX-License-Identifier: Apache-2.0 */
/* Expect-CT, Expect-Staple and HPKP: a host showed certificates that it said it would not. */
#include "ingest/base/must.h"
#include "ingest/decode/report_inside.h"

#define HOST_BYTES_MAX 253u /* of a DNS name */

/* "effective-expiration-date" as it is stored: with underscores. */
static struct slice stored_name(struct arena *arena, struct slice name)
{
    char *to = arena_bytes(arena, name.len);
    for (size_t i = 0; i < name.len && to != NULL; i++) {
        to[i] = name.at[i] == '-' ? '_' : name.at[i];
    }
    return to != NULL ? slice_of(to, name.len) : name;
}

static void copy(struct arena *arena, const struct value *body, struct value *event,
                 const char *member)
{
    struct value *stored = tree_map(arena, event, member);
    for (const struct value *at = value_first(body); at != NULL; at = at->next) {
        tree_member(arena, stored, stored_name(arena, at->key), at);
    }
}

/* What the three have in common. `says` ends in the host's name. */
static bool about_host(struct arena *arena, const struct value *body, struct value *event,
                       const char *says)
{
    static const struct slice tagged[] = {SLICE_INIT("port"), SLICE_INIT("include-subdomains"),
                                          SLICE_INIT("response-status"), SLICE_INIT("cert-status")};
    struct slice host = slice_trim(value_string(value_get(body, SLICE("hostname"))));
    if (host.len == 0 || host.len > HOST_BYTES_MAX) {
        return false;
    }
    MUST(event->kind == VALUE_MAP);
    tree_text(arena, event, "logger", SLICE("csp"));
    tree_text(arena, event, "culprit", host);
    tree_text(arena, event, "message", arena_printf(arena, "%s '%.*s'", says, SLICE_ARG(host)));
    struct value *tags = tree_map(arena, event, "tags");
    tree_text(arena, tags, "hostname", host);
    for (size_t i = 0; i < sizeof(tagged) / sizeof(tagged[0]); i++) {
        tree_member(arena, tags, tagged[i], value_get(body, tagged[i]));
    }
    return true;
}

bool report_ct(struct arena *arena, const struct value *body, struct value *event,
               struct slice *url)
{
    (void)url;
    if (!about_host(arena, body, event, "Expect-CT failed for")) {
        return false;
    }
    copy(arena, body, event, "expectct");
    return true;
}

bool report_staple(struct arena *arena, const struct value *body, struct value *event,
                   struct slice *url)
{
    (void)url;
    if (!about_host(arena, body, event, "Expect-Staple failed for")) {
        return false;
    }
    copy(arena, body, event, "expectstaple");
    return true;
}

bool report_hpkp(struct arena *arena, const struct value *body, struct value *event,
                 struct slice *url)
{
    (void)url;
    if (!about_host(arena, body, event, "Public key pinning validation failed for")) {
        return false;
    }
    copy(arena, body, event, "hpkp");
    return true;
}
