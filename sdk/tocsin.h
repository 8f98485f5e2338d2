/* SPDX-License-Identifier: Apache-2.0 */
/* tocsin.h: report errors, security events and crashes of a C or C++ program.
 *
 *     #include "tocsin.h"
 *     int main(void) {
 *         tocsin_options o = {.size = sizeof o, .dsn = "http://KEY@127.0.0.1:8000/1"};
 *         tocsin_init(&o);
 *         tocsin_capture(TOCSIN_ERROR, "io", "cannot open the ledger", TOCSIN_STACK);
 *         return tocsin_close(2000);
 *     }
 *
 * Build it with the two files: cc -O2 -g app.c tocsin.c -pthread
 *
 * Rules that hold for every function, unless it says otherwise:
 *  1. Strings are NUL-terminated UTF-8. The call only borrows them: everything is copied before it
 *     returns. What is longer than its bound is cut at a character; bytes that are not UTF-8 are
 *     sent as U+FFFD. NULL means "none".
 *  2. Any thread may call at any time, before tocsin_init and after tocsin_close too: then nothing
 *     happens and the answer is TOCSIN_E_CLOSED.
 *  3. Nothing here prints, exits, aborts or throws, and errno is the same after as before. Only a
 *     bug of this library itself, before it could write where it must not, is a trap.
 *  4. Captures and breadcrumbs take no lock and no memory, and never wait. A thread's first call
 *     prepares that thread (alternate signal stack; about 50 us): see tocsin_thread_attach.
 *     On a prepared thread tocsin_capture, tocsin_security and tocsin_breadcrumb are safe in a
 *     signal handler. Nothing else is.
 *  5. Memory is taken once in tocsin_init and never grows: about 1.3 MiB with the defaults. When
 *     the queue is full the new event is dropped, counted, and the count reported to the server.
 *  6. 0 is success, a negative number an error (TOCSIN_E_...), tocsin_strerror names it.
 *
 * One thread is added; it sleeps until there is something to send. Compile-time switches, each
 * removing a part: TOCSIN_NO_DLOPEN (no https through libcurl), TOCSIN_NO_CRASH_HANDLER;
 * TOCSIN_WRAP_PTHREAD with the linker's --wrap=pthread_create prepares every thread by itself.
 *
 * ABI: structures carry their size first, zero means the default for every field, fields are only
 * ever added at the end. A program built against an older header keeps working.
 */
#ifndef TOCSIN_H
#define TOCSIN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TOCSIN_VERSION "0.1.0"

/* Bounds, in bytes without the final NUL. Longer text is cut. */
#define TOCSIN_TYPE_MAX     127  /* error type, security kind, monitor slug */
#define TOCSIN_MESSAGE_MAX  2047 /* message of an event: fits a queue slot, holds a long line */
#define TOCSIN_KEY_MAX      32   /* tag and context names; Sentry servers cut tags at 32 */
#define TOCSIN_VALUE_MAX    200  /* tag values and user fields: the protocol's own bound */
#define TOCSIN_CONTEXT_MAX  1024 /* JSON text of one context */
#define TOCSIN_CATEGORY_MAX 32   /* breadcrumb category */
#define TOCSIN_CRUMB_MAX    200  /* breadcrumb message */
#define TOCSIN_NOTE_MAX     1023 /* crash note */
#define TOCSIN_TAGS_MAX     32   /* tags kept at once */
#define TOCSIN_CONTEXTS_MAX 8    /* contexts kept at once */
#define TOCSIN_CRUMBS_MAX   100  /* newest breadcrumbs sent with an event */

enum { TOCSIN_DEBUG, TOCSIN_INFO, TOCSIN_WARNING, TOCSIN_ERROR, TOCSIN_FATAL }; /* levels */

enum { /* results */
       TOCSIN_OK = 0,
       TOCSIN_E_CLOSED = -1,  /* tocsin_init has not been called, or tocsin_close has */
       TOCSIN_E_DSN = -2,     /* the DSN cannot be read */
       TOCSIN_E_FULL = -3,    /* queue, tag table or context table is full */
       TOCSIN_E_SAMPLED = -4, /* the sampling dice said no */
       TOCSIN_E_BAD = -5,     /* an argument is missing, not JSON, or does not fit */
       TOCSIN_E_TIMEOUT = -6, /* the deadline came first */
       TOCSIN_E_SYSTEM = -7,  /* memory, thread or folder could not be had */
       TOCSIN_E_BUSY = -8     /* already open, or the last sender is stuck in a name lookup */
};

enum {                        /* tocsin_options.flags */
       TOCSIN_NO_CRASH = 1,   /* install no signal handlers */
       TOCSIN_NO_SESSION = 2, /* do not start a session in tocsin_init */
       TOCSIN_CHAIN_FIRST =
           4 /* run earlier handlers first (JVM, Go, CLR); report what they leave */
};

enum { TOCSIN_STACK = 1 }; /* capture flags: with the caller's stack */

