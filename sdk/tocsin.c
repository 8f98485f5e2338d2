/* SPDX-License-Identifier: Apache-2.0 */
/* tocsin.c: see tocsin.h for what it does and README.md for how to use it.
 *
 *   caller   sample? > claim a slot > id, time, text, scope, 8 KiB of stack > publish > maybe wake
 *   sender   before_send > unwind the stack copy > JSON > limits? > HTTP > 2xx | spool | count
 *   handler  registers > unwind the live stack > JSON > pwrite to the crash file > rename > die
 *
 * The file reads from what a signal handler may run (functions as_*, sections 1-4, all there is
 * with TOCSIN_CRASH_ONLY, and checked against a list of allowed symbols) up to the public calls:
 *   1 limits and state   2 writing JSON   3 unwinding   4 the crash handler
 *   5 threads and modules   6 scope and breadcrumbs   7 the queue   8 building envelopes
 *   9 limits and reports   10 HTTP   11 the spool   12 the sender   13 fork   14 public calls
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tocsin.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* Small code: what is not bounded by the memory it copies waits for the network. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("Os", "no-move-loop-invariants", "no-optimize-sibling-calls",                 \
                     "no-expensive-optimizations", "no-tree-dominator-opts", "no-tree-forwprop",   \
                     "no-tree-tail-merge")
#endif

/* ==== 1 limits and state ===================================================================== */

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

enum {
    PAGE = 4096,              /* what a read is checked by; larger real pages are multiples */
    PATH_BYTES = 512,         /* folder and file name: deeper folders are refused at init */
    HEAD_BYTES = 2048,        /* the part of an event that never changes */
    FRAMES_MAX = 128,         /* shown frames; servers cut at 50-250 */
    MODULES_MAX = 192,        /* executable and libraries known to the unwinder */
    BUILD_ID_MAX = 20,        /* SHA-1, what linkers make */
    SCOPE_BYTES = 4096,       /* tags, user, contexts as JSON */
    CRUMB_SLOTS = 128,        /* ring; 100 are sent, the rest is room for writers in flight */
    CRUMB_WORDS = 32,         /* 256 bytes: 24 of header and 232 of text */
    CRASH_BYTES = 128 * 1024, /* room allocated on disk beforehand */
    CRASH_COPY = 64 * 1024,   /* live stack copied by the handler */
    CRASH_BUFFER = 8 * 1024,  /* between two pwrite */
    CRASH_SCRATCH = 8 * 1024, /* tail of the crash file used to probe memory */
    FATAL_SIGNALS = 7
};

enum { PART_TAGS, PART_USER, PART_CONTEXTS, PART_MISC, PART_CAUSES, PARTS };

/* Pieces of JSON without the enclosing braces, packed one behind the other. All but the causes
 * begin with a comma. */
struct parts {
    uint16_t n[PARTS];
    char text[SCOPE_BYTES - PARTS * 2];
};

#if defined(__x86_64__)
enum { REGS = 17, REG_SP = 7, REG_FP = 6, REG_RA = 16, REG_PC = 16 };
#elif defined(__aarch64__)
enum { REGS = 33, REG_SP = 31, REG_FP = 29, REG_RA = 30, REG_PC = 32 };
#else
#error "tocsin: Linux on x86-64 and aarch64 only"
#endif

/* For bugs of this file only, never for what callers, servers or files say: a process is stopped
 * before it writes where it must not. In the handler a trap leads to the shorter report. */
#define MUST(true_unless_a_bug)                                                                    \
    (__builtin_expect(!(true_unless_a_bug), 0) ? __builtin_trap() : (void)0)

union scope {
    uint64_t words[SCOPE_BYTES / 8];
    struct parts parts;
};

struct machine {
    uintptr_t r[REGS]; /* DWARF numbering; r[REG_PC] is the program counter */
};

struct module {
    uintptr_t base, start, end;   /* load bias; mapped range */
    uintptr_t header, header_end; /* .eh_frame_hdr and the end of the segment it lies in */
    uint8_t build_id_n, build_id[BUILD_ID_MAX];
    char path[256];
};

struct module_table {
    int n;
    struct module m[MODULES_MAX];
};

struct session {
    bool active, started_sent; /* started_sent: the server knows it, later updates are init:false */
    int64_t started_ns;
    atomic_uint errors;
    char sid[33];
    char attrs[HEAD_BYTES]; /* {"release":..,"environment":..} */
};

/* An open file and which it is: programs that close what they did not open, as daemons do, get the
 * number for a file of their own, and that we must not touch. */
struct own_file {
    int fd; /* -1: none */
    dev_t device;
    ino_t inode;
};

/* What the handler reads: all of it ready before the first crash. */
static struct crash {
    atomic_int owner, depth, finished; /* thread id; re-entries; the report is on disk */
    atomic_bool installed;
    atomic_int pid; /* whose files these are; -1 forked and not yet used, 0 exiting */
    uint64_t id_seed;
    char id[33];
    char dir[PATH_BYTES], path[PATH_BYTES + 96], final[PATH_BYTES + 96]; /* set by as_name_files */
    char envelope[HEAD_BYTES];                                           /* "dsn":"..","sdk":{..} */
    char head[HEAD_BYTES]; /* "platform":"native","release":..: part of every event */
    char note[TOCSIN_NOTE_MAX + 1];
    char reason_type[TOCSIN_TYPE_MAX + 1], reason_value[TOCSIN_NOTE_MAX + 1];
    unsigned flags;
    struct sigaction old[FATAL_SIGNALS];
    struct session session;
} crash, crash_before; /* before: while a process of a foreign pid reports */
static struct own_file crash_file = {.fd = -1}, live_file = {.fd = -1}; /* not in .bss */

static const struct {
    int number;
    const char *name, *text;
} fatal[FATAL_SIGNALS] = {
    {SIGSEGV, "SIGSEGV", "Segmentation fault"},
    {SIGABRT, "SIGABRT", "Aborted"},
    {SIGBUS, "SIGBUS", "Bus error"},
    {SIGFPE, "SIGFPE", "Arithmetic exception"},
    {SIGILL, "SIGILL", "Illegal instruction"},
    {SIGTRAP, "SIGTRAP", "Trap"},
    {SIGSYS, "SIGSYS", "Bad system call"},
};

/* Two copies of each: writers fill the one nobody is told to read, then publish. */
static struct module_table module_tables[2];
static _Atomic(struct module_table *) modules_now;
static _Atomic uint64_t scope_words[2][SCOPE_BYTES / 8];
static atomic_uint scope_version;
static _Atomic uint64_t crumb_ring[CRUMB_SLOTS][CRUMB_WORDS];
static _Atomic uint64_t crumb_next;
static _Atomic uint64_t queue_tail, queue_head; /* events ever queued and ever taken */

/* ==== 2 writing JSON ========================================================================= */

/* A bounded writer. With a file, a full buffer is written out; without, `full` is set and the
 * text is useless. */
struct out {
    char *buffer;
    size_t n, cap;
    int fd;
    size_t offset, limit;
    bool full;
};

/* A writer of `size` bytes at `buffer`, the last of which is for the NUL of as_end. */
static void as_begin(struct out *o, char *buffer, size_t size)
{
    MUST(size > 0);
    *o = (struct out){.buffer = buffer, .cap = size - 1, .fd = -1};
}

static bool as_end(const struct out *o)
{
    o->buffer[o->n] = '\0';
    return !o->full;
}

static bool as_flush(struct out *o)
{
    size_t done = 0;
    if (o->fd < 0 || o->offset + o->n > o->limit) {
        return false;
    }
    while (done < o->n) {
        ssize_t w = pwrite(o->fd, o->buffer + done, o->n - done, (off_t)(o->offset + done));
        if (w <= 0) {
            if (w < 0 && errno == EINTR) {
                continue;
            }
            return false;
        }
        done += (size_t)w;
    }
    o->offset += o->n;
    o->n = 0;
    return true;
}

static void as_put(struct out *o, const char *s, size_t n)
{
    MUST(o->n <= o->cap);
    while (n && !o->full) {
        size_t room = o->cap - o->n;
        if (!room) {
            o->full = !as_flush(o);
            continue;
        }
        size_t m = n < room ? n : room;
        memcpy(o->buffer + o->n, s, m);
        o->n += m;
        s += m;
        n -= m;
    }
}

static size_t as_length(const char *s, size_t max)
{
    size_t n = 0;
    while (n < max && s[n]) {
        n++;
    }
    return n;
}

static void as_text(struct out *o, const char *s)
{
    as_put(o, s, as_length(s, CRASH_BYTES));
}

static void as_number(struct out *o, uint64_t v, unsigned base, int width)
{
    char t[24];
    int i = sizeof t;
    MUST(width <= 16);
    do {
        t[--i] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v || (int)sizeof t - i < width);
    as_put(o, t + i, sizeof t - (size_t)i);
}

/* Bytes of the UTF-8 character at `s`, 0 when it is none. */
static size_t as_utf8(const char *text, size_t left)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (!n || n > left || s[0] > 0xf4) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    unsigned two = n > 2 ? (unsigned)s[0] << 8 | (s[1] & 0xf0u) : 0; /* overlong or outside: */
    bool bad = two == 0xe080 || two == 0xe090 || two == 0xeda0 || two == 0xedb0 || two == 0xf080 ||
               (two >= 0xf490 && n > 3);
    return bad ? 0 : n;
}

static void as_escaped(struct out *o, const char *s, size_t n)
{
    size_t run = 0;
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        size_t m = c >= 0x80 ? as_utf8(s + i, n - i) : (c >= 0x20 && c != '"' && c != '\\');
        if (m) {
            i += m;
            continue;
        }
        as_put(o, s + run, i - run);
        if (c == '"' || c == '\\') {
            as_put(o, "\\", 1);
            as_put(o, s + i, 1);
        } else {
            as_put(o, "\\u", 2);
            as_number(o, c < 0x80 ? c : 0xfffd, 16, 4);
        }
        run = ++i;
    }
    as_put(o, s + run, n - run);
}

static void as_string(struct out *o, const char *s)
{
    as_put(o, "\"", 1);
    as_escaped(o, s, as_length(s, CRASH_BYTES));
    as_put(o, "\"", 1);
}

/* `,"name":"value"` */
static void as_pair(struct out *o, const char *name, const char *value)
{
    as_put(o, ",", 1);
    as_string(o, name);
    as_put(o, ":", 1);
    as_string(o, value);
}

/* The same, or nothing when there is no value. */
static void as_member(struct out *o, const char *name, const char *value)
{
    if (value && value[0]) {
        as_pair(o, name, value);
    }
}

static void as_seconds(struct out *o, int64_t ns)
{
    as_number(o, (uint64_t)ns / 1000000000u, 10, 1);
    as_put(o, ".", 1);
    as_number(o, (uint64_t)ns % 1000000000u / 1000u, 10, 6);
}

/* "2026-11-24T07:44:09.123Z": sessions take no numbers. Right until the year 2100. */
static void as_iso(struct out *o, int64_t ns)
{
    static const uint8_t width[7] = {4, 2, 2, 2, 2, 2, 3};
    uint32_t second = (uint32_t)(ns / 1000000000 % 86400);
    uint32_t year = 1970, month = 0, day = (uint32_t)(ns / 1000000000 / 86400);
    for (;;) { /* 0xad5: a bit for each month of 31 days */
        uint32_t length = month == 1 ? 28u + (year % 4 == 0) : 30u + (0xad5u >> month & 1);
        if (day < length) {
            break;
        }
        day -= length;
        month = (month + 1) % 12;
        year += month == 0;
    }
    const uint32_t v[7] = {year,
                           month + 1,
                           day + 1,
                           second / 3600,
                           second / 60 % 60,
                           second % 60,
                           (uint32_t)(ns / 1000000 % 1000)};
    for (int i = 0; i < 7; i++) {
        as_put(o, &"\"--T::."[i], 1);
        as_number(o, v[i], 10, width[i]);
    }
    as_put(o, "Z\"", 2);
}

/* Spares variadic functions the saving of vector registers: half of their code. */
#if defined(__GNUC__) && !defined(__clang__)
#define NO_FLOATS __attribute__((target("general-regs-only")))
#else
#define NO_FLOATS
#endif

/* A tiny printf for JSON: %s text as it is, %q quoted and escaped, %m ,"name":"value" or nothing
 * (two arguments), %u number, %x hexadecimal, %h with 16 digits, %t seconds and %i "date" of a
 * time in ns. */
static NO_FLOATS void as_list(struct out *o, const char *format, va_list list)
{
    for (;;) {
        size_t n = 0;
        while (format[n] && format[n] != '%') {
            n++;
        }
        as_put(o, format, n);
        if (!format[n]) {
            return;
        }
        char kind = format[n + 1];
        format += n + 2;
        if (kind == 's') {
            as_text(o, va_arg(list, const char *));
        } else if (kind == 'q') {
            as_string(o, va_arg(list, const char *));
        } else if (kind == 'm') {
            const char *name = va_arg(list, const char *);
            as_member(o, name, va_arg(list, const char *));
        } else if (kind == 't') {
            as_seconds(o, va_arg(list, int64_t));
        } else if (kind == 'i') {
            as_iso(o, va_arg(list, int64_t));
        } else {
            MUST(kind == 'u' || kind == 'x' || kind == 'h');
            as_number(o, va_arg(list, uint64_t), kind == 'u' ? 10 : 16, kind == 'h' ? 16 : 1);
        }
    }
}

static NO_FLOATS void as_print(struct out *o, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    as_list(o, format, list);
    va_end(list);
}

/* The same into a text of `size` bytes; false when it did not fit. */
static NO_FLOATS bool as_format(char *to, size_t size, const char *format, ...)
{
    va_list list;
    struct out o;
    as_begin(&o, to, size);
    va_start(list, format);
    as_list(&o, format, list);
    va_end(list);
    return as_end(&o);
}

static const char *as_level(int level)
{
    static const char *const names[] = {"debug", "info", "warning", "error", "fatal"};
    return names[level < 0 ? 0 : level > TOCSIN_FATAL ? TOCSIN_FATAL : level];
}

