/* SPDX-License-Identifier: Apache-2.0 */
/* The file of projects: refused; or written back, read again, and then written the same. */
#include "ingest/projects.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct projects projects;
    if (!fault_is(projects_parse(&arena, slice_of((const char *)data, size), &projects))) {
        struct slice once = projects_write(&arena, &projects);
        struct fault fault = projects_parse(&arena, once, &projects);
        MUST(!fault_is(fault) || arena.exhausted || fault.kind == FAULT_TOO_BIG);
        MUST(arena.exhausted || fault_is(fault) ||
             slice_eq(projects_write(&arena, &projects), once) || arena.exhausted);
        for (uint32_t i = 1; i < projects.count; i++) {
            MUST(projects.list[i - 1].id < projects.list[i].id);
        }
    }
    return 0;
}
