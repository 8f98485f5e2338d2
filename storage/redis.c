/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/redis.h"

#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define REDIS_PORT 6379u

/* Arguments of one pipelined command that need no memory of their own. */
enum { ARGUMENTS_SMALL = 64 };

struct redis {
    struct redis_options options;
    redisContext *context; /* NULL: not connected */
    char error[256];
};

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Copies with %XX decoded; false when it does not fit, is badly escaped, or holds a NUL. */
static bool copy_part(char out[static REDIS_PART_BYTES_MAX], struct slice part)
{
    size_t len = 0;
    for (size_t i = 0; i < part.len; i++) {
        char byte = part.at[i];
        if (byte == '%') {
            int high = i + 2 < part.len ? hex_digit(part.at[i + 1]) : -1;
            int low = i + 2 < part.len ? hex_digit(part.at[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            byte = (char)(16 * high + low);
            i += 2;
        }
        if (byte == '\0' || len + 1 == REDIS_PART_BYTES_MAX) {
            return false;
        }
        out[len++] = byte;
    }
    out[len] = '\0';
    return true;
}

static bool parse_number(struct slice text, uint32_t most, uint32_t *out)
{
    uint32_t number = 0;
    if (text.len == 0 || text.len > 9) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
        number = 10 * number + (uint32_t)(text.at[i] - '0');
    }
    *out = number;
    return number <= most;
}

static struct fault bad(const char *reason, struct slice url, struct slice at)
{
    return fault_at(FAULT_MALFORMED, reason, at.at != NULL ? (size_t)(at.at - url.at) : url.len);
}

/* The last '@' ends the credentials, so that a password may hold one. */
static size_t credentials_end(struct slice text)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.at[i - 1] == '@') {
            return i - 1;
        }
    }
    return text.len;
}

static bool parse_credentials(struct slice text, struct redis_options *out)
{
    size_t colon = slice_find(text, ':');
    if (colon == text.len) {
        return copy_part(out->password, text);
    }
    return copy_part(out->user, slice_head(text, colon)) &&
           copy_part(out->password, slice_from(text, colon + 1));
}

/* "host", "host:port", "[::1]:port" */
static bool parse_address(struct slice text, struct redis_options *out)
{
    bool is_bracketed = text.len > 0 && text.at[0] == '[';
    size_t end = is_bracketed ? slice_find(text, ']') : slice_find(text, ':');
    struct slice host = is_bracketed ? slice_from(slice_head(text, end), 1) : slice_head(text, end);
    struct slice rest = slice_from(text, end + (is_bracketed ? 1 : 0));
    uint32_t port = REDIS_PORT;
    if (is_bracketed && end == text.len) {
        return false;
    }
    if (rest.len > 0 && (rest.at[0] != ':' || !parse_number(slice_from(rest, 1), 65535, &port))) {
        return false;
    }
    out->port = (uint16_t)port;
    return host.len > 0 && port > 0 && copy_part(out->host, host);
}

static struct fault parse_tcp(struct slice url, struct slice rest, struct redis_options *out)
{
    size_t slash = slice_find(rest, '/');
    size_t at = credentials_end(rest);
    slash = at < rest.len && slash < at ? at + slice_find(slice_from(rest, at), '/') : slash;
    struct slice database = slice_from(rest, slash + 1);
    struct slice server = slice_head(rest, slash);
    if (at < server.len) {
        if (!parse_credentials(slice_head(server, at), out)) {
            return bad("redis: user or password cannot be read", url, rest);
        }
        server = slice_from(server, at + 1);
    }
    if (!parse_address(server, out)) {
        return bad("redis: host or port cannot be read", url, server);
    }
    if (database.len > 0 && !parse_number(database, 99999, &out->database)) {
        return bad("redis: the database is not a number", url, database);
    }
    return FAULT_OK;
}

struct fault redis_parse(struct slice url, struct redis_options *out)
{
    MUST(out != NULL);
    struct redis_options options = {.connect_ms = REDIS_CONNECT_MS, .command_ms = REDIS_COMMAND_MS};
    struct fault fault = FAULT_OK;
    if (slice_starts(url, SLICE("rediss://"))) {
        return fault_at(FAULT_UNSUPPORTED, "redis: rediss:// (TLS) is not offered", 0);
    }
    if (slice_starts(url, SLICE("redis+cluster://"))) {
        return fault_at(FAULT_UNSUPPORTED, "redis: redis+cluster:// is not offered", 0);
    }
    if (slice_starts(url, SLICE("redis://"))) {
        fault = parse_tcp(url, slice_from(url, 8), &options);
    } else if (!slice_starts(url, SLICE("unix:")) || url.len == 5 ||
               !copy_part(options.path, slice_from(url, 5))) {
        fault = fault_at(FAULT_MALFORMED, "redis: neither unix:PATH nor redis://HOST", 0);
    }
    if (!fault_is(fault)) {
        *out = options;
    }
    return fault;
}

struct redis *redis_new(const struct redis_options *options)
{
    MUST(options->path[0] != '\0' || options->host[0] != '\0');
    struct redis *link = calloc(1, sizeof *link);
    MUST(link != NULL && options->connect_ms > 0 && options->command_ms > 0);
    link->options = *options;
    (void)snprintf(link->error, sizeof link->error, "redis: not connected yet");
    return link;
}

