/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

static struct slice fit(struct slice text, size_t max)
{
    struct slice cut = slice_cut_utf8(slice_trim(text), max);
    MUST(cut.len <= max);
    return cut;
}

void step_trim(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)arena;
    (void)input;
    event->logger = fit(event->logger, LOGGER_BYTES_MAX);
    event->transaction = fit(event->transaction, TRANSACTION_BYTES_MAX);
    event->server_name = fit(event->server_name, SERVER_NAME_BYTES_MAX);
    event->release = fit(event->release, RELEASE_BYTES_MAX);
    event->dist = fit(event->dist, DIST_BYTES_MAX);
    event->environment = fit(event->environment, ENVIRONMENT_BYTES_MAX);
    event->platform = fit(event->platform, PLATFORM_BYTES_MAX);
    event->user.id = fit(event->user.id, USER_FIELD_BYTES_MAX);
    event->user.email = fit(event->user.email, USER_FIELD_BYTES_MAX);
    event->user.username = fit(event->user.username, USER_FIELD_BYTES_MAX);
    event->user.ip_address = fit(event->user.ip_address, USER_FIELD_BYTES_MAX);
}