static int64_t as_clock(void)
{
    struct timespec t = {0, 0};
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t as_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Reads the published half; the words are written with release and read with acquire, so a torn
 * copy shows as a changed version. False after 16 collisions: the event goes without scope. */
static bool as_scope(union scope *scope)
{
    uint64_t *to = scope->words;
    for (int tries = 0; tries < 16; tries++) {
        unsigned v = atomic_load_explicit(&scope_version, memory_order_acquire);
        _Atomic uint64_t *from = scope_words[v & 1];
        uint16_t n[PARTS];
        size_t total = sizeof n, i = 0;
        for (; i < (sizeof n + 7) / 8; i++) {
            to[i] = atomic_load_explicit(&from[i], memory_order_acquire);
        }
        memcpy(n, to, sizeof n);
        for (int p = 0; p < PARTS; p++) {
            total += n[p];
        }
        for (; i * 8 < total && i < SCOPE_BYTES / 8; i++) {
            to[i] = atomic_load_explicit(&from[i], memory_order_acquire);
        }
        if (atomic_load_explicit(&scope_version, memory_order_relaxed) == v) {
            return true;
        }
    }
    memset(to, 0, 16);
    return false;
}

/* Parts in a slot and in the scope differ in room, so their readers get the two halves. */
struct view {
    const uint16_t *n;
    const char *text;
};

/* Part `part` of `v` less its first `skip` bytes. */
static void as_part(struct out *o, struct view v, int part, size_t skip)
{
    size_t at = 0;
    for (int i = 0; i < part; i++) {
        at += v.n[i];
    }
    MUST(at + v.n[part] <= SCOPE_BYTES && skip <= v.n[part]);
    as_put(o, v.text + at + skip, v.n[part] - skip);
}

/* `,"tags":{..},"user":{..},"contexts":{..}`: the scope's, then the event's own if it has some.
 * Each part begins with a comma, which its first does not need. */
static void as_parts(struct out *o, struct view scope, struct view own)
{
    static const char *const open[] = {",\"tags\":{", ",\"user\":{", ",\"contexts\":{"};
    for (int part = PART_TAGS; part <= PART_CONTEXTS; part++) {
        bool of_own = own.n && own.n[part];
        /* a security event's actor is not the program's user */
        bool of_scope = scope.n[part] && (part != PART_USER || !of_own);
        if (of_scope || of_own) {
            as_text(o, open[part]);
            if (of_scope) {
                as_part(o, scope, part, 1);
            }
            if (of_own) {
                as_part(o, own, part, !of_scope);
            }
            as_text(o, "}");
        }
    }
}

struct crumb {
    int64_t time_ns;
    int level;
    char category[TOCSIN_CATEGORY_MAX + 1], message[TOCSIN_CRUMB_MAX + 1];
};

/* False when crumb `i` has been overwritten or is being written. */
static bool as_crumb(uint64_t i, struct crumb *c)
{
    _Atomic uint64_t *from = crumb_ring[i % CRUMB_SLOTS];
    uint64_t words[CRUMB_WORDS];
    for (size_t w = 0; w < CRUMB_WORDS; w++) {
        words[w] = atomic_load_explicit(&from[w], memory_order_acquire);
    }
    size_t category_n = words[2] >> 8 & 255, message_n = words[2] >> 16 & 255;
    if (words[0] != 2 * i + 2 || atomic_load_explicit(&from[0], memory_order_relaxed) != words[0]) {
        return false;
    }
    MUST(category_n < sizeof c->category && message_n < sizeof c->message);
    c->time_ns = (int64_t)words[1];
    c->level = (int)(words[2] & 255);
    memcpy(c->category, words + 3, category_n);
    c->category[category_n] = '\0';
    memcpy(c->message, (char *)(words + 3) + category_n, message_n);
    c->message[message_n] = '\0';
    return true;
}

/* The newest crumbs before number `end`, oldest first. One that is being written this moment is
 * left out. */
static void as_crumbs(struct out *o, uint64_t end)
{
    static const char *const between[] = {",\"breadcrumbs\":{\"values\":[", ","};
    struct crumb c;
    bool any = false;
    for (uint64_t i = end > TOCSIN_CRUMBS_MAX ? end - TOCSIN_CRUMBS_MAX : 0; i < end; i++) {
        if (as_crumb(i, &c)) {
            as_print(o, "%s{\"timestamp\":%t%m,\"category\":%q,\"message\":%q}", between[any],
                     c.time_ns, "level", as_level(c.level), c.category, c.message);
            any = true;
        }
    }
    as_text(o, any ? "]}" : "");
}

/* The beginning of an envelope, and of the event in it. */
static void as_envelope(struct out *o, const char *id)
{
    as_print(o, "{%s%m}\n", crash.envelope, "event_id", id);
}

static void as_event(struct out *o, const char *id, int64_t now, int level)
{
    as_envelope(o, id);
    as_print(o, "{\"type\":\"event\"}\n{\"event_id\":%q,\"timestamp\":%t%m%s", id, now, "level",
             as_level(level), crash.head);
}

/* A client report is begun, gets a line for each number that is not 0, and ends in "]}\n". */
static void as_losses(struct out *o)
{
    as_print(o, "{\"type\":\"client_report\"}\n{\"timestamp\":%t,\"discarded_events\":[",
             as_clock());
}

static void as_loss(struct out *o, const char *comma, const char *reason, const char *category,
                    uint64_t n)
{
    as_print(o, "%s{\"reason\":%q,\"category\":%q,\"quantity\":%u}", comma, reason, category, n);
}

/* One session item payload. Borrows `s`. */
static void as_session(struct out *o, const struct session *s, const char *status, int64_t now)
{
    as_print(o,
             "{\"sid\":%q,\"init\":%s,\"started\":%i,\"timestamp\":%i,\"duration\":%t,\"errors\":%u"
             "%m,\"attrs\":%s}",
             s->sid, s->started_sent ? "false" : "true", s->started_ns, now,
             now > s->started_ns ? now - s->started_ns : (int64_t)0,
             (uint64_t)atomic_load_explicit(&s->errors, memory_order_relaxed), "status", status,
             s->attrs);
}

/* ==== 3 unwinding ============================================================================ */

/* Call frame information (DWARF 5 section 6.4, as laid out in .eh_frame by the LSB), found by the
 * binary search table of .eh_frame_hdr. No frame pointers needed; where a caller has no entry the
 * frame pointer is tried. Memory comes from a copy of the stack, so the same code serves captures
 * (sender thread, slice from the queue) and crashes (handler, `live`). */

/* How a register of the caller is found; the last two occur in opcodes only. */
enum { RULE_SAME, RULE_UNDEFINED, RULE_OFFSET, RULE_VALUE, RULE_REGISTER, RULE_EXPR, RULE_VALEXPR };
enum { RULE_INITIAL = RULE_VALEXPR + 1, RULE_CFA };
enum { ROWS_MAX = 8, EXPR_DEPTH = 16, PAGES = CRASH_COPY / PAGE };

struct row {
    int64_t cfa_offset;
    const uint8_t *cfa_expr; /* instead of register and offset */
    int64_t cfa_register;
    uint8_t how[REGS];
    int64_t value[REGS]; /* offset, register, or address of the expression block */
};

struct unwind {
    struct machine m;
    const unsigned char *copy; /* of the memory at `at`, `n` bytes */
    uintptr_t at;
    size_t n;
    uint32_t holes; /* pages of the copy that could not be read */
    bool live;      /* may read this thread's memory through the kernel */
    bool at_fault;  /* r[REG_PC] is the very instruction, not a return address */
    int probe_fd;   /* file whose tail is scratch for as_read, or -1 */
    struct module_table *modules;
    struct row row, initial, saved[ROWS_MAX];
    int n_frames;
    uintptr_t frames[FRAMES_MAX]; /* newest first */
};

struct cursor {
    const uint8_t *p, *end;
    bool bad;
};

/* Copies own memory that may not be there. The fallback is for seccomp filters: writing bad
 * memory to a file fails with EFAULT instead of killing. */
static bool as_read(int probe_fd, uintptr_t from, void *to, size_t n)
{
    struct iovec local = {to, n}, remote = {(void *)from, n}; // NOLINT
    long got = syscall(SYS_process_vm_readv, (long)getpid(), &local, 1L, &remote, 1L, 0L);
    if (got == (long)n) {
        return true;
    }
    if (got < 0 && (errno == ENOSYS || errno == EPERM) && probe_fd >= 0) {
        off_t scratch = CRASH_BYTES - CRASH_SCRATCH;
        return pwrite(probe_fd, (const void *)from, n, scratch) == (ssize_t)n && // NOLINT
               pread(probe_fd, to, n, scratch) == (ssize_t)n;
    }
    return false;
}

static bool as_word(const struct unwind *u, uintptr_t address, uintptr_t *out)
{
    size_t offset = address - u->at;
    if (address >= u->at && u->n >= sizeof *out && offset <= u->n - sizeof *out) {
        uint32_t pages = (1u << (offset / PAGE % 32)) | (1u << ((offset + 7) / PAGE % 32));
        MUST(u->copy);
        if (!u->live || !(u->holes & pages)) {
            memcpy(out, u->copy + offset, sizeof *out);
            return true;
        }
    }
    return u->live && as_read(u->probe_fd, address, out, sizeof *out);
}

static uint64_t as_fixed(struct cursor *c, size_t n)
{
    uint64_t v = 0;
    MUST(n <= sizeof v && c->p <= c->end);
    if ((size_t)(c->end - c->p) < n) {
        c->bad = true;
        return 0;
    }
    memcpy(&v, c->p, n); /* both machines are little-endian */
    c->p += n;
    return v;
}

static void as_skip(struct cursor *c, uint64_t n)
{
    if (n > (uint64_t)(c->end - c->p)) {
        c->bad = true;
    } else {
        c->p += n;
    }
}

static int64_t as_signed(struct cursor *c, size_t n)
{
    unsigned shift = (unsigned)(64 - 8 * n);
    return (int64_t)(as_fixed(c, n) << shift) >> shift;
}

static uint64_t as_leb(struct cursor *c, bool is_signed)
{
    uint64_t v = 0, byte;
    unsigned shift = 0;
    do {
        byte = as_fixed(c, 1);
        v |= shift < 64 ? (byte & 127) << shift : 0;
        shift += 7;
    } while ((byte & 128) && !c->bad);
    if (is_signed && shift < 64 && (byte & 64)) {
        v |= ~(uint64_t)0 << shift;
    }
    return v;
}

/* A pointer in one of the DW_EH_PE encodings; indirect ones are skipped over, not followed. */
static uintptr_t as_encoded(struct cursor *c, uint8_t encoding, uintptr_t datarel)
{
    static const uint8_t sizes[8] = {8, 0, 2, 4, 8};
    size_t n = sizes[encoding & 7];
    uintptr_t here = (uintptr_t)c->p;
    c->bad |= !n; /* variable lengths: no linker makes them */
    if (c->bad) {
        return 0;
    }
    uintptr_t v = encoding & 8 ? (uintptr_t)as_signed(c, n) : as_fixed(c, n);
    return v + ((encoding & 0x70) == 0x10 ? here : (encoding & 0x70) == 0x30 ? datarel : 0);
}

static const struct module *as_module(const struct module_table *t, uintptr_t pc)
{
    for (int i = 0; t && i < t->n; i++) {
        if (pc >= t->m[i].start && pc < t->m[i].end) {
            return &t->m[i];
        }
    }
    return NULL;
}

static void as_build_id(struct module *m, const unsigned char *p, size_t left)
{
    while (left >= 12) {
        uint32_t v[3];
        memcpy(v, p, sizeof v);
        size_t name = (v[0] + 3u) & ~(size_t)3, value = (v[1] + 3u) & ~(size_t)3;
        if (12 + name + value > left) {
            return;
        }
        if (v[2] == 3 && v[0] == 4 && memcmp(p + 12, "GNU", 4) == 0) {
            m->build_id_n = (uint8_t)(v[1] > BUILD_ID_MAX ? BUILD_ID_MAX : v[1]);
            memcpy(m->build_id, p + 12 + name, m->build_id_n);
            return;
        }
        p += 12 + name + value;
        left -= 12 + name + value;
    }
}

/* Without a build id: the first page of code folded into 16 bytes, as the protocol says. */
static void as_fold(struct module *m, const unsigned char *code, size_t n)
{
    for (size_t i = 0; i < n && i < PAGE; i++) {
        m->build_id[i % 16] ^= code[i];
    }
    m->build_id_n = 16;
}

static int as_add_module(struct dl_phdr_info *info, size_t size, void *data)
{
    struct module_table *t = data;
    uintptr_t low = UINTPTR_MAX, high = 0;
    const ElfW(Phdr) *code = NULL;
    (void)size;
    if (t->n == MODULES_MAX) {
        return 1;
    }
    struct module *m = &t->m[t->n];
    memset(m, 0, sizeof *m);
    m->base = info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uintptr_t at = info->dlpi_addr + p->p_vaddr;
        if (p->p_type == PT_LOAD) {
            low = at < low ? at : low;
            high = at + p->p_memsz > high ? at + p->p_memsz : high;
            code = !code && (p->p_flags & PF_X) ? p : code;
        } else if (p->p_type == PT_GNU_EH_FRAME) {
            m->header = at;
            m->header_end = at + p->p_memsz;
        } else if (p->p_type == PT_NOTE && !m->build_id_n) {
            as_build_id(m, (const unsigned char *)at, p->p_memsz); // NOLINT
        }
    }
    m->start = low & ~(uintptr_t)(PAGE - 1);
    m->end = high;
    if (!m->build_id_n && code) {
        as_fold(m, (const unsigned char *)info->dlpi_addr + code->p_vaddr, // NOLINT
                code->p_memsz);
    }
    memcpy(m->path, info->dlpi_name, as_length(info->dlpi_name, sizeof m->path - 1));
    t->n += high > low;
    return 0;
}

/* What glibc, from 2.35 on, knows of the module at an address: without a lock, so the handler may
 * ask. Elsewhere the name is weak, and NULL. */
struct found_object {
    unsigned long long flags;
    void *start, *end;
    const struct link_map *map;
    void *header;
    unsigned long long reserved[8];
};
extern int as_find_object(void *pc, struct found_object *found) __asm__("_dl_find_object")
    __attribute__((weak));

/* In the handler: a library that was loaded after the table was made. */
static const struct module *as_late_module(const struct unwind *u, uintptr_t pc)
{
    struct found_object o;
    if (!u->live || !u->modules || !as_find_object ||
        as_find_object((void *)pc, &o) != 0) { // NOLINT
        return NULL;
    }
    const ElfW(Ehdr) *elf = o.start;
    struct dl_phdr_info info = {.dlpi_addr = o.map->l_addr,
                                .dlpi_name = o.map->l_name,
                                .dlpi_phdr = (const void *)((char *)o.start + elf->e_phoff),
                                .dlpi_phnum = elf->e_phnum};
    as_add_module(&info, sizeof info, u->modules);
    return as_module(u->modules, pc);
}

/* Evaluates the block at `block` (its length first), starting with `start` on the stack. Known is
 * what compilers and linkers put into call frame information for PLT entries, signal frames and
 * realigned stacks; anything else ends the stack there. */
static bool as_expression(const struct unwind *u, const uint8_t *block, uint64_t start,
                          uintptr_t *out)
{
    enum { AND = 0x1a, PLUS = 0x22, SHL = 0x24, GE = 0x2a };
    const uint64_t one = 1, binary = one << AND | one << PLUS | one << SHL | one << GE;
    struct cursor c = {block, block + 512, false};
    uint64_t stack[EXPR_DEPTH + 1] = {start};
    int n = 1;
    size_t length = as_leb(&c, false);
    c.bad |= length > 400;
    c.end = c.p + (c.bad ? 0 : length);
    while (c.p < c.end && !c.bad) { /* the length bounds the steps: there are no jumps */
        uint8_t op = (uint8_t)as_fixed(&c, 1);
        MUST(n >= 1 && n <= EXPR_DEPTH);
        uint64_t *top = &stack[n - 1], b = *top;
        if (op >= 0x30 && op <= 0x4f) { /* lit */
            stack[n++] = op - 0x30u;
        } else if (op >= 0x70 && op < 0x70 + REGS) { /* breg */
            stack[n++] = u->m.r[op - 0x70] + as_leb(&c, true);
        } else if (op == 0x23) { /* plus_uconst */
            *top += as_leb(&c, false);
        } else if (op == 0x06) { /* deref */
            c.bad |= !as_word(u, b, top);
        } else if (n >= 2 && op <= GE && (binary >> op & 1)) {
            uint64_t a = *--top;
            n--;
            *top = op == AND    ? a & b
                   : op == PLUS ? a + b
                   : op == SHL  ? (b < 64 ? a << b : 0)
                                : (int64_t)a >= (int64_t)b;
        } else {
            c.bad = true;
        }
        c.bad |= n > EXPR_DEPTH;
    }
    *out = stack[n - 1];
    return !c.bad;
}

/* The opcodes that say how one register, or the frame address, is found: what they read, a
 * register first and then a value, and the rule they make. */
enum { REG = 0x100, VALUE = 0x80, SCALED = 0xa0, SIGNED = 0xb0, BLOCK = 0xc0, RULE = 15 };
static const uint16_t rules[] = {
    [0x05] = REG | SCALED | RULE_OFFSET,
    [0x06] = REG | RULE_INITIAL,
    [0x07] = REG | RULE_UNDEFINED,
    [0x08] = REG | RULE_SAME,
    [0x09] = REG | VALUE | RULE_REGISTER,
    [0x0c] = REG | VALUE | RULE_CFA,
    [0x0d] = REG | RULE_CFA,
    [0x0e] = VALUE | RULE_CFA,
    [0x0f] = BLOCK | RULE_CFA,
    [0x10] = REG | BLOCK | RULE_EXPR,
    [0x11] = REG | SIGNED | RULE_OFFSET,
    [0x12] = REG | SIGNED | RULE_CFA,
    [0x13] = SIGNED | RULE_CFA,
    [0x14] = REG | SCALED | RULE_VALUE,
    [0x15] = REG | SIGNED | RULE_VALUE,
    [0x16] = REG | BLOCK | RULE_VALEXPR,
};

/* `reg` comes with the opcode or is negative. */
static void as_rule(struct unwind *u, struct cursor *c, uint8_t op, int64_t data_align, int64_t reg)
{
    unsigned how = op < sizeof rules / sizeof *rules ? rules[op] : 0, reads = how & BLOCK;
    struct row *row = &u->row;
    int64_t value = 0;
    c->bad |= !how;
    if (reg < 0 && (how & REG)) {
        reg = (int64_t)as_leb(c, false);
    }
    if (reads == BLOCK) {
        value = (int64_t)(intptr_t)c->p;
        as_skip(c, as_leb(c, false)); /* from its length to past the block */
    } else if (how & VALUE) {
        value = (int64_t)as_leb(c, (how & SIGNED) == SIGNED);
        value *= how & (SCALED ^ VALUE) ? data_align : 1;
    }
    if ((how & RULE) == RULE_CFA) {
        row->cfa_register = how & REG ? reg : row->cfa_register;
        row->cfa_expr = reads == BLOCK ? (const uint8_t *)(intptr_t)value : NULL; // NOLINT
        row->cfa_offset = how & VALUE ? value : row->cfa_offset;
    } else if (reg >= 0 && reg < REGS) {
        bool initial = (how & RULE) == RULE_INITIAL;
        row->how[reg] = initial ? u->initial.how[reg] : (uint8_t)(how & RULE);
        row->value[reg] = initial ? u->initial.value[reg] : value;
    }
}

/* What a common information entry says for the descriptions that use it. */
struct cie {
    uint64_t code_align;
    int64_t data_align;
    uint8_t encoding;
    bool sized, signal_frame; /* sized: augmentation data carries its length */
};

/* Runs call frame instructions until location passes `target`. */
static void as_program(struct unwind *u, struct cursor *c, uintptr_t location, uintptr_t target,
                       const struct cie *cie)
{
    int depth = 0;
    while (c->p < c->end && !c->bad && location <= target) {
        uint8_t op = (uint8_t)as_fixed(c, 1);
        if (op >= 0x80) { /* offset and restore, with the register in the opcode */
            as_rule(u, c, op < 0xc0 ? 0x05 : 0x06, cie->data_align, op & 63);
        } else if (op >= 0x40) {
            location += (op & 63u) * cie->code_align;
        } else if (op == 0x01) {
            location = as_encoded(c, cie->encoding, 0);
        } else if (op >= 0x02 && op <= 0x04) {
            location += as_fixed(c, (size_t)1 << (op - 2)) * cie->code_align;
        } else if (op == 0x0a && depth < ROWS_MAX) {
            u->saved[depth++] = u->row;
        } else if (op == 0x0b && depth > 0) {
            u->row = u->saved[--depth];
        } else if (op == 0x2e) { /* GNU args_size */
            as_leb(c, false);
        } else if (op != 0x00 && op != 0x2d) { /* nop; aarch64 toggles return address signing */
            as_rule(u, c, op, cie->data_align, -1);
        }
    }
}

/* The frame description covering `pc`, by the sorted table; NULL when there is none. */
static const uint8_t *as_description(const struct module *m, uintptr_t pc)
{
    struct cursor c = {(const uint8_t *)m->header, (const uint8_t *)m->header_end, false}; // NOLINT
    if (!m->header || as_fixed(&c, 1) != 1) {
        return NULL;
    }
    uint8_t frame = (uint8_t)as_fixed(&c, 1), count = (uint8_t)as_fixed(&c, 1);
    uint8_t table = (uint8_t)as_fixed(&c, 1);
    as_encoded(&c, frame, m->header);
    size_t n = as_encoded(&c, count, m->header), low = 0;
    if (c.bad || table != 0x3b || !n || n > (size_t)(c.end - c.p) / 8) {
        return NULL;
    }
    for (size_t high = n; high - low > 1;) {
        size_t middle = low + (high - low) / 2;
        struct cursor e = {c.p + middle * 8, c.end, false};
        if (m->header + (uintptr_t)as_signed(&e, 4) <= pc) {
            low = middle;
        } else {
            high = middle;
        }
    }
    struct cursor e = {c.p + low * 8, c.end, false};
    uintptr_t start = m->header + (uintptr_t)as_signed(&e, 4);
    uintptr_t at = m->header + (uintptr_t)as_signed(&e, 4);
    bool inside = at >= m->start && at + 24 < m->end;
    return start <= pc && inside ? (const uint8_t *)at : NULL; // NOLINT
}

/* Narrows `c` to the entry it stands at the length of. */
static void as_enter(struct cursor *c)
{
    uint64_t length = as_fixed(c, 4);
    c->bad |= length >= 0xfffffff0u || length > (size_t)(c->end - c->p);
    c->end = c->bad ? c->p : c->p + length;
}

/* Reads the entry at `k`, which is left at its instructions. */
static void as_cie(struct cursor *k, struct cie *cie)
{
    *cie = (struct cie){0};
    as_enter(k);
    as_fixed(k, 4);
    uint8_t version = (uint8_t)as_fixed(k, 1);
    const char *augmentation = (const char *)k->p;
    while (as_fixed(k, 1)) {
    }
    cie->code_align = as_leb(k, false);
    cie->data_align = (int64_t)as_leb(k, true);
    k->bad |= (version == 1 ? as_fixed(k, 1) : as_leb(k, false)) != REG_RA;
    if (k->bad || *augmentation != 'z') {
        return;
    }
    cie->sized = true;
    uint64_t length = as_leb(k, false);
    struct cursor data = *k;
    as_skip(k, length);
    for (const char *a = augmentation + 1; *a && !data.bad; a++) {
        cie->signal_frame |= *a == 'S';
        if (*a == 'R') {
            cie->encoding = (uint8_t)as_fixed(&data, 1);
        } else if (*a == 'P') {
            as_encoded(&data, (uint8_t)as_fixed(&data, 1), 0);
        } else if (*a == 'L') {
            as_fixed(&data, 1);
        }
    }
    k->bad |= data.bad;
}

/* Fills u->row for `pc`. `signal_frame` is set for frames the kernel pushed. */
static bool as_row(struct unwind *u, const struct module *m, uintptr_t pc, bool *signal_frame)
{
    const uint8_t *fde = as_description(m, pc);
    struct cursor c = {fde, (const uint8_t *)m->end, !fde}, k = c; // NOLINT
    struct cie cie;
    if (!fde) {
        return false;
    }
    as_enter(&c);
    const uint8_t *here = c.p;
    uint64_t back = as_fixed(&c, 4);
    if (c.bad || back > (uintptr_t)here - m->start) {
        return false;
    }
    k.p = here - back;
    as_cie(&k, &cie);
    uintptr_t start = as_encoded(&c, cie.encoding, 0);
    uintptr_t size = as_encoded(&c, cie.encoding & 15, 0);
    if (cie.sized) {
        as_skip(&c, as_leb(&c, false));
    }
    if (k.bad || c.bad || pc - start >= size) {
        return false;
    }
    *signal_frame = cie.signal_frame;
    memset(&u->row, 0, sizeof u->row);
    as_program(u, &k, 0, 0, &cie);
    u->initial = u->row;
    as_program(u, &c, start, pc, &cie);
    return !k.bad && !c.bad;
}

static bool as_apply(struct unwind *u)
{
    const struct row *row = &u->row;
    struct machine next = u->m;
    int64_t reg = row->cfa_register;
    uintptr_t cfa = (reg >= 0 && reg < REGS ? u->m.r[reg] : 0) + (uintptr_t)row->cfa_offset;
    if (row->cfa_expr && !as_expression(u, row->cfa_expr, 0, &cfa)) {
        return false;
    }
    next.r[REG_SP] = cfa;
    for (int i = 0; i < REGS; i++) {
        uint8_t how = row->how[i];
        int64_t value = row->value[i];
        uintptr_t v = cfa + (uintptr_t)value;
        bool ok = true;
        if (how == RULE_EXPR || how == RULE_VALEXPR) {
            ok = as_expression(u, (const uint8_t *)(intptr_t)value, cfa, &v); // NOLINT
        } else if (how == RULE_REGISTER) {
            v = value >= 0 && value < REGS ? u->m.r[value] : 0;
        } else if (how == RULE_UNDEFINED) {
            v = 0;
        }
        if (ok && (how == RULE_OFFSET || how == RULE_EXPR)) {
            ok = as_word(u, v, &v);
        }
        if (ok && how != RULE_SAME) {
            next.r[i] = v;
        }
        if (!ok && (i == REG_RA || i == REG_SP)) {
            return false;
        }
    }
    next.r[REG_PC] = next.r[REG_RA];
    u->m = next;
    return true;
}

/* Registers as the kernel saved them, from the first word of uc_mcontext on. */
static void as_registers(struct machine *m, const void *saved)
{
#if defined(__x86_64__)
    static const uint8_t order[REGS] = {13, 12, 14, 11, 9, 8, 10, 15, 0, 1, 2, 3, 4, 5, 6, 7, 16};
    uintptr_t from[REGS];
    memcpy(from, saved, sizeof from);
    for (int i = 0; i < REGS; i++) {
        m->r[i] = from[order[i]];
    }
#else
    memcpy(m->r, (const uintptr_t *)saved + 1, sizeof m->r); /* the fault's address is first */
#endif
}

