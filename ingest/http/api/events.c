/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"
#include "ingest/render.h"
#include "ingest/symbols/native_frames.h"
#include "storage/reader.h"

/* Shows the event at `place` by running the pass over its record again. */
static struct fault show(struct call *call, const struct place *place, struct id id, uint64_t issue)
{
    struct api *api = call->api;
    struct id node = journal_node(api->options.journal);
    struct record record;
    struct outcome outcome;
    if (memcmp(node.bytes, place->node, sizeof(place->node)) != 0) {
        return fault_make(FAULT_NOT_FOUND, "the event's body is in the journal of another node");
    }
    struct fault fault = reader_one(api->options.journal, place->sequence, &api->keep, &record);
    if (fault.kind == FAULT_NOT_FOUND) {
        return fault_make(FAULT_NOT_FOUND,
                          "the event was counted, but its body is no longer in the journal "
                          "(--journal-max)");
    }
    if (!fault_is(fault)) {
        fault =
            pipeline_run(api->pipeline, api->snapshot, &record, &api->arena, &api->keep, &outcome);
    }
    if (fault_is(fault)) {
        return fault;
    }
    const struct passed_event *passed = outcome.events;
    while (passed != NULL && !id_eq(passed->event->id, id)) {
        passed = passed->next;
    }
    if (passed == NULL) {
        return fault_make(FAULT_NOT_FOUND, "the journal holds another event in its place");
    }
    const struct event *event =
        native_frames(&api->arena, api->options.symboliser, passed->event, SYMBOLISE_WAIT_MS);
    render_api_event(&call->json, event,
                     &(struct render_context){.issue = issue,
                                              .project = record.project,
                                              .hashes = passed->effect->hashes,
                                              .hash_count = passed->effect->hash_count,
                                              .size = passed->bytes});
    return FAULT_OK;
}

struct fault api_event(struct call *call)
{
    struct id id;
    struct place place;
    uint64_t issue = 0;
    struct fault fault = call_event(call, &id, &place, &issue);
    return fault_is(fault) ? fault : show(call, &place, id, issue);
}

struct fault api_latest_event(struct call *call)
{
    uint64_t id = 0;
    struct issue issue;
    if (!call_number(call->parts[0], &id)) {
        return fault_make(FAULT_NOT_FOUND, "no such issue");
    }
    struct fault fault = queries_issue(call->api->queries, &call->api->arena, id, &issue);
    return fault_is(fault) ? fault : show(call, &issue.last_place, issue.last_event, issue.id);
}
