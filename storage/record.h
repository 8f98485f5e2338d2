/* SPDX-License-Identifier: Apache-2.0 */
/* record — one accepted request, as the journal keeps it.
 *
 *   0  u32 magic "TREC"      16 u64 sequence        56 u16 kind              66 u16 user agent
 *   4  u32 crc of 8..length  24 u64 durable         58 u16 bytes of key      68 u32 body
 *   8  u32 length            32 i64 received_us     60 u16 address           72 u32 crc of 8..72
 *  12  u32 project           40 16 bytes seed       62 u16 content type      76 u32 zero
 *                                                   64 u16 content encoding  80 the fields, in
 * order, then the parameters (what `length` leaves), zeroes to a multiple of 8
 *
 * Little endian. `length` counts the head and the fields without the padding. `durable` is the last
 * sequence that was known to be on disk when this record was written: a bad record followed by a
 * good one whose `durable` covers it was once whole, and is damage; otherwise both belong to the
 * group that a crash tore, none of which was answered.
 *
 * Both checksums start from a salt that only this node knows: a body cannot hold bytes that would
 * pass for a record when damage makes us look for the next one.
 *
 * Replay runs the pure pass over the record again, so it holds all that the pass reads: the body as
 * sent, the seed from which missing event ids are made, the time and who sent it.
 *
 * Pure. Rejected: one file per request (a directory entry and two syncs each); storing effects
 * instead of the request (three times the bytes, and a new rule could not be run over the past).
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/id.h"
#include "ingest/base/limits.h"

#define RECORD_HEAD_BYTES 80u
#define RECORD_MAGIC      0x43455254u /* "TREC" */

/* Kinds are stored: a number is never used for something else. */
enum record_kind {
    RECORD_ENVELOPE = 1,    /* POST /api/{project}/envelope/ */
    RECORD_STORE = 2,       /* POST /api/{project}/store/; the pixel's sentry_data */
    RECORD_SECURITY = 3,    /* POST .../security/, .../csp-report/, .../nel/ */
    RECORD_MINIDUMP = 4,    /* POST .../minidump/ */
    RECORD_ATTACHMENTS = 5, /* POST .../events/{id}/attachments/ */
    RECORD_CHECK_IN = 6,    /* GET, POST .../cron/{slug}/ */
    RECORD_REFUSALS = 7,    /* what was refused before the journal, counted (decode/refusals.h) */
    RECORD_SCRUBBED = 8,    /* any of the above, its secrets taken out (ingest/rewrite.h) */
};

struct record {
    uint64_t sequence; /* per node, from 1, without gaps; given by the journal */
    uint64_t durable;  /* given by the journal */
    int64_t received_us;
    struct id seed; /* 16 random bytes */
    uint32_t project;
    enum record_kind kind;
    struct slice key;     /* the DSN's public key */
    struct slice address; /* the client's IP address as text */
    struct slice content_type;
    struct slice content_encoding;
    struct slice user_agent;
    struct slice body; /* as sent: still compressed */
    /* What else the pass needs, as name=value&…, percent-encoded: of the URL (monitor_slug, status,
     * event_id, sentry_release …), origin, and `limited`: categories that were over their limit. */
    struct slice parameters;
};

/* Bytes the record takes in a segment, a multiple of 8; 0 when a field is over its limit
 * (RECORD_FIELD_BYTES_MAX, BODY_WIRE_BYTES_MAX). */
size_t record_bytes(const struct record *record);

/* The salt of a node's records. */
uint32_t record_salt(struct id node);

/* Fills record_bytes() bytes at `out`. */
void record_encode(const struct record *record, uint32_t salt, char *out);

/* Reads the record at the start of `bytes`; `out` borrows them. Faults: NOT_FOUND when nothing was
 * written there (zeroes, or fewer bytes than a head), MALFORMED for anything that is not whole. */
MUST_USE struct fault record_decode(struct slice bytes, uint32_t salt, struct record *out);

/* What a head alone tells: enough to step over the record or to read all of it. */
struct record_extent {
    uint64_t sequence;
    uint64_t durable;
    size_t bytes; /* with the padding */
};

/* As record_decode for the head alone (RECORD_HEAD_BYTES). */
MUST_USE struct fault record_peek(struct slice head, uint32_t salt, struct record_extent *out);
