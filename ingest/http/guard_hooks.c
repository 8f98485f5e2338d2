/* SPDX-License-Identifier: Apache-2.0 */
/* The functions that libh2o finds in place of its own; see guard.h. */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/http/counters.h"
#include "ingest/http/guard.h"
#include "ingest/http/h2o_private.h"
#include "ingest/http/hpack.h"

#include <dlfcn.h>
#include <sys/socket.h>

#define FRAME_HEADER_BYTES 9u

/* The library's own, for those of ours that call on. Written once, before main. */
static struct {
    __typeof__(h2o_socket_read_start) *read_start;
    __typeof__(h2o_http2_accept) *http2_accept;
    __typeof__(h2o_hpack_parse_headers) *parse_headers;
    __typeof__(h2o_http2_conn_register_stream) *register_stream;
    __typeof__(h2o_http2_conn_unregister_stream) *unregister_stream;
    __typeof__(phr_parse_request) *parse_request;
} library;

/* The connection whose input this thread is working on. libh2o's frame functions are not told. */
static _Thread_local struct guard *current;

static void look_up(void *slot, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    MUST(found != NULL);
    memcpy(slot, &found, sizeof found);
}

__attribute__((constructor)) static void find_library(void)
{
    look_up(&library.read_start, "h2o_socket_read_start");
    look_up(&library.http2_accept, "h2o_http2_accept");
    look_up(&library.parse_headers, "h2o_hpack_parse_headers");
    look_up(&library.register_stream, "h2o_http2_conn_register_stream");
    look_up(&library.unregister_stream, "h2o_http2_conn_unregister_stream");
    look_up(&library.parse_request, "phr_parse_request");
    /* Never move buffers to files in /tmp. */
    h2o_socket_buffer_mmap_settings.threshold = SIZE_MAX;
}

static void on_close(void *data)
{
    struct guard *guard = data;
    MUST(guard->on_close != NULL);
    guard->on_close(guard->data);
}

static struct guard *guard_of(const h2o_socket_t *socket)
{
    return socket != NULL && socket->on_close.cb == on_close ? socket->on_close.data : NULL;
}

void guard_attach(struct guard *guard, struct st_h2o_socket_t *socket, void (*call)(void *),
                  void *data)
{
    MUST(guard->budget != NULL);
    MUST(socket->on_close.cb == NULL);
    guard->on_close = call;
    guard->data = data;
    socket->on_close.cb = on_close;
    socket->on_close.data = guard;
}

void *guard_data(const struct st_h2o_socket_t *socket)
{
    struct guard *guard = guard_of(socket);
    return guard != NULL ? guard->data : NULL;
}

/* In place of every read callback of a watched socket. The guard may be gone when it returns. */
static void on_read(h2o_socket_t *socket, const char *error)
{
    struct guard *guard = guard_of(socket);
    struct guard *outer = current;
    MUST(guard != NULL && guard->read != NULL);
    guard->now_ms = h2o_now(h2o_socket_get_loop(socket));
    guard->last_frame = NULL;
    if (error == NULL && guard->budget->bytes_in != NULL) {
        http_count(guard->budget->bytes_in, socket->bytes_read);
    }
    if (!guard->is_http2 && guard_held(guard, socket->input->size) != GUARD_FINE) {
        shutdown(h2o_socket_get_fd(socket), SHUT_RDWR);
    }
    current = guard;
    guard->read(socket, error);
    current = outer;
}

static uint32_t read24(const uint8_t *at)
{
    return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

static uint32_t read32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | read24(at + 1);
}

/* Unknown frames must be ignored (RFC 9113 section 4.1), but libh2o writes a line about each to
 * standard error. A PING's acknowledgement it ignores in silence. */
static void make_harmless(struct h2o_private_frame *frame)
{
    static const uint8_t nothing[8];
    frame->type = GUARD_FRAME_PING;
    frame->flags = GUARD_FLAG_ACK;
    frame->stream_id = 0;
    frame->length = sizeof nothing;
    frame->payload = nothing;
}

#pragma GCC visibility push(default)

void h2o_socket_read_start(h2o_socket_t *socket, h2o_socket_cb callback)
{
    struct guard *guard = guard_of(socket);
    if (guard != NULL) {
        guard->read = callback;
        callback = on_read;
    }
    library.read_start(socket, callback);
}

