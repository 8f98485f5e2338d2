/* SPDX-License-Identifier: Apache-2.0 */
/* loop — one thread's event loop (libh2o's epoll loop), and the way into it from other threads.
 *
 *   other threads --loop_post--> [ queue ] --eventfd--> loop thread: sockets, then posts and timers
 *
 * Everything a server or a Redis link does happens inside a turn of the loop. A reply written from
 * outside a turn would sit in libh2o until epoll_wait returns, up to a second later: so other
 * threads never reply, they post. Time inside the loop is monotonic (h2o_time.c), so a clock step
 * neither fires nor freezes timers.
 *
 * Rejected: h2o's own multithread queue (it asserts when messages are left at the end, and a post
 * racing with the end is lost without a word).
 *
 * Owner: the thread that calls loop_run, except loop_post and loop_stop. loop_new ignores SIGPIPE
 * for the process. Threads that run a loop need a stack of 1 MB or more (libh2o keeps a header name
 * there).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_timer;
struct st_h2o_evloop_t;

typedef void loop_fn(void *data);

/* Gives a loop; never NULL (libh2o ends the process when memory is out). */
struct loop *loop_new(void);

/* After loop_run has returned and everything built on the loop is freed. Accepts NULL. */
void loop_free(struct loop *loop);

/* Turns until loop_stop, then runs what was posted before and returns. */
void loop_run(struct loop *loop);

/* Any thread, any number of times; also before loop_run, which then returns at once. */
void loop_stop(struct loop *loop);

/* Any thread: runs fn(data) on the loop's thread, inside a turn, in the order of the posts. False:
 * the loop has ended, fn will not run and `data` stays the caller's. Costs one allocation. */
bool loop_post(struct loop *loop, loop_fn *fn, void *data) __attribute__((warn_unused_result));

/* Runs fn(data) every `ms` from now on. Gives a timer that loop_cancel or loop_free ends. */
struct loop_timer *loop_every(struct loop *loop, unsigned ms, loop_fn *fn, void *data);

/* Also from inside its own callback. Accepts NULL. */
void loop_cancel(struct loop_timer *timer);

/* Runs fn(data) once at the end of this turn (of the next, when called between turns), after all
 * socket callbacks: the place to handle what arrived together. Not from other threads. */
void loop_defer(struct loop *loop, loop_fn *fn, void *data);

/* One turn, waiting at most `max_wait_ms` for something to do. For tests and for the self-test; not
 * while loop_run runs, and not from a callback. */
void loop_turn(struct loop *loop, unsigned max_wait_ms);

/* True inside a callback of the loop: where replies may be written, and nothing may be freed. */
bool loop_is_turning(const struct loop *loop);

/* Monotonic milliseconds as of the start of this turn. */
uint64_t loop_now_ms(const struct loop *loop);

/* For adapters that register their own sockets (hiredis). Borrows; valid until loop_free. */
struct st_h2o_evloop_t *loop_h2o(struct loop *loop);