void redis_disconnect(struct redis *link)
{
    if (link->context != NULL) {
        redisFree(link->context);
        link->context = NULL;
    }
}

void redis_free(struct redis *link)
{
    if (link != NULL) {
        redis_disconnect(link);
        free(link);
    }
}

bool redis_is_connected(const struct redis *link)
{
    return link->context != NULL;
}

const char *redis_error(const struct redis *link)
{
    return link->error;
}

void redis_refused(struct redis *link, const redisReply *reply)
{
    MUST(reply != NULL);
    struct slice text =
        reply->type == REDIS_REPLY_ERROR ? redis_text(reply) : SLICE("an answer of another kind");
    (void)snprintf(link->error, sizeof link->error, "redis: %.*s",
                   text.len > 200 ? 200 : (int)text.len, text.at);
}

/* Keeps the reason and closes: what comes after an error on this connection is not trusted. */
static void broken(struct redis *link)
{
    const char *where = link->options.path[0] != '\0' ? link->options.path : link->options.host;
    const char *reason = link->context == NULL ? "out of memory" : link->context->errstr;
    /* hiredis names a receive timeout by its errno. */
    if (link->context != NULL && link->context->err == REDIS_ERR_IO &&
        strcmp(reason, "Resource temporarily unavailable") == 0) {
        reason = "no answer in time";
    }
    (void)snprintf(link->error, sizeof link->error, "redis at %.100s: %s", where, reason);
    redis_disconnect(link);
}

static struct timeval time_of(uint32_t ms)
{
    return (struct timeval){ms / 1000, ms % 1000 * 1000};
}

/* One command of the connection's start; false and closed when it is refused. */
static bool greet(struct redis *link, redisReply *reply)
{
    bool is_fine = reply != NULL && reply->type != REDIS_REPLY_ERROR;
    if (reply != NULL && !is_fine) {
        redis_refused(link, reply);
        redis_disconnect(link);
    }
    if (reply != NULL) {
        freeReplyObject(reply);
    }
    return is_fine;
}

bool redis_connect(struct redis *link)
{
    const struct redis_options *options = &link->options;
    redis_disconnect(link);
    link->context =
        options->path[0] != '\0'
            ? redisConnectUnixWithTimeout(options->path, time_of(options->connect_ms))
            : redisConnectWithTimeout(options->host, options->port, time_of(options->connect_ms));
    if (link->context == NULL || link->context->err != 0 ||
        redisSetTimeout(link->context, time_of(options->command_ms)) != REDIS_OK) {
        broken(link);
        return false;
    }
    MUST(link->context != NULL);
    if (options->path[0] == '\0') {
        (void)redisEnableKeepAlive(link->context);
    }
    if (options->user[0] != '\0' &&
        !greet(link, redis_command(link, "AUTH %s %s", options->user, options->password))) {
        return false;
    }
    if (options->user[0] == '\0' && options->password[0] != '\0' &&
        !greet(link, redis_command(link, "AUTH %s", options->password))) {
        return false;
    }
    return options->database == 0 ||
           greet(link, redis_command(link, "SELECT %d", (int)options->database));
}

redisReply *redis_command(struct redis *link, const char *format, ...)
{
    MUST(format != NULL);
    if (link->context == NULL) {
        return NULL;
    }
    va_list arguments;
    va_start(arguments, format);
    redisReply *reply = redisvCommand(link->context, format, arguments);
    va_end(arguments);
    if (reply == NULL) {
        broken(link);
    }
    return reply;
}

bool redis_append(struct redis *link, int count, const struct slice *arguments)
{
    MUST(arguments != NULL);
    const char *small_texts[ARGUMENTS_SMALL];
    size_t small_lens[ARGUMENTS_SMALL];
    bool is_small = count <= ARGUMENTS_SMALL;
    MUST(count > 0);
    if (link->context == NULL) {
        return false;
    }
    const char **texts = is_small ? small_texts : malloc((size_t)count * sizeof *texts);
    size_t *lens = is_small ? small_lens : malloc((size_t)count * sizeof *lens);
    MUST(texts != NULL && lens != NULL);
    for (int i = 0; i < count; i++) {
        texts[i] = arguments[i].at != NULL ? arguments[i].at : "";
        lens[i] = arguments[i].len;
    }
    bool is_fine = redisAppendCommandArgv(link->context, count, texts, lens) == REDIS_OK;
    if (!is_small) {
        free(texts);
        free(lens);
    }
    if (!is_fine) {
        broken(link);
    }
    return is_fine;
}

redisReply *redis_reply(struct redis *link)
{
    void *reply = NULL;
    if (link->context == NULL) {
        return NULL;
    }
    if (redisGetReply(link->context, &reply) != REDIS_OK) {
        broken(link);
        return NULL;
    }
    return reply;
}

struct slice redis_text(const redisReply *reply)
{
    bool has_text =
        reply != NULL && (reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS ||
                          reply->type == REDIS_REPLY_ERROR);
    return has_text ? slice_of(reply->str, reply->len) : (struct slice){NULL, 0};
}

int64_t redis_number(const redisReply *reply)
{
    if (reply != NULL && reply->type == REDIS_REPLY_INTEGER) {
        return reply->integer;
    }
    /* hiredis ends texts with a NUL. */
    struct slice text = redis_text(reply);
    return text.len > 0 && reply->type != REDIS_REPLY_ERROR ? strtoll(text.at, NULL, 10) : 0;
}
