/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration: refused with a problem that has a place; or every lane leads to its endpoint. */
#include "alerting/config.h"
#include "ingest/base/yaml.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct problems problems;
    struct value *documents = NULL;
    struct slice text = slice_of((const char *)data, size);
    problems_init(&problems, &arena);
    if (!yaml_parse(&arena, text, SLICE("f"), &problems, &documents)) {
        return 0;
    }
    struct alerting_config *config =
        alerting_config_new(value_first(documents), SLICE("f"), &problems);
    MUST((config == NULL) == (problems.errors != 0));
    for (uint32_t i = 0; config != NULL && i < alerting_config_receiver_count(config); i++) {
        const struct receiver *receiver = alerting_config_receiver(config, i);
        for (uint32_t j = 0; j < receiver->endpoint_count; j++) {
            const struct endpoint *endpoint = &receiver->endpoints[j];
            MUST(alerting_config_endpoint(config, endpoint->lane) == endpoint);
        }
    }
    alerting_config_unref(config);
    return 0;
}