#if defined(__GLIBC__) && defined(__x86_64__) /* has call frame information for its own */
static bool as_trampoline(const struct unwind *u)
{
    (void)u;
    return false;
}
#else
/* The kernel's signal frame where libc has no call frame information (musl): known by the two
 * instructions of its return stub, saved registers at a fixed place above the stack pointer. */
static bool as_trampoline(struct unwind *u)
{
#if defined(__x86_64__)
    static const unsigned char code[] = {0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 0x05};
    uintptr_t from = u->m.r[REG_SP] + offsetof(ucontext_t, uc_mcontext);
#else
    static const unsigned char code[] = {0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4};
    uintptr_t from = u->m.r[REG_SP] + 128 + offsetof(ucontext_t, uc_mcontext);
#endif
    unsigned char found[sizeof code];
    uintptr_t saved[REGS + 1];
    if (!as_read(u->probe_fd, u->m.r[REG_PC], found, sizeof found) ||
        memcmp(found, code, sizeof code) != 0) {
        return false;
    }
    for (size_t i = 0; i < REGS + 1; i++) {
        if (!as_word(u, from + i * 8, &saved[i])) {
            return false;
        }
    }
    as_registers(&u->m, saved);
    u->at_fault = true;
    return true;
}
#endif

/* Replaces the registers by the caller's. False at the end of the stack. */
static bool as_step(struct unwind *u)
{
    uintptr_t sp = u->m.r[REG_SP], pc = u->m.r[REG_PC], fp = u->m.r[REG_FP], word;
    bool first = u->n_frames <= 1, at_fault = u->at_fault, signal_frame = false;
    const struct module *m = as_module(u->modules, pc - !at_fault);
    m = m ? m : as_late_module(u, pc - !at_fault);
    u->at_fault = false;
    if (m && as_row(u, m, pc - !at_fault, &signal_frame)) {
        if (!as_apply(u)) {
            return false;
        }
        u->at_fault = signal_frame;
        return signal_frame || first || u->m.r[REG_SP] > sp ||
               (u->m.r[REG_SP] == sp && u->m.r[REG_PC] != pc);
    }
    if (!first && as_trampoline(u)) {
        return true;
    }
    if (first && !m) { /* a call through a bad pointer: its return address is the caller */
#if defined(__x86_64__)
        u->m.r[REG_SP] = sp + 8;
        return as_word(u, sp, &u->m.r[REG_PC]);
#else
        u->m.r[REG_PC] = u->m.r[REG_RA];
        return true;
#endif
    }
    if (fp < sp || (fp & 7) || !as_word(u, fp + 8, &word)) {
        return false;
    }
    u->m.r[REG_PC] = word;
    u->m.r[REG_RA] = word;
    u->m.r[REG_SP] = fp + 16;
    return as_word(u, fp, &u->m.r[REG_FP]);
}

/* Fills u->frames from u->m. */
static void as_unwind(struct unwind *u)
{
    MUST(u->n_frames == 0);
    do {
#if defined(__aarch64__)
        u->m.r[REG_PC] &= 0x0000ffffffffffffu; /* pointer authentication bits */
#endif
        if (!u->m.r[REG_PC] && u->n_frames) {
            break;
        }
        u->frames[u->n_frames++] = u->m.r[REG_PC];
    } while (u->n_frames < FRAMES_MAX && as_step(u));
}

/* The module of frame `i`: of the call, not of what it returns to. */
static const struct module *as_frame_module(const struct unwind *u, int i)
{
    return as_module(u->modules, u->frames[i] - (i > 0));
}

/* `"stacktrace":{"frames":[..]}`, oldest first, from frame `skip` on. */
static void as_frames(struct out *o, const struct unwind *u, int skip)
{
    MUST(u->n_frames <= FRAMES_MAX);
    as_text(o, "\"stacktrace\":{\"frames\":[");
    for (int i = u->n_frames - 1; i >= skip; i--) {
        const struct module *m = as_frame_module(u, i);
        as_print(o, "{\"instruction_addr\":\"0x%x\"", u->frames[i]);
        if (m) {
            as_print(o, ",\"image_addr\":\"0x%x\"%m", m->start, "package", m->path);
        }
        as_text(o, i > skip ? "}," : "}");
    }
    as_text(o, "]}");
}

static void as_image(struct out *o, const struct module *m)
{
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    as_print(o, "{\"type\":\"elf\",\"image_addr\":\"0x%x\",\"image_size\":%u%m", m->start,
             m->end - m->start, "code_file", m->path);
    if (m->build_id_n) {
        as_text(o, ",\"code_id\":\"");
        for (int i = 0; i < m->build_id_n; i++) {
            as_number(o, m->build_id[i], 16, 2);
        }
        as_text(o, "\",\"debug_id\":\"");
        for (int i = 0; i < 16; i++) {
            as_text(o, i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "");
            as_number(o, m->build_id[order[i]], 16, 2);
        }
        as_text(o, "\"");
    }
    as_text(o, "}");
}

/* Only the images the frames touch: a fifth of the size of them all. */
static void as_images(struct out *o, const struct unwind *u)
{
    const char *comma = "";
    as_text(o, ",\"debug_meta\":{\"images\":[");
    for (int k = 0; u->modules && k < u->modules->n; k++) {
        int i = 0;
        while (i < u->n_frames && as_frame_module(u, i) != &u->modules->m[k]) {
            i++;
        }
        if (i < u->n_frames) {
            as_text(o, comma);
            as_image(o, &u->modules->m[k]);
            comma = ",";
        }
    }
    as_text(o, "]}");
}

/* ==== 4 the crash handler ==================================================================== */

/* Order matters: the file, its blocks, the buffers, the ids and the module table exist before;
 * nothing here allocates, locks, waits for another thread or runs user code. The file is written
 * in place, cut to length and renamed, so a report is either whole or not there. A second fault
 * inside (depth 2) reports what is known so far; a third gives up and lets the process die. */

static struct {
    struct unwind unwind;
    union scope scope;
    char buffer[CRASH_BUFFER];
    unsigned char stack[CRASH_COPY];
} crash_room;

/* Copies the stack page by page; pages that are not there (a guard page after an overflow)
 * become holes. */
static void as_copy_stack(struct unwind *u)
{
    int unreadable = 0;
    u->copy = crash_room.stack;
    u->at = u->m.r[REG_SP] & ~(uintptr_t)(PAGE - 1);
    u->n = CRASH_COPY;
    u->live = true;
    for (size_t i = 0; i < PAGES; i++) {
        if (unreadable > 2 ||
            !as_read(u->probe_fd, u->at + i * PAGE, crash_room.stack + i * PAGE, PAGE)) {
            u->holes |= 1u << i;
            unreadable++;
        }
    }
}

static int as_fatal_index(int signal)
{
    int i = FATAL_SIGNALS;
    while (--i > 0 && fatal[i].number != signal) {
    }
    return i;
}

/* `"exception":{..}` with the signal, or what tocsin_crash_reason said before. */
static void as_exception(struct out *o, const struct unwind *u, const siginfo_t *info, long tid)
{
    int number = info->si_signo, code = info->si_code;
    const char *name = fatal[as_fatal_index(number)].name;
    const char *text = fatal[as_fatal_index(number)].text;
    bool sent = code <= 0 && number != SIGABRT;
    as_print(o, ",\"exception\":{\"values\":[{\"type\":%q,\"value\":\"",
             crash.reason_type[0] ? crash.reason_type : name);
    if (crash.reason_type[0]) {
        text = crash.reason_value;
        sent = false;
    }
    as_escaped(o, text, as_length(text, TOCSIN_NOTE_MAX));
    if (sent) {
        as_print(o, ", sent by process %u", (uint64_t)(unsigned)info->si_pid);
    }
    as_print(o,
             "\",\"thread_id\":%u,\"mechanism\":{\"type\":\"signalhandler\",\"handled\":false,"
             "\"meta\":{\"signal\":{\"number\":%u%m,\"code\":%s%u}}",
             (uint64_t)tid, (uint64_t)(unsigned)number, "name", name, code < 0 ? "-" : "",
             (uint64_t)(code < 0 ? -(int64_t)code : code));
    if (code > 0 && number != SIGABRT && number != SIGSYS) {
        as_print(o, ",\"data\":{\"address\":\"0x%x\"}", (uintptr_t)info->si_addr);
    }
    as_text(o, "},");
    as_frames(o, u, 0);
    as_text(o, "}]}");
}

/* Ends the envelope: the session, and what was queued and is lost with the process. */
static void as_crash_tail(struct out *o, int64_t now)
{
    uint64_t lost = atomic_load(&queue_tail) - atomic_load(&queue_head);
    as_text(o, "}\n");
    if (crash.session.active) {
        as_text(o, "{\"type\":\"session\"}\n");
        atomic_fetch_add(&crash.session.errors, 1);
        as_session(o, &crash.session, "crashed", now);
        as_text(o, "\n");
    }
    if (lost) {
        as_losses(o);
        as_loss(o, "", "internal_sdk_error", "error", lost);
        as_text(o, "]}\n");
    }
}

/* The file, or -1 when another one has its number now. */
static int as_fd(const struct own_file *f)
{
    struct stat st;
    return f->fd >= 0 && fstat(f->fd, &st) == 0 && st.st_ino == f->inode && st.st_dev == f->device
               ? f->fd
               : -1;
}

static void as_report(int fd, const struct unwind *u, const siginfo_t *info, long tid, int depth)
{
    struct out o = {.buffer = crash_room.buffer, .cap = CRASH_BUFFER, .fd = fd};
    int64_t now = as_clock();
    o.limit = CRASH_BYTES - CRASH_SCRATCH;
    as_event(&o, crash.id, now, TOCSIN_FATAL);
    as_exception(&o, u, info, tid);
    as_images(&o, u);
    if (depth < 2) {
        as_scope(&crash_room.scope);
        as_parts(&o, (struct view){crash_room.scope.parts.n, crash_room.scope.parts.text},
                 (struct view){NULL, NULL});
        if (crash.note[0]) {
            as_print(&o, ",\"extra\":{\"note\":%q}", crash.note);
        }
        as_flush(&o);
        size_t mark = o.offset;
        as_crumbs(&o, atomic_load(&crumb_next));
        if (o.full) { /* crumbs full of control characters grow sixfold: then without them */
            o.n = 0;
            o.offset = mark;
            o.full = false;
        }
    }
    o.limit = CRASH_BYTES;
    as_crash_tail(&o, now);
    if (as_flush(&o) && ftruncate(fd, (off_t)o.offset) == 0) {
        rename(crash.path, crash.final);
        int live = crash.session.active ? as_fd(&live_file) : -1;
        if (live >= 0 && ftruncate(live, 0) != 0) {
            return; /* then the session is told abnormal too; the server keeps the crash */
        }
    }
}

/* Names the crash file `tag` will be written to and renamed to: the id makes it unique. */
static void as_name_files(uint64_t tag, int64_t now)
{
    as_format(crash.path, sizeof crash.path, "%s/%h.crash", crash.dir, tag);
    as_format(crash.final, sizeof crash.final, "%s/%h-%s-c.envelope", crash.dir, (uint64_t)now,
              crash.id);
}

/* Two random 64-bit words as a version 4 UUID without dashes. */
static void as_id(char out[33], uint64_t a, uint64_t b)
{
    as_format(out, 33, "%h%h", (a & ~0xf000ull) | 0x4000u, (b & ~(3ull << 62)) | (1ull << 63));
}

/* Past the limit on file sizes a write does not only fail: SIGXFSZ kills the program. */
static bool as_may_write(size_t n)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur >= n;
}

/* A process that has no file of its own: forked without a call to us since, made by vfork or past
 * the C library, exiting, or one whose program closed it. Only here is one opened in a handler, so
 * that fork and exec cost nothing and leave nothing behind. */
static int as_crash_file(int pid)
{
    int fd = as_fd(&crash_file);
    bool ours = pid == atomic_load(&crash.pid);
    if (!crash.dir[0] || !as_may_write(CRASH_BYTES)) {
        return -1;
    }
    if (ours && fd >= 0) {
        return fd;
    }
    if (!ours) {
        crash.session.active = false; /* the parent's, and it goes on */
        uint64_t seed = crash.id_seed ^ (uint64_t)as_clock() ^ ((uint64_t)(unsigned)pid << 32);
        as_id(crash.id, as_mix(seed), as_mix(seed + 1));
        as_name_files(as_mix(seed + 2), as_clock());
    }
    return (int)syscall(SYS_openat, -100L, crash.path, (long)(O_RDWR | O_CREAT | O_CLOEXEC), 0600L);
}

/* True when this thread owns the report; others wait until it is done, for 2 s at most. */
static bool as_own(long tid)
{
    int nobody = 0;
    if (atomic_compare_exchange_strong(&crash.owner, &nobody, (int)tid) || nobody == (int)tid) {
        return true;
    }
    for (int i = 0; i < 2000 && !atomic_load(&crash.finished); i++) {
        struct timespec ms = {0, 1000000};
        nanosleep(&ms, NULL);
    }
    return false;
}

/* Runs the handler that was there before us. True when it repaired the fault. */
static bool as_chained(int signal, siginfo_t *info, ucontext_t *context)
{
    const struct sigaction *old = &crash.old[as_fatal_index(signal)];
    struct machine before, after;
    as_registers(&before, &context->uc_mcontext);
    if (old->sa_flags & SA_SIGINFO) {
        old->sa_sigaction(signal, info, context);
    } else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
        old->sa_handler(signal);
    } else {
        return false;
    }
    as_registers(&after, &context->uc_mcontext);
    return before.r[REG_PC] != after.r[REG_PC] || before.r[REG_SP] != after.r[REG_SP];
}

static void as_restore(void)
{
    for (int i = 0; i < FATAL_SIGNALS; i++) {
        sigaction(fatal[i].number, &crash.old[i], NULL);
    }
}

#if defined(TOCSIN_CRASH_ONLY)
void tocsin_on_fatal(int signal, siginfo_t *info, void *context);
#else
static
#endif
void tocsin_on_fatal(int signal, siginfo_t *info, void *context)
{
    int saved_errno = errno, pid = getpid();
    long tid = syscall(SYS_gettid);
    bool hardware = info->si_code > 0 && signal != SIGTRAP && signal != SIGSYS;
    bool foreign = pid != atomic_load(&crash.pid);
    if ((crash.flags & TOCSIN_CHAIN_FIRST) && !atomic_load(&crash.owner) &&
        as_chained(signal, info, context)) {
        errno = saved_errno;
        return;
    }
    if (as_own(tid)) {
        int depth = atomic_fetch_add(&crash.depth, 1) + 1;
        if (foreign && depth == 1) {
            crash_before = crash;
        }
        int fd = depth <= 2 ? as_crash_file(pid) : -1;
        if (fd >= 0) {
            struct unwind *u = &crash_room.unwind;
            if (depth == 1) {
                memset(u, 0, sizeof *u);
                as_registers(&u->m, &((ucontext_t *)context)->uc_mcontext);
                u->modules = atomic_load(&modules_now);
                u->probe_fd = fd;
                u->at_fault = true; /* a sent signal interrupts anywhere, too */
                as_copy_stack(u);
                as_unwind(u);
            }
            as_report(fd, u, info, tid, depth);
        }
        as_restore();
        atomic_store(&crash.finished, 1);
        if (foreign) { /* after vfork this is the parent's memory, and it lives */
            crash = crash_before;
            atomic_store(&crash.depth, 0);
            atomic_store(&crash.owner, 0);
        }
    }
    errno = saved_errno;
    /* A fault happens again on return, into the earlier handler or to death, with the exact
     * registers in the core file. A sent signal has to be sent again. */
    if (!hardware && syscall(SYS_rt_tgsigqueueinfo, (long)pid, tid, (long)signal, info) != 0) {
        raise(signal);
    }
}

#if !defined(TOCSIN_CRASH_ONLY)

/* ==== 5 threads and modules ================================================================== */

enum { ALTSTACK_BYTES = 32 * 1024, ALTSTACK_ROOM = 16 * 1024 };
enum { MAIN_STACK_BYTES = 64 << 20 }; /* the kernel maps nothing else in the last 128 MiB */

static _Thread_local struct {
    uintptr_t stack_low, stack_high; /* bounds of the thread's own stack, 0 when unknown */
    uint64_t last_id[2];
    int tid;
    bool attached, is_sender;
} self __attribute__((tls_model("initial-exec"))); /* lazy TLS would allocate in a handler */

enum { CLOSED, OPEN, CLOSING };
static atomic_int state;
static pthread_key_t altstack_key;
static pthread_mutex_t life_lock = PTHREAD_MUTEX_INITIALIZER;    /* init and close */
static pthread_mutex_t scope_lock = PTHREAD_MUTEX_INITIALIZER;   /* writers of scope, session */
static pthread_mutex_t modules_lock = PTHREAD_MUTEX_INITIALIZER; /* table writers, the unwinder */
static struct {
    unsigned long long adds, subs; /* adds 0: nothing has been seen */
} modules_seen;

static size_t altstack_bytes(void)
{
    size_t frame = 0;
#if defined(AT_MINSIGSTKSZ)
    frame = getauxval(AT_MINSIGSTKSZ); /* AVX-512 and AMX state make signal frames large */
#elif defined(__linux__)
    frame = getauxval(51);
#endif
    size_t n = frame + ALTSTACK_ROOM > ALTSTACK_BYTES ? frame + ALTSTACK_ROOM : ALTSTACK_BYTES;
    return (n + 65535) & ~(size_t)65535; /* whole pages, also with 64 KiB pages */
}

static void altstack_free(void *low)
{
    stack_t off = {.ss_flags = SS_DISABLE}, now;
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == (char *)low + altstack_bytes()) {
        sigaltstack(&off, NULL);
    }
    munmap(low, altstack_bytes() * 2);
}

/* The lower half is the guard: PROT_NONE, so it costs addresses only. */
static void altstack_install(void)
{
    stack_t now;
    size_t n = altstack_bytes();
    if (sigaltstack(NULL, &now) != 0 || !(now.ss_flags & SS_DISABLE)) {
        return;
    }
    char *low = mmap(NULL, n * 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (low == MAP_FAILED) {
        return;
    }
    stack_t mine = {.ss_sp = low + n, .ss_size = n};
    if (mprotect(low + n, n, PROT_READ | PROT_WRITE) != 0 || sigaltstack(&mine, NULL) != 0) {
        munmap(low, n * 2);
        return;
    }
    pthread_setspecific(altstack_key, low);
}

/* errno is the caller's again at every return from the function that says this. */
#define KEEP_ERRNO __attribute__((cleanup(put_errno), unused)) int saved_errno = errno

static void put_errno(const int *saved)
{
    errno = *saved;
}

/* The first thread's stack ends below the name of the program. Asking the C library instead reads
 * /proc/self/maps and takes memory, and all of it for a bound that need not be exact: what is
 * within MAIN_STACK_BYTES of its end is no other's memory, and what is not is copied by the kernel.
 */
static void find_stack(void)
{
    pthread_attr_t attr;
    void *low;
    size_t size;
    uintptr_t top = getauxval(AT_EXECFN);
    if (top && self.tid == getpid()) {
        self.stack_low = top - MAIN_STACK_BYTES;
        self.stack_high = top;
    } else if (pthread_getattr_np(pthread_self(), &attr) == 0) {
        if (pthread_attr_getstack(&attr, &low, &size) == 0) {
            self.stack_low = (uintptr_t)low;
            self.stack_high = (uintptr_t)low + size;
        }
        pthread_attr_destroy(&attr);
    }
}

static void attach_slowly(void)
{
    self.attached = true;
    self.tid = (int)syscall(SYS_gettid);
    find_stack();
    if (atomic_load(&crash.installed)) {
        altstack_install();
    }
}

static inline void attach(void)
{
    if (__builtin_expect(!self.attached, 0)) {
        attach_slowly();
    }
}

#if defined(TOCSIN_WRAP_PTHREAD)
struct wrapped {
    void *(*start)(void *);
    void *argument;
};
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static void *wrapped_start(void *p)
{
    struct wrapped w = *(struct wrapped *)p;
    free(p);
    if (atomic_load(&state) == OPEN) {
        attach();
    }
    return w.start(w.argument);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *),
                          void *argument)
{
    struct wrapped *w = malloc(sizeof *w);
    if (!w) {
        return __real_pthread_create(thread, attr, start, argument);
    }
    *w = (struct wrapped){start, argument};
    int result = __real_pthread_create(thread, attr, wrapped_start, w);
    if (result != 0) {
        free(w);
    }
    return result;
}
#define CREATE_THREAD __real_pthread_create
#else
#define CREATE_THREAD pthread_create
#endif

