/* SPDX-License-Identifier: Apache-2.0 */
/* limits — every bound of the server, in one place.
 *
 * The unit is in the name, the reason beside the number, and tests/limits/ holds each of them at the
 * limit and one past it. A limit on input is a refusal (or a trim that `_meta` tells of), never an
 * abort.
 */
#pragma once

/* ---- bodies ---- */

/* Bytes of a request body as sent. libh2o spills bodies of 32 MiB to disk and counts 100 streams a
 * connection, so the per-stream size must stay small; SDK events are 1 to 200 KB. */
#define BODY_WIRE_BYTES_MAX (8u << 20)

/* Bytes of a body after decompression: what a decompression bomb costs at most. The field's servers
 * allow 100 to 200 MiB for attachments, which only minidumps need. */
#define BODY_PLAIN_BYTES_MAX (32u << 20)

/* Bytes of one event or transaction item, as in Sentry's published limits. */
#define EVENT_BYTES_MAX (1u << 20)

/* Bytes of an envelope or item header line: the SDKs send under 2 KB; Bugsink allows 8 KiB. */
#define ENVELOPE_HEADER_BYTES_MAX 8192u

/* Items in one envelope: one event and up to 30 attachments, and 100 sessions are seen. */
#define ENVELOPE_ITEMS_MAX 256u

/* ---- JSON and YAML ---- */

/* Nesting of a JSON document: real events reach about 15; Python's own decoder stops near 1000. */
#define JSON_DEPTH_MAX 128u

/* Values in one JSON document. A 1 MiB event of `[1,1,…` would be 524,288; real 1 MB events have
 * under 60,000. At 56 bytes a value this bounds the tree to 15 MB. */
#define JSON_VALUES_MAX 262144u

/* Bytes of one YAML file: the longest SigmaHQ rule (a list of 4,432 hashes) has 300 KB. */
#define YAML_BYTES_MAX (4u << 20)

/* Nesting and nodes of a YAML file; aliases are refused, so there is no amplification. */
#define YAML_DEPTH_MAX 64u
#define YAML_VALUES_MAX 262144u

/* ---- memory ---- */

/* What an arena keeps resident over a reset: covers 99 % of events without page faults. */
#define ARENA_KEEP_BYTES (512u << 10)

/* One pass's working memory: the plain body, a tree of JSON_VALUES_MAX values, decoded strings. */
#define SCRATCH_BYTES (BODY_PLAIN_BYTES_MAX + (64u << 20))

/* One job: the body as sent plus its effects and record fields. */
#define JOB_BYTES (BODY_WIRE_BYTES_MAX + (256u << 10))

/* Jobs a worker may have accepted and not yet committed or dropped: the back-pressure. */
#define JOBS_PER_WORKER_MAX 4096u

/* ---- events: lengths in bytes at which normalise trims (Sentry's published limits) ---- */

#define RELEASE_BYTES_MAX 200u
#define ENVIRONMENT_BYTES_MAX 64u
#define TRANSACTION_BYTES_MAX 200u
#define SERVER_NAME_BYTES_MAX 256u
#define LOGGER_BYTES_MAX 64u
#define TAG_KEY_BYTES_MAX 200u
#define TAG_VALUE_BYTES_MAX 200u
#define MESSAGE_BYTES_MAX 8192u
#define TITLE_BYTES_MAX 256u

/* Tags, exceptions and frames we act on; the rest of the list is kept in the raw tree only. */
#define TAGS_MAX 200u
#define EXCEPTIONS_MAX 50u
#define THREADS_MAX 1000u
#define FRAMES_MAX 250u
#define FINGERPRINT_PARTS_MAX 64u

/* ---- patterns ---- */

/* Steps PCRE2 may take for one match before the match counts as an error: about 1 ms. */
#define REGEX_MATCH_STEPS_MAX 100000u

/* Bytes of a subject a regular expression looks at; fail2ban #1173 cost 650 CPU hours without. */
#define REGEX_SUBJECT_BYTES_MAX 65536u

/* Bytes of a message that is parameterised; longer ones are kept as they are (Sentry does so). */
#define PARAMETERISE_BYTES_MAX 8192u

/* Rules that may hold for one event: more than this is a rule set that matches everything. */
#define MATCHES_PER_EVENT_MAX 64u

/* Problems remembered from one load of rules or configuration; more are counted, not kept. */
#define PROBLEMS_KEPT_MAX 1000u
