/* SPDX-License-Identifier: Apache-2.0 */
/* event — one report of an application: the fields we act on, and the rest as a tree.
 *
 * decode/event_json fills it from the sender's JSON without judging; normalise/ brings it into the
 * shape described here; fingerprint/ and rules/ only read it. Field meanings: Sentry's event
 * payload (reference: develop.sentry.dev, "Event Payloads").
 *
 * Everything lives in the arena of the pass and borrows from the plain body; an event is valid
 * until that arena is reset. Empty slices and NULL pointers mean "not sent".
 */
#pragma once
#include "ingest/base/id.h"
#include "ingest/base/value.h"

/* In order of gravity, so that levels compare. */
#define LEVELS(X)                                                                                  \
    X(LEVEL_DEBUG, "debug")                                                                        \
    X(LEVEL_INFO, "info")                                                                          \
    X(LEVEL_WARNING, "warning")                                                                    \
    X(LEVEL_ERROR, "error")                                                                        \
    X(LEVEL_FATAL, "fatal")

enum level {
#define LEVEL_ENUM(constant, name) constant,
    LEVELS(LEVEL_ENUM)
#undef LEVEL_ENUM
        LEVEL_COUNT
};

/* The level's name; and back ("warn", "critical", "log" and the like are understood), false and
 * untouched for unknown ones. */
const char *level_name(enum level level);
bool level_parse(struct slice name, enum level *out);

enum tristate { UNKNOWN, NO, YES };

/* What an issue of this event is listed as (Sentry's `type`). */
enum event_type { EVENT_DEFAULT, EVENT_ERROR, EVENT_CSP, EVENT_NEL, EVENT_TRANSACTION };
const char *event_type_name(enum event_type type);

struct frame {
    struct slice function;
    struct slice raw_function;
    struct slice module;
    struct slice filename;
    struct slice abs_path;
    struct slice package;
    struct slice context_line;
    struct slice platform; /* empty: the event's */
    int64_t lineno;        /* from 1; 0 unknown */
    int64_t colno;         /* from 1; 0 unknown */
    uint64_t instruction_addr;
    uint64_t image_addr;
    enum tristate in_app;
    const char *ignored_by;  /* normalise: the stack rule that keeps it out of grouping, or NULL */
    const struct value *raw; /* vars, pre_context and all else */
    const char *symbol_status; /* ingest/symbols, when it is read: what came of it; NULL: nothing */
};

/* Oldest call first; the frame that failed is the last. */
struct stacktrace {
    struct frame *frames;
    uint32_t count;
    const struct value *raw;
    uint32_t frames_max; /* a project's stack rule: only so many, the newest, count; 0: all */
    uint32_t frames_min; /* with fewer that count, none does */
};

struct exception {
    struct slice type;
    struct slice value; /* the message */
    struct slice module;
    struct slice thread_id;
    struct slice mechanism_type;
    struct slice signal_name;  /* mechanism.meta.signal.name */
    struct slice error_domain; /* mechanism.meta.ns_error.domain */
    int64_t error_code;        /* mechanism.meta.ns_error.code */
    enum tristate handled;
    bool is_synthetic;    /* its type is the SDK's invention */
    bool is_group;        /* mechanism.is_exception_group */
    int64_t exception_id; /* -1: not sent */
    int64_t parent_id;    /* -1: not sent */
    struct stacktrace stacktrace;
    const struct value *raw;
};

struct thread {
    struct slice id;
    struct slice name;
    bool is_crashed;
    bool is_current;
    struct stacktrace stacktrace;
    const struct value *raw;
};

struct tag {
    struct slice key;
    struct slice value;
};

/* Where an address is; what is not known is empty. Texts are names in English. */
struct geo_place {
    struct slice country_code; /* ISO 3166-1: "DE" */
    struct slice country;
    struct slice region; /* the largest part of the country: "Hesse" */
    struct slice city;
    struct slice as_name;
    uint32_t as_number; /* of the network (autonomous system); 0 unknown */
    bool has_location;
    double latitude; /* degrees north */
    double longitude;
};

struct user {
    struct slice id;
    struct slice email;
    struct slice username;
    struct slice ip_address;
    struct geo_place place; /* of ip_address, made by normalise */
    const struct value *raw;
};

/* What the application will have read, escapes undone (ingest/normalise/decoded.h); made by
 * normalise, for rules to search. */
struct decoded {
    struct slice path;
    struct slice query;
    struct slice body;
    struct slice headers;  /* lines name=value, without cookies and credentials */
    struct slice unquoted; /* all four as a shell reads them; empty: no different */
};

struct request {
    struct slice method;
    struct slice url;            /* without query and fragment after normalise */
    struct slice query_string;   /* as text, whatever shape it was sent in */
    const struct value *headers; /* LIST of [name, value] pairs after normalise */
    const struct value *cookies;
    const struct value *data;
    const struct value *raw;
    struct decoded decoded;
};

struct event {
    struct id id;
    enum event_type type;
    int64_t timestamp_us; /* when it happened, by the sender's clock; 0: not sent */
    int64_t received_us;  /* when we took it; set by the pipeline from the record */
    enum level level;
    bool has_level; /* sent, and understood */
    struct slice platform;
    struct slice logger;
    struct slice transaction;
    struct slice server_name;
    struct slice release;
    struct slice dist;
    struct slice environment;
    struct slice message;       /* logentry.message: the template, or the text */
    struct slice formatted;     /* logentry.formatted: with its parameters filled in */
    const struct value *params; /* logentry.params */
    struct slice checksum;
    struct slice sdk_name;
    struct slice sdk_version;
    struct slice *fingerprint; /* as sent; count 0: not sent */
    uint32_t fingerprint_count;
    struct slice fingerprint_rule; /* the server's rule that set it; empty: the sender did */
    struct exception *exceptions;  /* oldest cause first; the last is the one shown */
    uint32_t exception_count;
    struct thread *threads;
    uint32_t thread_count;
    struct stacktrace stacktrace; /* of the event itself (messages, old SDKs) */
    struct tag *tags;
    uint32_t tag_count;
    struct user user;
    struct request request;
    const struct value *breadcrumbs; /* LIST */
    const struct value *contexts;    /* MAP */
    const struct value *extra;       /* MAP */
    const struct value *modules;     /* MAP */
    const struct value *debug_meta;
    const struct value *root; /* the whole document as sent */

    /* Made by normalise: what was taken out or cut, as Sentry's `_meta`; NULL: nothing. */
    const struct value *meta;

    /* Made by normalise, for people to read. */
    struct slice title;   /* "Type: message" or the message's first line, <= TITLE_BYTES_MAX */
    bool is_title_given;  /* by a fingerprint rule, and not made of the event */
    struct slice culprit; /* where: transaction, or "module in function" */
};

/* Tag `key`'s value, empty when there is none. Borrows the event. */
struct slice event_tag(const struct event *event, struct slice key);
