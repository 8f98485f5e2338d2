/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/webhook.h"
#include "ingest/base/limits.h"
#include "ingest/base/yaml.h"
#include <criterion/criterion.h>

static uint32_t errors_with_headers(unsigned count)
{
    struct arena arena;
    struct problems problems;
    struct value *documents = NULL;
    struct endpoint endpoint = {0};
    struct buffer yaml;
    cr_assert(arena_init(&arena, 4 << 20));
    problems_init(&problems, &arena);
    buffer_init(&yaml, 1 << 16);
    buffer_add(&yaml, SLICE("url: https://h\nheaders:\n"));
    for (unsigned i = 0; i < count; i++) {
        buffer_printf(&yaml, "  X-%u: a\n", i);
    }
    struct reading reading = {&arena, &problems, SLICE("c.yml")};
    cr_assert(yaml_parse(&arena, buffer_slice(&yaml), SLICE("c.yml"), &problems, &documents));
    webhook_read(&endpoint, value_first(documents), &reading);
    buffer_done(&yaml);
    arena_done(&arena);
    return problems.errors;
}

Test(limits_webhook, headers_at_and_past_the_limit)
{
    cr_expect_eq(errors_with_headers(ENDPOINT_HEADERS_MAX), 0);
    cr_expect_eq(errors_with_headers(ENDPOINT_HEADERS_MAX + 1), 1);
}
