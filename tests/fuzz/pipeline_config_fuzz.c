/* SPDX-License-Identifier: Apache-2.0 */
/* `scrub:` and `grouping:` of a configuration: taken whole, or each mistake has its place. */
#include "ingest/base/yaml.h"
#include "ingest/grouping.h"
#include "ingest/scrubbing.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct problems problems;
    struct value *documents = NULL;
    struct scrubbing scrubbing;
    struct grouping grouping;
    problems_init(&problems, &arena);
    if (yaml_parse(&arena, slice_of((const char *)data, size), SLICE("f"), &problems, &documents)) {
        const struct value *root = value_first(documents);
        const struct value *scrub = value_get(root, SLICE("scrub"));
        bool is_taken = scrubbing_read(&arena, scrub, SLICE("f"), &problems, &scrubbing);
        MUST(is_taken == (problems.errors == 0) && (!is_taken || scrubbing.common != NULL));
        uint32_t errors = problems.errors;
        is_taken = grouping_read(&arena, "/nowhere/f", value_get(root, SLICE("grouping")),
                                 &problems, &grouping);
        MUST(is_taken == (problems.errors == errors) || arena.exhausted);
        MUST(!is_taken || grouping_for(&grouping, 7) != NULL);
    }
    return 0;
}
