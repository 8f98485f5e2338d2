/* SPDX-License-Identifier: Apache-2.0 */
/* A whole pass, the first byte says of which endpoint: the same twice; a fault lies in the body. */
#include "ingest/pipeline.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pipeline *pipeline;
    static struct snapshot *snapshot;
    pipeline = pipeline != NULL ? pipeline : pipeline_new();
    snapshot = snapshot != NULL ? snapshot : snapshot_new();
    struct record record = {.kind = (enum record_kind)(size != 0 ? data[0] % 9 : 0),
                            .content_type = SLICE("multipart/form-data; boundary=b"),
                            .parameters = SLICE("monitor_slug=a&status=ok"),
                            .received_us = INT64_C(1795000000000000),
                            .project = 7,
                            .seed = {{1}},
                            .body = slice_of((const char *)data + 1, size != 0 ? size - 1 : 0)};
    struct id hashes[2] = {{{0}}, {{0}}};
    struct outcome out[2];
    struct fault fault = FAULT_OK;
    for (int i = 0; i < 2; i++) {
        static _Alignas(16) char room[FUZZ_ARENA_BYTES];
        struct arena scratch = fuzz_arena();
        struct arena keep;
        arena_over(&keep, room, sizeof(room));
        fault = pipeline_run(pipeline, snapshot, &record, &scratch, &keep, &out[i]);
        const struct effect *effect = fault_is(fault) ? NULL : out[i].effects;
        hashes[i] = effect != NULL && effect->hash_count != 0 ? effect->hashes[0] : hashes[i];
    }
    MUST(id_eq(hashes[0], hashes[1]) && out[0].invalid == out[1].invalid);
    MUST(fault.offset == FAULT_NO_OFFSET || record.kind == RECORD_STORE || fault.offset < size);
    return 0;
}
