/* SPDX-License-Identifier: Apache-2.0 */
/* limits — every bound of the server, in one place.
 *
 * The unit is in the name, the reason beside the number, and tests/limits/ holds each of them at
 * the limit and one past it. A limit on input is a refusal (or a trim that `_meta` tells of), never
 * an abort.
 */
#pragma once

/* ---- bodies ---- */

/* Bytes of a request body as sent. SDK events are 1 to 200 KB, crash reporters' minidumps 0.1 to
 * 10 MB; dumps of the whole memory are not taken. libh2o spills bodies of 32 MiB to disk, and one
 * HTTP/2 connection may hold HTTP_CONNECTION_BODY_BYTES_MAX of them: more than one. */
#define BODY_WIRE_BYTES_MAX (12u << 20)

/* Bytes of a body after decompression: what a decompression bomb costs at most. The field's servers
 * allow 100 to 200 MiB for attachments, which only minidumps need. */
#define BODY_PLAIN_BYTES_MAX (32u << 20)

/* Working memory of the brotli decoder: a window of 16 MiB (RFC 7932's largest) held twice while it
 * grows, and tables of up to 3.5 MB. Address space only, until a body really asks for it. */
#define BROTLI_MEMORY_BYTES (96u << 20)

/* Bytes of one event or transaction item, as in Sentry's published limits. */
#define EVENT_BYTES_MAX (1u << 20)

/* Bytes of an envelope or item header line: the SDKs send under 2 KB; Bugsink allows 8 KiB. */
#define ENVELOPE_HEADER_BYTES_MAX 8192u

/* Items in one envelope: one event and up to 30 attachments, and 100 sessions are seen. */
#define ENVELOPE_ITEMS_MAX 256u

/* Bytes of an item, by its type: what the field's servers take (items.h says which is whose). An
 * item that may be larger than a body is bounded by the body. */
#define SESSIONS_BYTES_MAX      (10u << 20)
#define CLIENT_REPORT_BYTES_MAX (100u << 10)
#define CHECK_IN_BYTES_MAX      (100u << 10)
#define REPLAY_BYTES_MAX        (10u << 20)
#define CONTAINER_BYTES_MAX     (12u << 20)

/* Browsers' reports in one request: Chromium sends what came together in a minute, a few dozen. */
#define REPORTS_PER_REQUEST_MAX 100u

/* Lines of one client report: SDKs have 16 categories and some ten reasons. */
#define DISCARDS_MAX 256u

/* Parts of one multipart body: a minidump, its log files, and a field for each tag. */
#define PARTS_MAX 256u

/* Streams and modules of a minidump that are read: Windows writes 20 streams, browsers load 300
 * modules. */
#define MINIDUMP_STREAMS_MAX 256u
#define MINIDUMP_MODULES_MAX 1024u

/* ---- JSON and YAML ---- */

/* Nesting of a JSON document: real events reach about 15; Python's own decoder stops near 1000. */
#define JSON_DEPTH_MAX 128u

/* Values in one JSON document. A 1 MiB event of `[1,1,…` would be 524,288; real 1 MB events have
 * under 60,000. At 56 bytes a value this bounds the tree to 15 MB. */
#define JSON_VALUES_MAX 262144u

/* Bytes of one YAML file: the longest SigmaHQ rule (a list of 4,432 hashes) has 300 KB. */
#define YAML_BYTES_MAX (4u << 20)

/* Nesting and nodes of a YAML file; aliases are refused, so there is no amplification. */
#define YAML_DEPTH_MAX  64u
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

#define RELEASE_BYTES_MAX     200u
#define ENVIRONMENT_BYTES_MAX 64u
#define DIST_BYTES_MAX        64u  /* Sentry's published limit */
#define PLATFORM_BYTES_MAX    64u  /* the longest known name has 17 */
#define USER_FIELD_BYTES_MAX  128u /* ids and addresses: Sentry cuts ids at 128 */
#define TRANSACTION_BYTES_MAX 200u
#define SERVER_NAME_BYTES_MAX 256u
#define LOGGER_BYTES_MAX      64u
#define TAG_KEY_BYTES_MAX     200u
#define TAG_VALUE_BYTES_MAX   200u
#define MESSAGE_BYTES_MAX     8192u
#define TITLE_BYTES_MAX       256u

