/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/loop.h"
#include "ingest/base/must.h"
#include "ingest/http/h2o_private.h"
#include "ingest/http/h2o_time.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>

#ifdef __SANITIZE_ADDRESS__
/* What libh2o 2.2.5 never gives back: free lists of its threads, and one queue per context. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:h2o_mem_alloc_recycle\nleak:h2o_multithread_create_queue\n";
}

/* And says nothing of them when there is nothing else to say. */
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif

/* How long a turn waits when there is nothing to do; wakes come by the eventfd. */
#define IDLE_TURN_MS 1000u

/* A function to call, in a queue. */
struct call {
    struct call *next;
    loop_fn *fn;
    void *data;
};

struct calls {
    struct call *first;
    struct call **last;
};

struct loop_timer {
    h2o_timeout_t period; /* first entry of libh2o's list of timeouts, of one entry */
    h2o_timeout_entry_t entry;
    struct loop *loop;
    loop_fn *fn;
    void *data;
    struct loop_timer *next; /* in the loop's list */
    bool is_cancelled;
};

struct loop {
    h2o_evloop_t *h2o;
    bool is_turning;

    h2o_timeout_t at_once; /* created before any server's, so it runs before they write */
    h2o_timeout_entry_t deferred_entry;
    struct calls deferred;

    struct loop_timer *timers;

    pthread_mutex_t lock; /* guards the three below */
    struct calls posts;
    bool has_ended;
    int wake_fd;
    h2o_socket_t *wake; /* reads wake_fd */

    atomic_bool is_stopped;
};

static void calls_init(struct calls *calls)
{
    calls->first = NULL;
    calls->last = &calls->first;
}

static bool calls_add(struct calls *calls, loop_fn *fn, void *data)
{
    struct call *call = malloc(sizeof *call);
    if (call == NULL) {
        return false;
    }
    *call = (struct call){NULL, fn, data};
    *calls->last = call;
    calls->last = &call->next;
    return true;
}

/* Runs and frees a list taken from its queue. */
static void calls_run(struct call *call)
{
    while (call != NULL) {
        struct call *next = call->next;
        call->fn(call->data);
        free(call);
        call = next;
    }
}

static void run_deferred(h2o_timeout_entry_t *entry)
{
    struct loop *loop = H2O_STRUCT_FROM_MEMBER(struct loop, deferred_entry, entry);
    struct call *first = loop->deferred.first;
    calls_init(&loop->deferred);
    calls_run(first);
}

static void run_posts(h2o_socket_t *socket, const char *error)
{
    struct loop *loop = socket->data;
    MUST(error == NULL);
    uint64_t count;
    ssize_t got = read(loop->wake_fd, &count, sizeof count);
    MUST(got == (ssize_t)sizeof count || errno == EAGAIN || errno == EINTR);

    pthread_mutex_lock(&loop->lock);
    struct call *first = loop->posts.first;
    calls_init(&loop->posts);
    pthread_mutex_unlock(&loop->lock);
    calls_run(first);
}

struct loop *loop_new(void)
{
    MUST(h2o_time_is_monotonic());
    signal(SIGPIPE, SIG_IGN);

    struct loop *loop = h2o_mem_alloc(sizeof *loop);
    *loop = (struct loop){.h2o = h2o_evloop_create()};
    h2o_timeout_init(loop->h2o, &loop->at_once, 0);
    loop->deferred_entry.cb = run_deferred;
    calls_init(&loop->deferred);
    calls_init(&loop->posts);
    pthread_mutex_init(&loop->lock, NULL);
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    MUST(loop->wake_fd >= 0);
    loop->wake = h2o_evloop_socket_create(loop->h2o, loop->wake_fd, H2O_SOCKET_FLAG_DONT_READ);
    loop->wake->data = loop;
    h2o_socket_read_start(loop->wake, run_posts);
    return loop;
}

/* Cancelled timers cannot be freed inside a turn: libh2o is walking over them. */
static void reap_timers(struct loop *loop, bool all)
{
    MUST(!loop->is_turning);
    for (struct loop_timer **at = &loop->timers; *at != NULL;) {
        struct loop_timer *timer = *at;
        if (!all && !timer->is_cancelled) {
            at = &timer->next;
            continue;
        }
        *at = timer->next;
        h2o_timeout_unlink(&timer->entry);
        h2o_timeout_dispose(loop->h2o, &timer->period);
        free(timer);
    }
}