static void own(struct own_file *f, int fd)
{
    struct stat st;
    f->fd = fd >= 0 && fstat(fd, &st) == 0 ? fd : -1;
    if (f->fd >= 0) {
        f->device = st.st_dev;
        f->inode = st.st_ino;
    }
}

static void own_close(struct own_file *f)
{
    int fd = as_fd(f);
    if (fd >= 0) {
        close(fd);
    }
    f->fd = -1;
}

/* Length of `s` cut to `max` bytes at a character. */
static size_t cut(const char *s, size_t max)
{
    size_t n = s ? strnlen(s, max + 1) : 0;
    if (n > max) {
        n = max;
        while (n && ((unsigned char)s[n] & 0xc0) == 0x80) {
            n--;
        }
    }
    return n;
}

static void copy_text(char *to, const char *from, size_t max)
{
    size_t n = cut(from, max);
    if (n) {
        memcpy(to, from, n);
    }
    to[n] = '\0';
}

/* The loader names the program by nothing, or musl by a link: what counts is the file. In a jail
 * without /proc it is what was executed. */
static void program_path(char *path, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", path, size - 1);
    if (n > 0) {
        path[n] = '\0';
    } else {
        copy_text(path, (const char *)getauxval(AT_EXECFN), size - 1); // NOLINT
    }
}

/* Gives the first module, the program. Under modules_lock. The handler may read the published
 * table at any moment. */
static const struct module *modules_refresh(void)
{
    struct module_table *now = atomic_load(&modules_now);
    struct module_table *next = now == &module_tables[0] ? &module_tables[1] : &module_tables[0];
    next->n = 0;
    dl_iterate_phdr(as_add_module, next);
    program_path(next->m[0].path, sizeof next->m[0].path);
    atomic_store(&modules_now, next);
    return next->m;
}

static int modules_count(struct dl_phdr_info *info, size_t size, void *data)
{
    bool *changed = data;
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof info->dlpi_subs) {
        *changed = modules_seen.adds != info->dlpi_adds || modules_seen.subs != info->dlpi_subs;
        modules_seen.adds = info->dlpi_adds;
        modules_seen.subs = info->dlpi_subs;
    }
    return 1;
}

/* glibc holds the loader's lock around this callback, so no library can be unmapped while its
 * call frame information is read; musl never unmaps one. */
static int unwind_locked(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)info;
    (void)size;
    as_unwind(data);
    return 1;
}

static void unwind_safely(struct unwind *u)
{
    bool changed = false;
    pthread_mutex_lock(&modules_lock);
    dl_iterate_phdr(modules_count, &changed);
    if (changed) {
        modules_refresh();
    }
    u->modules = atomic_load(&modules_now);
    dl_iterate_phdr(unwind_locked, u);
    pthread_mutex_unlock(&modules_lock);
}

/* ==== 6 scope and breadcrumbs ================================================================ */

/* The fields as set; what goes out is their JSON, made at set time. A row is a name in its
 * TOCSIN_KEY_MAX + 1 bytes, then a value. Under scope_lock. */
enum { NAME_ROOM = TOCSIN_KEY_MAX + 1 };
enum {
    TAG_ROW = NAME_ROOM + TOCSIN_VALUE_MAX + 1,
    CONTEXT_ROW = NAME_ROOM + TOCSIN_CONTEXT_MAX + 1
};
static struct scope_fields {
    int n_tags, n_contexts;
    char tags[TOCSIN_TAGS_MAX][TAG_ROW];
    char user[3][TOCSIN_VALUE_MAX + 1]; /* id, email, ip_address */
    char contexts[TOCSIN_CONTEXTS_MAX][CONTEXT_ROW];
    char system[512]; /* ,"os":{..},"device":{..} */
} scope, scope_before;

enum { JSON_DEPTH = 32 }; /* deeper than any context a person would write */

/* Strings and other scalars: returns the byte after, NULL when it is not JSON. */
static const char *json_scalar(const char *s)
{
    if (*s == '"') {
        for (s++; *s != '"';) {
            size_t n = as_utf8(s, strnlen(s, 4));
            if (!n || (unsigned char)*s < 0x20) {
                return NULL;
            }
            if (*s == '\\') {
                bool hex = s[1] == 'u' && strspn(s + 2, "0123456789abcdefABCDEF") >= 4;
                if (!hex && (!s[1] || !strchr("\"\\/bfnrt", s[1]))) {
                    return NULL;
                }
                n = hex ? 6 : 2;
            }
            s += n;
        }
        return s + 1;
    }
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        if (strncmp(s, words[i], strlen(words[i])) == 0) {
            return s + strlen(words[i]);
        }
    }
    s += *s == '-';
    size_t whole = strspn(s, "0123456789");
    if (!whole || (*s == '0' && whole > 1)) {
        return NULL;
    }
    s += whole;
    if (*s == '.') {
        size_t digits = strspn(s + 1, "0123456789");
        s = digits ? s + 1 + digits : NULL;
    }
    if (s && (*s == 'e' || *s == 'E')) {
        s += 1 + (s[1] == '+' || s[1] == '-');
        size_t digits = strspn(s, "0123456789");
        s = digits ? s + digits : NULL;
    }
    return s;
}

static const char *json_space(const char *s)
{
    return s + strspn(s, " \t\r\n");
}

/* The byte after the value at `s` and the space behind it, NULL when it is not JSON. */
static const char *json_value(const char *s, int depth)
{
    bool object = *s == '{';
    char close = object ? '}' : ']';
    if (!object && *s != '[') {
        s = json_scalar(s);
        return s ? json_space(s) : NULL;
    }
    if (depth == JSON_DEPTH) {
        return NULL;
    }
    s = json_space(s + 1);
    if (*s == close) {
        return json_space(s + 1);
    }
    for (;;) {
        if (object) {
            s = *s == '"' ? json_scalar(s) : NULL;
            if (!s || *(s = json_space(s)) != ':') {
                return NULL;
            }
            s = json_space(s + 1);
        }
        s = json_value(s, depth + 1);
        if (!s || (*s != ',' && *s != close)) {
            return NULL;
        }
        bool last = *s == close;
        s = json_space(s + 1);
        if (last) {
            return s;
        }
    }
}

/* True when `s` is one JSON object of at most TOCSIN_CONTEXT_MAX bytes. */
static bool json_object(const char *s)
{
    if (strnlen(s, TOCSIN_CONTEXT_MAX + 1) > TOCSIN_CONTEXT_MAX) {
        return false;
    }
    s = json_space(s);
    s = *s == '{' ? json_value(s, 0) : NULL;
    return s && !*s;
}

/* A validated object on one line: envelopes end items at a newline. */
static void put_json(struct out *o, const char *json)
{
    for (; *json; json++) {
        as_put(o, *json == '\n' || *json == '\r' ? " " : json, 1);
    }
}

/* Ends a part of `p`, which `o` has been writing behind those before it. */
static void part_end(struct parts *p, int part, const struct out *o)
{
    size_t before = 0;
    for (int i = 0; i < part; i++) {
        before += p->n[i];
    }
    MUST(o->buffer == p->text && o->n >= before && o->n <= sizeof p->text);
    p->n[part] = (uint16_t)(o->n - before);
}

static void parts_begin(struct out *o, struct parts *p, size_t size)
{
    memset(p->n, 0, sizeof p->n);
    as_begin(o, p->text, size);
}

/* Writes the scope's JSON into the half nobody reads, then publishes it. Under scope_lock. */
static int scope_publish(void)
{
    static const char *const user[] = {"id", "email", "ip_address"};
    static union scope next;
    struct out o;
    parts_begin(&o, &next.parts, sizeof next.parts.text);
    for (int i = 0; i < scope.n_tags; i++) {
        as_pair(&o, scope.tags[i], scope.tags[i] + NAME_ROOM);
    }
    part_end(&next.parts, PART_TAGS, &o);
    for (int i = 0; i < 3; i++) {
        as_member(&o, user[i], scope.user[i]);
    }
    part_end(&next.parts, PART_USER, &o);
    as_text(&o, scope.system);
    for (int i = 0; i < scope.n_contexts; i++) {
        as_print(&o, ",%q:", scope.contexts[i]);
        put_json(&o, scope.contexts[i] + NAME_ROOM);
    }
    part_end(&next.parts, PART_CONTEXTS, &o);
    if (o.full) {
        return TOCSIN_E_FULL;
    }
    unsigned v = atomic_load(&scope_version);
    for (size_t i = 0; i * 8 < sizeof next.parts.n + o.n; i++) {
        atomic_store_explicit(&scope_words[(v + 1) & 1][i], next.words[i], memory_order_release);
    }
    atomic_store_explicit(&scope_version, v + 1, memory_order_release);
    return TOCSIN_OK;
}

/* In the order of tocsin_stats_t. */
static struct {
    atomic_ulong accepted, sent, spooled, replayed, overflow, sampled, hooked, limited, rejected;
    atomic_ulong evicted, crumbs_lost, spool_files, requests;
} count;