/* Tags, exceptions and frames we act on; the rest of the list is kept in the raw tree only. */
#define TAGS_MAX              200u
#define EXCEPTIONS_MAX        50u
#define THREADS_MAX           1000u
#define FRAMES_MAX            250u
#define FINGERPRINT_PARTS_MAX 64u

/* Of a stack trace that is cut, so many of the oldest frames stay; the others are the newest. */
#define FRAMES_OLDEST_KEPT 50u

/* Parameters of a message that are looked at one by one for secrets, each of which costs a search
 * of the message; with more of them it is kept as the template that it was. */
#define SCRUB_PARAMETERS_MAX 256u

/* The heap (host/heap.h): freed bytes an arena keeps, as much as 4,000 requests in flight need;
 * bytes it grows by; and blocks from which on the kernel is asked for each, and given it back. */
#define HEAP_KEPT_BYTES   (64 << 20)
#define HEAP_GROWTH_BYTES (1 << 20)
#define HEAP_BLOCK_BYTES  (4 << 20)

/* Frames whose stack rules a thread remembers (stack_memo.h): the code that fails is some thousand
 * frames, in names and paths that 244 bytes hold; together 512 KiB. */
#define STACK_MEMO_SLOTS         2048u
#define STACK_MEMO_KEY_BYTES_MAX 244u

/* The newest breadcrumbs are kept: SDKs send up to 100. */
#define BREADCRUMBS_MAX 100u

/* What is kept of data nobody acts on, as Sentry publishes it: all names and texts of `extra`, one
 * of its texts, one context, a request body (and headers, cookies, user), and the data of one
 * breadcrumb or the variables of one frame; and how deep they may nest. */
#define EXTRA_BYTES_MAX      262144u
#define EXTRA_ITEM_BYTES_MAX 16384u
#define CONTEXT_BYTES_MAX    8192u
#define REQUEST_BYTES_MAX    8192u
#define DATA_BYTES_MAX       2048u
#define EXTRA_LEVELS_MAX     7u
#define DATA_LEVELS_MAX      5u

/* ---- scrubbing ---- */

/* Names one project adds, and names it calls safe: a search finds any of them at once, in 200. */
#define SCRUB_FIELDS_MAX 64u

/* Bytes of a name that are looked at. */
#define SCRUB_NAME_BYTES_MAX 128u

/* What is taken over of a sender's own `_meta`: remarks of one value, and bytes of one rule. */
#define META_REMARKS_MAX    64u
#define META_RULE_BYTES_MAX 64u

/* Parameters of a log message that are looked at for each place they may fill: with all of a list
 * of 200,000 and a message of nothing but places one event would take seconds. */
#define PARAMS_MAX 100u

/* Loaded files of a crash that are looked at: an iOS process has about 700. */
#define IMAGES_MAX 2048u

/* Issues one request merges: what fits a page of the list that people choose from. */
#define MERGE_ISSUES_MAX 100u

/* ---- grouping rules of a project ---- */

/* Matchers of one rule, values it gives, rules of one file, and bytes of one: Sentry's own default
 * rules of all platforms are 430 lines of 30 KB. */
#define GROUPING_MATCHERS_MAX    32u
#define GROUPING_RULES_MAX       2000u
#define GROUPING_RULES_BYTES_MAX (256u << 10)

/* ---- decoded views of requests (ingest/normalise/decoded.h) ---- */

/* Bytes of one text that are looked at; SDKs cut bodies at 10,000 by themselves, servers refuse
 * longer URLs. A view is at most twice that, since base64 is shown beside what it stands for. */
#define DECODED_BYTES_MAX 16384u

/* Layers of escapes undone: two are the classic double encoding, each proxy may add one. */
#define DECODED_ROUNDS_MAX 5u

