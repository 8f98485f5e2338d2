/* SPDX-License-Identifier: Apache-2.0 */
/* A file of stack rules is taken whole or its mistakes are told; taken rules can be applied. */
#include "ingest/normalise/stack_config.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct problems problems;
    struct frame frames[] = {{.function = SLICE("a")}, {.function = SLICE("b"), .in_app = YES}};
    struct stacktrace stack = {frames, 2, NULL, 0, 0};
    struct slice categories[2] = {SLICE("ui"), SLICE("")};
    const struct event event = {.platform = SLICE("native")};
    problems_init(&problems, &arena);
    const struct stack_config *config =
        stack_config_parse(&arena, slice_of((const char *)data, size), SLICE("x"), &problems);
    MUST(config == NULL || problems.errors == 0);
    MUST(config != NULL || problems.errors > 0 || arena.exhausted);
    if (config != NULL) {
        stack_config_apply(config, &event, NULL, &stack, categories);
    }
    return 0;
}
