/* SPDX-License-Identifier: Apache-2.0 */
/* guard — keeps clients from hurting us through the holes of libh2o 2.2.5.
 *
 * Debian's libh2o aborts, swells or burns a core for an HTTP/2 client that wants it to
 * (window-update abort, HPACK bomb, rapid reset, MadeYouReset, control floods, bodies never
 * finished). It calls its own exported functions through the symbol table, so the program can put
 * others in their place:
 *
 *   frame    ─▶ h2o_http2_decode_frame       credits, header block size, unknown frames silenced
 *   SETTINGS ─▶ .._update_peer_settings      no stream window below HTTP_WINDOW_BYTES_MIN
 *   HEADERS  ─▶ h2o_hpack_parse_headers      at most HTTP_FIELDS_MAX fields
 *   DATA     ─▶ .._decode_data_payload       bodies: cut one byte past the limit, so that a too
 * large one becomes a 413; budgets per connection and server RST sent ─▶ .._encode_rst_stream_frame
 * costs as much as one received streams  ─▶ .._(un)register_stream       whose body bytes these are
 *   Upgrade  ─▶ h2o_http2_handle_upgrade     never
 *   h1 head  ─▶ phr_parse_request            block size, and what lets requests be smuggled
 *   reads    ─▶ h2o_socket_read_start        knows which connection the above are called for
 *
 * guard.c is the accounting, pure; guard_hooks.c the replacements; guard_self_test.c the proof, at
 * boot, that this process's libh2o really calls them.
 *
 * A frame costs credits; they come back with time and with each answer, so a client that makes
 * requests never runs out, and one that only makes work does. What is refused ends the connection
 * with GOAWAY ENHANCE_YOUR_CALM.
 *
 * Rejected: a patched libh2o (not Debian's package any more), libnghttp2 (another HTTP stack),
 * judging in the request handler (it sees neither frames nor requests that never become one).
 *
 * Owner: the loop's thread, as all of a connection.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct st_h2o_socket_t;

/*    constant       counter        what was too much                                             */
#define GUARD_REASONS(X)                                                                           \
    X(GUARD_FRAMES, guard_frames) /* frames for the requests they carry */                         \
    X(GUARD_RESETS, guard_resets) /* streams reset, by either side */                              \
    X(GUARD_FIELDS, guard_fields) /* header fields */                                              \
    X(GUARD_BLOCK, guard_block) /* bytes or frames of a header block                           */  \
    X(GUARD_WINDOW, guard_window) /* a stream window below the floor */                            \
    X(GUARD_BODY, guard_body)   /* bytes of unfinished bodies                                  */  \
    X(GUARD_STUCK, guard_stuck) /* input that libh2o would decode for ever                     */

enum guard_reason {
    GUARD_FINE,
#define GUARD_REASON_ENUM(constant, counter) constant,
    GUARD_REASONS(GUARD_REASON_ENUM)
#undef GUARD_REASON_ENUM
        GUARD_REASON_COUNT
};

/* Frame types and flags of RFC 9113 that are treated each in its way. */
enum guard_frame_type {
    GUARD_FRAME_DATA,
    GUARD_FRAME_HEADERS,
    GUARD_FRAME_PRIORITY,
    GUARD_FRAME_RST_STREAM,
    GUARD_FRAME_SETTINGS,
    GUARD_FRAME_PUSH_PROMISE,
    GUARD_FRAME_PING,
    GUARD_FRAME_GOAWAY,
    GUARD_FRAME_WINDOW_UPDATE,
    GUARD_FRAME_CONTINUATION,
    GUARD_FRAME_UNKNOWN /* this and all above */
};
#define GUARD_FLAG_END_HEADERS 0x4u
#define GUARD_FLAG_ACK         0x1u
#define GUARD_FLAG_PADDED      0x8u

/* What all connections of a server share. */
struct guard_budget {
    size_t body_bytes;                            /* held now, of all connections */
    size_t body_bytes_max;                        /* of all */
    size_t body_bytes_of_one_max;                 /* of one request */
    _Atomic uint64_t *killed[GUARD_REASON_COUNT]; /* counters; NULL: not counted */
    _Atomic uint64_t *bytes_in;                   /* counter or NULL */
};

/* Streams known at once: 100 open, 16 with a priority only, and some reset while their answer
 * waits. */
#define GUARD_STREAMS_MAX 256u

struct guard_stream {
    uint32_t id;
    uint32_t body_bytes;
};

struct guard {
    struct guard_budget *budget;
    enum guard_reason reason; /* why the connection is being closed */
    bool is_http2;
    uint32_t credits;   /* thousandths */
    uint64_t credit_ms; /* when they were true */
    uint64_t now_ms;    /* of the read under way */
    uint32_t block_bytes;
    uint32_t block_frames; /* 0: no header block is open */
    size_t body_bytes;     /* held by this connection */
    uint32_t stream_count;
    struct guard_stream *streams; /* GUARD_STREAMS_MAX; only for HTTP/2 */
    const uint8_t *last_frame;    /* where the last whole frame of this read was */
    /* For guard_hooks.c: */
    void (*read)(struct st_h2o_socket_t *socket, const char *error);
    void (*on_close)(void *data);
    void *data;
};

struct guard_frame {
    unsigned type; /* may be unknown */
    unsigned flags;
    uint32_t length; /* of the payload */
};

/* Borrows `budget`, which outlives the guard. */
void guard_init(struct guard *guard, struct guard_budget *budget, uint64_t now_ms);

/* Gives its bodies back to the budget. */
void guard_done(struct guard *guard);

/* Notes why, once, and counts it. Gives `reason` back. */
enum guard_reason guard_kill(struct guard *guard, enum guard_reason reason);

/* From now on frames come. */
void guard_begin_http2(struct guard *guard);

/* Judges a frame, and all before it. Not GUARD_FINE: the connection must be closed. */
enum guard_reason guard_frame(struct guard *guard, struct guard_frame frame);

/* A header block of `count` fields is about to be decoded. */
enum guard_reason guard_fields(struct guard *guard, size_t count);

/* SETTINGS_INITIAL_WINDOW_SIZE. */
enum guard_reason guard_window(struct guard *guard, uint32_t bytes);

/* We reset a stream. Judged with the next frame. */
void guard_reset_sent(struct guard *guard);

/* A request was answered. */
void guard_answered(struct guard *guard);

void guard_stream_open(struct guard *guard, uint32_t id);
void guard_stream_close(struct guard *guard, uint32_t id);

/* `bytes` of body came on a stream: how many of them to keep. What goes over a budget kills the
 * connection with the next frame. */
size_t guard_body(struct guard *guard, uint32_t id, size_t bytes);

/* HTTP/1: `bytes` of a request are held now. */
enum guard_reason guard_held(struct guard *guard, size_t bytes);

/* ---- guard_hooks.c ---- */

/* Watches a new server-side socket. Borrows `guard` (which guard_init made) until `on_close(data)`,
 * which libh2o calls when it has closed the socket. */
void guard_attach(struct guard *guard, struct st_h2o_socket_t *socket, void (*on_close)(void *),
                  void *data);

/* The `data` of guard_attach; NULL: not a socket we watch. */
void *guard_data(const struct st_h2o_socket_t *socket);

/* ---- guard_self_test.c ---- */

/* Attacks a server of its own inside this process, over socket pairs. False: `why` (a line for
 * people) is filled, and HTTP/2 must not be offered. Takes milliseconds. */
bool guard_self_test(char *why, size_t size);