static void add(atomic_ulong *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* Categories of the server's rate limits that concern us; the first name of each is what client
 * reports use. */
enum { LIMIT_ALL, LIMIT_ERROR, LIMIT_DEFAULT, LIMIT_SESSION, LIMIT_MONITOR, LIMITS };
static const char *const limit_names[LIMITS] = {"", "error", "default", "session", "monitor"};

enum {
    WHY_OVERFLOW,
    WHY_SAMPLE,
    WHY_HOOK,
    WHY_LIMITED,
    WHY_REJECTED,
    WHY_EVICTED,
    WHY_INTERNAL,
    REASONS
};
static const char *const reason_names[REASONS] = {
    "queue_overflow", "sample_rate",    "before_send",       "ratelimit_backoff",
    "send_error",     "cache_overflow", "internal_sdk_error"};
static atomic_uint discarded[REASONS][LIMITS];

/* Counts a loss, for tocsin_stats and for the next client report. */
static void lose(atomic_ulong *counter, int reason, int category)
{
    MUST(reason < REASONS && category < LIMITS);
    if (counter) {
        add(counter);
    }
    atomic_fetch_add_explicit(&discarded[reason][category], 1, memory_order_relaxed);
}

static bool is_open(void)
{
    return atomic_load_explicit(&state, memory_order_acquire) == OPEN;
}

/* Publishes the changed scope, or puts back what scope_before holds. Unlocks. */
static int scope_finish(int result)
{
    if (result == TOCSIN_OK) {
        result = scope_publish();
    }
    if (result != TOCSIN_OK) {
        scope = scope_before;
    }
    pthread_mutex_unlock(&scope_lock);
    return result;
}

static bool scope_begin(void)
{
    if (!is_open()) {
        return false;
    }
    pthread_mutex_lock(&scope_lock);
    scope_before = scope;
    return true;
}

/* Sets the row of `name` among the `*n` rows, at most `max`, or removes it. */
static int scope_set(char *rows, size_t row, int *n, int max, const char *name, const char *value)
{
    char key[NAME_ROOM];
    int i = 0;
    copy_text(key, name, TOCSIN_KEY_MAX);
    MUST(*n >= 0 && *n <= max && row > NAME_ROOM);
    while (i < *n && strcmp(rows + (size_t)i * row, key) != 0) {
        i++;
    }
    char *at = rows + (size_t)i * row;
    if (!key[0]) {
        return TOCSIN_E_BAD;
    }
    if (!value) {
        *n -= i < *n;
        memmove(at, rows + (size_t)*n * row, i < *n ? row : 0);
        return TOCSIN_OK;
    }
    if (i == max) {
        return TOCSIN_E_FULL;
    }
    memcpy(at, key, sizeof key);
    copy_text(at + NAME_ROOM, value, row - NAME_ROOM - 1);
    *n += i == *n;
    return TOCSIN_OK;
}

int tocsin_tag(const char *key, const char *value)
{
    KEEP_ERRNO;
    return !scope_begin() ? TOCSIN_E_CLOSED
                          : scope_finish(scope_set(scope.tags[0], TAG_ROW, &scope.n_tags,
                                                   TOCSIN_TAGS_MAX, key, value));
}

int tocsin_user(const char *id, const char *email, const char *ip)
{
    KEEP_ERRNO;
    if (!scope_begin()) {
        return TOCSIN_E_CLOSED;
    }
    copy_text(scope.user[0], id, TOCSIN_VALUE_MAX);
    copy_text(scope.user[1], email, TOCSIN_VALUE_MAX);
    copy_text(scope.user[2], ip, TOCSIN_VALUE_MAX);
    return scope_finish(TOCSIN_OK);
}

int tocsin_context(const char *name, const char *json)
{
    KEEP_ERRNO;
    if (!scope_begin()) {
        return TOCSIN_E_CLOSED;
    }
    bool ours = name && (strcmp(name, "os") == 0 || strcmp(name, "device") == 0);
    if (ours || (json && !json_object(json))) {
        return scope_finish(TOCSIN_E_BAD);
    }
    return scope_finish(scope_set(scope.contexts[0], CONTEXT_ROW, &scope.n_contexts,
                                  TOCSIN_CONTEXTS_MAX, name, json));
}

int tocsin_note(const char *text)
{
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    pthread_mutex_lock(&scope_lock);
    copy_text(crash.note, text, TOCSIN_NOTE_MAX);
    pthread_mutex_unlock(&scope_lock);
    return TOCSIN_OK;
}

int tocsin_crash_reason(const char *type, const char *value)
{
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    copy_text(crash.reason_value, value, TOCSIN_NOTE_MAX); /* no lock: called while dying */
    copy_text(crash.reason_type, type, TOCSIN_TYPE_MAX);
    return TOCSIN_OK;
}

int tocsin_breadcrumb(int level, const char *category, const char *message)
{
    uint64_t words[CRUMB_WORDS - 3];
    size_t c = cut(category, TOCSIN_CATEGORY_MAX), m = cut(message, TOCSIN_CRUMB_MAX);
    _Static_assert(TOCSIN_CATEGORY_MAX + TOCSIN_CRUMB_MAX <= sizeof words, "a crumb fits");
    KEEP_ERRNO;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    attach();
    uint64_t i = atomic_fetch_add_explicit(&crumb_next, 1, memory_order_acq_rel);
    _Atomic uint64_t *to = crumb_ring[i % CRUMB_SLOTS];
    uint64_t seen = atomic_load_explicit(&to[0], memory_order_relaxed);
    if ((seen & 1) || !atomic_compare_exchange_strong(&to[0], &seen, 2 * i + 1)) {
        add(&count.crumbs_lost);
        return TOCSIN_E_FULL; /* its last writer, 128 crumbs ago, is still at it */
    }
    if (c) {
        memcpy(words, category, c);
    }
    if (m) {
        memcpy((char *)words + c, message, m);
    }
    uint64_t meta = (uint64_t)(level & 255) | (uint64_t)c << 8 | (uint64_t)m << 16;
    atomic_store_explicit(&to[1], (uint64_t)as_clock(), memory_order_release);
    atomic_store_explicit(&to[2], meta, memory_order_release);
    for (size_t w = 0; w * 8 < c + m; w++) {
        atomic_store_explicit(&to[3 + w], words[w], memory_order_release);
    }
    atomic_store_explicit(&to[0], 2 * i + 2, memory_order_release);
    return TOCSIN_OK;
}

/* ==== 7 the queue ============================================================================ */

/* A bounded ring after D. Vyukov: slot i is free for position p when its turn equals p, filled
 * when p + 1. Stored is the turn less i, so that fresh pages of zeros are a fresh ring and opening
 * does not touch every slot. Writers claim by one compare-and-swap; the sender, and the closing
 * thread when the sender is stuck, take the same way. */

enum {
    QUEUE_SLOTS = 64,
    QUEUE_MAX = 1024,
    STACK_BYTES = 8192,
    STACK_MAX = 32768,
    OWN_BYTES = 3072
};
enum { KIND_EVENT, KIND_SECURITY, KIND_SESSION, KIND_CHECK_IN };

struct slot {
    _Atomic uint64_t turn;
    uint64_t id[2], crumbs; /* crumbs: those before this number belong to the event */
    int64_t time_ns;
    int kind, level, tid, with_stack;
    uint32_t stack_n;
    struct machine m;
    uint16_t own_n[PARTS]; /* what is seldom filled comes last: fewer pages are touched */
    char type[TOCSIN_TYPE_MAX + 1], message[TOCSIN_MESSAGE_MAX + 1]; /* items: type and JSON */
    union scope scope;
    char own[OWN_BYTES];
    unsigned char stack[]; /* queue.stack_bytes, from r[REG_SP] up */
};

static struct {
    char *base;
    size_t stride, mapped;
    uint64_t mask, crowded; /* crowded: with so many waiting a lingering sender is woken */
    uint32_t stack_bytes;
    bool used; /* its memory is no longer fresh */
} queue;

enum { AWAKE, LINGERING, SLEEPING };
static atomic_int sender_sleep; /* futex: what the sender is doing; callers set it to AWAKE */
static atomic_int progress;     /* futex: changes when an event is done, for flush and close */
static atomic_int progress_waiters;
static _Atomic uint64_t queue_done; /* events finished */

static _Atomic uint64_t random_state;
static uint64_t sample_threshold; /* a capture is kept when a random number is below */
static bool sample_all;

static uint64_t random64(void)
{
    return as_mix(
        atomic_fetch_add_explicit(&random_state, 0x9e3779b97f4a7c15u, memory_order_relaxed));
}

static long futex(atomic_int *word, int op, int value, const struct timespec *timeout)
{
    return syscall(SYS_futex, word, (long)(op | 128), (long)value, timeout, NULL, 0L);
}

static void futex_wait(atomic_int *word, int value, int64_t ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    futex(word, 0, value, ms < 0 ? NULL : &t);
}

static void sender_wake(void)
{
    if (atomic_exchange(&sender_sleep, AWAKE) != AWAKE) {
        futex(&sender_sleep, 1, 1, NULL);
    }
}

static struct slot *slot_at(uint64_t position)
{
    MUST(queue.base);
    return (struct slot *)(void *)(queue.base + (position & queue.mask) * queue.stride);
}

/* Moves `counter` over the next slot if its turn has come: `filled` 0 claims a free one, 1 takes
 * a filled one. NULL when there is none. */
static inline struct slot *queue_next(_Atomic uint64_t *counter, uint64_t filled,
                                      uint64_t *position)
{
    uint64_t p = atomic_load_explicit(counter, memory_order_relaxed);
    for (;;) {
        struct slot *s = slot_at(p);
        uint64_t turn = atomic_load_explicit(&s->turn, memory_order_acquire) + (p & queue.mask);
        int64_t ahead = (int64_t)(turn - (p + filled));
        if (ahead < 0) {
            return NULL;
        }
        if (ahead > 0) {
            p = atomic_load_explicit(counter, memory_order_relaxed);
        } else if (atomic_compare_exchange_weak(counter, &p, p + 1)) {
            *position = p;
            return s;
        }
    }
}

/* Sequentially consistent on both sides: either the sender sees the slot before it sleeps, or we
 * see it asleep. A lingering sender looks again by itself soon, unless the queue fills up. */
static void queue_publish(struct slot *s, uint64_t position)
{
    atomic_store(&s->turn, position + 1 - (position & queue.mask));
    int sleep = atomic_load(&sender_sleep);
    if (sleep == SLEEPING ||
        (sleep == LINGERING && position - atomic_load(&queue_head) >= queue.crowded)) {
        sender_wake();
    }
}

static void progress_tell(void)
{
    atomic_fetch_add(&progress, 1);
    futex(&progress, 1, INT32_MAX, NULL);
}

static void queue_release(struct slot *s, uint64_t position)
{
    atomic_store_explicit(&s->turn, position + queue.mask + 1 - (position & queue.mask),
                          memory_order_release);
    atomic_fetch_add(&queue_done, 1);
    if (atomic_load(&progress_waiters)) {
        progress_tell();
    }
}

static void queue_reset(void)
{
    for (uint64_t i = 0; i <= queue.mask && queue.used; i++) {
        atomic_store(&slot_at(i)->turn, 0);
    }
    queue.used = true;
    atomic_store(&queue_tail, 0);
    atomic_store(&queue_head, 0);
    atomic_store(&queue_done, 0);
}

/* The registers at this very point; the caller's frame description applies to them. Inlined into
 * each public capture so that its own frame is number 0 and is left out. */
static inline __attribute__((always_inline)) void here(struct machine *m)
{
#if defined(__x86_64__)
    __asm__ volatile("movq %%rbx, 24(%0)\n\tmovq %%rbp, 48(%0)\n\tmovq %%rsp, 56(%0)\n\t"
                     "movq %%r12, 96(%0)\n\tmovq %%r13, 104(%0)\n\tmovq %%r14, 112(%0)\n\t"
                     "movq %%r15, 120(%0)\n\tleaq 0(%%rip), %%rcx\n\tmovq %%rcx, 128(%0)"
                     :
                     : "a"(m->r)
                     : "rcx", "memory");
#else
    __asm__ volatile("stp x19, x20, [%0, #152]\n\tstp x21, x22, [%0, #168]\n\t"
                     "stp x23, x24, [%0, #184]\n\tstp x25, x26, [%0, #200]\n\t"
                     "stp x27, x28, [%0, #216]\n\tstp x29, x30, [%0, #232]\n\t"
                     "mov x9, sp\n\tadr x10, .\n\tstp x9, x10, [%0, #248]"
                     :
                     : "r"(m->r)
                     : "x9", "x10", "memory");
#endif
}

/* Copies the stack above the captured stack pointer. Within the thread's own stack a plain copy;
 * on a coroutine's or a signal stack, whose end we do not know, and under a sanitizer, which
 * would object to copying whole frames, the kernel copies what is there. */
static uint32_t copy_slice(unsigned char *to, uintptr_t sp)
{
    uint32_t n = queue.stack_bytes, page = (uint32_t)(PAGE - sp % PAGE);
#if !defined(SANITIZED)
    if (sp >= self.stack_low && sp < self.stack_high) {
        n = self.stack_high - sp < n ? (uint32_t)(self.stack_high - sp) : n;
        memcpy(to, (const void *)sp, n); // NOLINT
        return n;
    }
#endif
    if (as_read(-1, sp, to, n)) {
        return n;
    }
    n = page < n ? page : n; /* at least the page that is being used */
    return as_read(-1, sp, to, n) ? n : 0;
}

struct capture {
    int kind, level;
    const char *type, *message;
    const struct machine *m; /* NULL: without stack */
    const struct parts *own; /* the event's own parts in OWN_BYTES of text, or NULL */
};

static int fork_child_activate(void);

static int capture_now(const struct capture *c)
{
    uint64_t position;
    attach();
    if (self.is_sender) {
        return TOCSIN_E_BUSY; /* before_send capturing would feed itself */
    }
    if (atomic_load(&crash.pid) < 0 && fork_child_activate() != TOCSIN_OK) {
        return TOCSIN_E_SYSTEM;
    }
    struct slot *s = queue_next(&queue_tail, 0, &position);
    if (!s) {
        lose(&count.overflow, WHY_OVERFLOW, LIMIT_ERROR);
        return TOCSIN_E_FULL;
    }
    s->time_ns = as_clock();
    s->id[0] = self.last_id[0] = random64();
    s->id[1] = self.last_id[1] = random64();
    s->kind = c->kind;
    s->level = c->level;
    s->tid = self.tid;
    s->crumbs = atomic_load_explicit(&crumb_next, memory_order_acquire);
    copy_text(s->type, c->type, TOCSIN_TYPE_MAX);
    copy_text(s->message, c->message, TOCSIN_MESSAGE_MAX);
    as_scope(&s->scope);
    memset(s->own_n, 0, sizeof s->own_n);
    if (c->own) {
        size_t n = 0;
        memcpy(s->own_n, c->own->n, sizeof s->own_n);
        for (int i = 0; i < PARTS; i++) {
            n += s->own_n[i];
        }
        MUST(n <= sizeof s->own);
        memcpy(s->own, c->own->text, n);
    }
    s->with_stack = c->m != NULL;
    s->stack_n = 0;
    if (c->m) {
        s->m = *c->m;
        s->stack_n = copy_slice(s->stack, c->m->r[REG_SP]);
    }
    add(&count.accepted);
    queue_publish(s, position);
    return TOCSIN_OK;
}

static __attribute__((noinline)) int capture(const struct capture *c)
{
    KEEP_ERRNO;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    if (c->kind == KIND_EVENT && !sample_all && random64() >= sample_threshold) {
        lose(&count.sampled, WHY_SAMPLE, LIMIT_ERROR);
        return TOCSIN_E_SAMPLED;
    }
    if (c->level >= TOCSIN_ERROR && c->kind == KIND_EVENT) {
        atomic_fetch_add_explicit(&crash.session.errors, 1, memory_order_relaxed);
    }
    return capture_now(c);
}

int tocsin_capture(int level, const char *type, const char *message, unsigned flags)
{
    struct machine m;
    struct capture c = {KIND_EVENT, level, type, message, NULL, NULL};
    if (flags & TOCSIN_STACK) {
        here(&m);
        c.m = &m;
    }
    return capture(&c);
}

int tocsin_capturef(int level, const char *type, const char *format, ...)
{
    char message[TOCSIN_MESSAGE_MAX + 1] = "";
    struct capture c = {KIND_EVENT, level, type, message, NULL, NULL};
    va_list list;
    KEEP_ERRNO;
    if (!is_open() || !format) {
        return format ? TOCSIN_E_CLOSED : TOCSIN_E_BAD;
    }
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    return capture(&c);
}

/* Takes back what was written since `*mark` when it did not fit, a list comes whole or not, and
 * sets the next mark. */
static void keep_whole(struct out *o, size_t *mark)
{
    MUST(*mark <= o->n);
    o->n = o->full ? *mark : o->n;
    o->full = false;
    *mark = o->n;
}

static void draft_misc(const tocsin_draft *d, struct out *o, size_t *mark)
{
    as_member(o, "logger", d->logger);
    keep_whole(o, mark);
    as_member(o, "transaction", d->transaction);
    keep_whole(o, mark);
    if (d->fingerprint && d->fingerprint[0]) {
        for (const char *const *f = d->fingerprint; *f; f++) {
            as_print(o, f == d->fingerprint ? ",\"fingerprint\":[%q" : ",%q", *f);
        }
        as_text(o, "]");
        keep_whole(o, mark);
    }
    if (d->extra && json_object(d->extra)) {
        as_text(o, ",\"extra\":");
        put_json(o, d->extra);
        keep_whole(o, mark);
    }
}

static void draft_parts(const tocsin_draft *d, struct parts *own)
{
    struct out o;
    size_t mark = 0;
    parts_begin(&o, own, OWN_BYTES);
    for (const char *const *t = d->tags; t && t[0] && t[1]; t += 2) {
        as_pair(&o, t[0], t[1]);
    }
    keep_whole(&o, &mark);
    part_end(own, PART_TAGS, &o);
    draft_misc(d, &o, &mark);
    part_end(own, PART_MISC, &o);
    for (const char *const *c = d->causes; c && c[0] && c[1]; c += 2) {
        as_print(&o, "{\"type\":%q,\"value\":%q},", c[0], c[1]);
    }
    keep_whole(&o, &mark);
    part_end(own, PART_CAUSES, &o);
}

int tocsin_capture_event(const tocsin_draft *draft)
{
    struct machine m;
    struct parts own;
    tocsin_draft d = {0};
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    if (!draft || draft->size < sizeof(size_t)) {
        return TOCSIN_E_BAD;
    }
    memcpy(&d, draft, draft->size < sizeof d ? draft->size : sizeof d);
    draft_parts(&d, &own);
    struct capture c = {KIND_EVENT, d.level, d.type, d.message, NULL, &own};
    if (d.flags & TOCSIN_STACK) {
        here(&m);
        c.m = &m;
    }
    return capture(&c);
}

int tocsin_security(const char *kind, int level, const char *actor, const char *source_ip,
                    const char *message)
{
    struct parts own;
    struct out o;
    char who[65], ip[46], name[65]; /* all together stays below OWN_BYTES, escaped or not */
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    if (!kind || !kind[0]) {
        return TOCSIN_E_BAD;
    }
    copy_text(name, kind, sizeof name - 1);
    copy_text(who, actor, sizeof who - 1);
    copy_text(ip, source_ip, sizeof ip - 1);
    parts_begin(&o, &own, OWN_BYTES);
    as_pair(&o, "security.kind", name);
    part_end(&own, PART_TAGS, &o);
    as_print(&o, "%m%m", "username", who, "ip_address", ip);
    part_end(&own, PART_USER, &o);
    as_print(&o, ",\"security\":{\"kind\":%q%m%m}", name, "actor", who, "source_ip", ip);
    part_end(&own, PART_CONTEXTS, &o);
    as_print(&o, ",\"logger\":\"security\",\"fingerprint\":[\"security\",%q]", name);
    part_end(&own, PART_MISC, &o);
    MUST(!o.full);
    struct capture c = {KIND_SECURITY, level, NULL, message, NULL, &own};
    return capture(&c);
}

int tocsin_last_id(char id[33])
{
    if (!id || !(self.last_id[0] | self.last_id[1])) {
        return TOCSIN_E_BAD;
    }
    as_id(id, self.last_id[0], self.last_id[1]);
    return TOCSIN_OK;
}

/* ==== 8 building envelopes =================================================================== */

enum { BODY_BYTES = 96 * 1024 };

struct builder {
    struct out out;
    struct unwind unwind;
    unsigned reported[REASONS][LIMITS]; /* in this envelope; put back when it is not delivered */
    size_t own_n;                       /* bytes of the body before the client report */
    char body[BODY_BYTES];
};

static int (*before_send)(tocsin_event *, void *);
static void *user_ctx;

static void report_put(struct builder *b)
{
    size_t start = b->own_n = b->out.n, empty;
    as_losses(&b->out);
    empty = b->out.n;
    for (int r = 0; r < REASONS; r++) {
        for (int c = 0; c < LIMITS; c++) {
            unsigned n = atomic_exchange(&discarded[r][c], 0);
            b->reported[r][c] = n;
            if (n) {
                as_loss(&b->out, b->out.n > empty ? "," : "", reason_names[r], limit_names[c], n);
            }
        }
    }
    bool any = b->out.n > empty;
    as_text(&b->out, "]}\n");
    b->out.n = any ? b->out.n : start;
}

static void report_return(struct builder *b)
{
    for (int r = 0; r < REASONS; r++) {
        for (int c = 0; c < LIMITS; c++) {
            atomic_fetch_add(&discarded[r][c], b->reported[r][c]);
        }
    }
    b->out.n = b->own_n;
}

static void envelope_begin(struct builder *b, const char *id)
{
    as_begin(&b->out, b->body, BODY_BYTES);
    as_envelope(&b->out, id);
}

static void event_stack(struct builder *b, struct slot *s)
{
    struct unwind *u = &b->unwind;
    u->m = s->m;
    u->copy = s->stack;
    u->at = s->m.r[REG_SP];
    u->n = s->stack_n;
    u->holes = 0;
    u->live = false;
    u->at_fault = true;
    u->probe_fd = -1;
    u->n_frames = 0;
    unwind_safely(u);
}

static void event_body(struct builder *b, struct slot *s)
{
    struct out *o = &b->out;
    struct view own = {s->own_n, s->own};
    uint64_t tid = (uint64_t)(unsigned)s->tid;
    if (s->type[0]) {
        as_text(o, ",\"exception\":{\"values\":[");
        as_part(o, own, PART_CAUSES, 0);
        as_print(o,
                 "{\"type\":%q,\"value\":%q,\"thread_id\":%u,"
                 "\"mechanism\":{\"type\":\"generic\",\"handled\":true}",
                 s->type, s->message, tid);
    } else {
        as_print(o, ",\"logentry\":{\"formatted\":%q}", s->message);
        if (s->with_stack) {
            as_print(o, ",\"threads\":{\"values\":[{\"current\":true,\"id\":%u", tid);
        }
    }
    if (s->with_stack) {
        as_text(o, ",");
        as_frames(o, &b->unwind, b->unwind.n_frames > 1 ? 1 : 0);
    }
    as_text(o, s->type[0] || s->with_stack ? "}]}" : "");
    if (s->with_stack) {
        as_images(o, &b->unwind);
    }
    as_parts(o, (struct view){s->scope.parts.n, s->scope.parts.text}, own);
    as_part(o, own, PART_MISC, 0);
}

/* False when before_send dropped it, or it does not fit; then it has been counted. */
static bool build_event(struct builder *b, struct slot *s)
{
    tocsin_event e = {.level = s->level,
                      .is_security = s->kind == KIND_SECURITY,
                      .timestamp = (double)s->time_ns / 1e9,
                      .type = s->type,
                      .message = s->message};
    as_id(e.id, s->id[0], s->id[1]);
    if (before_send && before_send(&e, user_ctx) != 0) {
        lose(&count.hooked, WHY_HOOK, LIMIT_ERROR);
        return false;
    }
    s->type[TOCSIN_TYPE_MAX] = s->message[TOCSIN_MESSAGE_MAX] = '\0';
    if (s->with_stack) {
        event_stack(b, s);
    }
    envelope_begin(b, e.id);
    as_print(&b->out, "{\"type\":\"event\"}\n{\"event_id\":%q,\"timestamp\":%t%m%s", e.id,
             s->time_ns, "level", as_level(e.level), crash.head);
    event_body(b, s);
    size_t mark = b->out.n;
    bool fits = !b->out.full;
    as_crumbs(&b->out, s->crumbs);
    keep_whole(&b->out, &mark); /* crumbs full of control characters grow sixfold */
    as_text(&b->out, "}\n");
    if (!fits || b->out.full) {
        lose(&count.rejected, WHY_INTERNAL, LIMIT_ERROR);
        return false;
    }
    return true;
}

/* The running session's item as text; false when it does not fit. Under scope_lock. */
static bool session_json(char *json, size_t size, const char *status)
{
    struct out o;
    as_begin(&o, json, size);
    as_session(&o, &crash.session, status, as_clock());
    return as_end(&o);
}

static void build_item(struct builder *b, const char *type, const char *json)
{
    envelope_begin(b, NULL);
    as_print(&b->out, "{\"type\":%q}\n%s\n", type, json);
}

/* ==== 9 limits and reports =================================================================== */

enum {
    LIMIT_DEFAULT_S = 60,
    LIMIT_MAX_S = 30 * 86400,
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 300000
};
enum { OUTCOME_SENT, OUTCOME_LIMITED, OUTCOME_REJECTED, OUTCOME_UNREACHABLE };

struct target {
    bool is_https, is_unix;
    char dsn[PATH_BYTES], text[PATH_BYTES]; /* as given, and cut into the parts below */
    const char *key, *authority, *port, *path, *project;
    char host[256]; /* or the path of a unix socket */
};

struct link {
    struct target target;
    struct own_file file;         /* kept-alive connection */
    bool reused;                  /* fd has carried a request before */
    int64_t timeout_ms, deadline; /* of one request: how long, and when this one ends */
    int64_t limits[LIMITS];       /* monotonic ms until which a category must not be sent */
    int64_t retry_at;             /* after a network failure: not before */
    unsigned failures;
    _Atomic int64_t *until; /* monotonic ms when sending has to end (close), or NULL */
    void *curl, *curl_headers;
    int (*transport)(const void *, size_t, tocsin_response *, void *);
    void *ctx;
};

static int64_t now_ms(void)
{
    struct timespec t = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A message is an error to some servers and "default" to others: either limit holds it. */
static int64_t limited_until(const struct link *l, int category)
{
    int64_t until = l->limits[LIMIT_ALL];
    for (int c = category; c > LIMIT_ALL; c = c == LIMIT_DEFAULT ? LIMIT_ERROR : LIMIT_ALL) {
        until = l->limits[c] > until ? l->limits[c] : until;
    }
    return until;
}

static void limit_set(struct link *l, int category, int64_t seconds, int64_t now)
{
    MUST(category >= 0 && category < LIMITS);
    seconds = seconds > LIMIT_MAX_S ? LIMIT_MAX_S : seconds;
    int64_t until = now + seconds * 1000;
    l->limits[category] = until > l->limits[category] ? until : l->limits[category];
}

/* One `60:error;session:scope:reason` of `n` bytes. Unknown categories are ignored, none means
 * all; a fraction of a second is rounded up. */
static void limit_read(struct link *l, const char *s, size_t n, int64_t now)
{
    char *after;
    int64_t seconds = strtol(s, &after, 10) + (*after == '.');
    const char *end = s + n, *p = after + strspn(after, ".0123456789");
    if (after == s || p >= end || *p++ != ':') {
        return;
    }
    if (p >= end || *p == ':') {
        limit_set(l, LIMIT_ALL, seconds, now);
    }
    while (p < end && *p != ':') {
        size_t length = strcspn(p, ";:,");
        for (int c = LIMIT_ERROR; c < LIMITS; c++) {
            if (strlen(limit_names[c]) == length && memcmp(limit_names[c], p, length) == 0) {
                limit_set(l, c, seconds, now);
            }
        }
        p += length + (p[length] == ';');
    }
}

/* Seconds, or a date as in "Sun, 06 Nov 1994 08:49:37 GMT". Negative when it is neither. */
static int64_t retry_after(const char *s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm t = {0};
    char month[4] = "";
    if (*s >= '0' && *s <= '9') {
        return strtol(s, NULL, 10);
    }
    if (sscanf(s, "%*3s, %d %3s %d %d:%d:%d", &t.tm_mday, month, &t.tm_year, &t.tm_hour, &t.tm_min,
               &t.tm_sec) != 6) {
        return -1;
    }
    const char *found = strstr(months, month);
    t.tm_mon = found ? (int)(found - months) / 3 : 0;
    t.tm_year -= 1900;
    int64_t wait = timegm(&t) - as_clock() / 1000000000;
    return wait > 0 ? wait : 0;
}

/* The header counts on any status; without it 429 limits everything. */
static void limits_update(struct link *l, const tocsin_response *r)
{
    int64_t now = now_ms();
    const char *p = r->rate_limits;
    while (*p) {
        size_t n = strcspn(p, ",");
        limit_read(l, p, n, now);
        p += n + (p[n] == ',');
    }
    if (r->status == 429 && !r->rate_limits[0]) {
        int64_t wait = retry_after(r->retry_after);
        limit_set(l, LIMIT_ALL, wait >= 0 ? wait : LIMIT_DEFAULT_S, now);
    }
}

/* 1 s, 2 s, ... 5 min, each between half and whole: clients of one outage come back spread. Not
 * before `asked` seconds, when the server has asked for some. */
static void back_off(struct link *l, int64_t asked)
{
    int64_t wait = BACKOFF_FIRST_MS << (l->failures < 9 ? l->failures : 9);
    wait = wait > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : wait;
    l->failures++;
    wait = wait / 2 + (int64_t)(random64() % (uint64_t)(wait / 2 + 1));
    asked = asked < 86400 ? asked * 1000 : 0;
    l->retry_at = now_ms() + (asked > wait ? asked : wait);
}

/* ==== 10 HTTP ================================================================================ */

enum { HEADERS_MAX = 8192, ANSWER_MAX = 64 * 1024, SLICE_MS = 20 };

#define AGENT       "tocsin-c/" TOCSIN_VERSION
#define URL_REST    "%sapi/%s/envelope/"
#define TYPE_HEADER "Content-Type: application/x-sentry-envelope"
#define AUTH_HEADER "X-Sentry-Auth: Sentry sentry_version=7, sentry_client=" AGENT ", sentry_key="

/* Percent-decodes a unix socket path in place. */
static bool host_decode(char *host)
{
    char *to = host;
    for (const char *s = host; *s; s++) {
        unsigned v = (unsigned char)*s;
        if (*s == '%') {
            if (!s[1] || !s[2] || sscanf(s + 1, "%2x", &v) != 1 || !v) {
                return false;
            }
            s += 2;
        }
        *to++ = (char)v;
    }
    *to = '\0';
    return true;
}

static bool take(char *to, size_t cap, const char *from, size_t n)
{
    if (n >= cap) {
        return false;
    }
    memcpy(to, from, n);
    to[n] = '\0';
    return true;
}

/* host, host:port, [v6], [v6]:port or the escaped path of a unix socket */
static bool target_host(struct target *t)
{
    const char *s = t->authority;
    bool bracket = *s == '[';
    s += bracket;
    size_t n = strcspn(s, bracket ? "]" : t->is_unix ? "" : ":");
    const char *port = s + n + bracket;
    if (!n || (bracket && !s[n]) || !take(t->host, sizeof t->host, s, n)) {
        return false;
    }
    if (t->is_unix) {
        t->authority = "localhost";
        return host_decode(t->host);
    }
    t->port = t->is_https ? "443" : "80";
    if (*port != ':') {
        return !*port;
    }
    t->port = ++port;
    n = strspn(port, "0123456789");
    return n && n < 6 && !port[n];
}

/* scheme://key[:secret]@host[:port][/path]/project */
static bool target_parse(struct target *t, const char *dsn)
{
    static const char *const schemes[] = {"http://", "https://", "http+unix://"};
    int i = 0;
    if (!dsn || !take(t->dsn, sizeof t->dsn, dsn, strlen(dsn))) {
        return false;
    }
    memcpy(t->text, t->dsn, sizeof t->text);
    for (const char *s = t->text; *s; s++) {
        if ((unsigned char)*s <= ' ' || *s == '"' || *s == 0x7f) {
            return false; /* they would end a header line */
        }
    }
    while (i < 3 && strncmp(t->text, schemes[i], strlen(schemes[i])) != 0) {
        i++;
    }
    char *key = i < 3 ? t->text + strlen(schemes[i]) : NULL;
    char *at = key ? strchr(key, '@') : NULL, *path = at ? strchr(at, '/') : NULL;
    if (!path) {
        return false;
    }
    char *project = strrchr(path, '/');
    key[strcspn(key, ":@")] = *at = *path = *project = '\0';
    t->is_https = i == 1;
    t->is_unix = i == 2;
    t->key = key;
    t->authority = at + 1;
    t->path = path + (path < project);
    t->project = project + 1;
    return *key && *t->project && target_host(t);
}

/* When this request has to be over. */
static int64_t link_deadline(const struct link *l)
{
    int64_t until = l->until ? atomic_load(l->until) : INT64_MAX;
    return until < l->deadline ? until : l->deadline;
}

/* Waits in slices, so that a close from another thread shortens a request already on its way. */
static short link_wait(const struct link *l, short events)
{
    for (;;) {
        int64_t left = link_deadline(l) - now_ms();
        if (left <= 0) {
            return 0;
        }
        struct pollfd p = {l->file.fd, events, 0};
        int n = poll(&p, 1, (int)(left < SLICE_MS ? left : SLICE_MS));
        if (n > 0) {
            return p.revents;
        }
        if (n < 0 && errno != EINTR) {
            return 0;
        }
    }
}

static void link_close(struct link *l)
{
    own_close(&l->file);
}

static bool connect_one(struct link *l, const struct sockaddr *a, socklen_t n)
{
    int one = 1, error = 0;
    socklen_t size = sizeof error;
    MUST(l->file.fd < 0);
    own(&l->file, socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (l->file.fd < 0) {
        return false;
    }
    setsockopt(l->file.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    bool ok = connect(l->file.fd, a, n) == 0;
    if (!ok && errno == EINPROGRESS && link_wait(l, POLLOUT)) {
        ok = getsockopt(l->file.fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
    }
    if (!ok) {
        link_close(l);
    }
    return ok;
}

static bool link_connect(struct link *l)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    l->reused = false;
    if (l->target.is_unix) {
        struct sockaddr_un un = {.sun_family = AF_UNIX};
        return take(un.sun_path, sizeof un.sun_path, l->target.host, strlen(l->target.host)) &&
               connect_one(l, (const struct sockaddr *)(const void *)&un, sizeof un);
    }
    if (getaddrinfo(l->target.host, l->target.port, &hints, &list) != 0) {
        return false;
    }
    for (const struct addrinfo *a = list; a && l->file.fd < 0; a = a->ai_next) {
        connect_one(l, a->ai_addr, a->ai_addrlen);
    }
    freeaddrinfo(list);
    return l->file.fd >= 0;
}

enum { SEND_FAILED, SEND_PART, SEND_ALL };

/* Sends it all, or as much as the server takes before it answers: an early 413 must be read. */
static int link_send(struct link *l, const char *text, size_t n, int more)
{
    size_t done = 0;
    while (done < n) {
        ssize_t w = send(l->file.fd, text + done, n - done, MSG_NOSIGNAL | more);
        if (w > 0) {
            done += (size_t)w;
        } else if (w < 0 && errno == EAGAIN) {
            short got = link_wait(l, POLLOUT | POLLIN);
            if (!got || (got & POLLIN)) {
                return got ? SEND_PART : SEND_FAILED;
            }
        } else if (w < 0 && errno != EINTR) {
            return (errno == EPIPE || errno == ECONNRESET) && done ? SEND_PART : SEND_FAILED;
        }
    }
    return SEND_ALL;
}

/* Copies header `name` into `to`, several lines joined by commas. */
static void header_find(const char *headers, const char *name, char *to, size_t size)
{
    struct out o;
    size_t n = strlen(name);
    as_begin(&o, to, size);
    for (const char *line = headers; (line = strchr(line, '\n'));) {
        line++;
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            const char *value = line + n + 1;
            value += strspn(value, " \t");
            as_put(&o, ",", o.n > 0);
            as_put(&o, value, strcspn(value, "\r\n"));
        }
    }
    as_end(&o);
}

static void answer_headers(tocsin_response *r, const char *headers)
{
    header_find(headers, "X-Sentry-Rate-Limits", r->rate_limits, sizeof r->rate_limits);
    header_find(headers, "Retry-After", r->retry_after, sizeof r->retry_after);
}

/* Reads past the answer's body so that the connection can be used again, or closes it. A server
 * that closes it is noticed by the next request. */
static void answer_skip(struct link *l, const char *headers, size_t extra)
{
    char text[64], drop[1024];
    header_find(headers, "Content-Length", text, sizeof text);
    long left = text[0] ? strtol(text, NULL, 10) : -1;
    left = strncmp(headers + 9, "204", 3) == 0 ? 0 : left - (long)extra;
    while (left > 0 && left <= ANSWER_MAX) {
        size_t want = left < (long)sizeof drop ? (size_t)left : sizeof drop;
        ssize_t r = link_wait(l, POLLIN) ? recv(l->file.fd, drop, want, 0) : -1;
        left = r > 0 ? left - r : -1;
    }
    if (left != 0) {
        link_close(l);
    }
}

enum { ANSWERED, NO_ANSWER, WAS_DEAD }; /* dead: the kept connection, before the first byte */

static int link_answer(struct link *l, tocsin_response *response)
{
    char head[HEADERS_MAX + 1];
    size_t n = 0;
    for (;;) {
        if (n == HEADERS_MAX || !link_wait(l, POLLIN)) {
            return NO_ANSWER;
        }
        ssize_t r = recv(l->file.fd, head + n, HEADERS_MAX - n, 0);
        if (r <= 0) {
            return n == 0 && l->reused ? WAS_DEAD : NO_ANSWER;
        }
        n += (size_t)r;
        head[n] = '\0';
        for (char *end; (end = strstr(head, "\r\n\r\n"));) {
            size_t used = (size_t)(end - head) + 4;
            if (sscanf(head, "HTTP/1.%*1d %3d", &response->status) != 1) {
                return NO_ANSWER;
            }
            if (response->status >= 200) {
                head[used - 2] = '\0';
                answer_headers(response, head);
                answer_skip(l, head, n - used);
                return ANSWERED;
            }
            n -= used; /* 100 Continue and the like: the answer follows */
            memmove(head, head + used, n + 1);
        }
    }
}

static int http_post(struct link *l, const char *body, size_t n, tocsin_response *response)
{
    char head[1536];
    const struct target *t = &l->target;
    int result = WAS_DEAD;
    bool fits =
        as_format(head, sizeof head,
                  "POST /%s" URL_REST " HTTP/1.1\r\nHost: %s\r\nUser-Agent: " AGENT
                  "\r\n" TYPE_HEADER "\r\n" AUTH_HEADER "%s\r\nContent-Length: %u\r\n\r\n",
                  t->path, t->path[0] ? "/" : "", t->project, t->authority, t->key, (uint64_t)n);
    MUST(fits);
    l->file.fd = as_fd(&l->file);
    for (int attempt = 0; attempt < 2 && result == WAS_DEAD; attempt++) {
        if (l->file.fd < 0 && !link_connect(l)) {
            return NO_ANSWER;
        }
        int sent = link_send(l, head, strlen(head), MSG_MORE);
        sent = sent == SEND_ALL ? link_send(l, body, n, 0) : sent;
        result = sent ? link_answer(l, response) : l->reused ? WAS_DEAD : NO_ANSWER;
        l->reused = true;
        if (result != ANSWERED || sent == SEND_PART) {
            link_close(l);
        }
    }
    return result;
}

#if defined(TOCSIN_NO_DLOPEN)
static int curl_post(struct link *l, const char *body, size_t n, tocsin_response *response)
{
    (void)l, (void)body, (void)n, (void)response;
    return NO_ANSWER; /* stays in the spool, for tocsin_send_dir of a program that has TLS */
}

static void curl_close(struct link *l)
{
    (void)l;
}
#else
/* libcurl by the application's ABI numbers, unchanged since 2006; loaded on first https use. */
struct curl_names {
    int (*global_init)(long);
    void *(*easy_init)(void);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_perform)(void *);
    int (*easy_getinfo)(void *, int, ...);
    void (*easy_cleanup)(void *);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
};
static struct curl_names curl;
static bool curl_loaded;
static pthread_mutex_t curl_lock = PTHREAD_MUTEX_INITIALIZER;

static bool curl_load(void)
{
    static const char *const files[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    static const char *const names[] = {
        "curl_global_init",  "curl_easy_init",    "curl_easy_setopt",  "curl_easy_perform",
        "curl_easy_getinfo", "curl_easy_cleanup", "curl_slist_append", "curl_slist_free_all"};
    void *found[8] = {NULL}, *library = NULL;
    pthread_mutex_lock(&curl_lock);
    for (size_t i = 0; i < 2 && !curl_loaded && !library; i++) {
        library = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
    }
    if (library) {
        bool all = true;
        for (size_t i = 0; i < 8; i++) {
            found[i] = dlsym(library, names[i]);
            all = all && found[i];
        }
        _Static_assert(sizeof found == sizeof curl, "one pointer per name");
        memcpy(&curl, found, sizeof curl);
        curl_loaded = all && curl.global_init(3L) == 0;
    }
    pthread_mutex_unlock(&curl_lock);
    return curl_loaded;
}

static size_t curl_drop(char *p, size_t size, size_t n, void *ctx)
{
    (void)p, (void)ctx;
    return size * n;
}

struct curl_answer {
    char text[HEADERS_MAX + 1];
    size_t n;
};

static size_t curl_header(char *p, size_t size, size_t n, void *ctx)
{
    struct curl_answer *a = ctx;
    size_t bytes = size * n, room = HEADERS_MAX - a->n;
    memcpy(a->text + a->n, p, bytes < room ? bytes : room);
    a->n += bytes < room ? bytes : room;
    return bytes;
}

static int curl_progress(void *ctx, int64_t a, int64_t b, int64_t c, int64_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    return link_deadline(ctx) <= now_ms();
}

/* Every option is one machine word, a long or a pointer. */
static void curl_set(struct link *l, int option, uintptr_t value)
{
    curl.easy_setopt(l->curl, option, value);
}

static bool curl_open(struct link *l)
{
    char line[1024];
    const struct target *t = &l->target;
    if (l->curl) {
        return true;
    }
    if (!curl_load() || !(l->curl = curl.easy_init())) {
        return false;
    }
    as_format(line, sizeof line, "https://%s/%s" URL_REST, t->authority, t->path,
              t->path[0] ? "/" : "", t->project);
    curl_set(l, 10002, (uintptr_t)line); /* URL; curl keeps a copy */
    as_format(line, sizeof line, AUTH_HEADER "%s", t->key);
    const char *const headers[] = {line, TYPE_HEADER, "Expect:", "User-Agent: " AGENT};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        l->curl_headers = curl.slist_append(l->curl_headers, headers[i]);
    }
    curl_set(l, 10023, (uintptr_t)l->curl_headers);
    curl_set(l, 99, 1); /* no signals */
    curl_set(l, 20011, (uintptr_t)curl_drop);
    curl_set(l, 20079, (uintptr_t)curl_header);
    curl_set(l, 43, 0); /* progress on: it is how a close interrupts */
    curl_set(l, 20219, (uintptr_t)curl_progress);
    curl_set(l, 10057, (uintptr_t)l);
    return true;
}

static int curl_post(struct link *l, const char *body, size_t n, tocsin_response *response)
{
    struct curl_answer answer;
    long left = (long)(link_deadline(l) - now_ms()), status = 0;
    answer.n = 0;
    if (!curl_open(l)) {
        return NO_ANSWER;
    }
    curl_set(l, 155, left > 0 ? (uintptr_t)left : 1); /* whole request, ms */
    curl_set(l, 10015, (uintptr_t)body);
    curl_set(l, 60, n);
    curl_set(l, 10029, (uintptr_t)&answer);
    if (curl.easy_perform(l->curl) != 0) {
        return NO_ANSWER;
    }
    curl.easy_getinfo(l->curl, 0x200002, &status);
    answer.text[answer.n] = '\0';
    response->status = (int)status;
    answer_headers(response, answer.text);
    return ANSWERED;
}

static void curl_close(struct link *l)
{
    if (l->curl) {
        curl.easy_cleanup(l->curl);
        curl.slist_free_all(l->curl_headers);
    }
    l->curl = l->curl_headers = NULL;
}
#endif

/* One delivery. 502, 503 and 504 come from something in front of a server that is away, so they
 * count as unreachable and the envelope is kept; other refusals are final. */
static int link_post(struct link *l, const char *body, size_t n)
{
    tocsin_response r = {0};
    add(&count.requests);
    l->deadline = now_ms() + l->timeout_ms;
    int failed = l->transport         ? l->transport(body, n, &r, l->ctx)
                 : l->target.is_https ? curl_post(l, body, n, &r)
                                      : http_post(l, body, n, &r);
    if (!failed) {
        limits_update(l, &r);
    }
    if (failed || (r.status >= 502 && r.status <= 504)) {
        back_off(l, failed ? -1 : retry_after(r.retry_after));
        return OUTCOME_UNREACHABLE;
    }
    l->failures = 0;
    l->retry_at = 0;
    return r.status >= 200 && r.status < 300 ? OUTCOME_SENT
           : r.status == 429                 ? OUTCOME_LIMITED
                                             : OUTCOME_REJECTED;
}

/* ==== 11 the spool =========================================================================== */

/* A folder of files, each exactly one HTTP body. TIME-RANDOM-KIND.envelope is waiting; KIND is e
 * error, d message, s session, m monitor, r report, c crash. TAG.live is locked by its process and
 * holds the session that is abnormal if the process never comes back; TAG.crash is room for its
 * crash. Files appear by rename, are claimed by flock, and vanish when delivered. */

enum {
    SPOOL_FILES = 96, /* a full queue, what close adds, and crashes */
    SPOOL_BYTES = 4 * 1024 * 1024,
    SPOOL_CRASHES = 8,
    SPOOL_DAYS = 30,
    LIVE_BYTES = PAGE,
    STALE_SECONDS = 60,
    NAME_BYTES = 128
};

static struct {
    unsigned max_files;
    size_t max_bytes;
    unsigned files; /* as of the last look or write; other processes share the folder */
    size_t bytes;
    pthread_mutex_t lock;
} spool = {0, 0, 0, 0, PTHREAD_MUTEX_INITIALIZER};

struct spool_look {
    int64_t now; /* seconds */
    unsigned files, plain;
    size_t bytes;
    char oldest[NAME_BYTES], oldest_plain[NAME_BYTES]; /* "" when there is none */
};

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n > m && n < NAME_BYTES - 8 && strcmp(name + n - m, suffix) == 0; /* a longer one fits */
}

static bool file_path(char *to, const char *dir, const char *name)
{
    return as_format(to, PATH_BYTES + NAME_BYTES, "%s/%s", dir, name);
}

/* Calls `each` with the path and name of every file in `dir` that ends in `suffix`. */
static void folder_each(const char *dir, const char *suffix,
                        void (*each)(const char *path, const char *name, void *ctx), void *ctx)
{
    char path[PATH_BYTES + NAME_BYTES];
    struct dirent *entry;
    DIR *d = dir[0] ? opendir(dir) : NULL;
    while (d && (entry = readdir(d))) {
        if (has_suffix(entry->d_name, suffix) && file_path(path, dir, entry->d_name)) {
            each(path, entry->d_name, ctx);
        }
    }
    if (d) {
        closedir(d);
    }
}

/* Copies `path` with `suffix` in place of `old`, which it ends in. */
static void swap_suffix(char *to, const char *path, const char *old, const char *suffix)
{
    size_t n = strlen(path) - strlen(old), m = strlen(suffix) + 1;
    MUST(strcmp(path + n, old) == 0 && n + m <= PATH_BYTES + NAME_BYTES);
    memcpy(to, path, n);
    memcpy(to + n, suffix, m);
}

static char kind_of(const char *name)
{
    size_t n = strlen(name);
    MUST(n >= strlen("x.envelope"));
    return name[n - strlen("x.envelope")];
}

static void keep_smaller(char *best, const char *name)
{
    if (!best[0] || strcmp(name, best) < 0) {
        copy_text(best, name, NAME_BYTES - 1);
    }
}

static void scan_waiting(const char *path, const char *name, void *ctx)
{
    struct spool_look *look = ctx;
    struct stat st;
    if (stat(path, &st) != 0) {
        return;
    }
    if (look->now - (int64_t)st.st_mtime > (int64_t)SPOOL_DAYS * 86400) {
        unlink(path);
        return;
    }
    look->files++;
    look->bytes += (size_t)st.st_size;
    keep_smaller(look->oldest, name);
    if (kind_of(name) != 'c') {
        look->plain++;
        keep_smaller(look->oldest_plain, name);
    }
}

static void scan_unfinished(const char *path, const char *name, void *ctx)
{
    const struct spool_look *look = ctx;
    struct stat st;
    (void)name;
    if (stat(path, &st) == 0 && look->now - (int64_t)st.st_mtime > STALE_SECONDS) {
        unlink(path);
    }
}

/* Counts what waits, removes what is too old or was never finished. Under spool.lock. */
static void spool_scan(const char *dir, struct spool_look *look)
{
    memset(look, 0, sizeof *look);
    look->now = as_clock() / 1000000000;
    folder_each(dir, ".envelope", scan_waiting, look);
    folder_each(dir, ".tmp", scan_unfinished, look);
    spool.files = look->files;
    spool.bytes = look->bytes;
}

/* Makes room for `n` more bytes; the oldest goes first, crashes last. */
static void spool_evict(const char *dir, size_t n)
{
    char path[PATH_BYTES + NAME_BYTES];
    struct spool_look look;
    for (;;) {
        spool_scan(dir, &look);
        /* when only crashes wait, they may fill all places */
        unsigned places = spool.max_files - (look.plain ? SPOOL_CRASHES : 0);
        const char *victim = look.plain ? look.oldest_plain : look.oldest;
        if ((look.files < places && look.bytes + n <= spool.max_bytes) || !victim[0] ||
            !file_path(path, dir, victim) || unlink(path) != 0) {
            return;
        }
        lose(&count.evicted, WHY_EVICTED, LIMIT_ERROR);
    }
}

static bool write_file(const char *path, const char *body, size_t n)
{
    int fd = as_may_write(n) ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    size_t done = 0;
    while (fd >= 0 && done < n) {
        ssize_t w = write(fd, body + done, n - done);
        if (w <= 0 && errno != EINTR) {
            break;
        }
        done += w > 0 ? (size_t)w : 0;
    }
    return fd >= 0 && close(fd) == 0 && done == n;
}

/* A unique name that sorts by time. */
static void spool_name(char *to, const char *dir, char kind)
{
    const char text[] = {kind, '\0'};
    bool fits = as_format(to, PATH_BYTES + NAME_BYTES, "%s/%h-%h%h-%s.envelope", dir,
                          (uint64_t)as_clock(), random64(), random64(), text);
    MUST(fits);
}

static bool spool_write(const char *dir, const char *body, size_t n, char kind)
{
    char path[PATH_BYTES + NAME_BYTES], final[PATH_BYTES + NAME_BYTES];
    if (!dir[0]) {
        return false;
    }
    pthread_mutex_lock(&spool.lock);
    if (spool.files >= spool.max_files - SPOOL_CRASHES || spool.bytes + n > spool.max_bytes) {
        spool_evict(dir, n);
    }
    spool_name(final, dir, kind);
    swap_suffix(path, final, ".envelope", ".tmp");
    bool ok = write_file(path, body, n) && rename(path, final) == 0;
    if (ok) {
        spool.files++;
        spool.bytes += n;
    } else {
        unlink(path);
    }
    pthread_mutex_unlock(&spool.lock);
    return ok;
}

/* Opens and locks: -1 when a living process has it, or it is gone. */
static int claim_file(const char *path, size_t *size)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd >= 0 && (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &st) != 0 || !st.st_nlink)) {
        close(fd);
        return -1;
    }
    *size = fd >= 0 ? (size_t)st.st_size : 0;
    return fd;
}

