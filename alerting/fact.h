/* SPDX-License-Identifier: Apache-2.0 */
/* fact — one entry of a partition's stream `t:{NN}:facts`: something that is now so.
 *
 *   new regressed detection         an event made it so
 *   resolved ignored unresolved     a person did
 *
 * Borrows the reply it was read from. Pure, but for the type of the reply.
 */
#pragma once
#include "ingest/base/slice.h"
#include "rules/subject.h"
#include <hiredis/hiredis.h>
#include <stdint.h>

#define FACT_KINDS(X)                                                                              \
    X(FACT_NEW, "new")                                                                             \
    X(FACT_REGRESSED, "regressed")                                                                 \
    X(FACT_DETECTION, "detection")                                                                 \
    X(FACT_RESOLVED, "resolved")                                                                   \
    X(FACT_IGNORED, "ignored")                                                                     \
    X(FACT_UNRESOLVED, "unresolved")

enum fact_kind {
#define FACT_ENUM(constant, name) constant,
    FACT_KINDS(FACT_ENUM)
#undef FACT_ENUM
        FACT_KIND_COUNT
};

struct fact {
    enum fact_kind kind;
    struct slice entry; /* its id in the stream, "ms-n" */
    struct slice project;
    struct slice issue; /* decimal */
    struct slice event; /* 32 hex digits */
    struct slice title;
    struct slice culprit;
    struct slice level;
    struct slice platform;
    struct slice type;
    struct slice environment;
    struct slice release;
    struct slice rule; /* these three: DETECTION only */
    struct slice rule_title;
    struct slice rule_level;
    struct slice group; /* of a correlation: JSON list of texts; empty: it is none */
    struct slice group_by;
    int64_t at_us;   /* event time; 0: unknown */
    uint64_t events; /* how many it stands for, from 1 */
};

/* Fills from one stream entry, [id, [name, value, …]]. False when it is no fact we know: no kind or
 * issue, or a detection without its rule. */
bool fact_read(const redisReply *entry, struct fact *out);

/* Milliseconds of the stream id: when Redis took it. 0 when it is none. */
int64_t fact_entry_ms(struct slice entry);

/* What an issue fact looks like to rules. Fills at most FACT_PAIRS_MAX pairs; gives how many. */
#define FACT_PAIRS_MAX 24u
uint32_t fact_pairs(const struct fact *fact, struct subject_pair *out);
