/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"
#include "storage/reader.h"

/* Runs the pass over the event's record again, and lets it say why. By the rules of today: its
 * issue was found by those of its time. */
static struct fault explain(struct call *call, const struct place *place, struct id id)
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
        return fault_make(FAULT_NOT_FOUND, "the event was counted, but its body is no longer in "
                                           "the journal (--journal-max)");
    }
    if (!fault_is(fault)) {
        pipeline_explain(api->pipeline, &call->json);
        fault =
            pipeline_run(api->pipeline, api->snapshot, &record, &api->arena, &api->keep, &outcome);
        pipeline_explain(api->pipeline, NULL);
    }
    if (!fault_is(fault) && !id_eq(outcome.event_id, id)) {
        fault = fault_make(FAULT_NOT_FOUND, "the journal holds another event in its place");
    }
    MUST(fault_is(fault) || call->api->buffer.len > 0);
    return fault;
}

struct fault api_grouping(struct call *call)
{
    struct id id;
    struct place place;
    uint64_t issue = 0;
    struct fault fault = call_event(call, &id, &place, &issue);
    return fault_is(fault) ? fault : explain(call, &place, id);
}
