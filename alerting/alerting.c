/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/alerting.h"
#include "alerting/dispatch.h"
#include "alerting/watcher.h"
#include "ingest/base/must.h"
#include <stdlib.h>

struct alerting {
    struct alerting_stats stats;
    struct dispatch *dispatch;
    struct watcher *watcher;
};

static bool start_dispatch(struct alerting *alerting, const struct alerting_options *options)
{
    const struct dispatch_options dispatch = {.redis = options->redis,
                                              .node = options->node,
                                              .config = alerting_config_ref(options->config),
                                              .lease_ms = options->lease_ms,
                                              .stats = &alerting->stats,
                                              .log = options->log,
                                              .log_context = options->log_context};
    alerting->dispatch = dispatch_start(&dispatch);
    return alerting->dispatch != NULL;
}

static bool start_watcher(struct alerting *alerting, const struct alerting_options *options)
{
    const struct watcher_options watcher = {.redis = options->redis,
                                            .config = alerting_config_ref(options->config),
                                            .rules = options->rules,
                                            .fates = options->fates,
                                            .resolve_after_us = options->resolve_after_us,
                                            .stats = &alerting->stats,
                                            .dispatch = alerting->dispatch,
                                            .say = {options->log, options->log_context}};
    alerting->watcher = watcher_start(&watcher);
    return alerting->watcher != NULL;
}

struct alerting *alerting_start(const struct alerting_options *options)
{
    struct alerting *alerting = calloc(1, sizeof(*alerting));
    MUST(options->node != NULL);
    bool well =
        alerting != NULL && start_dispatch(alerting, options) && start_watcher(alerting, options);
    alerting_config_unref(options->config);
    if (!well && alerting != NULL) {
        dispatch_stop(alerting->dispatch, 0);
        free(alerting);
    }
    return well ? alerting : NULL;
}

void alerting_reload(struct alerting *alerting, struct alerting_config *config,
                     const struct ruleset *rules, struct rule_fates *fates)
{
    dispatch_reload(alerting->dispatch, alerting_config_ref(config));
    watcher_reload(alerting->watcher, config, rules, fates);
}

void alerting_stop(struct alerting *alerting, int64_t deadline_ms)
{
    if (alerting == NULL) {
        return;
    }
    watcher_stop(alerting->watcher);
    dispatch_stop(alerting->dispatch, deadline_ms);
    free(alerting);
}

const struct alerting_stats *alerting_stats(const struct alerting *alerting)
{
    return &alerting->stats;
}
