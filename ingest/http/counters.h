/* SPDX-License-Identifier: Apache-2.0 */
/* counters — what an HTTP server did, readable from any thread. One writer: the loop's thread.
 *
 * One list, many uses: HTTP_COUNTERS(X) gives the fields here and the rows of /metrics elsewhere.
 * Except `connections`, a gauge, they only grow.
 */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

/*  field                      what it counts */
#define HTTP_COUNTERS(X)                                                                           \
    X(connections, "connections open now")                                                         \
    X(accepted, "connections accepted")                                                            \
    X(refused_address, "connections closed at once: too many open from the address")               \
    X(refused_rate, "connections closed at once: too many new ones a second from the address")     \
    X(paused, "times accepting paused at the connection cap")                                      \
    X(requests_http1, "requests over HTTP/1.0 and 1.1")                                            \
    X(requests_http2, "requests over HTTP/2")                                                      \
    X(cancelled, "requests whose client went before they were looked at")                          \
    X(abandoned, "requests whose client went before the answer")                                   \
    X(refused_tickets, "requests answered 503: too many without an answer")                        \
    X(too_big, "requests answered 413")                                                            \
    X(answers_too_big, "answers replaced by 500: too long for an HTTP/2 server (a bug)")           \
    X(bad_requests, "requests libh2o answered itself")                                             \
    X(timeout_request, "connections closed: a request took too long to arrive")                    \
    X(timeout_answer, "requests answered 503: no answer in time")                                  \
    X(timeout_write, "connections closed: the answer was not read")                                \
    X(timeout_idle, "connections closed: no request for too long")                                 \
    X(bytes_in, "bytes read, after TLS")                                                           \
    X(bytes_out, "bytes written, before TLS")                                                      \
    X(guard_frames, "HTTP/2 connections closed: too many frames for the requests they carry")      \
    X(guard_resets, "HTTP/2 connections closed: too many reset streams")                           \
    X(guard_fields, "HTTP/2 connections closed: too many header fields")                           \
    X(guard_block, "HTTP/2 connections closed: header block too long")                             \
    X(guard_window, "HTTP/2 connections closed: stream window below the floor")                    \
    X(guard_body, "connections closed: too many bytes of unfinished bodies")                       \
    X(guard_stuck, "HTTP/2 connections closed: input libh2o would have looped on")

struct http_counters {
#define HTTP_COUNTER_FIELD(name, text) _Atomic uint64_t name;
    HTTP_COUNTERS(HTTP_COUNTER_FIELD)
#undef HTTP_COUNTER_FIELD
};

/* The single writer adds without a locked instruction. */
static inline void http_count(_Atomic uint64_t *counter, uint64_t by)
{
    uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + by, memory_order_relaxed);
}
