/* SPDX-License-Identifier: Apache-2.0 */
/* config — who is told of what: the `route`, `receivers` and `external_url` of the configuration
 * file, in Alertmanager's words.
 *
 *   external_url: https://tocsin.example
 *   route:
 *     receiver: team                      # where what no child takes goes
 *     routes:
 *       - matchers: ['severity="critical"', 'environment=~"prod.*"']
 *         receiver: oncall
 *         repeat_interval: 1h
 *         continue: true
 *   receivers:
 *     - name: team
 *       webhook_configs:
 *         - url: https://hooks.example/tocsin
 *           secret_file: /run/credentials/hook   # or secret: whsec_…
 *           send_resolved: true
 *           max_alerts: 50
 *           timeout: 10s
 *           headers: {Authorization: Bearer xyz}
 *     - name: oncall
 *       webhook_configs: [...]
 *
 * Without `route` nobody is told; alerts are tracked all the same. Anything not understood is an
 * error with its place and, where one is known, the way out. Immutable, shared by threads, counted:
 * the last alerting_config_unref frees it.
 */
#pragma once
#include "alerting/deliver/receivers.h"
#include "ingest/base/problem.h"
#include "ingest/base/value.h"

struct receiver {
    struct slice name;
    struct endpoint *endpoints;
    uint32_t endpoint_count;
};

struct alerting_config; /* owns its texts, routes and regular expressions */

/* Reads our keys of `root` (a MAP made by yaml_parse, or NULL: no configuration) and leaves others
 * alone. Reads the files that `secret_file` names. Gives a configuration with one reference, or
 * NULL when it added an error to `problems` (also: no memory). Borrows all three. */
struct alerting_config *alerting_config_new(const struct value *root, struct slice file,
                                            struct problems *problems);

/* Any thread. NULL is fine. */
struct alerting_config *alerting_config_ref(struct alerting_config *config);
void alerting_config_unref(struct alerting_config *config);

/* NULL when there is no `route`. Borrowed, as all below. */
const struct route *alerting_config_root(const struct alerting_config *config);
const struct receiver *alerting_config_receiver(const struct alerting_config *config,
                                                uint32_t index);
uint32_t alerting_config_receiver_count(const struct alerting_config *config);
struct slice alerting_config_external_url(const struct alerting_config *config);

/* The endpoint whose lane has this name; NULL when it is not configured any more. */
const struct endpoint *alerting_config_endpoint(const struct alerting_config *config,
                                                struct slice lane);