/* Base64 values of one text, and the shortest: "<script>" takes 12 characters, words are shorter
 * and would be read as base64 by chance. */
#define DECODED_BASE64_MAX         8u
#define PRINTABLE_BASE64_BYTES_MIN 12u

/* Leaves of a body (and headers) shown, the nesting looked into, and bytes of a leaf's path: more
 * than any form has, and a body of 1 MiB costs under 10 ms. */
#define DECODED_LEAVES_MAX     256u
#define DECODED_DEPTH_MAX      16u
#define DECODED_PATH_BYTES_MAX 128u

/* ---- patterns ---- */

/* Steps PCRE2 may take for one match before the match counts as an error: about 1 ms. */
#define REGEX_MATCH_STEPS_MAX 100000u

/* Bytes of a subject a regular expression looks at; fail2ban #1173 cost 650 CPU hours without. */
#define REGEX_SUBJECT_BYTES_MAX 65536u

/* Expressions without a literal that one field is scanned for at once: the pack has 217, which take
 * two seconds to become an automaton. Those past it cost their rules PCRE2 at each event. */
#define REGEXES_SCANNED_MAX 1024u

/* When automata that were not kept are made, after a load: what comes and goes within a minute, and
 * whoever edits rules, need not pay for them. */
#define RULE_AUTOMATA_AFTER_MS 60000

/* Bytes of one automaton that is kept from one load to the next: that of the pack has 2 MB. */
#define RULE_AUTOMATON_BYTES_MAX ((size_t)64 << 20)

/* Bytes of a message that is parameterised; longer ones are kept as they are (Sentry does so). */
#define PARAMETERISE_BYTES_MAX 8192u

/* Rules that may hold for one event: more than this is a rule set that matches everything. */
#define MATCHES_PER_EVENT_MAX 64u

/* Problems remembered from one load of rules or configuration; more are counted, not kept. */
#define PROBLEMS_KEPT_MAX 1000u

/* ---- journal and Redis ---- */

/* Bytes of one text field of a record (key, address, content type ...): HTTP header values the
 * guard lets through are shorter. */
#define RECORD_FIELD_BYTES_MAX 8192u

/* Bytes of one whole record: its head, six fields and a body. */
#define RECORD_BYTES_MAX (128u + 6u * RECORD_FIELD_BYTES_MAX + BODY_WIRE_BYTES_MAX)

/* Bytes of a segment: small enough to give space back in steps, large enough that making one
 * (a file and two syncs) is rare: every 40,000 events of 1.5 KB. */
#define JOURNAL_SEGMENT_BYTES (64u << 20)

/* Bytes written before one fdatasync: 4 MiB take a slow disk 40 ms. A single larger record goes
 * alone. */
#define JOURNAL_GROUP_BYTES_MAX (4u << 20)

/* Records of a group from which there is load enough to let the next one grow; how long, in times
 * of the last sync, and at most: an answer comes later by at most as much. */
#define JOURNAL_BUSY_RECORDS 16u
#define JOURNAL_PAUSE_SYNCS  3
#define JOURNAL_PAUSE_US_MAX 5000

/* Entries the committer holds in memory before it lets go and reads the journal back. Half of what
 * one worker may have under way, so that a slow Redis never uses up the jobs. */
#define COMMITTER_QUEUE_MAX 2048u

/* Events in one round of FCALLs: Redis works on them for 8 ms when they are of one issue and 90 ms
 * when each is of another, and answers nobody else meanwhile. A record's events are never split. */
#define COMMIT_EVENTS_MAX 2000u

/* Entries of a commit from which the next one waits, for how many, and for how long: a commit costs
 * Redis some 50 us, whatever its size, and nobody waits for it but alerts. */
#define COMMIT_BUSY_ENTRIES   16u
#define COMMIT_GATHER_ENTRIES 500u
#define COMMIT_GATHER_MS      20u

/* How often the committer moves quiet partitions along and asks whether Redis is still what it was:
 * 64 commands a second, and a restart has little more than a second to read back. */
#define COMMITTER_TICK_MS 1000u

