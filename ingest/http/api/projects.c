/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"
#include <stdio.h>

static void write_key(struct json *json, const struct project *project, uint32_t index,
                      const char *base)
{
    char hex[ID_HEX_BYTES + 1];
    char dsn[640];
    const char *rest = strstr(base, "://");
    MUST(index < project->key_count);
    id_format(project->keys[index], hex);
    json_map(json);
    json_member_string(json, "public", slice_str(hex));
    if (rest != NULL) {
        int length = snprintf(dsn, sizeof(dsn), "%.*s://%s@%s/%u", (int)(rest - base), base, hex,
                              rest + 3, project->id);
        MUST(length > 0 && (size_t)length < sizeof(dsn)); /* the base has 512 bytes at most */
        json_key(json, "dsn");
        json_map(json);
        json_member_string(json, "public", slice_str(dsn));
        json_map_end(json);
    }
    json_map_end(json);
}

struct fault api_projects(struct call *call)
{
    struct json *json = &call->json;
    const struct projects *projects = &call->api->snapshot->projects;
    json_list(json);
    for (uint32_t i = 0; i < projects->count; i++) {
        const struct project *project = &projects->list[i];
        char id[16];
        snprintf(id, sizeof(id), "%u", project->id);
        json_map(json);
        json_member_string(json, "id", slice_str(id));
        json_member_string(json, "slug", project->slug);
        json_member_string(json, "name", project->slug);
        json_key(json, "keys");
        json_list(json);
        for (uint32_t k = 0; k < project->key_count; k++) {
            write_key(json, project, k, call->api->options.public_base);
        }
        json_list_end(json);
        json_map_end(json);
    }
    json_list_end(json);
    return FAULT_OK;
}
