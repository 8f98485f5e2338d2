/* SPDX-License-Identifier: Apache-2.0 */
/* tls — the certificate and what we offer with it: TLS 1.2 and 1.3, ALPN h2 (when offered) and
 * http/1.1. A client that names neither is spoken to in HTTP/1.1. No renegotiation, no compression.
 */
#pragma once
#include <stdbool.h>

struct ssl_ctx_st;

/* Reads a PEM certificate chain and its private key. Gives an SSL_CTX that several servers and
 * threads may share; free it with http_tls_free after the last of them. NULL: `error` (at least 256
 * bytes) is filled with one line for people. */
struct ssl_ctx_st *http_tls_new(const char *certificate, const char *key, bool offer_http2,
                                char error[static 256]);

/* Accepts NULL. */
void http_tls_free(struct ssl_ctx_st *tls);
