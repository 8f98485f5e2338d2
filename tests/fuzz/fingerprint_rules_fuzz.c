/* SPDX-License-Identifier: Apache-2.0 */
/* A file of fingerprint rules is taken whole or its mistakes are told; taken rules can be applied.
 */
#include "ingest/fingerprint/fingerprint_rules.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct problems problems;
    struct exception failure = {.type = SLICE("KeyError"), .value = SLICE("no key")};
    struct event event = {
        .platform = SLICE("python"), .exceptions = &failure, .exception_count = 1};
    problems_init(&problems, &arena);
    const struct fingerprint_rules *rules =
        fingerprint_rules_parse(&arena, slice_of((const char *)data, size), SLICE("x"), &problems);
    MUST(rules == NULL || problems.errors == 0);
    MUST(rules != NULL || problems.errors > 0 || arena.exhausted);
    if (rules != NULL && fingerprint_rules_apply(&arena, rules, &event)) {
        MUST(event.fingerprint_count > 0 && event.fingerprint_rule.len > 0);
    }
    return 0;
}
