/* SPDX-License-Identifier: Apache-2.0 */
/* h2o_private — declarations of Debian's libh2o 2.2.5 that its headers lack or cannot be included
 * for.
 *
 * h2o/http2_internal.h needs khash.h, which is not packaged; picohttpparser.h is not shipped. These
 * are the functions that guard_hooks.c and answer.c put in place of the library's. Copied from
 * lib/http2 and deps/picohttpparser; guard_self_test fails when a different library does not call
 * them.
 */
#pragma once
#include <h2o.h>
#include <h2o/http1.h>
#include <h2o/http2.h>

struct h2o_private_frame { /* h2o_http2_frame_t */
    uint32_t length;
    uint8_t type;
    uint8_t flags;
    uint32_t stream_id;
    const uint8_t *payload;
};

struct h2o_private_data { /* h2o_http2_data_payload_t */
    const uint8_t *data;
    size_t length;
};

struct phr_header {
    const char *name;
    size_t name_len;
    const char *value;
    size_t value_len;
};

/* What h2o_evloop_t really is; h2o_evloop_destroy forgets to close `epoll`. */
struct h2o_private_evloop { /* struct st_h2o_evloop_epoll_t */
    h2o_evloop_t super;
    int epoll;
};

struct st_h2o_hpack_header_table_t;
struct st_h2o_cache_digests_t;

ssize_t h2o_http2_decode_frame(struct h2o_private_frame *frame, const uint8_t *src, size_t len,
                               const h2o_http2_settings_t *host_settings, const char **err_desc);
int h2o_http2_decode_data_payload(struct h2o_private_data *payload,
                                  const struct h2o_private_frame *frame, const char **err_desc);
void h2o_http2__encode_rst_stream_frame(h2o_buffer_t **buf, uint32_t stream_id, int errnum);
int h2o_http2_update_peer_settings(h2o_http2_settings_t *settings, const uint8_t *src, size_t len,
                                   const char **err_desc);
int h2o_hpack_parse_headers(h2o_req_t *req, struct st_h2o_hpack_header_table_t *table,
                            const uint8_t *src, size_t len, int *pseudo_header_exists_map,
                            size_t *content_length, struct st_h2o_cache_digests_t **digests,
                            const char **err_desc);

/* Both take an h2o_http2_conn_t, which starts with its h2o_conn_t, and an h2o_http2_stream_t, which
 * starts with its 32-bit id. */
void h2o_http2_conn_register_stream(h2o_conn_t *conn, const uint32_t *stream);
void h2o_http2_conn_unregister_stream(h2o_conn_t *conn, const uint32_t *stream);

int phr_parse_request(const char *buf, size_t len, const char **method, size_t *method_len,
                      const char **path, size_t *path_len, int *minor_version,
                      struct phr_header *headers, size_t *num_headers, size_t last_len);
