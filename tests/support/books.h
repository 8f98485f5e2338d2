/* SPDX-License-Identifier: Apache-2.0 */
/* books — a private Redis with an applier and queries on it, for tests of what a commit does. */
#pragma once
#include "ingest/base/buffer.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "storage/applier.h"
#include "storage/queries.h"
#include "tests/support/redis.h"
#include <stdio.h>

/* Ten minutes past an hour; and one project in partition 7. */
#define BOOKS_NOW_US  (INT64_C(500000) * 3600 * 1000000 + INT64_C(600) * 1000000)
#define BOOKS_HOUR_US (INT64_C(3600) * 1000000)
#define BOOKS_PROJECT 7u

struct books {
    struct redis_server server;
    struct redis_options options;
    struct applier applier;
    struct queries *queries;
    struct redis *link; /* to ask with */
    uint64_t sequence;  /* the last record's */
    struct arena arena;
};

static inline void books_open(struct books *books)
{
    *books = (struct books){0};
    struct id node = {"node of the test"};
    redis_server_start(&books->server);
    MUST(!fault_is(redis_parse(slice_str(books->server.url), &books->options)));
    applier_init(&books->applier, &books->options, node, 3 * 3600);
    MUST(applier_connect(&books->applier, 0));
    books->queries = queries_new(&books->options, 3);
    books->link = redis_new(&books->options);
    MUST(redis_connect(books->link) && arena_init(&books->arena, 8 << 20));
}

static inline void books_close(struct books *books)
{
    redis_free(books->link);
    queries_free(books->queries);
    applier_done(&books->applier);
    arena_done(&books->arena);
    redis_server_stop(&books->server);
}

/* An id that begins with `text`. */
static inline struct id books_id(const char *text)
{
    struct id id = {{0}};
    memcpy(id.bytes, text, strlen(text) < sizeof id.bytes ? strlen(text) : sizeof id.bytes);
    return id;
}

/* Event `event` of the issue known by `hash`, received now. */
static inline struct effect books_event(const char *event, const char *hash)
{
    return (struct effect){.partition = BOOKS_PROJECT,
                           .project = BOOKS_PROJECT,
                           .event = books_id(event),
                           .hashes = {books_id(hash)},
                           .hash_count = 1,
                           .at_us = BOOKS_NOW_US - 5000000,
                           .received_us = BOOKS_NOW_US,
                           .level = LEVEL_ERROR,
                           .type = EVENT_ERROR,
                           .title = SLICE("ValueError: no"),
                           .culprit = SLICE("app.main"),
                           .platform = SLICE("python"),
                           .environment = SLICE("production"),
                           .release = SLICE("1.0")};
}

/* Adds the event as the only one of the next record. Borrows it until the commit. */
static inline void books_add(struct books *books, const struct effect *effect)
{
    batch_add(books->applier.batch, ++books->sequence, effect);
}

static inline void books_commit(struct books *books)
{
    if (!applier_commit(&books->applier, books->sequence)) {
        fprintf(stderr, "%s\n", books->applier.error);
        abort();
    }
}

/* A batch of one event. */
static inline void books_write(struct books *books, struct effect effect)
{
    books_add(books, &effect);
    books_commit(books);
}

/* The id of the issue known by `hash`; 0: none. */
static inline uint64_t books_issue_id(struct books *books, const char *hash)
{
    char hex[ID_HEX_BYTES + 1];
    id_format(books_id(hash), hex);
    redisReply *reply = redis_command(books->link, "HGET t:{07}:p:7:hashes %s", hex);
    uint64_t id = (uint64_t)redis_number(reply);
    freeReplyObject(reply);
    return id;
}

/* The issue known by `hash`; its texts live as long as the books. */
static inline struct issue books_issue(struct books *books, const char *hash)
{
    struct issue issue = {0};
    MUST(!fault_is(
        queries_issue(books->queries, &books->arena, books_issue_id(books, hash), &issue)));
    return issue;
}

/* Whether the words of `list` hold `word`. */
static inline bool books_lists(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at++) {
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}

/* The facts of `kind` ("": of all) as one text: "field field...|field field...", in order. */
static inline const char *books_facts(struct books *books, const char *kind, const char *fields)
{
    struct buffer out;
    redisReply *facts = redis_command(books->link, "XRANGE t:{07}:facts - +");
    buffer_init(&out, 1 << 20);
    for (size_t i = 0; i < facts->elements; i++) {
        const redisReply *fact = facts->element[i]->element[1];
        if (kind[0] != '\0' && strcmp(fact->element[1]->str, kind) != 0) {
            continue;
        }
        buffer_add(&out, out.len > 0 ? SLICE("|") : SLICE(""));
        for (size_t f = 0; f < fact->elements; f += 2) {
            if (books_lists(fields, fact->element[f]->str)) {
                buffer_add(&out, redis_text(fact->element[f + 1]));
                buffer_byte(&out, ' ');
            }
        }
    }
    freeReplyObject(facts);
    const char *text = arena_str(&books->arena, buffer_slice(&out));
    buffer_done(&out);
    return text != NULL ? text : "";
}