/* Hours an event is found by its id: about 90 bytes of Redis memory an event. */
#define EVENT_INDEX_HOURS 168u

/* Milliseconds to wait for a connection, and for a reply. */
#define REDIS_CONNECT_MS 1000u
#define REDIS_COMMAND_MS 5000u

/* Issues on one page of a list. */
#define ISSUES_PER_PAGE_MAX 100u

/* ---- rules ---- */

/* Address space for one compiled set and for loading it: all of SigmaHQ takes 60 MB and 150 MB. */
#define RULES_SET_BYTES  (1ull << 30)
#define RULES_LOAD_BYTES (2ull << 30)

/* Rules of one set: SigmaHQ has 3,780. Indexes and counters are sized by it. */
#define RULES_MAX 65536u

/* Bytes and nesting of one condition: the longest of SigmaHQ has 500 bytes and 4 levels. */
#define CONDITION_BYTES_MAX 8192u
#define CONDITION_DEPTH_MAX 64u

/* Tests one rule compiles to: SigmaHQ's largest needs 4,500. A selection named twice counts twice.
 */
#define RULE_PROGRAM_MAX 65536u

/* Modifiers after one field name: three are the most anyone writes. */
#define MODIFIERS_MAX 8u

/* Events of one test beside a rule: a flood is tested with `times: 10000`. */
#define RULE_TEST_EVENTS_MAX 100000u

/* ---- correlations ---- */

/* Rules one correlation names (a bit each), and words of its boolean condition. */
#define CORRELATION_SOURCES_MAX 32u
#define CORRELATION_STEPS_MAX   128u

/* Fields of one group, and correlations on top of each other. */
#define CORRELATION_FIELDS_MAX 16u
#define CORRELATION_DEPTH_MAX  8u

/* Correlations that feed one, all levels counted: a tree is read by Redis with each batch. */
#define CORRELATION_NODES_MAX 64u

/* Hits of one event: each match may feed a few correlations. More are not told. */
#define EFFECT_WINDOWS_MAX 256u

/* The largest count a condition compares with: one group's state holds up to eight times as many
 * hits of 40 bytes. */
#define CORRELATION_COUNT_MAX 10000u

/* Hits one state holds beside those its threshold needs: what late hits are judged by. */
#define CORRELATION_HITS_MIN 256u

/* Numbers one sum, average or percentile is made of: exact up to here, in one timespan. */
#define CORRELATION_NUMBERS_MAX 8192u

/* How late a hit may be and still be judged as if it were in time: a node that was away for an hour
 * reads its journal back. */
#define CORRELATION_LATE_MS INT64_C(3600000)

/* How long what a late hit could take back (averages, absence, `not`) waits for one: SDKs send
 * within seconds; each alert of this kind is so much later. */
#define CORRELATION_SETTLE_MS INT64_C(10000)

/* States one partition tells of time in one step: each takes Redis some 50 us. */
#define SETTLE_STATES_MAX 100u

/* Groups one correlation follows at a time: the one without a hit for the longest goes first. */
#define CORRELATION_GROUPS_MAX 65536u

/* The longest timespan: 400 days. */
#define CORRELATION_SPAN_MS_MAX (INT64_C(400) * 86400000)

/* ---- symbols of native programs (ingest/symbols) ---- */

/* Bytes of a build id: SHA-1 has 20, the shortest in use (lld's fast) 8; with fewer two programs
 * could share one. */
#define BUILD_ID_BYTES_MIN 8u
#define BUILD_ID_BYTES_MAX 64u

/* Bytes of one uploaded file: the debug files of a browser have 1 GB, of LLVM 700 MB. */
#define SYMBOL_FILE_BYTES_MAX (UINT64_C(2) << 30)

/* Section headers and notes that are looked at for a build id: Linux' own programs have under 100
 * of the one, and ten of the other. */
#define ELF_SECTIONS_MAX 65536u
#define ELF_NOTES_MAX    1024u

/* Addresses of one event that are looked up, and of one question to the worker: a crash of four
 * threads with FRAMES_MAX frames. A lookup takes some 60 us. */
