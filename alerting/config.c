/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/config.h"
#include "alerting/config_route.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdatomic.h>
#include <stdlib.h>

#define CONFIG_ARENA_BYTES (64u << 20) /* address space; a file of YAML_BYTES_MAX fits */

struct alerting_config {
    atomic_uint references;
    struct arena arena;
    struct route *root;
    struct receiver *receivers;
    uint32_t receiver_count;
    struct slice external_url;
};

static uint32_t find_receiver(const void *context, struct slice name)
{
    const struct alerting_config *config = context;
    for (uint32_t i = 0; i < config->receiver_count; i++) {
        if (slice_eq(config->receivers[i].name, name)) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* The entries under one kind's key, as endpoints behind those the receiver has. */
static void read_entries(struct receiver *receiver, const struct receiver_kind *kind,
                         const struct value *list, struct reading *reading)
{
    uint32_t index = 0;
    if (!value_is(list, VALUE_LIST)) {
        reading_error(reading, list, "'%s' is a list", kind->config_key);
        return;
    }
    for (const struct value *item = value_first(list); item != NULL; item = item->next) {
        if (receiver->endpoint_count == ENDPOINTS_MAX) {
            reading_error(reading, item, "a receiver has at most %u places", ENDPOINTS_MAX);
            return;
        }
        struct endpoint *endpoint = &receiver->endpoints[receiver->endpoint_count++];
        endpoint->kind = kind;
        endpoint->receiver = receiver->name;
        endpoint->lane = arena_printf(reading->arena, "%.*s/%s/%u", SLICE_ARG(receiver->name),
                                      kind->name, index++);
        kind->read(endpoint, item, reading);
    }
}

static void read_kinds(struct receiver *receiver, const struct value *map, struct reading *reading)
{
    receiver->endpoints = ARENA_ARRAY(reading->arena, ENDPOINTS_MAX, struct endpoint);
    for (const struct value *member = value_first(map);
         member != NULL && receiver->endpoints != NULL; member = member->next) {
        const struct receiver_kind *kind = receiver_kind_find(member->key);
        if (kind != NULL) {
            read_entries(receiver, kind, member, reading);
        }
    }
}

static bool is_plain_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.at[i] < 0x20 || name.at[i] == 0x7F) {
            return false;
        }
    }
    return name.len != 0 && name.len <= RECEIVER_NAME_BYTES_MAX;
}

static void read_receiver(struct alerting_config *config, const struct value *item,
                          struct reading *reading)
{
    const char *keys[16] = {"name"};
    uint32_t kind_count = 0;
    const struct receiver_kind *kinds = receiver_kinds(&kind_count);
    struct slice name = {NULL, 0};
    MUST(kind_count < 16);
    for (uint32_t i = 0; i < kind_count; i++) {
        keys[i + 1] = kinds[i].config_key;
    }
    if (!reading_map(reading, item, "a receiver", keys, kind_count + 1)) {
        return;
    }
    reading_text(reading, item, "name", &name);
    const struct value *at = value_get(item, SLICE("name"));
    if (!is_plain_name(name)) {
        reading_error(reading, at != NULL ? at : item, "a receiver needs a 'name' of 1 to %u bytes",
                      RECEIVER_NAME_BYTES_MAX);
        return;
    }
    if (find_receiver(config, name) != UINT32_MAX) {
        reading_error(reading, at, "another receiver is called '%.*s' already", SLICE_ARG(name));
        return;
    }
    struct receiver *receiver = &config->receivers[config->receiver_count++];
    receiver->name = name;
    read_kinds(receiver, item, reading);
}

