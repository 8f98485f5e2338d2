/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/tls.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/http/rig.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

struct files {
    char folder[64];
    char key[96];
    char certificate[96];
};

static EVP_PKEY *write_key(const char *path)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    FILE *file = fopen(path, "w");
    cr_assert(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL));
    fclose(file);
    return key;
}

static void make_files(struct files *files)
{
    place_scratch(files->folder);
    snprintf(files->key, sizeof files->key, "%s/key.pem", files->folder);
    snprintf(files->certificate, sizeof files->certificate, "%s/certificate.pem", files->folder);
    EVP_PKEY *key = write_key(files->key);
    X509 *certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    cr_assert(X509_sign(certificate, key, EVP_sha256()));
    FILE *file = fopen(files->certificate, "w");
    cr_assert(PEM_write_X509(file, certificate));
    fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

Test(tls, says_what_is_wrong_with_which_file)
{
    struct files files;
    char error[256] = "";
    make_files(&files);
    cr_expect_null(http_tls_new("/nowhere.pem", files.key, true, error));
    cr_expect(strstr(error, "cannot use certificate /nowhere.pem: ") != NULL, "%s", error);
    cr_expect_null(http_tls_new(files.certificate, files.certificate, true, error));
    cr_expect(strstr(error, "cannot use key ") != NULL, "%s", error);
    EVP_PKEY_free(write_key(files.key));
    cr_expect_null(http_tls_new(files.certificate, files.key, true, error));
    cr_expect(strstr(error, "key") != NULL, "%s", error);
    place_remove(files.folder);
    http_tls_free(NULL);
}

/* Speaks TLS with the rig's server; what was negotiated ("TLSv1.3 h2"), or "" when it failed. */
static void negotiate(struct rig *rig, struct slice offered, int version, char out[static 64])
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_max_proto_version(context, version);
    SSL *ssl = SSL_new(context);
    int fd = rig_connect(rig);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    SSL_set_fd(ssl, fd);
    SSL_set_alpn_protos(ssl, (const unsigned char *)offered.at, (unsigned)offered.len);
    int done = -1;
    for (unsigned i = 0; i < 500 && done != 1; i++) {
        done = SSL_connect(ssl);
        if (done != 1 && SSL_get_error(ssl, done) != SSL_ERROR_WANT_READ) {
            break;
        }
        rig_turns(rig, 1);
    }
    const unsigned char *picked = NULL;
    unsigned length = 0;
    SSL_get0_alpn_selected(ssl, &picked, &length);
    snprintf(out, 64, "%s%s%.*s", done == 1 ? SSL_get_version(ssl) : "", length > 0 ? " " : "",
             (int)length, picked != NULL ? (const char *)picked : "");
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(fd);
    rig_turns(rig, 3);
}

static void negotiate_all(bool offer_http2)
{
    static const struct {
        struct slice offered;
        int version;
        const char *with_http2;
        const char *without;
    } cases[] = {
        {SLICE_INIT("\x08http/1.1\x02h2"), TLS1_3_VERSION, "TLSv1.3 h2", "TLSv1.3 http/1.1"},
        {SLICE_INIT("\x02h2"), TLS1_2_VERSION, "TLSv1.2 h2", "TLSv1.2"},
        {SLICE_INIT("\x08http/1.1"), TLS1_3_VERSION, "TLSv1.3 http/1.1", "TLSv1.3 http/1.1"},
        {SLICE_INIT(""), TLS1_3_VERSION, "TLSv1.3", "TLSv1.3"},
        {SLICE_INIT("\x04spdy"), TLS1_3_VERSION, "TLSv1.3", "TLSv1.3"},
        {SLICE_INIT("\x02h2"), TLS1_1_VERSION, "", ""},
    };
    struct files files;
    struct rig rig;
    char error[256];
    make_files(&files);
    rig_init(&rig);
    rig.options.offer_http2 = offer_http2;
    struct ssl_ctx_st *tls = http_tls_new(files.certificate, files.key, offer_http2, error);
    cr_assert_not_null(tls, "%s", error);
    rig.options.tls = tls;
    rig_start(&rig);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char got[64];
        negotiate(&rig, cases[i].offered, cases[i].version, got);
        cr_expect_str_eq(got, offer_http2 ? cases[i].with_http2 : cases[i].without, "%zu: %s", i,
                         got);
    }
    rig_stop(&rig);
    http_tls_free(tls);
    place_remove(files.folder);
}

Test(tls, negotiates_http2_when_it_is_offered)
{
    negotiate_all(true);
}

Test(tls, negotiates_http1_when_nothing_else_is_offered)
{
    negotiate_all(false);
}
