/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/buffer.h"
#include "ingest/base/must.h"
#include "ingest/http/inside.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY_BYTES_MAX 1000u
#define TURNS_MAX      200u
#define PIECE_BYTES    1000u
#define GOT_BYTES_MAX  65536u
#define SENT_BYTES_MAX (64u << 10)
#define STREAMS        400u /* more than the credits of a connection pay for */

#define PREFACE SLICE("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")

/* :method GET, :scheme http, :path / — entries 2, 6 and 4 of the static table. */
#define GET_FIELDS SLICE("\x82\x86\x84")

/* :method POST, :scheme http, :path / and content-length 2000 (literal, name 28 of the table). */
#define POST_FIELDS                                                                                \
    SLICE("\x83\x86\x84\x0f\x0d\x04"                                                               \
          "2000")

#define END_STREAM        1u
#define END_HEADERS       4u
#define ENHANCE_YOUR_CALM 11u

/* One attack: what is sent, and what must have come back (`got`) when it has no effect on us. */
struct attack {
    const char *name;
    void (*send)(struct buffer *out);
    bool (*holds)(struct slice got, const struct http_server *server);
};

static void frame(struct buffer *out, unsigned type, unsigned flags, uint32_t stream,
                  struct slice payload)
{
    MUST(payload.len < 1u << 14 && stream < 1u << 24);
    buffer_byte(out, 0);
    buffer_byte(out, (char)(payload.len >> 8));
    buffer_byte(out, (char)payload.len);
    buffer_byte(out, (char)type);
    buffer_byte(out, (char)flags);
    buffer_byte(out, 0);
    buffer_byte(out, (char)(stream >> 16));
    buffer_byte(out, (char)(stream >> 8));
    buffer_byte(out, (char)stream);
    buffer_add(out, payload);
}

static void hello(struct buffer *out)
{
    buffer_add(out, PREFACE);
    frame(out, GUARD_FRAME_SETTINGS, 0, 0, SLICE(""));
}

static void get(struct buffer *out, uint32_t stream)
{
    frame(out, GUARD_FRAME_HEADERS, END_HEADERS | END_STREAM, stream, GET_FIELDS);
}

static void send_request(struct buffer *out)
{
    hello(out);
    get(out, 1);
}

static void send_small_window(struct buffer *out)
{
    buffer_add(out, PREFACE);
    frame(out, GUARD_FRAME_SETTINGS, 0, 0, SLICE("\0\x04\0\0\0\x01"));
}

static void send_references(struct buffer *out)
{
    char fields[200];
    memset(fields, 0x90, sizeof fields); /* accept-encoding: gzip, deflate */
    hello(out);
    frame(out, GUARD_FRAME_HEADERS, END_HEADERS, 1, slice_of(fields, sizeof fields));
}

static void send_resets(struct buffer *out)
{
    hello(out);
    for (uint32_t i = 0; i < STREAMS; i++) {
        get(out, 2 * i + 1);
        frame(out, GUARD_FRAME_RST_STREAM, 0, 2 * i + 1, SLICE("\0\0\0\x08"));
    }
}

static void send_made_resets(struct buffer *out)
{
    hello(out);
    for (uint32_t i = 0; i < STREAMS; i++) {
        get(out, 2 * i + 1);
        frame(out, GUARD_FRAME_WINDOW_UPDATE, 0, 2 * i + 1, SLICE("\0\0\0\0"));
    }
}

static void send_unknown(struct buffer *out)
{
    hello(out);
    for (uint32_t i = 0; i < 5000; i++) {
        frame(out, 0x20, 0, 0, SLICE(""));
    }
}

static void send_large_body(struct buffer *out)
{
    char body[BODY_BYTES_MAX];
    memset(body, 'x', sizeof body);
    hello(out);
    frame(out, GUARD_FRAME_HEADERS, END_HEADERS, 1, POST_FIELDS);
    frame(out, GUARD_FRAME_DATA, 0, 1, slice_of(body, sizeof body));
    frame(out, GUARD_FRAME_DATA, END_STREAM, 1, slice_of(body, sizeof body));
}

static void send_smuggled(struct buffer *out)
{
    buffer_add(out, SLICE("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n"
                          "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"));
}

static void send_upgrade(struct buffer *out)
{
    buffer_add(out, SLICE("GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade, http2-settings\r\n"
                          "upgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n"));
}

