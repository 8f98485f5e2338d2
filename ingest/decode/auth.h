/* SPDX-License-Identifier: Apache-2.0 */
/* auth — which project key a request presents, and who says so.
 *
 *   X-Sentry-Auth: Sentry sentry_key=…, sentry_version=7, sentry_client=…      servers, native
 *   Authorization: Sentry sentry_key=…     or  Basic base64(key:)              a few
 *   ?sentry_key=…&sentry_version=7&sentry_client=…                             browsers, Node
 *   /api/1/cron/nightly/<key>/                                                 cron by URL
 *   {"dsn":"https://<key>@host/1"} in the envelope's header                    tunnels
 *
 * The first four are credentials: more than one in a request is refused, as Relay does, since it
 * is not for us to choose. The envelope's dsn stands in when there is none, and otherwise has to
 * agree. An empty header counts as absent, and so does `Authorization` that is not about us
 * (Bearer, or Basic whose user is no key: it was meant for a proxy on the way).
 *
 * Only read here: whether the key opens the project is for the caller, who has the projects.
 * Everything returned borrows the sources, or the arena where it had to be decoded. Pure.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"

#define AUTH_VERSION_NEWEST 7u /* of the Sentry protocol; higher ones are refused */

/* What of the request may hold credentials; empty slices where there is nothing. Borrowed. */
struct auth_sources {
    struct slice x_sentry_auth; /* header value */
    struct slice authorization; /* header value */
    struct slice query;         /* the URL's query, without '?' */
    struct slice path_key;      /* a path segment, where the route has one */
    struct slice dsn;           /* the envelope header's; empty when not (yet) known */
    uint32_t project;           /* of the path; 0 when the route has none */
};

struct auth {
    struct slice key;         /* 32 lower-case hex digits */
    uint32_t version;         /* 1 to AUTH_VERSION_NEWEST; 7 when not sent */
    uint32_t project;         /* of the path, else of the dsn; 0: neither says */
    uint32_t dsn_project;     /* of the envelope's dsn; 0: it has none */
    struct slice client;      /* "sentry.python/1.9.10"; empty: not sent */
    struct slice release;     /* ?sentry_release=, for security reports */
    struct slice environment; /* ?sentry_environment=, the same */
};

/* True when the request itself presents credentials, usable or not: otherwise only the envelope's
 * dsn can tell, and the body has to be opened first. */
bool auth_is_given(const struct auth_sources *sources);

/* Fills `out`. Faults: UNAUTHORISED when there is no usable key or more than one credential;
 * MALFORMED for a version not spoken here, and for a dsn of another key than the request's;
 * whether its project may be another is the caller's to say; TOO_BIG when the arena is full. */
MUST_USE struct fault auth_read(struct arena *arena, const struct auth_sources *sources,
                                struct auth *out);

/* scheme://key[:secret]@host[:port][/path]/project */
struct dsn {
    struct slice scheme;
    struct slice key;  /* 32 hex digits as written, without a flag suffix */
    struct slice host; /* with the port, where there is one */
    struct slice path; /* "" or "/prefix" */
    uint32_t project;  /* from 1 */
};

/* Fills `out`, which borrows `text`. MALFORMED with the offset of the part that is wrong. */
MUST_USE struct fault dsn_parse(struct slice text, struct dsn *out);
