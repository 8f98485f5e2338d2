/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/must.h"
#include "ingest/http/inside.h"

/* Bytes of a problem's JSON: two short texts of ours. */
#define PROBLEM_BYTES_MAX 1024u

static const struct {
    unsigned status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
};

static const char *reason_of(unsigned status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return status < 400 ? "OK" : "Error";
}

static h2o_iovec_t copy(h2o_req_t *request, struct slice text)
{
    return h2o_strdup(&request->pool, text.len > 0 ? text.at : "", text.len);
}

static bool is_printable(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte < 0x20 || byte == 0x7f) {
            return false;
        }
    }
    return true;
}

static void add_field(h2o_req_t *request, const struct http_field *field)
{
    MUST(field->name.len > 0);
    if (!is_printable(field->value) || !is_printable(field->name)) {
        return;
    }
    h2o_iovec_t name = copy(request, field->name);
    h2o_iovec_t value = copy(request, field->value);
    h2o_strtolower(name.base, name.len);
    h2o_add_header_by_str(&request->pool, &request->res.headers, name.base, name.len, 1, NULL,
                          value.base, value.len);
}

void answer_write(h2o_req_t *request, const struct http_answer *answer)
{
    static h2o_generator_t generator; /* without callbacks: nothing is written to it */
    MUST(answer->status >= 200 && answer->status <= 599);
    MUST(request->_generator == NULL); /* not answered yet */
    MUST(answer->field_count == 0 || answer->fields != NULL);
    request->res.status = (int)answer->status;
    request->res.reason = reason_of(answer->status);
    request->res.content_length = answer->body.len;
    if (answer->content_type != NULL) {
        struct slice type = slice_str(answer->content_type);
        add_field(request, &(struct http_field){SLICE("content-type"), type});
    }
    for (unsigned i = 0; i < answer->field_count; i++) {
        add_field(request, &answer->fields[i]);
    }
    if (answer->close) {
        request->http1_is_persistent = 0;
    }
    bool is_head = h2o_memis(request->input.method.base, request->input.method.len, "HEAD", 4);
    bool has_body = answer->body.len > 0 && !is_head;
    h2o_iovec_t body = has_body ? copy(request, answer->body) : h2o_iovec_init(NULL, 0);
    h2o_start_response(request, &generator);
    h2o_send(request, &body, has_body ? 1 : 0, H2O_SEND_STATE_FINAL);
}

void answer_problem(h2o_req_t *request, unsigned status, const char *detail, const char *cause)
{
    struct buffer text;
    struct json json;
    MUST(status >= 400 && detail != NULL);
    buffer_init(&text, PROBLEM_BYTES_MAX);
    json_init(&json, &text);
    json_map(&json);
    json_member_string(&json, "detail", slice_str(detail));
    json_key(&json, "causes");
    json_list(&json);
    if (cause != NULL) {
        json_string(&json, slice_str(cause));
    }
    json_list_end(&json);
    json_map_end(&json);
    MUST(!text.overflowed);
    struct http_field retry = {SLICE("retry-after"), SLICE("1")};
    answer_write(request, &(struct http_answer){.status = status,
                                                .content_type = "application/json",
                                                .body = buffer_slice(&text),
                                                .fields = &retry,
                                                .field_count = status == 503 ? 1 : 0});
    buffer_done(&text);
}

#pragma GCC visibility push(default)

/* In place of libh2o's, which answers in plain text: what it refuses by itself (a length over the
 * limit, broken chunks, invalid header characters). */
void h2o_send_error_generic(h2o_req_t *request, int status, const char *reason, const char *body,
                            int flags)
{
    struct connection *connection = connection_of(request);
    struct http_counters *counters = &connection->server->counters;
    http_count(status == 413 ? &counters->too_big : &counters->bad_requests, 1);
    if (status == 413 && !connection->guard.is_http2) {
        connection_linger(connection);
    }
    if (request->pathconf == NULL) {
        h2o_hostconf_t *host = request->conn->hosts[0];
        h2o_req_bind_conf(request, host, &host->fallback_path);
    }
    if (flags & H2O_SEND_ERROR_HTTP1_CLOSE_CONNECTION) {
        request->http1_is_persistent = 0;
    }
    if (!(flags & H2O_SEND_ERROR_KEEP_HEADERS)) {
        request->res.headers.size = 0;
    }
    answer_problem(request, (unsigned)status, body != NULL ? body : reason, reason);
}

#pragma GCC visibility pop