/* The payload of the first frame of that type in what we sent; empty when there is none. */
static struct slice find_frame(struct slice got, unsigned type)
{
    while (got.len >= 9) {
        size_t length = (size_t)(uint8_t)got.at[1] << 8 | (uint8_t)got.at[2];
        if ((uint8_t)got.at[3] == type) {
            return slice_head(slice_from(got, 9), length);
        }
        got = slice_from(got, 9 + length);
    }
    return SLICE("");
}

static bool is_answered(struct slice got, const struct http_server *server)
{
    return find_frame(got, GUARD_FRAME_HEADERS).len > 0 &&
           find_frame(got, GUARD_FRAME_GOAWAY).len == 0 &&
           atomic_load(&server->counters.requests_http2) > 0;
}

static bool is_calmed(struct slice got, const struct http_server *server)
{
    struct slice payload = find_frame(got, GUARD_FRAME_GOAWAY);
    (void)server;
    return payload.len >= 8 && (uint8_t)payload.at[7] == ENHANCE_YOUR_CALM;
}

static bool is_refused_as_too_big(struct slice got, const struct http_server *server)
{
    return is_answered(got, server) && atomic_load(&server->counters.too_big) == 1;
}

static bool is_bad_request(struct slice got, const struct http_server *server)
{
    (void)server;
    return slice_starts(got, SLICE("HTTP/1.1 400 "));
}

static bool is_answered_http1(struct slice got, const struct http_server *server)
{
    (void)server;
    return slice_starts(got, SLICE("HTTP/1.1 200 "));
}

static const struct attack attacks[] = {
    {"a plain request", send_request, is_answered},
    {"a stream window of 1 byte", send_small_window, is_calmed},
    {"200 header references", send_references, is_calmed},
    {"streams reset by the client", send_resets, is_calmed},
    {"streams reset by the server", send_made_resets, is_calmed},
    {"unknown frames", send_unknown, is_calmed},
    {"a body over the limit", send_large_body, is_refused_as_too_big},
    {"two framings in one HTTP/1 request", send_smuggled, is_bad_request},
    {"an upgrade to h2c", send_upgrade, is_answered_http1},
};

static void answer(void *data, struct http_request *request, struct http_ticket *ticket)
{
    (void)data;
    (void)request;
    http_reply(ticket, &(struct http_answer){.status = 200, .body = SLICE("ok")});
}

/* Sends `out` as the peer takes it and collects what comes back, until that satisfies the attack.
 */
static bool exchange(const struct attack *attack, struct http_server *server, int peer,
                     struct slice out)
{
    char got[GOT_BYTES_MAX];
    size_t length = 0;
    for (unsigned turn = 0; turn < TURNS_MAX; turn++) {
        struct slice piece = slice_head(out, PIECE_BYTES);
        ssize_t sent = piece.len > 0 ? send(peer, piece.at, piece.len, MSG_NOSIGNAL) : 0;
        out = slice_from(out, sent > 0 ? (size_t)sent : 0);
        loop_turn(server->loop, 1);
        ssize_t more = read(peer, got + length, sizeof got - length);
        length += more > 0 ? (size_t)more : 0;
        MUST(length <= sizeof got);
        if (attack->holds(slice_of(got, length), server)) {
            return true;
        }
    }
    return false;
}

static bool survives(const struct attack *attack)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) {
        return false;
    }
    struct buffer out;
    buffer_init(&out, SENT_BYTES_MAX);
    attack->send(&out);
    MUST(!out.overflowed && out.len > 0);

    struct loop *loop = loop_new();
    struct http_options options = {.offer_http2 = true,
                                   .body_bytes_max = BODY_BYTES_MAX,
                                   .connections_max = 1,
                                   .connections_per_address_max = 1,
                                   .request_timeout_ms = 60000,
                                   .idle_timeout_ms = 60000,
                                   .answer_timeout_ms = 60000,
                                   .on_request = answer};
    struct http_server *server = http_server_new(loop, &options);
    server_adopt(server, pair[0]);
    bool holds = exchange(attack, server, pair[1], buffer_slice(&out));
    close(pair[1]);
    http_server_free(server);
    loop_free(loop);
    buffer_done(&out);
    return holds;
}

bool guard_self_test(char *why, size_t size)
{
    MUST(why != NULL && size > 0);
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        if (!survives(&attacks[i])) {
            snprintf(why, size, "libh2o is not guarded against %s", attacks[i].name);
            return false;
        }
    }
    return true;
}
