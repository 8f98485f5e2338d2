/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/limiter.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "storage/effect.h"
#include "storage/functions.h"
#include "storage/keys.h"
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SYNC_MS = 200, AWAY_MS = 1000, BATCH = 256, NAME_BYTES = 32 };

struct bucket {
    uint64_t hash; /* 0: unused */
    uint32_t project;
    struct bucket_size size;
    double left;
    int64_t at_us;      /* `left` is of then */
    uint32_t taken;     /* not yet told to Redis */
    uint32_t in_flight; /* being told */
    char limit[NAME_BYTES + 1];
    char key[NAME_BYTES + 1];
};

struct limiter {
    struct redis *link;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t stopped;
    bool is_stopping;
    bool is_shared;
    struct bucket buckets[LIMITER_BUCKETS_MAX];
};

static uint64_t hash_of(const struct bucket_name *name)
{
    uint64_t hash =
        hash_fnv1a(HASH_FNV1A_START, slice_of((const char *)&name->project, sizeof(name->project)));
    hash = hash_fnv1a(hash, name->limit);
    hash = hash_fnv1a(hash_fnv1a(hash, SLICE("/")), name->key);
    return hash != 0 ? hash : 1;
}

static void make(struct bucket *bucket, uint64_t hash, const struct bucket_name *name,
                 struct bucket_size size, int64_t now_us)
{
    struct slice limit = slice_head(name->limit, NAME_BYTES);
    struct slice key = slice_head(name->key, NAME_BYTES);
    *bucket = (struct bucket){
        .hash = hash, .project = name->project, .size = size, .left = size.count, .at_us = now_us};
    (void)snprintf(bucket->limit, sizeof(bucket->limit), "%.*s", SLICE_ARG(limit));
    (void)snprintf(bucket->key, sizeof(bucket->key), "%.*s", SLICE_ARG(key));
}

static void refill(struct bucket *bucket, int64_t now_us)
{
    double passed_s = now_us > bucket->at_us ? (double)(now_us - bucket->at_us) / 1e6 : 0;
    bucket->left += passed_s * bucket->size.count / bucket->size.seconds;
    bucket->left = bucket->left < bucket->size.count ? bucket->left : bucket->size.count;
    bucket->at_us = now_us > bucket->at_us ? now_us : bucket->at_us;
}

/* A few slots from where its hash points; the one longest unused gives way, since a bucket that is
 * unused fills up anyway. */
static struct bucket *find(struct limiter *limiter, const struct bucket_name *name,
                           struct bucket_size size, int64_t now_us)
{
    uint64_t hash = hash_of(name);
    struct bucket *oldest = NULL;
    for (unsigned i = 0; i < 16; i++) {
        struct bucket *bucket = &limiter->buckets[(hash + i) % LIMITER_BUCKETS_MAX];
        if (bucket->hash == hash) {
            bucket->size = size;
            return bucket;
        }
        if (oldest == NULL || bucket->hash == 0 ||
            (oldest->hash != 0 && bucket->at_us < oldest->at_us)) {
            oldest = bucket;
        }
        if (bucket->hash == 0) {
            break;
        }
    }
    make(oldest, hash, name, size, now_us);
    return oldest;
}

bool limiter_take(struct limiter *limiter, const struct bucket_name *name, struct bucket_size size,
                  uint32_t wanted, int64_t now_us, uint32_t *out_wait_s)
{
    MUST(size.count > 0 && size.seconds > 0);
    MUST(pthread_mutex_lock(&limiter->lock) == 0);
    struct bucket *bucket = find(limiter, name, size, now_us);
    refill(bucket, now_us);
    bool is_taken = bucket->left >= 1 || wanted == 0;
    if (is_taken) {
        bucket->left -= wanted;
        bucket->taken += wanted;
    }
    double missing = 1 - bucket->left;
    MUST(pthread_mutex_unlock(&limiter->lock) == 0);
    uint32_t wait_s = missing > 0 ? (uint32_t)(missing * size.seconds / size.count) + 1 : 0;
    *out_wait_s = wait_s < size.seconds || missing <= 0 ? wait_s : size.seconds;
    return is_taken;
}

bool limiter_is_shared(struct limiter *limiter)
{
    MUST(pthread_mutex_lock(&limiter->lock) == 0);
    bool is_shared = limiter->is_shared;
    MUST(pthread_mutex_unlock(&limiter->lock) == 0);
    return is_shared;
}

/* ---- the thread ---- */

static bool send(struct limiter *limiter, const struct bucket *bucket)
{
    char key[KEY_BYTES_MAX + 2 * NAME_BYTES];
    char numbers[3][24];
    int length =
        snprintf(key, sizeof(key), "t:{%02" PRIu32 "}:p:%" PRIu32 ":b:%s:%s",
                 effect_partition(bucket->project), bucket->project, bucket->limit, bucket->key);
    (void)snprintf(numbers[0], sizeof(numbers[0]), "%" PRIu32, bucket->size.count);
    (void)snprintf(numbers[1], sizeof(numbers[1]), "%" PRIu64,
                   1000 * (uint64_t)bucket->size.seconds);
    (void)snprintf(numbers[2], sizeof(numbers[2]), "%" PRIu32, bucket->in_flight);
    const struct slice arguments[] = {SLICE("FCALL"),
                                      SLICE("tocsin_bucket"),
                                      SLICE("1"),
                                      slice_of(key, (size_t)length),
                                      slice_str(numbers[0]),
                                      slice_str(numbers[1]),
                                      slice_str(numbers[2])};
    return redis_append(limiter->link, 7, arguments);
}

