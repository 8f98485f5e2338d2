/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/api/call.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"

static int hex(char c)
{
    char lower = (char)(c | 0x20);
    return c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static struct slice decoded(struct arena *arena, struct slice text)
{
    char *out = arena_bytes(arena, text.len);
    size_t length = 0;
    if (out == NULL) {
        return slice_of(NULL, 0);
    }
    for (size_t i = 0; i < text.len; i++) {
        bool escaped = text.at[i] == '%' && i + 2 < text.len && hex(text.at[i + 1]) >= 0 &&
                       hex(text.at[i + 2]) >= 0;
        if (escaped) {
            out[length++] = (char)(hex(text.at[i + 1]) * 16 + hex(text.at[i + 2]));
            i += 2;
        } else {
            out[length++] = text.at[i] == '+' ? ' ' : text.at[i];
        }
    }
    MUST(length <= text.len);
    return slice_of(out, length);
}

struct slice call_parameter(struct call *call, const char *name)
{
    struct slice query = call->request->query;
    MUST(name[0] != '\0');
    while (query.len > 0) {
        size_t end = slice_find(query, '&');
        struct slice pair = slice_head(query, end);
        size_t equals = slice_find(pair, '=');
        if (slice_eq(slice_head(pair, equals), slice_str(name))) {
            return decoded(&call->api->arena, slice_from(pair, equals + 1));
        }
        query = slice_from(query, end + 1);
    }
    return slice_of(NULL, 0);
}

const struct project *call_project(const struct call *call, unsigned index)
{
    MUST(index < CALL_PARTS_MAX);
    return projects_by_name(&call->api->snapshot->projects, call->parts[index]);
}

bool call_number(struct slice text, uint64_t *out)
{
    uint64_t value = 0;
    if (text.len == 0 || text.len > 19) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text.at[i] - '0');
    }
    *out = value;
    return true;
}

struct fault call_event(const struct call *call, struct id *id, struct place *place,
                        uint64_t *issue)
{
    const struct project *project = call_project(call, 0);
    if (project == NULL) {
        return fault_make(FAULT_NOT_FOUND, "no such project");
    }
    if (!id_parse(call->parts[1], id)) {
        return fault_make(FAULT_MALFORMED, "an event's id has 32 hex digits");
    }
    return queries_event(call->api->queries, project->id, *id, clock_wall_us(), place, issue);
}
