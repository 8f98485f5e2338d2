/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/http/inside.h"

static void append(struct ticket_list *list, struct http_ticket *ticket)
{
    ticket->next = NULL;
    ticket->previous = list->last;
    if (list->last != NULL) {
        list->last->next = ticket;
    } else {
        list->first = ticket;
    }
    list->last = ticket;
}

static void cut(struct ticket_list *list, struct http_ticket *ticket)
{
    MUST(list->first != NULL);
    if (ticket->previous != NULL) {
        ticket->previous->next = ticket->next;
    } else {
        list->first = ticket->next;
    }
    if (ticket->next != NULL) {
        ticket->next->previous = ticket->previous;
    } else {
        list->last = ticket->previous;
    }
}

static void ticket_done(struct http_ticket *ticket)
{
    struct http_server *server = ticket->server;
    if (server != NULL) {
        MUST(server->ticket_count > 0);
        server->ticket_count--;
        cut(ticket->is_waiting ? &server->waiting : &server->out, ticket);
    }
    free(ticket);
}

/* The request is answered and written, or its client has gone; its connection is still there. */
static void on_dispose(void *data)
{
    struct ticket_link *link = data;
    struct connection *connection = link->connection;
    struct http_ticket *ticket = link->ticket;
    MUST(connection->request_count > 0);
    connection->request_count--;
    connection->idle_ms = loop_now_ms(connection->server->loop);
    if (!connection->guard.is_http2) {
        (void)guard_held(&connection->guard, 0);
    }
    if (ticket == NULL) {
        return;
    }
    ticket->request = NULL;
    ticket->link = NULL;
    if (ticket->is_waiting) {
        http_count(&connection->server->counters.cancelled, 1);
        ticket_done(ticket);
    } else {
        http_count(&connection->server->counters.abandoned, 1);
    }
}

static struct slice slice_of_iovec(h2o_iovec_t text)
{
    return slice_of(text.base, text.len);
}

static struct http_request describe(const struct http_ticket *ticket)
{
    h2o_req_t *from = ticket->request;
    MUST(from != NULL && ticket->connection->request_count > 0);
    struct slice path = slice_of_iovec(from->input.path);
    size_t query_at = slice_find(path, '?');
    return (struct http_request){
        .method = slice_of_iovec(from->input.method),
        .path = slice_head(path, query_at),
        .query = slice_from(path, query_at + 1),
        .body = slice_of_iovec(from->entity),
        .address = slice_str(ticket->connection->address),
        .authority = slice_of_iovec(from->input.authority),
        .version = from->version,
        .is_tls = ticket->connection->socket->ssl != NULL,
        .fields = &from->headers,
    };
}

static void dispatch(void *data);

static void ticket_open(struct http_server *server, h2o_req_t *request,
                        struct connection *connection)
{
    struct http_ticket *ticket = h2o_mem_alloc(sizeof *ticket);
    struct ticket_link *link = h2o_mem_alloc_shared(&request->pool, sizeof *link, on_dispose);
    *link = (struct ticket_link){ticket, connection};
    *ticket = (struct http_ticket){.server = server,
                                   .connection = connection,
                                   .request = request,
                                   .link = link,
                                   .is_waiting = true};
    connection->request_count++;
    server->ticket_count++;
    append(&server->waiting, ticket);
    if (!server->dispatch_is_due) {
        server->dispatch_is_due = true;
        loop_defer(server->loop, dispatch, server);
    }
}

static bool has_long_field(const h2o_req_t *request)
{
    for (size_t i = 0; i < request->headers.size; i++) {
        if (request->headers.entries[i].value.len > HTTP_FIELD_BYTES_MAX) {
            return true;
        }
    }
    return false;
}

/* What is refused before anyone looks at it. True: answered. */
static bool refuse(struct http_server *server, h2o_req_t *request)
{
    if (request->entity.len > server->options.body_bytes_max) {
        http_count(&server->counters.too_big, 1);
        answer_problem(request, 413, "request body is too large", NULL);
    } else if (request->input.path.len > HTTP_FIELD_BYTES_MAX) {
        answer_problem(request, 414, "path is too long", NULL);
    } else if (has_long_field(request)) {
        answer_problem(request, 431, "a header field is too long", NULL);
    } else if (server->ticket_count >= HTTP_TICKETS_MAX) {
        http_count(&server->counters.refused_tickets, 1);
        answer_problem(request, 503, "too many requests are waiting for an answer", NULL);
    } else {
        return false;
    }
    return true;
}