enum { TOCSIN_EXITED, TOCSIN_ABNORMAL, TOCSIN_CRASHED };          /* tocsin_session_end */
enum { TOCSIN_IN_PROGRESS, TOCSIN_CHECK_OK, TOCSIN_CHECK_ERROR }; /* tocsin_check_in */

/* What before_send sees. `type` ("" for a message) and `message` may be rewritten in place, up to
 * TOCSIN_TYPE_MAX and TOCSIN_MESSAGE_MAX bytes; `level` may be changed. Valid during the call. */
typedef struct tocsin_event {
    char id[33];      /* 32 hex digits */
    int level;        /* TOCSIN_DEBUG ... */
    int is_security;  /* 1 when tocsin_security made it */
    double timestamp; /* seconds since 1970 */
    char *type;
    char *message;
} tocsin_event;

/* What a transport fills in: the HTTP status and two response headers ("" when absent). */
typedef struct tocsin_response {
    int status;
    char rate_limits[512]; /* X-Sentry-Rate-Limits */
    char retry_after[64];  /* Retry-After */
} tocsin_response;

/* All borrowed until tocsin_init returns, but ctx, which is the callbacks' own. */
typedef struct tocsin_options {
    size_t size;             /* sizeof(tocsin_options) */
    const char *dsn;         /* http://KEY@host[:port][/path]/project; https: needs libcurl.so.4 at
                                run time; http+unix://KEY@%2Frun%2Fa.sock/1 for a unix socket */
    const char *release;     /* default: program@first 12 digits of its build id */
    const char *environment; /* default: "production" */
    const char *server_name; /* default: the host name */
    const char *dir;         /* spool folder for this DSN, made if missing, mode 0700. Default:
                                $XDG_CACHE_HOME or ~/.cache, then tocsin/, then a hash of the DSN.
                                When it cannot be written: /var/tmp/tocsin-UID/, same hash */
    double sample_rate;      /* part of the captures kept, 0..1; 0 means 1, negative means none.
                                Security events, sessions and check-ins are never sampled */
    /* Runs on the sender thread for each capture and security event, never in a signal handler,
     * so not for crash reports. 0 sends, anything else drops and counts. */
    int (*before_send)(tocsin_event *event, void *ctx);
    /* Replaces HTTP: deliver `n` bytes, fill `response`, return 0; non-zero means the network
     * failed and the body goes to the spool. Runs on the sender thread; keep timeout_ms. */
    int (*transport)(const void *body, size_t n, tocsin_response *response, void *ctx);
    void *ctx;            /* handed to both */
    unsigned flags;       /* TOCSIN_NO_CRASH | ... */
    unsigned queue_slots; /* default 64, rounded up to a power of two, at most 1024 */
    unsigned stack_bytes; /* stack copied per TOCSIN_STACK; default 8192, at most 32768 */
    unsigned spool_files; /* default 96, at least 16; 8 of them are kept for crashes */
    unsigned spool_bytes; /* default 4 MiB, at least 256 KiB */
    unsigned timeout_ms;  /* one request, from connect to answer; default 5000 */
} tocsin_options;

/* An event with everything. Zero what you do not need. Tags, causes, fingerprint and extra share
 * 3 KiB of JSON; a list that does not fit any more is left out whole. */
typedef struct tocsin_draft {
    size_t size; /* sizeof(tocsin_draft) */
    int level;
    unsigned flags;   /* TOCSIN_STACK */
    const char *type; /* NULL: a message */
    const char *message;
    const char *logger;             /* the part of your program that speaks */
    const char *transaction;        /* the task it was doing */
    const char *const *tags;        /* key, value, key, value, ..., NULL */
    const char *const *causes;      /* type, value, ..., NULL; the root cause first */
    const char *const *fingerprint; /* strings, NULL: events with equal lists are one issue */
    const char *extra;              /* JSON object, TOCSIN_CONTEXT_MAX bytes */
} tocsin_draft;

/* Counters since tocsin_init. Every event accepted ends in exactly one of sent, spooled, limited,
 * rejected or hooked, or is still queued. */
typedef struct tocsin_stats_t {
    size_t size;
    unsigned long accepted;    /* went into the queue */
    unsigned long sent;        /* answered 2xx directly */
    unsigned long spooled;     /* written to disk because the server could not be reached */
    unsigned long replayed;    /* spool files answered 2xx later */
    unsigned long overflow;    /* dropped: the queue was full */
    unsigned long sampled;     /* dropped: the dice */
    unsigned long hooked;      /* dropped: before_send said so */
    unsigned long limited;     /* dropped: the server's rate limits */
    unsigned long rejected;    /* dropped: answered 4xx or 5xx, or could not be built or spooled */
    unsigned long evicted;     /* spool files removed to make room */
    unsigned long crumbs_lost; /* breadcrumbs dropped: 128 others arrived while one was written */
    unsigned long spool_files; /* on disk now, as far as this process knows */
    unsigned long requests;    /* HTTP requests tried */
    int crash_ready;           /* 1: handlers are installed and the crash file is open */
} tocsin_stats_t;

