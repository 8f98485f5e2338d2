/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/job.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <pthread.h>
#include <stdlib.h>

struct job_pool {
    pthread_mutex_t lock;
    struct job *free;
    unsigned made;
    unsigned used;
    unsigned most;
};

struct job_pool *job_pool_new(unsigned most)
{
    MUST(most > 0);
    struct job_pool *pool = calloc(1, sizeof(*pool));
    if (pool != NULL) {
        MUST(pthread_mutex_init(&pool->lock, NULL) == 0);
        pool->most = most;
    }
    return pool;
}

void job_pool_free(struct job_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    MUST(pool->used == 0);
    while (pool->free != NULL) {
        struct job *job = pool->free;
        pool->free = job->next;
        arena_done(&job->keep);
        free(job);
    }
    MUST(pthread_mutex_destroy(&pool->lock) == 0);
    free(pool);
}

static struct job *make(struct job_pool *pool)
{
    struct job *job = calloc(1, sizeof(*job));
    if (job != NULL && !arena_init(&job->keep, JOB_BYTES)) {
        free(job);
        job = NULL;
    }
    pool->made += job != NULL;
    return job;
}

struct job *job_take(struct job_pool *pool)
{
    MUST(pthread_mutex_lock(&pool->lock) == 0);
    struct job *job = pool->free;
    if (job != NULL) {
        pool->free = job->next;
    } else if (pool->made < pool->most) {
        job = make(pool);
    }
    pool->used += job != NULL;
    MUST(pool->used <= pool->made && pool->made <= pool->most);
    MUST(pthread_mutex_unlock(&pool->lock) == 0);
    if (job != NULL) {
        job->pool = pool;
        job->next = NULL;
    }
    return job;
}

void job_give(struct job *job)
{
    struct job_pool *pool = job->pool;
    struct arena keep = job->keep;
    arena_reset(&keep);
    *job = (struct job){.keep = keep};
    MUST(pthread_mutex_lock(&pool->lock) == 0);
    MUST(pool->used > 0);
    pool->used--;
    job->next = pool->free;
    pool->free = job;
    MUST(pthread_mutex_unlock(&pool->lock) == 0);
}

unsigned job_pool_used(struct job_pool *pool)
{
    MUST(pthread_mutex_lock(&pool->lock) == 0);
    unsigned used = pool->used;
    MUST(pthread_mutex_unlock(&pool->lock) == 0);
    return used;
}
