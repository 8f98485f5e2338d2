/* SPDX-License-Identifier: Apache-2.0 */
/* symboliser — answers for addresses: from memory, or from the worker, or "not yet".
 *
 *   symboliser_ask   opens the files by build id ▸ cache ▸ what is missing joins the queue ▸ waits
 * a moment ▸ cache again ▸ what is still missing is PENDING its thread       queue ▸
 * worker_process_ask (10 s at most) ▸ cache
 *
 * So a reader never waits longer than it says, however long a file takes; who asks again later is
 * answered from the cache. A file that the worker died of, or was late with, is spared for
 * SYMBOLISE_SPARED_MS, by a verdict in the cache; another upload of it is another file.
 *
 * Rejected: asking the worker on the reader's thread (a hostile file would stop /readyz for ten
 * seconds), one worker per core (people read one event at a time).
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/symbols/build_id.h"
#include "ingest/symbols/symbols.h"
#include <stdatomic.h>

struct symboliser_options {
    const char *folder;   /* SYMBOL_STORE_FOLDER; borrowed, as below */
    const char *program;  /* of the worker; NULL: this one */
    int deadline_ms;      /* 0: SYMBOLISE_DEADLINE_MS */
    uint64_t cache_bytes; /* 0: SYMBOL_CACHE_BYTES */
};

/* Addresses in one file. */
struct symbol_request {
    struct build_id id;
    uint32_t count;
    const uint64_t *addresses; /* from the first byte of the file that is loaded */
    struct symbol *symbols;    /* filled: one for each address, in the arena */
};

struct symboliser_stats {
    atomic_uint_fast64_t cached;    /* addresses answered from memory */
    atomic_uint_fast64_t looked_up; /* addresses answered by the worker */
    atomic_uint_fast64_t starts;    /* of the worker */
    atomic_uint_fast64_t crashes;
    atomic_uint_fast64_t timeouts;
    atomic_uint_fast64_t absent; /* questions without a worker: no process, or no sandbox */
};

struct symboliser;

/* NULL without memory or a thread. The worker starts with the first question. */
struct symboliser *symboliser_start(const struct symboliser_options *options);

/* Ends thread and worker, within 100 ms. NULL is fine. */
void symboliser_stop(struct symboliser *symboliser);

/* Fills the symbols of `count` requests, waiting `wait_ms` at the most for what is not known yet.
 * Without room in the arena `symbols` stay NULL or PENDING. Any thread, but one at a time. */
void symboliser_ask(struct symboliser *symboliser, struct symbol_request *requests, uint32_t count,
                    int wait_ms, struct arena *arena);

const struct symboliser_stats *symboliser_stats(const struct symboliser *symboliser);