static void read_receivers(struct alerting_config *config, const struct value *root,
                           struct reading *reading)
{
    const struct value *list = value_get(root, SLICE("receivers"));
    if (list == NULL) {
        return;
    }
    if (!value_is(list, VALUE_LIST) || list->count > RECEIVERS_MAX) {
        reading_error(reading, list, "'receivers' is a list of at most %u receivers",
                      RECEIVERS_MAX);
        return;
    }
    config->receivers = ARENA_ARRAY(&config->arena, list->count + 1, struct receiver);
    for (const struct value *item = value_first(list); item != NULL && config->receivers != NULL;
         item = item->next) {
        read_receiver(config, item, reading);
    }
}

static void read_external_url(struct alerting_config *config, const struct value *root,
                              struct reading *reading)
{
    struct slice url = {NULL, 0};
    reading_text(reading, root, "external_url", &url);
    if (slice_is_empty(url)) {
        return;
    }
    if (!slice_starts(url, SLICE("http://")) && !slice_starts(url, SLICE("https://"))) {
        reading_error(reading, value_get(root, SLICE("external_url")),
                      "'external_url' is where people reach Tocsin: https://HOST");
        return;
    }
    while (slice_ends(url, SLICE("/"))) {
        url.len--;
    }
    config->external_url = url;
}

static void read_route(struct alerting_config *config, const struct value *root,
                       struct reading *reading)
{
    const struct value *value = value_get(root, SLICE("route"));
    if (value == NULL) {
        const struct value *receivers = value_get(root, SLICE("receivers"));
        if (receivers != NULL && receivers->count != 0) {
            reading_error(reading, receivers,
                          "receivers without a 'route' hear of nothing; "
                          "add `route: {receiver: NAME}`");
        }
        return;
    }
    struct config_routes routes = {reading, find_receiver, config};
    config->root = config_route_read(value, &routes);
}

struct alerting_config *alerting_config_new(const struct value *root, struct slice file,
                                            struct problems *problems)
{
    uint32_t errors_before = problems->errors;
    struct alerting_config *config = calloc(1, sizeof(*config));
    if (config == NULL || !arena_init(&config->arena, CONFIG_ARENA_BYTES)) {
        free(config);
        problem_error(problems, file, 0, 0, "no memory left");
        return NULL;
    }
    struct reading reading = {&config->arena, problems, file};
    atomic_init(&config->references, 1);
    read_external_url(config, root, &reading);
    read_receivers(config, root, &reading);
    read_route(config, root, &reading);
    if (config->arena.exhausted) {
        problem_error(problems, file, 0, 0, "no memory left");
    }
    if (problems->errors != errors_before) {
        alerting_config_unref(config);
        return NULL;
    }
    return config;
}

struct alerting_config *alerting_config_ref(struct alerting_config *config)
{
    unsigned before = config != NULL ? atomic_fetch_add(&config->references, 1) : 1;
    MUST(before > 0);
    return config;
}

void alerting_config_unref(struct alerting_config *config)
{
    if (config == NULL) {
        return;
    }
    unsigned before = atomic_fetch_sub(&config->references, 1);
    MUST(before > 0);
    if (before == 1) {
        config_route_done(config->root);
        arena_done(&config->arena);
        free(config);
    }
}

const struct route *alerting_config_root(const struct alerting_config *config)
{
    return config->root;
}

const struct receiver *alerting_config_receiver(const struct alerting_config *config,
                                                uint32_t index)
{
    MUST(index < config->receiver_count);
    return &config->receivers[index];
}

uint32_t alerting_config_receiver_count(const struct alerting_config *config)
{
    return config->receiver_count;
}

struct slice alerting_config_external_url(const struct alerting_config *config)
{
    return config->external_url;
}

const struct endpoint *alerting_config_endpoint(const struct alerting_config *config,
                                                struct slice lane)
{
    for (uint32_t i = 0; i < config->receiver_count; i++) {
        const struct receiver *receiver = &config->receivers[i];
        for (uint32_t j = 0; j < receiver->endpoint_count; j++) {
            if (slice_eq(receiver->endpoints[j].lane, lane)) {
                return &receiver->endpoints[j];
            }
        }
    }
    return NULL;
}