/* Reached from the HTTP/1 side by the preface, and by ALPN. Parses what is already read. */
void h2o_http2_accept(h2o_accept_ctx_t *context, h2o_socket_t *socket, struct timeval connected_at)
{
    struct guard *guard = guard_of(socket);
    struct guard *outer = current;
    if (guard != NULL) {
        guard->now_ms = h2o_now(h2o_socket_get_loop(socket));
        guard_begin_http2(guard);
        current = guard;
    }
    library.http2_accept(context, socket, connected_at);
    current = outer;
}

/* An upgraded connection's first bytes would be parsed unseen. -1: answer in HTTP/1.1. */
int h2o_http2_handle_upgrade(h2o_req_t *request, struct timeval connected_at)
{
    (void)request;
    (void)connected_at;
    return -1;
}

/* As in libh2o's lib/http2/frame.c, then judged. */
ssize_t h2o_http2_decode_frame(struct h2o_private_frame *frame, const uint8_t *src, size_t len,
                               const h2o_http2_settings_t *host, const char **why)
{
    if (len < FRAME_HEADER_BYTES) {
        return H2O_HTTP2_ERROR_INCOMPLETE;
    }
    frame->length = read24(src);
    frame->type = src[3];
    frame->flags = src[4];
    frame->stream_id = read32(src + 5) & 0x7fffffff;
    frame->payload = src + FRAME_HEADER_BYTES;
    if (frame->length > host->max_frame_size) {
        return H2O_HTTP2_ERROR_FRAME_SIZE;
    }
    if (len < FRAME_HEADER_BYTES + frame->length) {
        return H2O_HTTP2_ERROR_INCOMPLETE;
    }
    ssize_t whole = (ssize_t)(FRAME_HEADER_BYTES + frame->length);
    MUST(whole > 0 && (size_t)whole <= len);
    if (current != NULL) {
        /* After a GOAWAY, libh2o takes nothing of a CONTINUATION and comes again. */
        if (current->last_frame == src) {
            guard_kill(current, GUARD_STUCK);
        }
        current->last_frame = src;
        if (guard_frame(current, (struct guard_frame){frame->type, frame->flags, frame->length}) !=
            GUARD_FINE) {
            *why = "calm down";
            return H2O_HTTP2_ERROR_ENHANCE_YOUR_CALM;
        }
    }
    if (frame->type >= GUARD_FRAME_UNKNOWN) {
        make_harmless(frame);
    }
    return whole;
}

/* As in libh2o's lib/http2/frame.c; what is past the limit of a body is dropped here. */
int h2o_http2_decode_data_payload(struct h2o_private_data *payload,
                                  const struct h2o_private_frame *frame, const char **why)
{
    if (frame->stream_id == 0) {
        *why = "invalid stream id in DATA frame";
        return H2O_HTTP2_ERROR_PROTOCOL;
    }
    payload->data = frame->payload;
    payload->length = frame->length;
    if (frame->flags & GUARD_FLAG_PADDED) {
        if (frame->length < 1 || frame->length < 1u + frame->payload[0]) {
            *why = "invalid DATA frame";
            return H2O_HTTP2_ERROR_PROTOCOL;
        }
        payload->data++;
        payload->length -= 1u + frame->payload[0];
    }
    if (current != NULL) {
        payload->length = guard_body(current, frame->stream_id, payload->length);
        MUST(payload->length <= frame->length);
    }
    return 0;
}

/* As in libh2o's lib/http2/frame.c, then charged. */
void h2o_http2__encode_rst_stream_frame(h2o_buffer_t **buffer, uint32_t stream_id, int code)
{
    uint32_t fields[2] = {htonl(stream_id), htonl((uint32_t)code)};
    uint8_t *to = (uint8_t *)h2o_buffer_reserve(buffer, FRAME_HEADER_BYTES + 4).base;
    MUST(to != NULL);
    memcpy(to, "\x00\x00\x04\x03\x00", 5);
    memcpy(to + 5, fields, sizeof fields);
    (*buffer)->size += FRAME_HEADER_BYTES + 4;
    if (current != NULL) {
        guard_reset_sent(current);
    }
}

/* One setting, as in libh2o's lib/http2/frame.c, with a floor under the stream windows. */
static int apply_setting(h2o_http2_settings_t *settings, unsigned name, uint32_t value)
{
    switch (name) {
    case H2O_HTTP2_SETTINGS_HEADER_TABLE_SIZE:
        settings->header_table_size = value;
        return 0;
    case H2O_HTTP2_SETTINGS_ENABLE_PUSH:
        settings->enable_push = value;
        return value <= 1 ? 0 : H2O_HTTP2_ERROR_PROTOCOL;
    case H2O_HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS:
        settings->max_concurrent_streams = value;
        return 0;
    case H2O_HTTP2_SETTINGS_INITIAL_WINDOW_SIZE:
        settings->initial_window_size = value;
        if (value > INT32_MAX) {
            return H2O_HTTP2_ERROR_FLOW_CONTROL;
        }
        return current == NULL || guard_window(current, value) == GUARD_FINE
                   ? 0
                   : H2O_HTTP2_ERROR_ENHANCE_YOUR_CALM;
    case H2O_HTTP2_SETTINGS_MAX_FRAME_SIZE:
        settings->max_frame_size = value;
        return value >= 16384 && value <= 16777215 ? 0 : H2O_HTTP2_ERROR_PROTOCOL;
    default:
        return 0;
    }
}