/* ---- life -------------------------------------------------------------------------------- */

/* Opens the SDK for this process: memory, crash handlers, spool folder, session, sender thread.
 * Under 1 ms. Call it once, early, from one thread; after daemonising, before other threads start
 * if their stack overflows shall be reported. TOCSIN_E_DSN, _BUSY, _SYSTEM leave it closed. */
int tocsin_init(const tocsin_options *options);

/* Ends the session, sends for at most half of `ms` milliseconds, writes the rest to the spool,
 * stops the sender, puts signal handlers back. Returns within `ms` + 10 ms whatever the network
 * does: TOCSIN_OK when everything is sent, spooled or counted, TOCSIN_E_TIMEOUT when the sender
 * thread was left behind (its event is in the spool). exit() closes with 200 ms by itself, and
 * crashes of the destructors and exit handlers that follow are still reported; _exit() and exec
 * do not close: do it before them, or the session counts as abnormal. */
int tocsin_close(int ms);

/* Waits until all events accepted before are sent, spooled or counted, at most `ms`. */
int tocsin_flush(int ms);

/* ---- events ------------------------------------------------------------------------------ */

/* Queues an event. `type` NULL: a message; else an error of that type. 0.2-1 us. */
int tocsin_capture(int level, const char *type, const char *message, unsigned flags);

/* The same with printf formatting, on the caller's thread, without a stack. */
int tocsin_capturef(int level, const char *type, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

int tocsin_capture_event(const tocsin_draft *draft);

/* Queues a security event: `kind` as in "login_failed", `actor` who did it (account name),
 * `source_ip` from where. Never sampled. Events of one kind are one issue. */
int tocsin_security(const char *kind, int level, const char *actor, const char *source_ip,
                    const char *message);

/* Remembers a step; the newest TOCSIN_CRUMBS_MAX go with each later event and crash. 0.1 us. */
int tocsin_breadcrumb(int level, const char *category, const char *message);

/* Fills `id` with the event id of this thread's last accepted capture (32 hex digits and a NUL).
 * TOCSIN_E_BAD when there was none. */
int tocsin_last_id(char id[33]);

/* ---- what goes with every event: process-wide, takes a short lock --------------------------- */

/* Sets a tag; `value` NULL removes it. TOCSIN_E_FULL past TOCSIN_TAGS_MAX or when all tags, user
 * and contexts together exceed 4 KiB of JSON: then everything stays as it was. */
int tocsin_tag(const char *key, const char *value);
int tocsin_user(const char *id, const char *email, const char *ip); /* all NULL removes */

/* Sets a context to the JSON object `json`; NULL removes it. TOCSIN_E_BAD when it is not JSON. */
int tocsin_context(const char *name, const char *json);

/* Text that only a crash report carries, for "what was it doing": replaces the last one. */
int tocsin_note(const char *text);

/* Says why the process is about to abort: the next crash report carries this type and value in
 * place of the signal's. tocsin.hpp calls it from std::terminate. */
int tocsin_crash_reason(const char *type, const char *value);

/* ---- sessions and monitors ----------------------------------------------------------------- */

/* Starts a session (one per process; tocsin_init starts it, a forked child starts its own).
 * Crashing ends it as crashed; a process killed without a word is reported as abnormal by the next
 * tocsin_init or tocsin_send_dir on the same folder. */
int tocsin_session_start(void);
int tocsin_session_end(int status); /* TOCSIN_EXITED ... */

/* Reports a run of a periodic job. TOCSIN_IN_PROGRESS fills `id`; give the same `id` back with
 * TOCSIN_CHECK_OK or TOCSIN_CHECK_ERROR. `id` NULL: a run of its own. `seconds` is how long it
 * took, negative when unknown. `schedule` NULL, a crontab line, or "every 10 minute". */
int tocsin_check_in(const char *slug, int status, double seconds, const char *schedule,
                    char id[33]);

/* ---- threads, modules, processes ------------------------------------------------------------ */

/* Prepares the calling thread: an alternate signal stack, so that its stack overflow is reported
 * too, and its stack bounds. Freed when the thread ends. An existing one is kept. */
int tocsin_thread_attach(void);

/* Call after dlopen and dlclose, so that a crash inside the new library has a stack. Not needed
 * with glibc 2.35 and later, where the handler itself can ask for a library it does not know. */
int tocsin_modules_changed(void);

/* Fills what fits into `stats->size`. */
int tocsin_stats(tocsin_stats_t *stats);

/* Delivers what other, perhaps dead, processes left in `dir`, until done or `ms` have passed. Needs
 * no tocsin_init: for supervisors, cron, ExecStopPost. Returns the number of files delivered. */
int tocsin_send_dir(const char *dsn, const char *dir, int ms);

const char *tocsin_strerror(int result); /* static text */

#ifdef __cplusplus
}
#endif
#endif