int ticket_on_request(h2o_handler_t *handler, h2o_req_t *request)
{
    struct http_server *server = ((struct http_handler *)handler)->server;
    struct connection *connection = connection_of(request);
    MUST(connection->server == server);
    http_count(request->version >= 0x200 ? &server->counters.requests_http2
                                         : &server->counters.requests_http1,
               1);
    if (server->drainer != NULL) {
        request->http1_is_persistent = 0;
    }
    if (refuse(server, request)) {
        guard_answered(&connection->guard);
    } else {
        ticket_open(server, request, connection);
    }
    return 0;
}

/* Parts ticket and request; the request is to be answered next. */
static h2o_req_t *detach(struct http_ticket *ticket)
{
    h2o_req_t *request = ticket->request;
    MUST(ticket->link->ticket == ticket);
    ticket->link->ticket = NULL;
    ticket->link = NULL;
    ticket->request = NULL;
    if (ticket->server->drainer != NULL) {
        request->http1_is_persistent = 0;
    }
    guard_answered(&ticket->connection->guard);
    return request;
}

/* At the end of the turn: those that nobody has cancelled meanwhile. */
static void dispatch(void *data)
{
    struct http_server *server = data;
    uint64_t now = loop_now_ms(server->loop);
    MUST(server->dispatch_is_due);
    server->dispatch_is_due = false;
    while (server->waiting.first != NULL) {
        struct http_ticket *ticket = server->waiting.first;
        MUST(ticket->request != NULL);
        cut(&server->waiting, ticket);
        append(&server->out, ticket);
        ticket->is_waiting = false;
        ticket->due_ms = now + server->options.answer_timeout_ms;
        if (server->is_closing) {
            answer_problem(detach(ticket), 503, "closing", NULL);
            ticket_done(ticket);
            continue;
        }
        struct http_request request = describe(ticket);
        server->options.on_request(server->options.data, &request, ticket);
    }
}

void http_reply(struct http_ticket *ticket, const struct http_answer *answer)
{
    MUST(ticket != NULL && answer != NULL);
    MUST(!ticket->is_waiting);
    if (ticket->request != NULL) {
        struct http_server *server = ticket->server;
        MUST(loop_is_turning(server->loop));
        h2o_req_t *request = detach(ticket);
        if (server->options.offer_http2 && answer->body.len > HTTP_ANSWER_BYTES_MAX) {
            http_count(&server->counters.answers_too_big, 1);
            answer_problem(request, 500, "the answer is too long", NULL);
        } else {
            answer_write(request, answer);
        }
    }
    ticket_done(ticket);
}

bool http_ticket_is_gone(const struct http_ticket *ticket)
{
    MUST(ticket != NULL && !ticket->is_waiting);
    return ticket->request == NULL;
}

void ticket_expire(struct http_server *server, uint64_t now_ms)
{
    for (struct http_ticket *ticket = server->out.first; ticket != NULL; ticket = ticket->next) {
        if (ticket->due_ms > now_ms) {
            return;
        }
        if (ticket->request != NULL) {
            http_count(&server->counters.timeout_answer, 1);
            answer_problem(detach(ticket), 503, "no answer in time", NULL);
        }
    }
}

void ticket_orphan(struct http_server *server)
{
    MUST(server->waiting.first == NULL);
    while (server->out.first != NULL) {
        struct http_ticket *ticket = server->out.first;
        MUST(ticket->request == NULL);
        cut(&server->out, ticket);
        ticket->server = NULL;
        server->ticket_count--;
    }
    MUST(server->ticket_count == 0);
}

struct slice http_header(const struct http_request *request, const char *lower_case_name)
{
    const h2o_headers_t *headers = request->fields;
    MUST(headers != NULL && lower_case_name[0] != '\0');
    struct slice name = slice_str(lower_case_name);
    for (size_t i = 0; i < headers->size; i++) {
        if (slice_eq(slice_of_iovec(*headers->entries[i].name), name)) {
            return slice_of_iovec(headers->entries[i].value);
        }
    }
    return (struct slice){NULL, 0};
}