/* A crash report is complete when it was cut to length: its last byte is not padding. */
static bool crash_complete(const char *path, int64_t *age)
{
    struct stat st;
    char last = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *age = 0;
    if (fd >= 0) {
        if (fstat(fd, &st) == 0 && st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1) {
            last = 0;
        }
        *age = as_clock() / 1000000000 - (int64_t)st.st_mtime;
        close(fd);
    }
    return last != 0;
}

/* Settles what the dead process of TAG.live left: a finished crash report whose rename failed, or
 * else the news that it vanished. */
static void adopt_live(const char *path, const char *name, void *dir)
{
    char other[PATH_BYTES + NAME_BYTES], final[PATH_BYTES + NAME_BYTES];
    size_t size;
    int64_t age;
    (void)name;
    swap_suffix(other, path, ".live", ".crash");
    if (strcmp(other, crash.path) == 0) {
        return; /* our own, should the program have closed it and with it the lock */
    }
    int fd = claim_file(path, &size);
    if (fd < 0) {
        return;
    }
    bool crashed = crash_complete(other, &age);
    spool_name(final, dir, crashed ? 'c' : 's');
    if (crashed) {
        rename(other, final);
    } else {
        unlink(other);
    }
    if (crashed || !size || rename(path, final) != 0) {
        unlink(path);
    }
    close(fd);
}