#define SYMBOL_ADDRESSES_MAX 1000u

/* Functions inlined into each other at one address; compilers seldom pass ten. The innermost are
 * kept, and the real one. */
#define SYMBOL_PLACES_MAX 32u

/* Bytes of a function's name and of a path; C++ templates give names of many KB nobody reads. */
#define SYMBOL_TEXT_BYTES_MAX 1024u

/* Bytes of the worker's answer to one question: SYMBOL_ADDRESSES_MAX with names of 1 KB each. */
#define SYMBOL_ANSWER_BYTES_MAX (4u << 20)

/* Address space of the worker: the largest file, its compressed sections unpacked, libraries. */
#define SYMBOL_SPACE_BYTES (UINT64_C(6) << 30)

/* How long one question may take the worker before it is killed, how long reading an event waits
 * for it (as long as for Redis; what comes later is there at the next reading), and for how long a
 * file it took too long for, or crashed on, is not asked about again. */
#define SYMBOLISE_DEADLINE_MS 10000
#define SYMBOLISE_WAIT_MS     1000
#define SYMBOLISE_SPARED_MS   600000

/* Files waiting to be looked into: an event has some ten; answered from top to bottom. */
#define SYMBOLISE_QUEUE_MAX 64u

/* Questions one worker answers before another takes over, so that what libdw leaks is bounded. */
#define SYMBOLISE_QUESTIONS_MAX 1000u

/* Bytes of remembered answers: at some 200 each, 80,000 addresses. */
#define SYMBOL_CACHE_BYTES (16u << 20)

/* ---- HTTP ---- */

/* Bytes of an answer of a server that offers HTTP/2, one less than the smallest stream window a
 * client may announce: an answer never uses a window up, which libh2o 2.2.5 would abort on. */
#define HTTP_ANSWER_BYTES_MAX 4094u
#define HTTP_WINDOW_BYTES_MIN (HTTP_ANSWER_BYTES_MAX + 1u)

/* Header fields of a request, as libh2o has it for HTTP/1; for HTTP/2 it has none. SDKs send 10. */
#define HTTP_FIELDS_MAX 100u

/* Bytes of one field's value, of a path with its query, and of a whole header block (compressed,
 * for HTTP/2) with the frames it may come in. libh2o would take 417,792 bytes of each block. */
#define HTTP_FIELD_BYTES_MAX  8190u
#define HTTP_BLOCK_BYTES_MAX  16384u
#define HTTP_BLOCK_FRAMES_MAX 8u

/* Bytes of bodies not yet handed over: of one HTTP/2 connection (100 streams may be open on it),
 * and of a whole server. The connection that passes either is closed. */
#define HTTP_CONNECTION_BODY_BYTES_MAX (16u << 20)
#define HTTP_SERVER_BODY_BYTES_MAX     (256u << 20)

/* Credits of an HTTP/2 connection (guard.h tells what costs how many): what it starts with and can
 * hold, and what it gets back a second. A Node client that pings every 5 ms uses 200 a second. */
#define HTTP_CREDITS_MAX   4000u
#define HTTP_CREDITS_PER_S 500u

/* Requests a server has handed out and not answered: more get 503. About 300 bytes each. */
#define HTTP_TICKETS_MAX 16384u

/* New connections a second from one address, when the options do not say: a busy PHP host, which
 * connects for each event, stays below; one that is closed for flooding comes back at 8,000. */
#define HTTP_CONNECTS_PER_ADDRESS_PER_S 1000u

/* Connections taken from the backlog in one turn: the others get a turn too. */
#define HTTP_ACCEPTS_PER_TURN 16u

/* Bytes the kernel buffers of what a client sends. A turn handles all of it at once: with the
 * default one client holds the loop for 100 ms. The kernel doubles it; costs 64 KB a round trip. */
#define HTTP_RECEIVE_BUFFER_BYTES 32768

/* Milliseconds written data may stay unacknowledged before the kernel drops the connection. */
#define HTTP_UNACKNOWLEDGED_MS 20000

/* ---- alerting ---- */

