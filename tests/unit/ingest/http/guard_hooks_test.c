/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/http/guard.h"
#include "tests/unit/ingest/http/rig.h"

static ssize_t decode(struct slice bytes, struct h2o_private_frame *frame)
{
    const char *why = NULL;
    return h2o_http2_decode_frame(frame, (const uint8_t *)bytes.at, bytes.len,
                                  &H2O_HTTP2_SETTINGS_HOST, &why);
}

Test(guard_hooks, decodes_frames_as_the_library_does)
{
    struct h2o_private_frame frame;
    struct slice data = SLICE("\0\0\x03\0\x01\0\0\0\x05"
                              "abc...");
    cr_expect_eq(decode(data, &frame), 12);
    cr_expect_eq(frame.type, GUARD_FRAME_DATA);
    cr_expect_eq(frame.flags, 1);
    cr_expect_eq(frame.stream_id, 5u);
    cr_expect_eq(frame.length, 3u);
    cr_expect_eq(memcmp(frame.payload, "abc", 3), 0);
    cr_expect_eq(decode(slice_head(data, 8), &frame), H2O_HTTP2_ERROR_INCOMPLETE);
    cr_expect_eq(decode(slice_head(data, 11), &frame), H2O_HTTP2_ERROR_INCOMPLETE);
    cr_expect_eq(decode(SLICE("\0\x40\x01\0\0\0\0\0\x01"), &frame), H2O_HTTP2_ERROR_FRAME_SIZE);
}

Test(guard_hooks, turns_unknown_frames_into_acknowledgements)
{
    struct h2o_private_frame frame;
    cr_expect_eq(decode(SLICE("\0\0\x02\x0a\x05\0\0\0\x07xy"), &frame), 11);
    cr_expect_eq(frame.type, GUARD_FRAME_PING);
    cr_expect_eq(frame.flags, GUARD_FLAG_ACK);
    cr_expect_eq(frame.stream_id, 0u);
    cr_expect_eq(frame.length, 8u);
}

Test(guard_hooks, removes_padding_from_data)
{
    struct h2o_private_data data;
    const char *why = NULL;
    struct h2o_private_frame frame = {.length = 6, .flags = 8, .stream_id = 1};
    frame.payload = (const uint8_t *)"\x02"
                                     "abc..";
    cr_expect_eq(h2o_http2_decode_data_payload(&data, &frame, &why), 0);
    cr_expect_eq(data.length, 3u);
    cr_expect_eq(memcmp(data.data, "abc", 3), 0);
    frame.length = 2;
    cr_expect_eq(h2o_http2_decode_data_payload(&data, &frame, &why), H2O_HTTP2_ERROR_PROTOCOL);
    frame.length = 0;
    cr_expect_eq(h2o_http2_decode_data_payload(&data, &frame, &why), H2O_HTTP2_ERROR_PROTOCOL);
    frame.stream_id = 0;
    cr_expect_eq(h2o_http2_decode_data_payload(&data, &frame, &why), H2O_HTTP2_ERROR_PROTOCOL);
}

Test(guard_hooks, applies_settings_as_the_library_does)
{
    static const struct {
        struct slice frame;
        int outcome;
    } cases[] = {
        {SLICE_INIT(
             "\0\x01\0\0\0\x07\0\x03\0\0\0\x08\0\x04\0\0\x10\0\0\x05\0\0\x40\0\0\x02\0\0\0\0"),
         0},
        {SLICE_INIT("\0\x99\0\0\0\x01"), 0},
        {SLICE_INIT("\0\x02\0\0\0\x02"), H2O_HTTP2_ERROR_PROTOCOL},
        {SLICE_INIT("\0\x04\x80\0\0\0"), H2O_HTTP2_ERROR_FLOW_CONTROL},
        {SLICE_INIT("\0\x05\0\0\x3f\xff"), H2O_HTTP2_ERROR_PROTOCOL},
        {SLICE_INIT("\0\x05\x01\0\0\0"), H2O_HTTP2_ERROR_PROTOCOL},
        {SLICE_INIT("\0\x01\0"), H2O_HTTP2_ERROR_FRAME_SIZE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        h2o_http2_settings_t settings = H2O_HTTP2_SETTINGS_DEFAULT;
        const char *why = NULL;
        int outcome = h2o_http2_update_peer_settings(&settings, (const uint8_t *)cases[i].frame.at,
                                                     cases[i].frame.len, &why);
        cr_expect_eq(outcome, cases[i].outcome, "case %zu: %d", i, outcome);
        if (i == 0) {
            cr_expect_eq(settings.header_table_size, 7u);
            cr_expect_eq(settings.max_concurrent_streams, 8u);
            cr_expect_eq(settings.initial_window_size, 4096u);
            cr_expect_eq(settings.enable_push, 0u);
        }
    }
}

Test(guard_hooks, encodes_resets_as_the_library_does)
{
    h2o_buffer_t *buffer;
    h2o_buffer_init(&buffer, &h2o_socket_buffer_prototype);
    h2o_http2__encode_rst_stream_frame(&buffer, 0x01020304, 8);
    cr_expect_eq(buffer->size, 13u);
    cr_expect_eq(memcmp(buffer->bytes, "\0\0\x04\x03\0\x01\x02\x03\x04\0\0\0\x08", 13), 0);
    h2o_buffer_dispose(&buffer);
}

static int parse(struct slice text)
{
    const char *method;
    const char *path;
    size_t method_length;
    size_t path_length;
    int minor;
    struct phr_header headers[100];
    size_t count = 100;
    return phr_parse_request(text.at, text.len, &method, &method_length, &path, &path_length,
                             &minor, headers, &count, 0);
}

Test(guard_hooks, refuses_requests_with_two_ends)
{
    static const struct {
        struct slice text;
        bool is_fine;
    } cases[] = {
        {SLICE_INIT("GET / HTTP/1.1\r\nhost: x\r\n\r\n"), true},
        {SLICE_INIT("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n"), true},
        {SLICE_INIT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), true},
        {SLICE_INIT("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
         false},
        {SLICE_INIT("POST / HTTP/1.1\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\n"), false},
        {SLICE_INIT("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), false},
        {SLICE_INIT("GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n"), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int outcome = parse(cases[i].text);
        cr_expect_eq(outcome, cases[i].is_fine ? (int)cases[i].text.len : -1, "case %zu: %d", i,
                     outcome);
    }
    cr_expect_eq(parse(SLICE("GET / HTTP/1.1\r\nhost")), -2);
}

Test(guard_hooks, never_spills_buffers_to_files)
{
    cr_expect_eq(h2o_socket_buffer_mmap_settings.threshold, SIZE_MAX);
}

Test(guard_hooks, knows_only_sockets_it_watches)
{
    struct loop *loop = loop_new();
    int pair[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    h2o_socket_t *socket = h2o_evloop_socket_create(loop_h2o(loop), pair[0], 0);
    cr_expect_null(guard_data(socket));
    h2o_socket_close(socket);
    close(pair[1]);
    loop_free(loop);
}

Test(guard_hooks, counts_bytes_in)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    cr_expect(rig_ask(&rig, client, "GET / HTTP/1.0\r\n\r\n", "ok"));
    cr_expect_eq(rig_counter(&http_server_counters(rig.server)->bytes_in), 18u);
    close(client);
    rig_stop(&rig);
}