int h2o_http2_update_peer_settings(h2o_http2_settings_t *settings, const uint8_t *src, size_t len,
                                   const char **why)
{
    for (; len >= 6; len -= 6, src += 6) {
        int outcome = apply_setting(settings, (unsigned)src[0] << 8 | src[1], read32(src + 2));
        if (outcome != 0) {
            *why = "invalid SETTINGS frame";
            return outcome;
        }
    }
    return len == 0 ? 0 : H2O_HTTP2_ERROR_FRAME_SIZE;
}

/* `digests` (cache-digest, an abandoned draft) is withheld: it would be decoded at our cost. A
 * content length past the limit is forgotten, so that the body may be cut and the request answered
 * 413. */
int h2o_hpack_parse_headers(h2o_req_t *request, struct st_h2o_hpack_header_table_t *table,
                            const uint8_t *src, size_t len, int *pseudo, size_t *content_length,
                            struct st_h2o_cache_digests_t **digests, const char **why)
{
    (void)digests;
    size_t fields = hpack_count(slice_of((const char *)src, len));
    if (fields == HPACK_MALFORMED) {
        return H2O_HTTP2_ERROR_COMPRESSION;
    }
    if (current != NULL && guard_fields(current, fields) != GUARD_FINE) {
        *why = "too many header fields";
        return H2O_HTTP2_ERROR_ENHANCE_YOUR_CALM;
    }
    MUST(fields <= len);
    int outcome =
        library.parse_headers(request, table, src, len, pseudo, content_length, NULL, why);
    if (outcome == 0 && current != NULL &&
        *content_length > current->budget->body_bytes_of_one_max) {
        *content_length = SIZE_MAX;
    }
    return outcome;
}

void h2o_http2_conn_register_stream(h2o_conn_t *connection, const uint32_t *stream)
{
    struct guard *guard = guard_of(connection->callbacks->get_socket(connection));
    if (guard != NULL && guard->is_http2) {
        guard_stream_open(guard, *stream);
    }
    library.register_stream(connection, stream);
}

void h2o_http2_conn_unregister_stream(h2o_conn_t *connection, const uint32_t *stream)
{
    struct guard *guard = guard_of(connection->callbacks->get_socket(connection));
    if (guard != NULL && guard->is_http2) {
        guard_stream_close(guard, *stream);
    }
    library.unregister_stream(connection, stream);
}

/* A request whose end two readers could see in different places is refused (RFC 9112 section 6.3):
 * both framings, a length said twice, chunks in HTTP/1.0, a folded line (which has no name). */
static bool is_ambiguous(const struct phr_header *headers, size_t count, int minor_version)
{
    unsigned lengths = 0;
    unsigned codings = 0;
    MUST(count <= H2O_MAX_HEADERS);
    for (size_t i = 0; i < count; i++) {
        struct slice name = slice_of(headers[i].name, headers[i].name_len);
        if (slice_is_empty(name)) {
            return true;
        }
        lengths += slice_eq_nocase(name, SLICE("content-length"));
        codings += slice_eq_nocase(name, SLICE("transfer-encoding"));
    }
    return lengths + codings > 1 || (codings > 0 && minor_version == 0);
}

/* -1: answered 400. -2: not whole yet. */
int phr_parse_request(const char *buf, size_t len, const char **method, size_t *method_len,
                      const char **path, size_t *path_len, int *minor_version,
                      struct phr_header *headers, size_t *num_headers, size_t last_len)
{
    int outcome = library.parse_request(buf, len, method, method_len, path, path_len, minor_version,
                                        headers, num_headers, last_len);
    if (outcome == -2 && len > HTTP_BLOCK_BYTES_MAX) {
        return -1;
    }
    if (outcome > 0 && ((unsigned)outcome > HTTP_BLOCK_BYTES_MAX ||
                        is_ambiguous(headers, *num_headers, *minor_version))) {
        return -1;
    }
    return outcome;
}

#pragma GCC visibility pop
