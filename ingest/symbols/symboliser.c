/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/symboliser.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/symbols/symbol_cache.h"
#include "ingest/symbols/worker_process.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Addresses of one file that wait for the worker. */
struct job {
    struct job *next;
    uint64_t number; /* jobs are done in this order */
    struct symbol_file_identity file;
    int fd;
    uint32_t count;
    uint64_t addresses[];
};

struct symboliser {
    struct symboliser_options options;
    struct worker_process worker;
    struct buffer answer; /* the thread's */
    struct symboliser_stats stats;
    pthread_t thread;
    pthread_mutex_t lock; /* over all below */
    pthread_cond_t work;  /* there is a job */
    pthread_cond_t done;  /* one has been done */
    struct symbol_cache *cache;
    struct job *first; /* it stays in the queue while it is being done */
    struct job *last;
    unsigned queued;
    uint64_t given; /* numbers of jobs */
    uint64_t finished;
    atomic_bool is_stopping;
};

/* ---- the thread ---- */

static void remember_all(struct symboliser *self, const struct job *job)
{
    struct slice rest = buffer_slice(&self->answer);
    for (uint32_t i = 0; i < job->count; i++) {
        struct symbol_key key = {job->file, job->addresses[i]};
        struct slice one = symbol_skip(&rest);
        MUST(one.len > 0);
        symbol_cache_put(self->cache, &key, one, INT64_MAX);
    }
    atomic_fetch_add(&self->stats.looked_up, job->count);
}

static void remember_verdict(struct symboliser *self, const struct job *job,
                             enum symbol_status status)
{
    const struct symbol verdict = {.status = status};
    struct symbol_key key = {job->file, SYMBOL_CACHE_VERDICT};
    buffer_reset(&self->answer);
    symbol_write(&self->answer, &verdict);
    symbol_cache_put(self->cache, &key, buffer_slice(&self->answer),
                     clock_monotonic_us() + INT64_C(1000) * SYMBOLISE_SPARED_MS);
}

static void conclude(struct symboliser *self, const struct job *job, enum worker_end end)
{
    atomic_store(&self->stats.starts, self->worker.starts);
    if (end == WORKER_ANSWERED) {
        remember_all(self, job);
    } else if (end == WORKER_DIED) {
        remember_verdict(self, job, SYMBOL_MALFORMED);
        atomic_fetch_add(&self->stats.crashes, 1);
    } else if (end == WORKER_LATE && !atomic_load(&self->is_stopping)) {
        remember_verdict(self, job, SYMBOL_TIMEOUT);
        atomic_fetch_add(&self->stats.timeouts, 1);
    } else if (end == WORKER_ABSENT) {
        atomic_fetch_add(&self->stats.absent, 1);
    }
}

static void finish_first(struct symboliser *self)
{
    struct job *job = self->first;
    MUST(job != NULL && self->queued > 0);
    self->first = job->next;
    self->last = self->first != NULL ? self->last : NULL;
    self->queued--;
    self->finished = job->number;
    close(job->fd);
    free(job);
    pthread_cond_broadcast(&self->done);
}

static void *run(void *data)
{
    struct symboliser *self = data;
    MUST(pthread_mutex_lock(&self->lock) == 0);
    while (!atomic_load(&self->is_stopping)) {
        const struct job *job = self->first;
        if (job == NULL) {
            MUST(pthread_cond_wait(&self->work, &self->lock) == 0);
            continue;
        }
        const struct symbol_question question = {job->count, job->addresses};
        MUST(pthread_mutex_unlock(&self->lock) == 0);
        enum worker_end end =
            worker_process_ask(&self->worker, job->fd, &question, self->options.deadline_ms,
                               &self->is_stopping, &self->answer);
        MUST(pthread_mutex_lock(&self->lock) == 0);
        conclude(self, job, end);
        finish_first(self);
    }
    MUST(pthread_mutex_unlock(&self->lock) == 0);
    worker_process_stop(&self->worker);
    return NULL;
}

/* ---- start and stop ---- */

