/* SPDX-License-Identifier: Apache-2.0 */
/* A GET of the pixel: the event in its URL is decoded within the job, and opened as a body is. */
#include "ingest/decode/store.h"
#include "ingest/http/intake/endpoint.h"
#include "tests/fuzz/fuzz.h"

/* Stand for the server's: a GET of these URLs has no header fields, and nothing is answered. */
struct slice http_header(const struct http_request *request, const char *lower_case_name)
{
    return request->fields == NULL && lower_case_name[0] != '\0' ? SLICE("") : SLICE("?");
}

void http_reply(struct http_ticket *ticket, const struct http_answer *answer)
{
    MUST(ticket == NULL && answer == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct job job = {.route = ROUTE_NONE};
    static char room[65536];
    struct inflate_scratch *scratch = inflate_scratch_new(65536);
    arena_over(&job.keep, room, sizeof(room));
    const struct http_request request = {.method = SLICE("GET"),
                                         .query = slice_of((const char *)data, size)};
    const struct route_hit hit = route_find(request.method, SLICE("/api/7/store/"));
    struct slice json = {0};
    struct fault fault = endpoint_record(&job, &request, &hit);
    MUST(fault_is(fault) == (job.entry.record.body.len == 0) || job.keep.exhausted);
    MUST(fuzz_is_inside(&job.keep, SLICE(""), job.entry.record.body));
    if (!fault_is(fault) && !fault_is(store_open(scratch, &arena, job.entry.record.body, &json))) {
        MUST(json.len <= 65536);
    }
    inflate_scratch_free(scratch);
    return 0;
}