/* Copies up to BATCH buckets that were taken from; what they hold is in flight then. */
static unsigned collect(struct limiter *limiter, struct bucket *out, unsigned *from)
{
    unsigned count = 0;
    MUST(pthread_mutex_lock(&limiter->lock) == 0);
    for (; *from < LIMITER_BUCKETS_MAX && count < BATCH; (*from)++) {
        struct bucket *bucket = &limiter->buckets[*from];
        if (bucket->taken > 0) {
            bucket->in_flight = bucket->taken;
            bucket->taken = 0;
            out[count++] = *bucket;
        }
    }
    MUST(pthread_mutex_unlock(&limiter->lock) == 0);
    return count;
}

/* What all nodes left, less what was taken here meanwhile; or, when it could not be told, what was
 * in flight is taken again. */
static void settle(struct limiter *limiter, const struct bucket *told, bool is_told, double left)
{
    MUST(pthread_mutex_lock(&limiter->lock) == 0);
    for (unsigned i = 0; i < 16; i++) {
        struct bucket *bucket = &limiter->buckets[(told->hash + i) % LIMITER_BUCKETS_MAX];
        if (bucket->hash != told->hash) {
            continue;
        }
        if (is_told) {
            bucket->left = left - bucket->taken;
        } else {
            bucket->taken += told->in_flight;
        }
        bucket->in_flight = 0;
    }
    MUST(pthread_mutex_unlock(&limiter->lock) == 0);
}

static bool sync_batch(struct limiter *limiter, const struct bucket *batch, unsigned count)
{
    bool is_fine = true;
    unsigned sent = 0;
    while (sent < count && is_fine) {
        is_fine = send(limiter, &batch[sent]);
        sent += is_fine;
    }
    for (unsigned i = 0; i < count; i++) {
        redisReply *reply = i < sent && is_fine ? redis_reply(limiter->link) : NULL;
        bool is_told = reply != NULL && reply->type == REDIS_REPLY_INTEGER;
        is_fine = is_fine && reply != NULL;
        settle(limiter, &batch[i], is_told, is_told ? (double)reply->integer / 1000 : 0);
        if (reply != NULL) {
            freeReplyObject(reply);
        }
    }
    return is_fine;
}

static bool sync_all(struct limiter *limiter)
{
    static const unsigned none = 0;
    struct bucket *batch = calloc(BATCH, sizeof(*batch));
    unsigned from = none;
    unsigned count = 1;
    bool is_fine = batch != NULL;
    if (is_fine && !redis_is_connected(limiter->link)) {
        is_fine = redis_connect(limiter->link) && functions_load(limiter->link);
    }
    while (is_fine && count > 0) {
        count = collect(limiter, batch, &from);
        is_fine = count == 0 || sync_batch(limiter, batch, count);
    }
    if (!is_fine) {
        redis_disconnect(limiter->link);
    }
    free(batch);
    return is_fine;
}

static void *run(void *data)
{
    struct limiter *limiter = data;
    bool is_stopping = false;
    while (!is_stopping) {
        bool is_fine = sync_all(limiter);
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (is_fine ? SYNC_MS : AWAY_MS) * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        MUST(pthread_mutex_lock(&limiter->lock) == 0);
        limiter->is_shared = is_fine;
        if (!limiter->is_stopping) {
            (void)pthread_cond_timedwait(&limiter->stopped, &limiter->lock, &until);
        }
        is_stopping = limiter->is_stopping;
        MUST(pthread_mutex_unlock(&limiter->lock) == 0);
    }
    return NULL;
}

struct limiter *limiter_new(const struct redis_options *redis)
{
    struct limiter *limiter = calloc(1, sizeof(*limiter));
    sigset_t all;
    sigset_t before;
    if (limiter == NULL) {
        return NULL;
    }
    limiter->link = redis_new(redis);
    MUST(pthread_mutex_init(&limiter->lock, NULL) == 0);
    MUST(pthread_cond_init(&limiter->stopped, NULL) == 0);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    MUST(pthread_create(&limiter->thread, NULL, run, limiter) == 0);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_setname_np(limiter->thread, "limiter");
    return limiter;
}

void limiter_free(struct limiter *limiter)
{
    if (limiter == NULL) {
        return;
    }
    MUST(pthread_mutex_lock(&limiter->lock) == 0);
    limiter->is_stopping = true;
    MUST(pthread_cond_signal(&limiter->stopped) == 0);
    MUST(pthread_mutex_unlock(&limiter->lock) == 0);
    MUST(pthread_join(limiter->thread, NULL) == 0);
    redis_free(limiter->link);
    (void)pthread_cond_destroy(&limiter->stopped);
    (void)pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}