/* TAG.crash without TAG.live: a forked child's. It is writing it this moment, unless it was killed
 * doing so: only what nobody has touched for long is settled. */
static void adopt_crash(const char *path, const char *name, void *dir)
{
    char other[PATH_BYTES + NAME_BYTES];
    int64_t age;
    (void)name;
    swap_suffix(other, path, ".crash", ".live");
    bool complete = crash_complete(path, &age);
    if (age <= STALE_SECONDS || access(other, F_OK) == 0) {
        return;
    }
    spool_name(other, dir, 'c');
    if (!complete || rename(path, other) != 0) {
        unlink(path);
    }
}

static void spool_adopt(char *dir)
{
    struct spool_look look;
    folder_each(dir, ".live", adopt_live, dir);
    folder_each(dir, ".crash", adopt_crash, dir);
    pthread_mutex_lock(&spool.lock);
    spool_scan(dir, &look);
    pthread_mutex_unlock(&spool.lock);
}

/* The next waiting file in time order after `after`; false at the end. */
struct next_file {
    const char *after;
    char *name;
};

static void next_smaller(const char *path, const char *name, void *ctx)
{
    const struct next_file *next = ctx;
    (void)path;
    if (strcmp(name, next->after) > 0) {
        keep_smaller(next->name, name);
    }
}

static bool spool_next(const char *dir, const char *after, char *name)
{
    struct next_file next = {after, name};
    name[0] = '\0';
    folder_each(dir, ".envelope", next_smaller, &next);
    return name[0] != '\0';
}

static int category_of_kind(char kind)
{
    return kind == 's'   ? LIMIT_SESSION
           : kind == 'm' ? LIMIT_MONITOR
           : kind == 'r' ? LIMIT_ALL
           : kind == 'd' ? LIMIT_DEFAULT
                         : LIMIT_ERROR;
}

enum { REPLAY_NONE, REPLAY_SENT, REPLAY_GONE, REPLAY_BUSY, REPLAY_FAILED };

/* Tries to deliver one file; `buffer` holds BODY_BYTES + CRASH_BYTES. */
static int replay_file(struct link *l, const char *dir, const char *name, char *buffer, size_t cap)
{
    char path[PATH_BYTES + NAME_BYTES];
    size_t size, n = 0;
    int result = REPLAY_GONE;
    int fd = file_path(path, dir, name) ? claim_file(path, &size) : -1;
    if (fd < 0) {
        return REPLAY_BUSY;
    }
    while (size <= cap && n < size) {
        ssize_t r = pread(fd, buffer + n, size - n, (off_t)n);
        if (r <= 0) {
            break;
        }
        n += (size_t)r;
    }
    if (n && n == size && buffer[0] == '{' && buffer[n - 1]) {
        int outcome = link_post(l, buffer, n);
        result = outcome == OUTCOME_SENT       ? REPLAY_SENT
                 : outcome == OUTCOME_REJECTED ? REPLAY_GONE
                                               : REPLAY_FAILED;
    }
    if (result != REPLAY_FAILED) {
        unlink(path);
    }
    if (result == REPLAY_GONE) {
        lose(NULL, WHY_REJECTED, category_of_kind(kind_of(name)));
    }
    close(fd);
    return result;
}

/* Delivers the oldest file that nobody else has and no limit holds back. `*limited` becomes the
 * earliest end of a limit that held something back. */
static int replay_one(struct link *l, const char *dir, char *buffer, size_t cap, int64_t *limited)
{
    char name[NAME_BYTES], after[NAME_BYTES] = "";
    *limited = 0;
    while (spool_next(dir, after, name)) {
        int64_t until = limited_until(l, category_of_kind(kind_of(name)));
        if (until > now_ms()) {
            *limited = !*limited || until < *limited ? until : *limited;
        } else {
            int result = replay_file(l, dir, name, buffer, cap);
            if (result != REPLAY_BUSY) {
                return result;
            }
        }
        memcpy(after, name, sizeof after);
    }
    return REPLAY_NONE;
}

/* Writes the session that counts as abnormal if we never come back: always the same number of
 * bytes in one write, so it is never torn. Under scope_lock. */
static void live_record(void)
{
    static char text[LIVE_BYTES];
    struct out o;
    int fd = as_fd(&live_file);
    if (fd < 0 || !as_may_write(LIVE_BYTES)) {
        return;
    }
    as_begin(&o, text, sizeof text);
    as_print(&o, "{%s}\n{\"type\":\"session\"}\n", crash.envelope);
    as_session(&o, &crash.session, "abnormal", crash.session.started_ns);
    bool ok;
    if (!crash.session.active || o.full) {
        ok = ftruncate(fd, 0) == 0;
    } else {
        memset(text + o.n, ' ', LIVE_BYTES - o.n - 1);
        text[LIVE_BYTES - 1] = '\n';
        ok = pwrite(fd, text, LIVE_BYTES, 0) == LIVE_BYTES;
    }
    (void)ok; /* disk full: the session is not told abnormal */
}

static void process_files_close(void)
{
    char live[PATH_BYTES + NAME_BYTES];
    if (live_file.fd >= 0) { /* without it there is no other */
        swap_suffix(live, crash.path, ".crash", ".live");
        unlink(crash.path);
        unlink(live);
    }
    own_close(&live_file);
    own_close(&crash_file);
}

