/* SPDX-License-Identifier: Apache-2.0 */
/* receiver — an HTTP server that takes notices, remembers them, and misbehaves when asked to.
 *
 * On 127.0.0.1, a port of the kernel's choice; a thread per connection, one request each. What a
 * path is told to do, it does for so many requests, then answers 200.
 */
#pragma once
#include "ingest/base/slice.h"
#include <pthread.h>
#include <stdint.h>

#define RECEIVER_KEPT_MAX  4096u
#define RECEIVER_RULES_MAX 16u

enum receiver_act {
    RECEIVER_ANSWERS,
    RECEIVER_HANGS,  /* reads, and says nothing until the test ends */
    RECEIVER_WAITS,  /* answers when it is released */
    RECEIVER_RESETS, /* reads, and breaks the connection */
    RECEIVER_FLOODS  /* answers 200 with a body of 100 MB, or until the client has had enough */
};

struct receiver_rule {
    const char *path; /* literal */
    enum receiver_act act;
    uint32_t status;
    const char *headers; /* literal, each line ended by "\r\n"; NULL: none */
    uint32_t times;      /* how many requests; UINT32_MAX: all */
};

struct receiver_request {
    char path[64];
    char id[64];        /* webhook-id */
    char signature[96]; /* webhook-signature */
    char timestamp[32]; /* webhook-timestamp */
    char *head;         /* request line and header fields */
    char *body;
    int64_t at_us; /* monotonic */
};

struct test_receiver {
    pthread_mutex_t lock;
    pthread_t thread;
    int listener;
    uint16_t port;
    struct receiver_rule rules[RECEIVER_RULES_MAX];
    uint32_t rule_count;
    pthread_cond_t released;
    bool is_released;
    struct receiver_request *kept;
    uint32_t count;
};

void receiver_start(struct test_receiver *receiver);
void receiver_rule(struct test_receiver *receiver, struct receiver_rule rule);

/* Waits until `count` requests have come, at most `wait_ms`; gives how many have. */
uint32_t receiver_wait(struct test_receiver *receiver, uint32_t count, int64_t wait_ms);

/* Request `index`, from 0; its texts stay until the test ends. */
struct receiver_request receiver_request(struct test_receiver *receiver, uint32_t index);

/* Those that wait answer now, and all that come later at once. */
void receiver_release(struct test_receiver *receiver);

/* Those that wait must have been released. */
void receiver_stop(struct test_receiver *receiver);