/* Matchers of one route, routes of a tree, its depth (the walk keeps a stack of it), and routes one
 * alert may take: a hundred teams with ten routes each fit. */
#define MATCHERS_MAX         32u
#define ROUTES_MAX           1024u
#define ROUTE_DEPTH_MAX      16u
#define ROUTES_PER_ALERT_MAX 16u

/* Labels and annotations of one alert: ours are 12, the rest are a rule's own `labels:`. */
#define ALERT_LABELS_MAX 32u

/* Alerts one notice lists; a group knows no more of them by name. At 1 KB each it is what a
 * receiver can still read, and bounds what a flush loads. */
#define GROUP_ALERTS_MAX 256u

/* Bytes of one notice as it is sent: GROUP_ALERTS_MAX alerts with long texts; a notice that would
 * be larger lists fewer. */
#define NOTICE_BODY_BYTES_MAX (1u << 20)

/* How long a notice is tried, and the longest that a receiver may ask us to wait: a page that is a
 * day late is not worth sending, and a Retry-After of a year is a mistake. */
#define NOTICE_TRIED_US_MAX (INT64_C(86400) * 1000000)
#define RETRY_AFTER_US_MAX  (INT64_C(3600) * 1000000)

/* Attempts under way to one endpoint, and in all: a receiver that hangs holds four transfers, each
 * to its timeout, and nobody else's. */
#define DELIVERIES_PER_LANE_MAX 4u
#define DELIVERIES_MAX          128u

/* Bytes of an answer that are read: what it says is only for the log. */
#define ANSWER_BYTES_MAX 65536u

/* Header fields of an endpoint's own, endpoints of a receiver, receivers. */
#define ENDPOINT_HEADERS_MAX 32u
#define ENDPOINTS_MAX        32u
#define RECEIVERS_MAX        1024u

/* Bytes of a receiver's name: it is part of Redis keys and of metrics' labels. */
#define RECEIVER_NAME_BYTES_MAX 128u

/* Facts and timers of one partition taken in one atomic step: a step of 256 takes a few ms. */
#define FACTS_PER_STEP_MAX 256u

/* Notices waiting for one endpoint in one partition, and dead letters kept in one: past the first,
 * new ones become dead letters at once; past the second the oldest are forgotten. At 2 KB each, 20
 * MB. */
#define OUTBOX_NOTICES_MAX 10000u
#define DEAD_NOTICES_MAX   10000u

/* How long a claimed notice is its claimer's: the longest timeout of an attempt and time to tell.
 */
#define OUTBOX_LEASE_MS INT64_C(40000)

/* How long resolved alerts and delivered notices are remembered: to answer questions about last
 * week, and about last month's alerts. */
#define NOTICE_KEPT_MS INT64_C(604800000)
#define ALERT_KEPT_MS  INT64_C(2592000000)

/* Address space of one alerting step (a fact touches at most a few thousand alerts and groups, each
 * of at most 64 KB as text), and of one claim (DELIVERIES_MAX notices). */
#define ALERTING_STEP_BYTES  (1u << 30)
#define ALERTING_CLAIM_BYTES ((DELIVERIES_MAX + 1u) * (NOTICE_BODY_BYTES_MAX + 4096u))

/* Bytes of the header lines of one attempt: ENDPOINT_HEADERS_MAX fields of 4 KB and ours. */
#define HEADER_LINES_BYTES_MAX ((ENDPOINT_HEADERS_MAX + 1u) * 8192u)

/* ---- the two listeners ---- */

/* First byte to last byte of a request: 10 MB over a mobile link. */
#define REQUEST_TIMEOUT_MS 60000u

/* A connection without a request: SDKs keep one open between errors, for about a minute. */
#define IDLE_TIMEOUT_MS 75000u

/* Request to answer: the journal's sync takes milliseconds; a disk that takes 10 s is broken, and
 * the SDKs' own timeouts are near. */
#define ANSWER_TIMEOUT_MS 10000u

/* Connections of one address to one worker: the servers behind one NAT of a large customer. */
#define CONNECTIONS_PER_ADDRESS_MAX 512u
