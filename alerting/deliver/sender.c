/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/sender.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

struct transfer {
    struct transfer *next;
    struct transfer **link; /* what points to it */
    CURL *easy;
    struct curl_slist *headers;
    char *body;
    void *ticket;
    size_t answer_bytes;
    char error[CURL_ERROR_SIZE];
};

struct sender {
    CURLM *multi;
    sender_done_fn *done;
    void *context;
    struct transfer *first;
    uint32_t count;
};

struct sender *sender_new(sender_done_fn *done, void *context)
{
    struct sender *sender = calloc(1, sizeof(*sender));
    if (sender == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(sender);
        return NULL;
    }
    sender->multi = curl_multi_init();
    if (sender->multi == NULL) {
        curl_global_cleanup();
        free(sender);
        return NULL;
    }
    curl_multi_setopt(sender->multi, CURLMOPT_MAXCONNECTS, (long)DELIVERIES_MAX);
    sender->done = done;
    sender->context = context;
    return sender;
}

static void forget(struct sender *sender, struct transfer *transfer)
{
    if (transfer->link != NULL) {
        curl_multi_remove_handle(sender->multi, transfer->easy);
        *transfer->link = transfer->next;
        if (transfer->next != NULL) {
            transfer->next->link = transfer->link;
        }
        MUST(sender->count > 0);
        sender->count--;
    }
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    free(transfer->body);
    free(transfer);
}

void sender_free(struct sender *sender)
{
    if (sender == NULL) {
        return;
    }
    while (sender->first != NULL) {
        forget(sender, sender->first);
    }
    MUST(sender->count == 0);
    curl_multi_cleanup(sender->multi);
    curl_global_cleanup();
    free(sender);
}

/* Reads the answer away, up to a bound: past it libcurl ends the transfer, with the status known.
 */
static size_t discard(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    (void)bytes;
    transfer->answer_bytes += size * count;
    return transfer->answer_bytes > ANSWER_BYTES_MAX ? 0 : size * count;
}

/* Adds one header line; false without memory, and then what was there stays to be freed. */
static bool add_line(struct transfer *transfer, struct slice line)
{
    char *text = strndup(line.at, line.len);
    struct curl_slist *longer = text != NULL ? curl_slist_append(transfer->headers, text) : NULL;
    free(text);
    if (longer == NULL) {
        return false;
    }
    transfer->headers = longer;
    return true;
}

static bool add_headers(struct transfer *transfer, struct slice lines)
{
    while (lines.len != 0) {
        size_t length = slice_find(lines, '\n');
        if (!add_line(transfer, slice_head(lines, length))) {
            return false;
        }
        lines = slice_from(lines, length + 1);
    }
    return add_line(transfer, SLICE("Expect:")); /* do not ask first: one round trip less */
}

static bool configure(struct transfer *transfer, const char *url,
                      const struct sender_request *request)
{
    CURL *easy = transfer->easy;
    bool well = curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_USERAGENT, "Tocsin/" TOCSIN_VERSION) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len) ==
            CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
    well &= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error) == CURLE_OK;
    return well && curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK;
}

static bool prepare(struct transfer *transfer, const struct sender_request *request)
{
    char *url = strndup(request->url.at, request->url.len);
    transfer->easy = curl_easy_init();
    transfer->body = malloc(request->body.len + 1);
    bool well = url != NULL && transfer->easy != NULL && transfer->body != NULL &&
                add_headers(transfer, request->header_lines);
    if (well) {
        memcpy(transfer->body, request->body.at, request->body.len);
        well = configure(transfer, url, request);
    }
    free(url);
    return well;
}

bool sender_send(struct sender *sender, const struct sender_request *request, void *ticket)
{
    MUST(request->timeout_ms > 0 && request->body.len > 0);
    if (sender->count == DELIVERIES_MAX) {
        return false;
    }
    struct transfer *transfer = calloc(1, sizeof(*transfer));
    if (transfer == NULL) {
        return false;
    }
    transfer->ticket = ticket;
    if (!prepare(transfer, request) ||
        curl_multi_add_handle(sender->multi, transfer->easy) != CURLM_OK) {
        forget(sender, transfer);
        return false;
    }
    transfer->next = sender->first;
    transfer->link = &sender->first;
    if (sender->first != NULL) {
        sender->first->link = &transfer->next;
    }
    sender->first = transfer;
    sender->count++;
    return true;
}

static struct delivery_answer answer_of(struct transfer *transfer, CURLcode result)
{
    struct delivery_answer answer = {.timed_out = result == CURLE_OPERATION_TIMEDOUT};
    long status = 0;
    curl_off_t retry_after_s = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    /* An answer that was cut off by our own bound is one; by a timeout or a reset it is none. */
    bool is_whole = result == CURLE_OK || result == CURLE_WRITE_ERROR;
    if (is_whole && status > 0) {
        answer.status = (uint32_t)status;
        answer.retry_after_us = retry_after_s > 0 ? (int64_t)retry_after_s * 1000000 : 0;
        return answer;
    }
    snprintf(answer.error, sizeof(answer.error), "%.127s",
             transfer->error[0] != '\0' ? transfer->error : curl_easy_strerror(result));
    return answer;
}

static void finish(struct sender *sender, const CURLMsg *message)
{
    char *context = NULL;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &context);
    struct transfer *transfer = (struct transfer *)(void *)context;
    MUST(transfer != NULL && transfer->easy == message->easy_handle);
    struct delivery_answer answer = answer_of(transfer, message->data.result);
    void *ticket = transfer->ticket;
    forget(sender, transfer);
    sender->done(sender->context, ticket, &answer);
}

uint32_t sender_work(struct sender *sender, int64_t wait_ms)
{
    int running = 0;
    int left = 0;
    curl_multi_perform(sender->multi, &running);
    if ((uint32_t)running == sender->count) { /* nothing has ended yet */
        curl_multi_poll(sender->multi, NULL, 0, (int)wait_ms, NULL);
        curl_multi_perform(sender->multi, &running);
    }
    for (CURLMsg *message = curl_multi_info_read(sender->multi, &left); message != NULL;
         message = curl_multi_info_read(sender->multi, &left)) {
        if (message->msg == CURLMSG_DONE) {
            finish(sender, message);
        }
    }
    return sender->count;
}

uint32_t sender_under_way(const struct sender *sender)
{
    return sender->count;
}

void sender_wake(struct sender *sender)
{
    curl_multi_wakeup(sender->multi);
}
