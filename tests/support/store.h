/* SPDX-License-Identifier: Apache-2.0 */
/* store — journal, committer and a private Redis behind a relay, for tests of the whole way from an
 * accepted request to what Redis holds.
 *
 *   story ─▶ journal ─▶ committer ─▶ relay ─▶ redis-server        model ◀─ journal
 */
#pragma once
#include "ingest/base/must.h"
#include "storage/committer.h"
#include "tests/support/journal.h"
#include "tests/support/model.h"
#include "tests/support/redis.h"
#include "tests/support/relay.h"
#include "tests/support/story.h"

struct store {
    char folder[64];
    struct redis_server server;
    struct relay relay;
    struct journal *journal;
    struct committer_options options; /* changes count from the next store_start on */
    struct committer *committer;
    struct story story;
};

/* Opens the journal and makes the committer; neither has begun. */
static inline void store_start(struct store *store)
{
    store->journal = test_journal_open(store->folder, 65536);
    store->options.journal = store->journal;
    store->committer = committer_new(&store->options);
    journal_start(store->journal, committer_take, store->committer);
    committer_start(store->committer);
}

/* Ends both, the committer after at most `drain_ms`. */
static inline void store_stop(struct store *store, uint32_t drain_ms)
{
    journal_stop(store->journal);
    committer_stop(store->committer, drain_ms);
    committer_free(store->committer);
    journal_close(store->journal);
}

static inline void store_open(struct store *store, uint64_t seed)
{
    *store = (struct store){.story = {.seed = seed}};
    place_scratch(store->folder);
    redis_server_start(&store->server);
    relay_start(&store->relay, store->folder, store->server.socket);
    MUST(!fault_is(redis_parse(slice_str(store->relay.url), &store->options.redis)));
    store->options.redis.command_ms = 1000;
    store->options.replay = story_replay;
    store->options.tick_ms = 25;
    store_start(store);
}

static inline void store_close(struct store *store)
{
    store_stop(store, 0);
    relay_stop(&store->relay);
    redis_server_stop(&store->server);
    place_remove(store->folder);
}

static inline struct committer_state store_state(struct store *store)
{
    struct committer_state state;
    committer_state(store->committer, &state);
    return state;
}

static inline void store_give_up(const struct committer_state *state)
{
    fprintf(stderr, "position %llu, applied %llu of %llu: %s\n",
            (unsigned long long)state->position, (unsigned long long)state->applied,
            (unsigned long long)state->journal_end, state->error);
    abort();
}

/* Waits until all that was told is in Redis; the test aborts after a minute. */
static inline void store_catch_up(struct store *store)
{
    story_settle(&store->story);
    struct committer_state state = store_state(store);
    for (unsigned i = 0; !state.connected || state.behind || state.position < state.journal_end;
         i++) {
        if (i > 60000) {
            store_give_up(&state);
        }
        test_pause();
        state = store_state(store);
    }
}

/* As store_catch_up, and every partition stands at the journal's end. */
static inline void store_wait(struct store *store)
{
    store_catch_up(store);
    struct committer_state state = store_state(store);
    for (unsigned i = 0; state.applied < state.journal_end; i++) {
        if (i > 60000) {
            store_give_up(&state);
        }
        test_pause();
        state = store_state(store);
    }
}

/* Differences between Redis and what the journal says it should hold. */
static inline unsigned store_differences(struct store *store)
{
    struct model *model = model_new();
    model_read(model, store->journal);
    unsigned differences =
        model_differences(model, store->server.socket, journal_node(store->journal));
    model_free(model);
    return differences;
}

/* A command to Redis itself, past the relay; gives its integer, or 0. */
static inline int64_t store_command(struct store *store, const char *command)
{
    redisContext *redis = redisConnectUnix(store->server.socket);
    MUST(redis != NULL && redis->err == 0);
    redisReply *reply = redisCommand(redis, command);
    MUST(reply != NULL);
    int64_t number = reply->type == REDIS_REPLY_INTEGER ? reply->integer : 0;
    freeReplyObject(reply);
    redisFree(redis);
    return number;
}
