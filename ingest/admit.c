/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/admit.h"
#include "ingest/base/must.h"

/* A dsn that names another project than the URL is a mistake, unless one key was given to both:
 * then it opens what it names, and the URL tells where to. */
static bool is_dsn_wrong(const struct projects *projects, const struct auth *auth, struct id key)
{
    if (auth->dsn_project == 0 || auth->dsn_project == auth->project) {
        return false;
    }
    const struct project *other = projects_by_id(projects, auth->dsn_project);
    return other == NULL || !project_has_key(other, key);
}

struct fault admit_sender(struct arena *arena, const struct projects *projects,
                          const struct auth_sources *sources, struct auth *out_auth,
                          const struct project **out_project)
{
    struct auth auth;
    struct id key = {{0}};
    struct fault fault = auth_read(arena, sources, &auth);
    if (fault_is(fault)) {
        return fault;
    }
    bool has_key = id_parse(auth.key, &key);
    if (is_dsn_wrong(projects, &auth, key)) {
        return fault_make(FAULT_MALFORMED,
                          "auth: the envelope's dsn has another project than the URL");
    }
    const struct project *project = auth.project != 0 ? projects_by_id(projects, auth.project)
                                    : has_key         ? projects_by_key(projects, key)
                                                      : NULL;
    if (project == NULL) {
        return fault_make(FAULT_FORBIDDEN, "event submission rejected with_reason: ProjectId");
    }
    if (!has_key || !project_has_key(project, key)) {
        return fault_make(FAULT_FORBIDDEN, "event submission rejected with_reason: KeyMismatch");
    }
    *out_auth = auth;
    *out_project = project;
    return FAULT_OK;
}

// Patterns: "https://*.example.com:8443", "*.example.com", "example.com", "*": of an origin, or of
// its host with or without the port.
static bool allows(struct slice pattern, struct slice origin)
{
    size_t mark = slice_search(origin, SLICE("://"));
    struct slice host = mark < origin.len ? slice_from(origin, mark + 3) : origin;
    struct slice bare = slice_head(host, slice_find(host, ':'));
    struct slice parent = slice_from(pattern, 2); /* "*.example.com" is example.com too */
    bool is_below = slice_starts(pattern, SLICE("*."));
    return filter_matches(pattern, origin) || filter_matches(pattern, host) ||
           filter_matches(pattern, bare) || (is_below && filter_matches(parent, bare));
}

struct fault admit_origin(const struct project *project, struct slice origin)
{
    origin = slice_trim(origin);
    size_t mark = slice_search(origin, SLICE("://"));
    if (project->settings.origins.count == 0 || mark == origin.len) {
        return FAULT_OK;
    }
    MUST(project->settings.origins.count <= FILTER_PATTERNS_MAX);
    struct slice rest = slice_from(origin, mark + 3);
    origin = slice_head(origin, mark + 3 + slice_find(rest, '/'));
    for (uint32_t i = 0; i < project->settings.origins.count; i++) {
        if (allows(project->settings.origins.list[i], origin)) {
            return FAULT_OK;
        }
    }
    return fault_make(FAULT_FORBIDDEN, "event submission rejected with_reason: Cors");
}