static void release(struct symboliser *self)
{
    while (self->first != NULL) {
        finish_first(self);
    }
    symbol_cache_free(self->cache);
    buffer_done(&self->answer);
    pthread_cond_destroy(&self->done);
    pthread_cond_destroy(&self->work);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

struct symboliser *symboliser_start(const struct symboliser_options *options)
{
    MUST(options->folder != NULL);
    pthread_condattr_t monotonic;
    struct symboliser *self = calloc(1, sizeof(*self));
    if (self == NULL) {
        return NULL;
    }
    self->options = *options;
    self->options.deadline_ms =
        options->deadline_ms != 0 ? options->deadline_ms : SYMBOLISE_DEADLINE_MS;
    self->worker.program = options->program != NULL ? options->program : "/proc/self/exe";
    self->cache =
        symbol_cache_new(options->cache_bytes != 0 ? options->cache_bytes : SYMBOL_CACHE_BYTES);
    buffer_init(&self->answer, SYMBOL_ANSWER_BYTES_MAX);
    MUST(pthread_mutex_init(&self->lock, NULL) == 0 && pthread_cond_init(&self->work, NULL) == 0);
    MUST(pthread_condattr_init(&monotonic) == 0 &&
         pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
         pthread_cond_init(&self->done, &monotonic) == 0);
    (void)pthread_condattr_destroy(&monotonic);
    if (self->cache == NULL || pthread_create(&self->thread, NULL, run, self) != 0) {
        release(self);
        return NULL;
    }
    return self;
}

void symboliser_stop(struct symboliser *self)
{
    if (self == NULL) {
        return;
    }
    MUST(pthread_mutex_lock(&self->lock) == 0);
    atomic_store(&self->is_stopping, true);
    pthread_cond_broadcast(&self->work);
    MUST(pthread_mutex_unlock(&self->lock) == 0);
    MUST(pthread_join(self->thread, NULL) == 0);
    release(self);
}

const struct symboliser_stats *symboliser_stats(const struct symboliser *self)
{
    return &self->stats;
}

/* ---- asking; all under the lock ---- */

/* What is known of one address; PENDING when nothing is. Texts are copied: the cache goes on. */
static struct symbol known(struct symboliser *self, const struct symbol_file_identity *file,
                           uint64_t address, struct arena *arena)
{
    const struct symbol pending = {.status = SYMBOL_PENDING};
    struct symbol_key verdict = {*file, SYMBOL_CACHE_VERDICT};
    struct symbol_key key = {*file, address};
    struct symbol symbol;
    int64_t now_us = clock_monotonic_us();
    struct slice answer = symbol_cache_get(self->cache, &key, now_us);
    if (answer.len == 0) {
        answer = symbol_cache_get(self->cache, &verdict, now_us);
    }
    answer = arena_copy(arena, answer);
    return answer.len > 0 && symbol_read(&answer, arena, &symbol) ? symbol : pending;
}

/* Fills what is known; gives how many addresses are not. */
static uint32_t fill(struct symboliser *self, const struct symbol_file_identity *file,
                     struct symbol_request *request, struct arena *arena)
{
    uint32_t unknown = 0;
    for (uint32_t i = 0; i < request->count; i++) {
        struct symbol *symbol = &request->symbols[i];
        if (symbol->status == SYMBOL_PENDING) {
            *symbol = known(self, file, request->addresses[i], arena);
            unknown += symbol->status == SYMBOL_PENDING;
        }
    }
    return unknown;
}

/* The job that is already there for a file; NULL when there is none. */
static struct job *job_of(const struct symboliser *self, const struct symbol_file_identity *file)
{
    struct job *job = self->first;
    while (job != NULL && memcmp(&job->file, file, sizeof(*file)) != 0) {
        job = job->next;
    }
    return job;
}

/* Makes a job of the addresses that are PENDING; takes `fd`. Gives its number, or 0. */
static uint64_t enqueue(struct symboliser *self, const struct symbol_file_identity *file,
                        const struct symbol_request *request, int fd)
{
    struct job *job = self->queued < SYMBOLISE_QUEUE_MAX
                          ? malloc(sizeof(*job) + request->count * sizeof(job->addresses[0]))
                          : NULL;
    if (job == NULL) {
        close(fd);
        return 0;
    }
    *job = (struct job){.number = ++self->given, .file = *file, .fd = fd};
    for (uint32_t i = 0; i < request->count; i++) {
        if (request->symbols[i].status == SYMBOL_PENDING) {
            job->addresses[job->count++] = request->addresses[i];
        }
    }
    MUST(job->count > 0);
    *(self->last != NULL ? &self->last->next : &self->first) = job;
    self->last = job;
    self->queued++;
    pthread_cond_signal(&self->work);
    return job->number;
}

/* Fills what can be said at once; gives the number of the job that will say more, or 0. */
static uint64_t begin(struct symboliser *self, struct symbol_request *request,
                      struct symbol_file_identity *file, struct arena *arena)
{
    int fd = symbol_store_open(self->options.folder, &request->id, file);
    if (fd < 0) {
        for (uint32_t i = 0; i < request->count; i++) {
            request->symbols[i].status = SYMBOL_NO_FILE;
        }
        return 0;
    }
    uint32_t unknown = fill(self, file, request, arena);
    atomic_fetch_add(&self->stats.cached, request->count - unknown);
    const struct job *waiting = job_of(self, file);
    if (unknown > 0 && waiting == NULL) {
        return enqueue(self, file, request, fd);
    }
    close(fd);
    return unknown > 0 ? waiting->number : 0;
}

static struct timespec after(int wait_ms)
{
    struct timespec time;
    MUST(clock_gettime(CLOCK_MONOTONIC, &time) == 0 && wait_ms >= 0);
    time.tv_sec += wait_ms / 1000;
    time.tv_nsec += wait_ms % 1000 * 1000000L;
    time.tv_sec += time.tv_nsec / 1000000000L;
    time.tv_nsec %= 1000000000L;
    return time;
}

static bool prepare(struct symbol_request *requests, uint32_t count, struct arena *arena)
{
    for (uint32_t i = 0; i < count; i++) {
        MUST(requests[i].count > 0 && requests[i].count <= SYMBOL_ADDRESSES_MAX);
        requests[i].symbols = ARENA_ARRAY(arena, requests[i].count, struct symbol);
        if (requests[i].symbols == NULL) {
            return false;
        }
        for (uint32_t k = 0; k < requests[i].count; k++) {
            requests[i].symbols[k].status = SYMBOL_PENDING;
        }
    }
    return true;
}

void symboliser_ask(struct symboliser *self, struct symbol_request *requests, uint32_t count,
                    int wait_ms, struct arena *arena)
{
    struct symbol_file_identity *files = ARENA_ARRAY(arena, count, struct symbol_file_identity);
    uint64_t last = 0;
    if (count == 0 || files == NULL || !prepare(requests, count, arena)) {
        return;
    }
    MUST(pthread_mutex_lock(&self->lock) == 0);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t number = begin(self, &requests[i], &files[i], arena);
        last = number > last ? number : last;
    }
    struct timespec until = after(wait_ms);
    while (self->finished < last && pthread_cond_timedwait(&self->done, &self->lock, &until) == 0) {
    }
    for (uint32_t i = 0; i < count && last > 0; i++) {
        (void)fill(self, &files[i], &requests[i], arena);
    }
    MUST(pthread_mutex_unlock(&self->lock) == 0);
}
