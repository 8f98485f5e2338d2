/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/receivers.h"
#include "alerting/deliver/webhook.h"
#include "ingest/base/must.h"

static const struct receiver_kind kinds[] = {
    /* name, key in the configuration, functions of its file */
    {"webhook", "webhook_configs", webhook_read, webhook_render, webhook_headers},
};

const struct receiver_kind *receiver_kinds(uint32_t *count)
{
    MUST(count != NULL);
    *count = sizeof(kinds) / sizeof(kinds[0]);
    return kinds;
}

const struct receiver_kind *receiver_kind_find(struct slice config_key)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        MUST(kinds[i].read != NULL && kinds[i].render != NULL && kinds[i].headers != NULL);
        if (slice_eq(config_key, slice_str(kinds[i].config_key))) {
            return &kinds[i];
        }
    }
    return NULL;
}
