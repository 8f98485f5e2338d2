/* SPDX-License-Identifier: Apache-2.0 */
/* A URL of Redis: a place to connect to with every part ended, or a fault inside the text. */
#include "storage/redis.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct redis_options options = {.port = 0};
    struct fault fault = redis_parse(slice_of((const char *)data, size), &options);
    MUST(fault_is(fault) || (options.path[0] != '\0') != (options.host[0] != '\0'));
    MUST(fault_is(fault) || options.path[0] != '\0' || options.port != 0);
    MUST(!fault_is(fault) || fault.offset <= size);
    MUST(strlen(options.host) < REDIS_PART_BYTES_MAX && strlen(options.user) < sizeof options.user);
    return 0;
}
