/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/client.h"
#include "ingest/base/must.h"
#include <curl/curl.h>
#include <stdio.h>

#define CLIENT_ANSWER_BYTES_MAX (32u << 20)
#define ARENA_BYTES             (256u << 20) /* address space: the tree of the largest answer */
#define TIMEOUT_MS              15000L

bool client_init(struct client *client)
{
    *client = (struct client){0};
    buffer_init(&client->answer, CLIENT_ANSWER_BYTES_MAX);
    if (!arena_init(&client->arena, ARENA_BYTES)) {
        fprintf(stderr, "tocsin: no memory left\n");
        return false;
    }
    return true;
}

bool client_open(struct client *client, const char *data)
{
    char problem[1024];
    if (!client_init(client)) {
        return false;
    }
    if (!data_dir_visit(&client->data, data != NULL ? data : "./data", problem, sizeof(problem))) {
        fprintf(stderr, "tocsin: %s\n", problem);
        return false;
    }
    if (!data_dir_api(&client->data, client->base, sizeof(client->base))) {
        fprintf(stderr,
                "tocsin: no server has run on %s; start one with `tocsin serve --data %s`\n",
                client->data.path, client->data.path);
        return false;
    }
    return true;
}

void client_close(struct client *client)
{
    if (client->arena.base != NULL) {
        arena_done(&client->arena);
    }
    buffer_done(&client->answer);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct client *client = data;
    buffer_add(&client->answer, slice_of(bytes, size * count));
    return client->answer.overflowed ? 0 : size * count;
}

/* Runs one prepared request; false prints why. */
static bool perform(struct client *client, CURL *curl, const char *url, long *out_status)
{
    char error[CURL_ERROR_SIZE] = "";
    buffer_reset(&client->answer);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, client);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    /* The certificate is for the public name; this is our own server, on an address we wrote. */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
        fprintf(stderr, "tocsin: %s: %s", url, error[0] != '\0' ? error : curl_easy_strerror(code));
        if (client->data.path[0] != '\0') {
            fprintf(stderr, "; is `tocsin serve --data %s` running?", client->data.path);
        }
        fputc('\n', stderr);
        return false;
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, out_status);
    return true;
}

/* `body` is NULL for what has none. */
static bool request(struct client *client, const char *method, const char *path, const char *body,
                    long *out_status)
{
    char url[1024];
    char bearer[TOKEN_BYTES + 32];
    CURL *curl = curl_easy_init();
    MUST(curl != NULL && client->base[0] != '\0');
    snprintf(url, sizeof(url), "%s%s", client->base, path);
    snprintf(bearer, sizeof(bearer), "Authorization: Bearer %s", client->data.token);
    struct curl_slist *fields = curl_slist_append(NULL, bearer);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    if (body != NULL) {
        fields = curl_slist_append(fields, "Content-Type: application/json");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
    bool done = perform(client, curl, url, out_status);
    curl_slist_free_all(fields);
    curl_easy_cleanup(curl);
    return done;
}

static bool call(struct client *client, const char *method, const char *path, const char *body,
                 const struct value **out)
{
    long status = 0;
    struct value *tree = NULL;
    if (!request(client, method, path, body, &status)) {
        return false;
    }
    struct slice text = arena_copy(&client->arena, buffer_slice(&client->answer));
    struct fault fault = value_parse_json(&client->arena, text, &tree);
    if (status < 200 || status > 299) {
        struct slice detail = value_string(value_get(tree, SLICE("detail")));
        fprintf(stderr, "tocsin: %.*s (status %ld)\n",
                SLICE_ARG(detail.len != 0 ? detail : SLICE("the server refused")), status);
        return false;
    }
    if (fault_is(fault)) {
        fprintf(stderr, "tocsin: the server's answer is not JSON\n");
        return false;
    }
    *out = tree;
    return true;
}

bool client_call(struct client *client, const char *path, const char *body,
                 const struct value **out)
{
    return call(client, body != NULL ? "PUT" : "GET", path, body, out);
}

bool client_delete(struct client *client, const char *path, const struct value **out)
{
    return call(client, "DELETE", path, NULL, out);
}

bool client_post(struct client *client, const char *url, struct slice body, long *out_status)
{
    CURL *curl = curl_easy_init();
    MUST(curl != NULL);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.at);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.len);
    struct curl_slist *fields =
        curl_slist_append(NULL, "Content-Type: application/x-sentry-envelope");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
    bool done = perform(client, curl, url, out_status);
    curl_slist_free_all(fields);
    curl_easy_cleanup(curl);
    return done;
}
