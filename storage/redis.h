/* SPDX-License-Identifier: Apache-2.0 */
/* redis — one blocking connection to Redis, with timeouts.
 *
 * For threads that may wait: committer, alerting, API. When a connection breaks (also by a timeout:
 * a late reply must not be taken for the next one's) it is closed, every call gives NULL, and
 * redis_connect makes a new one; when to retry is the caller's affair.
 *
 *   unix:/path/to/socket    redis://[user[:password]@]host[:port][/database]
 *
 * Not offered: rediss:// (hiredis 0.14 has no TLS), redis+cluster:// (later).
 * A process with such links ignores SIGPIPE. Owner: one thread.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/slice.h"
#include <hiredis/hiredis.h>

#define REDIS_PART_BYTES_MAX 256u /* path, host, user or password, with its NUL */

struct redis_options {
    char path[REDIS_PART_BYTES_MAX]; /* unix socket; empty: TCP */
    char host[REDIS_PART_BYTES_MAX];
    char user[REDIS_PART_BYTES_MAX];
    char password[REDIS_PART_BYTES_MAX];
    uint16_t port;
    uint32_t database;
    uint32_t connect_ms;
    uint32_t command_ms;
};

/* Fills from a URL, with REDIS_CONNECT_MS and REDIS_COMMAND_MS. Faults: MALFORMED with the offset,
 * UNSUPPORTED for a scheme that is understood but not offered. */
MUST_USE struct fault redis_parse(struct slice url, struct redis_options *out);

struct redis;

/* Gives a link that is not connected yet. */
struct redis *redis_new(const struct redis_options *options);
void redis_free(struct redis *link);

/* Connects, authenticates, selects; an earlier connection is closed first. False: see redis_error.
 */
MUST_USE bool redis_connect(struct redis *link);
void redis_disconnect(struct redis *link);
bool redis_is_connected(const struct redis *link);

/* Why the last call gave NULL or false, in words; valid until the next call. Never NULL. */
const char *redis_error(const struct redis *link);

/* Makes an error reply the text of redis_error; the link stays as it is. */
void redis_refused(struct redis *link, const redisReply *reply);

/* printf-like as hiredis' redisCommand (%s, %b with a size_t, %d, %llu ...). Gives a reply for
 * freeReplyObject, of type REDIS_REPLY_ERROR when Redis refused; NULL when the link is broken. */
redisReply *redis_command(struct redis *link, const char *format, ...);

/* Pipelining: append any number, then take as many replies in the same order. */
bool redis_append(struct redis *link, int count, const struct slice *arguments);
redisReply *redis_reply(struct redis *link);

/* Borrows a reply's text; empty for other types and NULL. */
struct slice redis_text(const redisReply *reply);

/* A reply's number, whether sent as integer or as text; 0 for anything else. */
int64_t redis_number(const redisReply *reply);