static int new_file(void)
{
    return open(crash.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* Takes this process's two files. The lock comes before the name others look for. */
static bool process_files_open(void)
{
    char live[PATH_BYTES + NAME_BYTES];
    if (!crash.dir[0] || !as_may_write(CRASH_BYTES)) {
        return false;
    }
    as_id(crash.id, random64(), random64());
    as_name_files(random64(), as_clock());
    swap_suffix(live, crash.path, ".crash", ".live");
    own(&live_file, new_file());
    if (live_file.fd < 0 || flock(live_file.fd, LOCK_EX | LOCK_NB) != 0 ||
        rename(crash.path, live) != 0) {
        process_files_close();
        return false;
    }
    own(&crash_file, crash.flags & TOCSIN_NO_CRASH ? -1 : new_file());
    if (crash_file.fd >= 0 && posix_fallocate(crash_file.fd, 0, CRASH_BYTES) != 0 &&
        ftruncate(crash_file.fd, CRASH_BYTES) != 0) {
        own_close(&crash_file);
    }
    return true;
}

/* ==== 12 the sender ========================================================================== */

enum {
    LINGER_MS = 20,       /* a burst pays one wake-up: after work the sender looks again unasked */
    REPLAY_GAP_MS = 100,  /* between spooled files, so that a returning server can breathe */
    ADOPT_GAP_MS = 60000, /* when awake anyway, look for dead siblings this often */
    REPLAY_LAST = 8,      /* spooled files delivered at close */
    SESSION_DELAY_MS = 5000, /* programs shorter than this send one session item, not two */
    TIMEOUT_MS = 5000,
    AT_EXIT_MS = 200
};

enum { IN_HAND_NOTHING, IN_HAND_SENDING, IN_HAND_TAKEN };

static struct link main_link;
static struct builder *main_builder;
static char *replay_buffer; /* a whole spool file */
enum { REPLAY_BYTES = BODY_BYTES + CRASH_BYTES };

static struct {
    pthread_t thread;
    atomic_bool running, stop;
    atomic_int in_hand; /* who delivers main_builder's body: closing may take it over */
    char in_hand_kind;
    _Atomic int64_t until; /* monotonic ms: no network after this */
    int64_t next_replay, next_adopt, session_due;
} sender;

static char slot_kind(const struct slot *s)
{
    return s->kind == KIND_SESSION ? 's' : s->kind == KIND_CHECK_IN ? 'm' : s->type[0] ? 'e' : 'd';
}

static void store_body(const struct builder *b, char kind)
{
    if (spool_write(crash.dir, b->body, b->out.n, kind)) {
        add(&count.spooled);
    } else {
        lose(&count.rejected, WHY_INTERNAL, category_of_kind(kind));
    }
}

/* Sends the envelope in `b`, or keeps it on disk, or counts it. `direct`: the network may be
 * used. */
static void deliver(struct builder *b, char kind, bool direct)
{
    struct link *l = &main_link;
    int category = category_of_kind(kind);
    if (limited_until(l, category) > now_ms()) {
        lose(&count.limited, WHY_LIMITED, category);
        return;
    }
    if (!direct || now_ms() < l->retry_at || now_ms() >= atomic_load(&sender.until)) {
        store_body(b, kind);
        return;
    }
    report_put(b); /* only here: a spooled file may be evicted, and the counts with it */
    sender.in_hand_kind = kind;
    atomic_store(&sender.in_hand, IN_HAND_SENDING);
    int outcome = link_post(l, b->body, b->out.n), sending = IN_HAND_SENDING;
    if (!atomic_compare_exchange_strong(&sender.in_hand, &sending, IN_HAND_NOTHING)) {
        return; /* the closing thread has it in the spool */
    }
    if (outcome == OUTCOME_SENT) {
        add(&count.sent);
    } else if (outcome == OUTCOME_UNREACHABLE) {
        report_return(b);
        store_body(b, kind);
    } else if (outcome == OUTCOME_LIMITED) { /* the report, never limited, was taken */
        add(&count.limited);
    } else {
        report_return(b);
        lose(&count.rejected, WHY_REJECTED, category);
    }
}

static void handle(struct builder *b, struct slot *s, bool direct)
{
    char kind = slot_kind(s);
    if (direct && limited_until(&main_link, category_of_kind(kind)) > now_ms()) {
        lose(&count.limited, WHY_LIMITED, category_of_kind(kind)); /* not even built */
        return;
    }
    if (s->kind == KIND_SESSION || s->kind == KIND_CHECK_IN) {
        build_item(b, kind == 's' ? "session" : "check_in", s->message);
    } else if (!build_event(b, s)) {
        return;
    }
    deliver(b, kind, direct);
}

/* Handles everything queued. The closing thread calls it too, with its own builder. */
static bool drain(struct builder *b, bool direct)
{
    uint64_t position;
    struct slot *s;
    bool any = false;
    while ((s = queue_next(&queue_head, 1, &position))) {
        handle(b, s, direct);
        queue_release(s, position);
        any = true;
    }
    return any;
}

/* Queues nothing: sends the session's item from the sender. "ok" once, when the program lives
 * longer than SESSION_DELAY_MS; "exited" at close, when the queue may be full. */
static void session_send(struct builder *b, const char *status, bool direct)
{
    char json[TOCSIN_MESSAGE_MAX + 1];
    bool last = status[0] == 'e';
    pthread_mutex_lock(&scope_lock);
    bool due = crash.session.active && (last || !crash.session.started_sent);
    if (due) {
        due = session_json(json, sizeof json, status);
        crash.session.started_sent = true;
        crash.session.active = !last;
        live_record();
    }
    sender.session_due = 0;
    pthread_mutex_unlock(&scope_lock);
    if (due) {
        add(&count.accepted);
        build_item(b, "session", json);
        deliver(b, 's', direct);
    }
}

/* Counts nobody has been told of go out by themselves only at the end. */
static void report_last(struct builder *b, bool direct)
{
    envelope_begin(b, NULL);
    size_t empty = b->out.n;
    report_put(b);
    if (b->out.n == empty || limited_until(&main_link, LIMIT_ALL) > now_ms()) {
        return;
    }
    direct = direct && now_ms() < atomic_load(&sender.until) && now_ms() >= main_link.retry_at;
    if (!direct || link_post(&main_link, b->body, b->out.n) == OUTCOME_UNREACHABLE) {
        spool_write(crash.dir, b->body, b->out.n, 'r');
    }
}

/* One spooled file if it is time. Returns when to look again, or 0 for never. */
static int64_t replay(int64_t now)
{
    int64_t limited = 0;
    int64_t at = sender.next_replay > main_link.retry_at ? sender.next_replay : main_link.retry_at;
    if (!spool.files) {
        return 0;
    }
    if (at > now) {
        return at;
    }
    int result = replay_one(&main_link, crash.dir, replay_buffer, REPLAY_BYTES, &limited);
    sender.next_replay = now + REPLAY_GAP_MS;
    if (result == REPLAY_SENT || result == REPLAY_GONE) {
        if (result == REPLAY_SENT) {
            add(&count.replayed);
        }
        pthread_mutex_lock(&spool.lock);
        spool.files -= spool.files > 0;
        pthread_mutex_unlock(&spool.lock);
        return sender.next_replay;
    }
    if (result == REPLAY_NONE && !limited) {
        spool.files = 0; /* others delivered them */
        spool.bytes = 0;
        return 0;
    }
    int64_t again = limited > main_link.retry_at ? limited : main_link.retry_at;
    return again > sender.next_replay ? again : sender.next_replay;
}

/* Sleeps until woken or `wake_at` (0: for good). After work it lingers first. */
static void sender_park(bool worked, int64_t wake_at)
{
    int mode = worked ? LINGERING : SLEEPING;
    atomic_store(&sender_sleep, mode);
    uint64_t head = atomic_load(&queue_head);
    bool filled = atomic_load(&slot_at(head)->turn) + (head & queue.mask) == head + 1;
    bool crowded = atomic_load(&queue_tail) - head > queue.crowded;
    bool awaited = filled && atomic_load(&progress_waiters);
    if ((worked ? crowded || awaited : filled) || atomic_load(&sender.stop)) {
        atomic_store(&sender_sleep, AWAKE);
        return;
    }
    int64_t wait = wake_at ? wake_at - now_ms() : -1;
    if (worked && (wait < 0 || wait > LINGER_MS)) {
        wait = LINGER_MS;
    }
    if (wait != 0) {
        futex_wait(&sender_sleep, mode, wake_at && wait < 0 ? 0 : wait);
    }
    atomic_store(&sender_sleep, AWAKE);
}

/* A short program delivers what earlier ones left, crashes above all, if the server has just
 * answered it: an exit is never held up by a server that is away. */
static void replay_last(void)
{
    int64_t limited;
    if (!atomic_load(&count.sent) || main_link.failures) {
        return;
    }
    spool_adopt(crash.dir);
    for (int i = 0; i < REPLAY_LAST && now_ms() < atomic_load(&sender.until); i++) {
        if (replay_one(&main_link, crash.dir, replay_buffer, REPLAY_BYTES, &limited) !=
            REPLAY_SENT) {
            return;
        }
        add(&count.replayed);
    }
}

static void sender_finish(void)
{
    drain(main_builder, true);
    session_send(main_builder, "exited", true);
    report_last(main_builder, true);
    replay_last();
    link_close(&main_link);
    curl_close(&main_link);
    atomic_store(&sender.running, false);
    progress_tell();
}

static int64_t earlier(int64_t a, int64_t b)
{
    return !a ? b : !b ? a : a < b ? a : b;
}

/* Everything the handler touches gets its pages now: later there may be no memory left. Adding
 * nothing, because a crash may be using them at this very moment. */
static void prefault(void)
{
    for (size_t i = 0; i < sizeof crash_room; i += PAGE) {
        __atomic_fetch_or((unsigned char *)&crash_room + i, 0, __ATOMIC_RELAXED);
    }
}

static void *sender_main(void *unused)
{
    struct sched_param parameter = {0};
    self.is_sender = true;
    attach();
    prefault();
    sched_setscheduler(0, SCHED_BATCH, &parameter); /* a wake-up must not preempt the caller */
    while (!atomic_load(&sender.stop)) {
        bool worked = drain(main_builder, true);
        int64_t now = now_ms();
        if (atomic_load(&sender.stop)) {
            break;
        }
        if (now >= sender.next_adopt) {
            spool_adopt(crash.dir);
            sender.next_adopt = now + ADOPT_GAP_MS;
        }
        pthread_mutex_lock(&scope_lock);
        int64_t session_due = sender.session_due;
        pthread_mutex_unlock(&scope_lock);
        if (session_due && now >= session_due) {
            session_send(main_builder, "ok", true);
            session_due = 0;
        }
        int64_t wake_at = earlier(replay(now), session_due);
        sender_park(worked, wake_at);
    }
    sender_finish();
    return unused;
}

/* All signals but the deadly ones stay with the program's own threads. */
static int sender_start(void)
{
    sigset_t most, before;
    pthread_attr_t attr;
    sigfillset(&most);
    for (int i = 0; i < FATAL_SIGNALS; i++) {
        sigdelset(&most, fatal[i].number);
    }
    atomic_store(&sender.stop, false);
    atomic_store(&sender.in_hand, IN_HAND_NOTHING);
    atomic_store(&sender.until, INT64_MAX);
    atomic_store(&sender_sleep, AWAKE);
    sender.next_adopt = sender.next_replay = 0;
    atomic_store(&sender.running, true);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, 256 * 1024); /* getaddrinfo and a transport need room */
    pthread_sigmask(SIG_SETMASK, &most, &before);
    int failed = CREATE_THREAD(&sender.thread, &attr, sender_main, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    if (failed) {
        atomic_store(&sender.running, false);
    }
    return failed ? TOCSIN_E_SYSTEM : TOCSIN_OK;
}

/* True once `done` events are finished, or the sender has stopped when `done` is 0. */
static bool wait_progress(uint64_t done, int64_t deadline)
{
    bool reached = false;
    atomic_fetch_add(&progress_waiters, 1);
    for (;;) {
        int seen = atomic_load(&progress);
        reached = done ? atomic_load(&queue_done) >= done : !atomic_load(&sender.running);
        int64_t left = deadline - now_ms();
        if (reached || left <= 0) {
            break;
        }
        sender_wake();
        futex_wait(&progress, seen, left);
    }
    atomic_fetch_sub(&progress_waiters, 1);
    return reached;
}

int tocsin_flush(int ms)
{
    uint64_t target = atomic_load(&queue_tail);
    KEEP_ERRNO;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    bool done = !target || wait_progress(target, now_ms() + (ms > 0 ? ms : 0));
    return done ? TOCSIN_OK : TOCSIN_E_TIMEOUT;
}

/* ==== 13 fork ================================================================================ */

/* The child owns nothing of the parent's: no sender, no files, an empty queue. It gets its own
 * sender and files at its first capture, so a child that only execs pays a few closes. */

static void fork_prepare(void)
{
    pthread_mutex_lock(&scope_lock);
    pthread_mutex_lock(&modules_lock); /* and with it the loader's lock is free */
    pthread_mutex_lock(&spool.lock);
}

static void fork_parent(void)
{
    pthread_mutex_unlock(&spool.lock);
    pthread_mutex_unlock(&modules_lock);
    pthread_mutex_unlock(&scope_lock);
}

static void fork_child(void)
{
    fork_parent();
    self.tid = (int)syscall(SYS_gettid);
    if (atomic_load(&state) == CLOSED) {
        return;
    }
    uint64_t now = (uint64_t)as_clock();
    atomic_store(&random_state,
                 as_mix(atomic_load(&random_state) ^ now ^ (uint64_t)(unsigned)getpid()));
    own_close(&crash_file);
    own_close(&live_file);
    link_close(&main_link);
    main_link.curl = main_link.curl_headers = NULL; /* the parent's connection: not to be closed */
    crash.session.active = false;
    atomic_store(&sender.running, false);
    atomic_store(&progress_waiters, 0);
    atomic_store(&queue_tail, 0);
    atomic_store(&queue_head, 0);
    atomic_store(&queue_done, 0);
    memset(discarded, 0, sizeof discarded);
    atomic_store(&crash.pid, -1);
}

static int fork_child_activate(void)
{
    int result = TOCSIN_OK;
    pthread_mutex_lock(&scope_lock);
    if (atomic_load(&crash.pid) < 0) {
        crash.session.started_sent = false;
        atomic_store(&crash.session.errors, 0);
        queue_reset(); /* here and not in fork_child: it would copy the parent's pages for nothing
                        */
        process_files_open();
        result = sender_start();
        if (result == TOCSIN_OK) {
            atomic_store(&crash.pid, (int)getpid());
        }
    }
    pthread_mutex_unlock(&scope_lock);
    return result;
}

/* ==== 14 public calls ======================================================================== */

/* The members every event and session repeats, serialised once. `m` is the program. */
static int prepare_texts(const tocsin_options *o, const struct module *m)
{
    char host[TOCSIN_VALUE_MAX + 1] = "", release[TOCSIN_VALUE_MAX + 1] = "", environment[65];
    const char *program = strrchr(m->path, '/');
    char build[13];
    uint64_t id;
    copy_text(release, o->release, TOCSIN_VALUE_MAX);
    if (!release[0]) {
        memcpy(&id, m->build_id, sizeof id);
        copy_text(host, program ? program + 1 : m->path, 100);
        as_format(build, sizeof build, "%h", __builtin_bswap64(id)); /* the first 12 digits */
        as_format(release, sizeof release, "%s@%s", host, build);
    }
    copy_text(environment, o->environment && o->environment[0] ? o->environment : "production", 64);
    copy_text(host, o->server_name, TOCSIN_VALUE_MAX);
    if (!host[0] && gethostname(host, sizeof host - 1) != 0) {
        host[0] = '\0';
    }
    static const char sdk[] = "\"sdk\":{\"name\":\"tocsin.c\",\"version\":\"" TOCSIN_VERSION "\"}";
    bool fits = as_format(crash.envelope, HEAD_BYTES, "\"dsn\":%q,%s", main_link.target.dsn, sdk);
    fits &= as_format(crash.head, HEAD_BYTES, ",\"platform\":\"native\",%s%m%m%m", sdk, "release",
                      release, "environment", environment, "server_name", host);
    fits &= as_format(crash.session.attrs, HEAD_BYTES, "{\"release\":%q%m}", release, "environment",
                      environment);
    return fits ? TOCSIN_OK : TOCSIN_E_BAD;
}

static void prepare_scope(void)
{
    struct utsname u;
    scope.n_tags = scope.n_contexts = 0; /* no more: fresh pages stay untouched */
    scope.user[0][0] = scope.user[1][0] = scope.user[2][0] = '\0';
    if (uname(&u) != 0) {
        memset(&u, 0, sizeof u);
    }
    as_format(scope.system, sizeof scope.system,
              ",\"os\":{\"name\":\"Linux\"%m},\"device\":{\"arch\":%q}", "version", u.release,
              u.machine);
    crash.note[0] = crash.reason_type[0] = crash.reason_value[0] = '\0';
    scope_publish();
}

/* Makes `dir` and its parents. True when it is ours and can be written. */
static bool make_folder(const char *dir)
{
    char path[PATH_BYTES];
    struct stat st;
    if (!take(path, sizeof path, dir, strlen(dir)) || dir[0] != '/') {
        return false;
    }
    for (char *s = path + 1; *s; s++) {
        if (*s == '/') {
            *s = '\0';
            mkdir(path, 0700);
            *s = '/';
        }
    }
    mkdir(path, 0700);
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && access(path, W_OK | X_OK) == 0;
}

/* Absolute, because programs change their directory. Empty when no folder can be had. */
static void choose_folder(const char *wanted)
{
    char here[PATH_BYTES] = "", name[17];
    const char *base = getenv("XDG_CACHE_HOME"), *between = "/tocsin/", *tail = name;
    uint64_t hash = 0;
    struct stat st;
    for (const char *s = main_link.target.dsn; *s; s++) {
        hash = as_mix(hash ^ (unsigned char)*s);
    }
    as_format(name, sizeof name, "%h", hash);
    if (wanted && wanted[0]) {
        base = wanted[0] == '/' || !getcwd(here, sizeof here) ? "" : here;
        between = base[0] ? "/" : "";
        tail = wanted;
    } else if (!base || base[0] != '/') {
        base = getenv("HOME");
        between = "/.cache/tocsin/";
    }
    if (base && as_format(crash.dir, PATH_BYTES, "%s%s%s", base, between, tail) &&
        make_folder(crash.dir)) {
        return;
    }
    as_format(crash.dir, PATH_BYTES, "/var/tmp/tocsin-%u/%s", (uint64_t)getuid(), name);
    if (!make_folder(crash.dir) || lstat(crash.dir, &st) != 0 || st.st_uid != getuid()) {
        crash.dir[0] = '\0';
    }
}

#if !defined(TOCSIN_NO_CRASH_HANDLER)
static void handlers_install(void)
{
    struct sigaction act = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    act.sa_sigaction = tocsin_on_fatal;
    sigemptyset(&act.sa_mask);
    atomic_store(&crash.owner, 0);
    atomic_store(&crash.depth, 0);
    atomic_store(&crash.finished, 0);
    bool there = atomic_exchange(&crash.installed, true); /* opened again while exiting */
    self.attached = false; /* this thread may have called before, then it has no alternate stack */
    attach();
    for (int i = there ? FATAL_SIGNALS : 0; i < FATAL_SIGNALS; i++) {
        sigaction(fatal[i].number, &act, &crash.old[i]);
    }
}
#else
static void handlers_install(void)
{
}
#endif

/* Puts earlier handlers back where ours still stands; who replaced it since, stays. */
static void handlers_remove(void)
{
    struct sigaction now;
    for (int i = 0; atomic_load(&crash.installed) && i < FATAL_SIGNALS; i++) {
        if (sigaction(fatal[i].number, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
            now.sa_sigaction == tocsin_on_fatal) {
            sigaction(fatal[i].number, &crash.old[i], NULL);
        }
    }
    atomic_store(&crash.installed, false);
}

static unsigned within(unsigned v, unsigned usual, unsigned low, unsigned high)
{
    v = v ? v : usual;
    return v < low ? low : v > high ? high : v;
}

/* One mapping for the queue and the sender's buffers, kept over close and init: a straggling
 * caller must never meet freed memory. */
static int prepare_memory(const tocsin_options *o)
{
    uint64_t slots = 1;
    unsigned wanted = within(o->queue_slots, QUEUE_SLOTS, 2, QUEUE_MAX);
    uint32_t stack = within(o->stack_bytes, STACK_BYTES, 256, STACK_MAX) & ~63u;
    while (slots < wanted) {
        slots *= 2;
    }
    size_t stride = (sizeof(struct slot) + stack + 63) & ~(size_t)63;
    size_t builder = (sizeof(struct builder) + 63) & ~(size_t)63;
    size_t bytes = slots * stride + builder + REPLAY_BYTES;
    if (!queue.base || queue.mask != slots - 1 || queue.stride != stride) {
        char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) {
            return TOCSIN_E_SYSTEM;
        }
        queue.base = p;
        queue.stride = stride;
        queue.mask = slots - 1;
        queue.crowded = slots * 3 / 4;
        queue.mapped = bytes;
        queue.stack_bytes = stack;
        queue.used = false;
        main_builder = (struct builder *)(void *)(p + slots * stride);
        replay_buffer = p + slots * stride + builder;
    }
    queue_reset();
    return TOCSIN_OK;
}

static void prepare_random(void)
{
    uint64_t seed = 0;
    if (syscall(SYS_getrandom, &seed, sizeof seed, 1L) != (long)sizeof seed) {
        seed = (uint64_t)as_clock() ^ (uint64_t)(uintptr_t)&seed ^ (uint64_t)getpid() << 40;
    }
    atomic_store(&random_state, as_mix(seed));
    crash.id_seed = random64();
}

static void apply_options(const tocsin_options *o)
{
    double rate = o->sample_rate > 0 ? o->sample_rate : o->sample_rate < 0 ? 0 : 1;
    sample_all = rate >= 1;
    sample_threshold = sample_all ? UINT64_MAX : (uint64_t)(rate * 18446744073709549568.0);
    before_send = o->before_send;
    user_ctx = o->ctx;
    crash.flags = o->flags;
    main_link.file.fd = -1;
    main_link.until = &sender.until;
    main_link.timeout_ms = within(o->timeout_ms, TIMEOUT_MS, 10, 600000);
    main_link.transport = o->transport;
    main_link.ctx = o->ctx;
    spool.max_files = within(o->spool_files, SPOOL_FILES, 2 * SPOOL_CRASHES, 100000);
    spool.files = spool.max_files; /* so that the first write, or replay, looks */
    spool.max_bytes = within(o->spool_bytes, SPOOL_BYTES, 256 * 1024, 1u << 30);
    memset(&count, 0, sizeof count);
    memset(discarded, 0, sizeof discarded);
}

static int close_all(int ms, bool exiting);

static void at_exit(void)
{
    if (atomic_load(&state) == OPEN && atomic_load(&crash.pid) == getpid()) {
        close_all(AT_EXIT_MS, true);
    }
}

/* What is done once per process, however often it opens. */
static int init_once(void)
{
    static bool done;
    if (done) {
        return TOCSIN_OK;
    }
    if (pthread_key_create(&altstack_key, altstack_free) != 0 ||
        pthread_atfork(fork_prepare, fork_parent, fork_child) != 0) {
        return TOCSIN_E_SYSTEM;
    }
    atexit(at_exit);
    done = true;
    return TOCSIN_OK;
}

/* Under life_lock and with everything closed. */
static int open_all(const tocsin_options *o)
{
    memset(&main_link, 0, sizeof main_link);
    if (!target_parse(&main_link.target, o->dsn)) {
        return TOCSIN_E_DSN;
    }
    int result = init_once();
    if (result == TOCSIN_OK) {
        result = prepare_memory(o);
    }
    if (result != TOCSIN_OK) {
        return result;
    }
    apply_options(o);
    prepare_random();
    pthread_mutex_lock(&modules_lock);
    const struct module *program = modules_refresh();
    modules_seen.adds = 0;
    pthread_mutex_unlock(&modules_lock);
    result = prepare_texts(o, program);
    if (result != TOCSIN_OK) {
        return result;
    }
    pthread_mutex_lock(&scope_lock);
    prepare_scope();
    crash.session.active = false;
    pthread_mutex_unlock(&scope_lock);
    choose_folder(o->dir);
    process_files_open();
    atomic_store(&crash.pid, (int)getpid());
    if (!(o->flags & TOCSIN_NO_CRASH)) {
        handlers_install();
    }
    result = sender_start();
    if (result != TOCSIN_OK) {
        handlers_remove();
        process_files_close();
        return result;
    }
    atomic_store(&state, OPEN);
    return TOCSIN_OK;
}

int tocsin_init(const tocsin_options *options)
{
    tocsin_options o = {0};
    int result = TOCSIN_E_BUSY;
    KEEP_ERRNO;
    if (!options || options->size < offsetof(tocsin_options, release)) {
        return TOCSIN_E_BAD;
    }
    memcpy(&o, options, options->size < sizeof o ? options->size : sizeof o);
    pthread_mutex_lock(&life_lock);
    if (atomic_load(&state) == CLOSED && !atomic_load(&sender.running)) {
        result = open_all(&o);
    }
    pthread_mutex_unlock(&life_lock);
    if (result == TOCSIN_OK && !(o.flags & TOCSIN_NO_SESSION)) {
        tocsin_session_start();
    }
    return result;
}

/* The sender is stuck, in a name lookup or a transport: takes its event and the queue from it. */
static void close_without_sender(void)
{
    int sending = IN_HAND_SENDING;
    struct builder *b =
        mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (atomic_compare_exchange_strong(&sender.in_hand, &sending, IN_HAND_TAKEN)) {
        report_return(main_builder);
        store_body(main_builder, sender.in_hand_kind);
    }
    if (b == MAP_FAILED) {
        return;
    }
    drain(b, false);
    session_send(b, "exited", false);
    report_last(b, false);
    munmap(b, sizeof *b);
}

static int close_all(int ms, bool exiting)
{
    int result = TOCSIN_OK, open = OPEN;
    int64_t start = now_ms(), wait = ms > 0 ? ms : 0;
    bool is_child = atomic_load(&crash.pid) < 0; /* forked and never used: nothing of its own */
    KEEP_ERRNO;
    pthread_mutex_lock(&life_lock);
    if (!atomic_compare_exchange_strong(&state, &open, CLOSING)) {
        pthread_mutex_unlock(&life_lock);
        return TOCSIN_E_CLOSED;
    }
    if (!is_child) {
        atomic_store(&sender.until, start + wait / 2);
        atomic_store(&sender.stop, true);
        if (!wait_progress(0, start + wait * 8 / 10)) {
            close_without_sender();
            if (!wait_progress(0, start + wait)) {
                result = TOCSIN_E_TIMEOUT;
            }
        }
    }
    process_files_close();
    if (exiting) { /* what is registered earlier, destructors too, runs now and may crash */
        atomic_store(&crash.pid, 0);
    } else {
        handlers_remove();
    }
    atomic_store(&state, CLOSED);
    pthread_mutex_unlock(&life_lock);
    return result;
}

int tocsin_close(int ms)
{
    return close_all(ms, false);
}

int tocsin_session_start(void)
{
    KEEP_ERRNO;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    attach();
    if (atomic_load(&crash.pid) < 0 && fork_child_activate() != TOCSIN_OK) {
        return TOCSIN_E_SYSTEM;
    }
    tocsin_session_end(TOCSIN_EXITED);
    pthread_mutex_lock(&scope_lock);
    as_id(crash.session.sid, random64(), random64());
    crash.session.started_ns = as_clock();
    crash.session.started_sent = false;
    atomic_store(&crash.session.errors, 0);
    crash.session.active = true;
    sender.session_due = now_ms() + SESSION_DELAY_MS;
    live_record();
    pthread_mutex_unlock(&scope_lock);
    sender_wake();
    return TOCSIN_OK;
}

static int queue_item(int kind, const char *json)
{
    struct capture c = {kind, TOCSIN_INFO, NULL, json, NULL, NULL};
    return capture(&c);
}

int tocsin_session_end(int status)
{
    static const char *const names[] = {"exited", "abnormal", "crashed"};
    char json[TOCSIN_MESSAGE_MAX + 1];
    int result = TOCSIN_E_BAD;
    KEEP_ERRNO;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    pthread_mutex_lock(&scope_lock);
    if (crash.session.active && status >= 0 && status <= TOCSIN_CRASHED) {
        bool fits = session_json(json, sizeof json, names[status]);
        result = fits ? queue_item(KIND_SESSION, json) : TOCSIN_E_BAD;
        if (result != TOCSIN_E_FULL) {
            crash.session.active = false;
            sender.session_due = 0;
            live_record();
        }
    }
    pthread_mutex_unlock(&scope_lock);
    return result;
}

/* `,"monitor_config":{..}`: "every N unit" is an interval, anything else a crontab line. */
static bool put_schedule(struct out *o, const char *schedule)
{
    unsigned value = 0;
    char unit[16] = "";
    if (strncmp(schedule, "every ", 6) != 0) {
        as_print(o, ",\"monitor_config\":{\"schedule\":{\"type\":\"crontab\"%m}}", "value",
                 schedule);
        return true;
    }
    if (sscanf(schedule + 6, "%9u %15[a-z]", &value, unit) != 2 || !value) {
        return false;
    }
    size_t n = strlen(unit);
    if (n > 1 && unit[n - 1] == 's') {
        unit[n - 1] = '\0'; /* the protocol's units are singular */
    }
    as_print(o, ",\"monitor_config\":{\"schedule\":{\"type\":\"interval\",\"value\":%u%m}}",
             (uint64_t)value, "unit", unit);
    return true;
}

int tocsin_check_in(const char *slug, int status, double seconds, const char *schedule, char id[33])
{
    static const char *const names[] = {"in_progress", "ok", "error"};
    char json[TOCSIN_MESSAGE_MAX + 1], name[TOCSIN_TYPE_MAX + 1], own[33];
    struct out o;
    KEEP_ERRNO;
    copy_text(name, slug, TOCSIN_TYPE_MAX);
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    if (!name[0] || status < TOCSIN_IN_PROGRESS || status > TOCSIN_CHECK_ERROR) {
        return TOCSIN_E_BAD;
    }
    bool given = id && status != TOCSIN_IN_PROGRESS && strnlen(id, 33) == 32;
    if (given) {
        memcpy(own, id, sizeof own);
    } else {
        as_id(own, random64(), random64());
    }
    as_begin(&o, json, sizeof json);
    as_print(&o, "{\"check_in_id\":%q%m%m", own, "monitor_slug", name, "status", names[status]);
    if (seconds >= 0 && seconds < 1e9) {
        as_print(&o, ",\"duration\":%t", (int64_t)(seconds * 1e9));
    }
    as_text(&o, ",");
    as_put(&o, crash.session.attrs + 1, strlen(crash.session.attrs) - 2);
    if (schedule && schedule[0] && !put_schedule(&o, schedule)) {
        return TOCSIN_E_BAD;
    }
    as_text(&o, "}");
    int result = as_end(&o) ? queue_item(KIND_CHECK_IN, json) : TOCSIN_E_BAD;
    if (result == TOCSIN_OK && id && !given) {
        memcpy(id, own, sizeof own);
    }
    return result;
}

int tocsin_thread_attach(void)
{
    KEEP_ERRNO;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    attach();
    return TOCSIN_OK;
}

int tocsin_modules_changed(void)
{
    KEEP_ERRNO;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    pthread_mutex_lock(&modules_lock);
    modules_refresh();
    pthread_mutex_unlock(&modules_lock);
    return TOCSIN_OK;
}

int tocsin_stats(tocsin_stats_t *stats)
{
    tocsin_stats_t s = {0};
    if (!stats || stats->size < sizeof(size_t)) {
        return TOCSIN_E_BAD;
    }
    s.size = stats->size;
    _Static_assert(sizeof count == offsetof(tocsin_stats_t, crash_ready) - sizeof s.size, "order");
    unsigned long *to = &s.accepted;
    for (atomic_ulong *from = &count.accepted; from <= &count.requests;) {
        *to++ = atomic_load(from++);
    }
    pthread_mutex_lock(&spool.lock);
    s.spool_files = spool.files;
    pthread_mutex_unlock(&spool.lock);
    s.crash_ready = atomic_load(&crash.installed) && as_fd(&crash_file) >= 0;
    memcpy(stats, &s, stats->size < sizeof s ? stats->size : sizeof s);
    return TOCSIN_OK;
}

int tocsin_send_dir(const char *dsn, const char *dir, int ms)
{
    char folder[PATH_BYTES];
    struct link l = {.file.fd = -1, .timeout_ms = TIMEOUT_MS};
    _Atomic int64_t until = now_ms() + (ms > 0 ? ms : 0);
    int sent = 0;
    int64_t limited;
    KEEP_ERRNO;
    if (!dir || !take(folder, sizeof folder, dir, strlen(dir))) {
        return TOCSIN_E_BAD;
    }
    if (!target_parse(&l.target, dsn)) {
        return TOCSIN_E_DSN;
    }
    char *buffer = malloc(REPLAY_BYTES);
    if (!buffer) {
        return TOCSIN_E_SYSTEM;
    }
    l.until = &until;
    if (!atomic_load(&random_state)) {
        prepare_random();
    }
    spool_adopt(folder);
    while (now_ms() < atomic_load(&until)) {
        int result = replay_one(&l, folder, buffer, REPLAY_BYTES, &limited);
        if (result == REPLAY_NONE || result == REPLAY_FAILED) {
            break;
        }
        sent += result == REPLAY_SENT;
    }
    link_close(&l);
    curl_close(&l);
    free(buffer);
    return sent;
}

const char *tocsin_strerror(int result)
{
    static const char *const texts[] = {"ok",
                                        "not open",
                                        "the DSN cannot be read",
                                        "full",
                                        "not sampled",
                                        "an argument is missing, malformed or too long",
                                        "the deadline came first",
                                        "the system refused memory, a thread or a folder",
                                        "already open or still closing"};
    return result <= 0 && result >= TOCSIN_E_BUSY ? texts[-result] : "unknown result";
}

#endif /* TOCSIN_CRASH_ONLY */
