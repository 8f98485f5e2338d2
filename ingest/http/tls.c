/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/tls.h"
#include "ingest/base/must.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string.h>

/* ALPN lists, each name after its length, in our order of preference. */
static const unsigned char with_http2[] = "\x02h2\x08http/1.1";
static const unsigned char without_http2[] = "\x08http/1.1";

static int select_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_length,
                           const unsigned char *theirs, unsigned theirs_length, void *ours)
{
    (void)ssl;
    unsigned char *picked = NULL;
    unsigned ours_length = (unsigned)strlen(ours);
    MUST(ours_length > 0);
    if (SSL_select_next_proto(&picked, out_length, ours, ours_length, theirs, theirs_length) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = picked;
    return SSL_TLSEXT_ERR_OK;
}

static void explain(char error[static 256], const char *what, const char *file)
{
    const char *why = ERR_reason_error_string(ERR_peek_last_error());
    snprintf(error, 256, "%s %s: %s", what, file, why != NULL ? why : "not usable");
    ERR_clear_error();
}

static void configure(SSL_CTX *tls, bool offer_http2)
{
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    /* Resumption by tickets only: a cache would be a lock between the workers. */
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    const unsigned char *ours = offer_http2 ? with_http2 : without_http2;
    union {
        const unsigned char *list;
        void *data;
    } argument = {.list = ours};
    SSL_CTX_set_alpn_select_cb(tls, select_protocol, argument.data);
}

struct ssl_ctx_st *http_tls_new(const char *certificate, const char *key, bool offer_http2,
                                char error[static 256])
{
    MUST(certificate != NULL && key != NULL);
    ERR_clear_error();
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    if (tls == NULL) {
        explain(error, "TLS is not available for", certificate);
        return NULL;
    }
    if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1) {
        explain(error, "cannot use certificate", certificate);
    } else if (SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) {
        explain(error, "cannot use key", key);
    } else if (SSL_CTX_check_private_key(tls) != 1) {
        explain(error, "not the certificate's key:", key);
    } else {
        configure(tls, offer_http2);
        return tls;
    }
    SSL_CTX_free(tls);
    return NULL;
}

void http_tls_free(struct ssl_ctx_st *tls)
{
    SSL_CTX_free(tls);
}
