/* SPDX-License-Identifier: Apache-2.0 */
/* api_rig — an API without its HTTP side: endpoints are called, what they write is read.
 *
 *   api_rig_open      project 7, "shop", a journal in a scratch folder; Redis is away
 *   api_rig_connect   a private Redis; `books` writes issues into it
 */
#pragma once
#include "ingest/http/api/call.h"
#include "tests/support/books.h"
#include "tests/support/journal.h"
#include "tests/unit/ingest/pass.h"

#define API_RIG_TOKEN "tokentokentokentoken"
#define API_RIG_BASE  "http://127.0.0.1:8627"

struct api_rig {
    char folder[64];
    bool has_redis;
    struct books books;
    struct snapshot_box *box;
    struct journal *journal;
    struct committer *committer;
    struct alerting *alerting;
    struct symboliser *symboliser;
    struct intake_counters intakes[2];
    struct http_counters intake_http[2];
    bool is_ready;
    struct api *api;
    struct http_request request;
    struct call call;
    char text[65536]; /* what the last call wrote */
};

static inline bool api_rig_is_ready(void *context, char *why, size_t room)
{
    struct api_rig *rig = context;
    snprintf(why, room, rig->is_ready ? "ready\n" : "not ready: the disk is full\n");
    return rig->is_ready;
}

static inline struct fault api_rig_replay(void *context, const struct record *record,
                                          struct arena *keep, struct effect **out)
{
    (void)context;
    (void)record;
    (void)keep;
    *out = NULL;
    return FAULT_OK;
}

static inline void api_rig_start(struct api_rig *rig)
{
    const struct redis_options *redis = &rig->books.options;
    rig->is_ready = true;
    place_scratch(rig->folder);
    rig->journal = test_journal_open(rig->folder, 0);
    journal_start(rig->journal, NULL, NULL);
    rig->box = snapshot_box_new();
    snapshot_publish(rig->box, pass_snapshot(NULL));
    rig->committer = committer_new(&(struct committer_options){
        .journal = rig->journal, .redis = *redis, .replay = api_rig_replay});
    rig->alerting = alerting_start(&(struct alerting_options){.redis = *redis, .node = "node"});
    rig->symboliser = symboliser_start(&(struct symboliser_options){.folder = rig->folder});
    struct api_options options = {
        .box = rig->box,
        .journal = rig->journal,
        .committer = rig->committer,
        .alerting = rig->alerting,
        .symboliser = rig->symboliser,
        .redis = *redis,
        .token = API_RIG_TOKEN,
        .public_base = API_RIG_BASE,
        .intakes = {&rig->intakes[0], &rig->intakes[1]},
        .intake_http = {&rig->intake_http[0], &rig->intake_http[1]},
        .worker_count = 2,
        .started_us = UINT64_C(1700000000000000),
        .is_ready = api_rig_is_ready,
        .ready_context = rig,
    };
    rig->api = api_new(&options);
    cr_assert(rig->api != NULL && rig->alerting != NULL && rig->symboliser != NULL);
    rig->api->snapshot = snapshot_current(rig->box);
    cr_assert(pipeline_follow(rig->api->pipeline, rig->api->snapshot));
}

static inline void api_rig_open(struct api_rig *rig)
{
    *rig = (struct api_rig){0};
    cr_assert_not(
        fault_is(redis_parse(SLICE("unix:/nonexistent/redis.sock"), &rig->books.options)));
    api_rig_start(rig);
}

/* As api_rig_open, with a Redis whose commits are this journal's. */
static inline void api_rig_connect(struct api_rig *rig)
{
    *rig = (struct api_rig){.has_redis = true};
    books_open(&rig->books);
    api_rig_start(rig);
    applier_done(&rig->books.applier);
    applier_init(&rig->books.applier, &rig->books.options, journal_node(rig->journal), 3 * 3600);
    cr_assert(applier_connect(&rig->books.applier, 0));
}

static inline void api_rig_close(struct api_rig *rig)
{
    api_free(rig->api);
    symboliser_stop(rig->symboliser);
    alerting_stop(rig->alerting, 100);
    committer_free(rig->committer);
    journal_close(rig->journal);
    snapshot_box_free(rig->box);
    place_remove(rig->folder);
    if (rig->has_redis) {
        books_close(&rig->books);
    }
}

/* Calls an endpoint with what stood in the path; fills `text`. `request` is the rig's. */
static inline struct fault api_rig_call(struct api_rig *rig, api_endpoint *endpoint,
                                        const char *first, const char *second)
{
    struct api *api = rig->api;
    rig->call = (struct call){.api = api,
                              .request = &rig->request,
                              .parts = {slice_str(first), slice_str(second)},
                              .status = 200,
                              .content_type = "application/json"};
    arena_reset(&api->arena);
    arena_reset(&api->keep);
    buffer_reset(&api->buffer);
    json_init(&rig->call.json, &api->buffer);
    struct fault fault = endpoint(&rig->call);
    cr_assert_lt(api->buffer.len, sizeof(rig->text));
    if (api->buffer.len > 0) {
        memcpy(rig->text, api->buffer.at, api->buffer.len);
    }
    rig->text[api->buffer.len] = '\0';
    return fault;
}

/* How often `needle` occurs in what was written. */
static inline unsigned api_rig_count(const struct api_rig *rig, const char *needle)
{
    unsigned count = 0;
    for (const char *at = rig->text; (at = strstr(at, needle)) != NULL; at += strlen(needle)) {
        count++;
    }
    return count;
}
