/* SPDX-License-Identifier: Apache-2.0 */
/* reply — answers in our shapes, and the one place where a fault becomes an HTTP status.
 *
 * Errors are {"detail":"what","causes":["where"]}, as Sentry's servers answer, with the text also
 * in X-Sentry-Error. Every answer carries the CORS fields browsers need to read it.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/http/server.h"

/* 400 malformed, 401 unauthorised, 403 forbidden, 404, 413, 415, 429, 503, 500. */
unsigned reply_status(enum fault_kind kind);

/* Answers with a JSON body. */
void reply_json(struct http_ticket *ticket, unsigned status, struct slice json);

/* Answers with plain text. */
void reply_text(struct http_ticket *ticket, unsigned status, struct slice text);

/* Answers what the fault means; 503 and 429 carry Retry-After. */
void reply_fault(struct http_ticket *ticket, struct fault fault);

/* Answers as told, with the limits that are reached ("60:error:key", empty: none). */
void reply_kept(struct http_ticket *ticket, const struct http_answer *answer, struct slice limits);

/* Answers 429 with the limits, and in how many seconds to come again. */
void reply_limited(struct http_ticket *ticket, struct slice limits, unsigned retry_after_s);

/* Answers 405 naming the methods that the path takes ("POST, OPTIONS"). */
void reply_method(struct http_ticket *ticket, const char *allowed);

/* Answers a CORS preflight: 200, POST, the request fields SDKs send, for an hour. */
void reply_preflight(struct http_ticket *ticket);