void loop_turn(struct loop *loop, unsigned max_wait_ms)
{
    MUST(!loop->is_turning);
    MUST(max_wait_ms <= INT32_MAX);
    loop->is_turning = true;
    int outcome = h2o_evloop_run(loop->h2o, (int32_t)max_wait_ms);
    MUST(outcome == 0 || errno == EINTR);
    loop->is_turning = false;
    reap_timers(loop, false);
}

void loop_free(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    MUST(!loop->is_turning);
    MUST(loop->posts.first == NULL || !loop->has_ended);
    reap_timers(loop, true);
    h2o_timeout_unlink(&loop->deferred_entry);
    for (struct call *call = loop->deferred.first, *next; call != NULL; call = next) {
        next = call->next;
        free(call);
    }
    for (struct call *call = loop->posts.first, *next; call != NULL; call = next) {
        next = call->next;
        free(call);
    }
    h2o_timeout_dispose(loop->h2o, &loop->at_once);
    h2o_socket_close(loop->wake);
    pthread_mutex_destroy(&loop->lock);
    int epoll = ((struct h2o_private_evloop *)loop->h2o)->epoll;
    h2o_evloop_destroy(loop->h2o);
    close(epoll);
    free(loop);
}

static bool has_posts(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    bool has = loop->posts.first != NULL;
    pthread_mutex_unlock(&loop->lock);
    return has;
}

void loop_run(struct loop *loop)
{
    while (!atomic_load(&loop->is_stopped)) {
        loop_turn(loop, IDLE_TURN_MS);
    }
    pthread_mutex_lock(&loop->lock);
    loop->has_ended = true;
    pthread_mutex_unlock(&loop->lock);
    while (has_posts(loop)) {
        loop_turn(loop, IDLE_TURN_MS);
    }
}

/* With the lock held, so that the descriptor is never used after loop_free. */
static void wake(struct loop *loop)
{
    uint64_t one = 1;
    ssize_t put = write(loop->wake_fd, &one, sizeof one);
    MUST(put == (ssize_t)sizeof one || errno == EAGAIN || errno == EINTR);
}

void loop_stop(struct loop *loop)
{
    atomic_store(&loop->is_stopped, true);
    pthread_mutex_lock(&loop->lock);
    if (!loop->has_ended) {
        wake(loop);
    }
    pthread_mutex_unlock(&loop->lock);
}

bool loop_post(struct loop *loop, loop_fn *fn, void *data)
{
    MUST(fn != NULL);
    pthread_mutex_lock(&loop->lock);
    bool was_empty = loop->posts.first == NULL;
    bool added = !loop->has_ended && calls_add(&loop->posts, fn, data);
    if (added && was_empty) {
        wake(loop);
    }
    pthread_mutex_unlock(&loop->lock);
    return added;
}

static void run_timer(h2o_timeout_entry_t *entry)
{
    struct loop_timer *timer = H2O_STRUCT_FROM_MEMBER(struct loop_timer, entry, entry);
    MUST(!timer->is_cancelled);
    timer->fn(timer->data);
    if (!timer->is_cancelled) {
        h2o_timeout_link(timer->loop->h2o, &timer->period, &timer->entry);
    }
}

struct loop_timer *loop_every(struct loop *loop, unsigned ms, loop_fn *fn, void *data)
{
    MUST(ms > 0);
    MUST(fn != NULL);
    struct loop_timer *timer = h2o_mem_alloc(sizeof *timer);
    *timer = (struct loop_timer){.loop = loop, .fn = fn, .data = data, .next = loop->timers};
    timer->entry.cb = run_timer;
    loop->timers = timer;
    h2o_timeout_init(loop->h2o, &timer->period, ms);
    h2o_timeout_link(loop->h2o, &timer->period, &timer->entry);
    return timer;
}

void loop_cancel(struct loop_timer *timer)
{
    if (timer != NULL) {
        MUST(!timer->is_cancelled);
        timer->is_cancelled = true;
        h2o_timeout_unlink(&timer->entry);
    }
}

void loop_defer(struct loop *loop, loop_fn *fn, void *data)
{
    MUST(fn != NULL);
    bool added = calls_add(&loop->deferred, fn, data);
    MUST(added);
    if (!h2o_timeout_is_linked(&loop->deferred_entry)) {
        h2o_timeout_link(loop->h2o, &loop->at_once, &loop->deferred_entry);
    }
}

bool loop_is_turning(const struct loop *loop)
{
    return loop->is_turning;
}

uint64_t loop_now_ms(const struct loop *loop)
{
    return h2o_now(loop->h2o);
}

struct st_h2o_evloop_t *loop_h2o(struct loop *loop)
{
    return loop->h2o;
}
