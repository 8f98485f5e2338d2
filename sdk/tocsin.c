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

/* Small code everywhere but on the caller's path (section 7): the rest waits for the network. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC optimize("Os")
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
    CRUMB_BUDGET = 40 * 1024, /* raw breadcrumb text in one event: keeps crash files bounded */
    FATAL_SIGNALS = 7
};

enum { PART_TAGS, PART_USER, PART_CONTEXTS, PART_MISC, PART_CAUSES, PARTS };

/* Pieces of JSON without the enclosing braces, packed one behind the other. */
struct parts {
    uint16_t n[PARTS];
    char text[SCOPE_BYTES - PARTS * 2];
};

#if defined(__x86_64__)
enum { REGS = 17, REG_SP = 7, REG_FP = 6, REG_RA = 16, REG_PC = 16 };
#define RED_ZONE 128
#elif defined(__aarch64__)
enum { REGS = 33, REG_SP = 31, REG_FP = 29, REG_RA = 30, REG_PC = 32 };
#define RED_ZONE 0
#else
#error "tocsin: Linux on x86-64 and aarch64 only"
#endif

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

/* What the handler reads: all of it ready before the first crash. */
static struct {
    atomic_int owner, depth, finished; /* thread id; re-entries; the report is on disk */
    atomic_bool installed;
    atomic_int
        pid; /* whose crash file crash_fd is; another pid means a fork without fork handlers */
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
} crash;
static int crash_fd = -1, live_fd = -1; /* -1: none. Apart, so that `crash` is not in .data */

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

static void as_decimal(struct out *o, uint64_t v, int width)
{
    char t[24];
    int i = 24;
    do {
        t[--i] = (char)('0' + v % 10);
        v /= 10;
    } while (v || 24 - i < width);
    as_put(o, t + i, (size_t)(24 - i));
}

static void as_hex_digits(char *to, uint64_t v, int digits)
{
    for (int i = digits - 1; i >= 0; i--, v >>= 4) {
        to[i] = "0123456789abcdef"[v & 15];
    }
}

static void as_address(struct out *o, uint64_t v)
{
    char t[19] = "\"0x0000000000000000";
    int skip = 0;
    as_hex_digits(t + 3, v, 16);
    while (skip < 15 && t[3 + skip] == '0') {
        skip++;
    }
    as_put(o, "\"0x", 3);
    as_put(o, t + 3 + skip, (size_t)(16 - skip));
    as_put(o, "\"", 1);
}

/* Bytes of the UTF-8 character at `s`, 0 when it is none. */
static size_t as_utf8(const char *text, size_t left)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t n = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;
    if (!n || n > left) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool outside = (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf4 && s[1] > 0x8f);
    return n > 1 && (overlong || outside) ? 0 : n;
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
        if (c >= 0x80) {
            as_put(o, "\\ufffd", 6);
        } else {
            char t[6] = {'\\', 'u', '0', '0', '0', '0'};
            as_hex_digits(t + 4, c, 2);
            as_put(o,
                   c == '\n'   ? "\\n"
                   : c == '"'  ? "\\\""
                   : c == '\\' ? "\\\\"
                               : t,
                   c == '\n' || c == '"' || c == '\\' ? 2 : 6);
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

/* `,"name":"value"`, or nothing when there is no value. */
static void as_member(struct out *o, const char *name, const char *value)
{
    if (value && value[0]) {
        as_put(o, ",\"", 2);
        as_text(o, name);
        as_put(o, "\":", 2);
        as_string(o, value);
    }
}

static void as_seconds(struct out *o, int64_t ns)
{
    as_decimal(o, (uint64_t)ns / 1000000000u, 1);
    as_put(o, ".", 1);
    as_decimal(o, (uint64_t)ns % 1000000000u / 1000u, 6);
}

/* "2026-11-24T07:44:09.123Z": sessions take no numbers. Days to date after H. Hinnant. */
static void as_iso(struct out *o, int64_t ns)
{
    uint32_t second = (uint32_t)(ns / 1000000000 % 86400);
    uint32_t z = (uint32_t)(ns / 1000000000 / 86400) + 719468, era = z / 146097;
    uint32_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    uint32_t month = mp < 10 ? mp + 3 : mp - 9;
    const uint32_t v[6] = {yoe + era * 400 + (month <= 2),
                           month,
                           doy - (153 * mp + 2) / 5 + 1,
                           second / 3600,
                           second / 60 % 60,
                           second % 60};
    for (int i = 0; i < 6; i++) {
        as_put(o, &"\"--T::"[i], 1);
        as_decimal(o, v[i], i ? 2 : 4);
    }
    as_put(o, ".", 1);
    as_decimal(o, (uint64_t)ns % 1000000000u / 1000000u, 3);
    as_put(o, "Z\"", 2);
}

/* A tiny printf for JSON: %s text as it is, %q quoted and escaped, %m ,"name":"value" or nothing
 * (two arguments), %u number, %x "0x..", %t seconds and %i "date" of a time in ns. */
static void as_print(struct out *o, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    for (;;) {
        size_t n = 0;
        while (format[n] && format[n] != '%') {
            n++;
        }
        as_put(o, format, n);
        if (!format[n]) {
            break;
        }
        char kind = format[n + 1];
        format += n + 2;
        if (kind == 's' || kind == 'q' || kind == 'm') {
            const char *text = va_arg(list, const char *);
            if (kind == 'm') {
                as_member(o, text, va_arg(list, const char *));
            } else if (kind == 'q') {
                as_string(o, text);
            } else {
                as_text(o, text);
            }
            continue;
        }
        uint64_t v = va_arg(list, uint64_t);
        if (kind == 'u') {
            as_decimal(o, v, 1);
        } else if (kind == 'x') {
            as_address(o, v);
        } else if (kind == 't') {
            as_seconds(o, (int64_t)v);
        } else {
            as_iso(o, (int64_t)v);
        }
    }
    va_end(list);
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

static void as_part(struct out *o, const struct parts *p, int part)
{
    size_t at = 0;
    for (int i = 0; i < part; i++) {
        at += p->n[i];
    }
    as_put(o, p->text + at, p->n[part]);
}

/* `,"tags":{..},"user":{..},"contexts":{..}` and the event's own members. */
static void as_parts(struct out *o, const struct parts *scope, const struct parts *own)
{
    static const char *const open[] = {",\"tags\":{", ",\"user\":{", ",\"contexts\":{"};
    for (int part = PART_TAGS; part <= PART_CONTEXTS; part++) {
        bool of_own = own && own->n[part], both = scope->n[part] && of_own;
        if (!scope->n[part] && !of_own) {
            continue;
        }
        as_text(o, open[part]);
        if (part == PART_USER && of_own) {
            as_part(o, own, part); /* a security event's actor is not the program's user */
        } else {
            as_part(o, scope, part);
            as_text(o, both ? "," : "");
            if (of_own) {
                as_part(o, own, part);
            }
        }
        as_text(o, "}");
    }
    if (own) {
        as_part(o, own, PART_MISC);
    }
}

struct crumb {
    int64_t time_ns;
    int level;
    uint8_t category_n, message_n;
    char text[(CRUMB_WORDS - 3) * 8];
};

/* False when crumb `i` has been overwritten or is being written. */
static bool as_crumb(uint64_t i, struct crumb *c)
{
    _Atomic uint64_t *from = crumb_ring[i % CRUMB_SLOTS];
    uint64_t text[CRUMB_WORDS - 3];
    if (atomic_load_explicit(&from[0], memory_order_acquire) != 2 * i + 2) {
        return false;
    }
    c->time_ns = (int64_t)atomic_load_explicit(&from[1], memory_order_acquire);
    uint64_t meta = atomic_load_explicit(&from[2], memory_order_acquire);
    c->level = (int)(meta & 255);
    c->category_n = (uint8_t)(meta >> 8);
    c->message_n = (uint8_t)(meta >> 16);
    size_t n = (size_t)c->category_n + c->message_n;
    n = n > sizeof text ? sizeof text : n;
    for (size_t w = 0; w * 8 < n; w++) {
        text[w] = atomic_load_explicit(&from[3 + w], memory_order_acquire);
    }
    memcpy(c->text, text, (n + 7) / 8 * 8);
    return atomic_load_explicit(&from[0], memory_order_relaxed) == 2 * i + 2 &&
           (size_t)c->category_n + c->message_n <= sizeof text;
}

/* The newest crumbs before number `end`, oldest first, as many as the budget allows. */
static void as_crumbs(struct out *o, uint64_t end)
{
    struct crumb c;
    size_t budget = CRUMB_BUDGET;
    uint64_t first = end;
    const char *comma = "";
    while (first > 0 && end - first < TOCSIN_CRUMBS_MAX) {
        /* one that is being written this moment is left out, not the end of the list */
        size_t cost = as_crumb(first - 1, &c) ? 100u + c.category_n + c.message_n : 0;
        if (cost > budget) {
            break;
        }
        budget -= cost;
        first--;
    }
    if (first == end) {
        return;
    }
    as_text(o, ",\"breadcrumbs\":{\"values\":[");
    for (; first < end; first++) {
        if (!as_crumb(first, &c)) {
            continue;
        }
        as_print(o, "%s{\"timestamp\":%t%m,\"category\":\"", comma, c.time_ns, "level",
                 as_level(c.level));
        as_escaped(o, c.text, c.category_n);
        as_text(o, "\",\"message\":\"");
        as_escaped(o, c.text + c.category_n, c.message_n);
        as_text(o, "\"}");
        comma = ",";
    }
    as_text(o, "]}");
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

enum { RULE_SAME, RULE_UNDEFINED, RULE_OFFSET, RULE_VALUE, RULE_REGISTER, RULE_EXPR, RULE_VALEXPR };
enum { ROWS_MAX = 8, EXPR_DEPTH = 16, EXPR_STEPS = 200, PAGES = CRASH_COPY / PAGE };

struct row {
    int64_t cfa_offset;
    const uint8_t *cfa_expr; /* instead of register and offset */
    int cfa_register;
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
    const struct module_table *modules;
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
    uintptr_t here = (uintptr_t)c->p, v;
    switch (encoding & 15) {
    case 0:
    case 4:
    case 12:
        v = as_fixed(c, 8);
        break;
    case 3:
        v = as_fixed(c, 4);
        break;
    case 11:
        v = (uintptr_t)as_signed(c, 4);
        break;
    default:
        c->bad = true;
        return 0;
    }
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

/* What compilers and linkers emit in call frame information: PLT entries, signal frames and
 * realigned stacks. Anything else ends the stack there. */
static bool as_binary(uint8_t op, uint64_t a, uint64_t b, uint64_t *out)
{
    switch (op) {
    case 0x1a:
        *out = a & b;
        return true;
    case 0x1c:
        *out = a - b;
        return true;
    case 0x1e:
        *out = a * b;
        return true;
    case 0x22:
        *out = a + b;
        return true;
    case 0x24:
        *out = b < 64 ? a << b : 0;
        return true;
    case 0x2a:
        *out = (int64_t)a >= (int64_t)b;
        return true;
    default:
        return false;
    }
}

/* Operations that push one value: constants, registers, copies. */
static bool as_pushed(const struct unwind *u, struct cursor *c, uint8_t op, const uint64_t *top,
                      uint64_t *out)
{
    static const uint8_t size[] = {1, 1, 2, 2, 4, 4, 8, 8};
    if (op >= 0x30 && op <= 0x4f) {
        *out = op - 0x30u;
    } else if (op >= 0x70 && op < 0x70 + 32 && op - 0x70 < REGS) {
        *out = u->m.r[op - 0x70] + as_leb(c, true);
    } else if (op == 0x92) { /* bregx */
        uint64_t r = as_leb(c, false);
        *out = (r < REGS ? u->m.r[r] : 0) + as_leb(c, true);
        return r < REGS;
    } else if (op == 0x03) {
        *out = as_fixed(c, 8);
    } else if (op >= 0x08 && op <= 0x0f) {
        size_t n = size[op - 0x08];
        *out = op & 1 ? (uint64_t)as_signed(c, n) : as_fixed(c, n);
    } else if (op == 0x10 || op == 0x11) {
        *out = as_leb(c, op == 0x11);
    } else if (op == 0x12 && top) {
        *out = *top;
    } else {
        return false;
    }
    return true;
}

/* Evaluates the block at `block` (its length first), starting with `start` on the stack. */
static bool as_expression(const struct unwind *u, const uint8_t *block, uint64_t start,
                          uintptr_t *out)
{
    struct cursor c = {block, block + 512, false};
    uint64_t stack[EXPR_DEPTH + 1] = {start}, v;
    int n = 1;
    size_t length = as_leb(&c, false);
    if (c.bad || length > 400) {
        return false;
    }
    c.end = c.p + length;
    for (int steps = 0; c.p < c.end && !c.bad; steps++) {
        uint8_t op = (uint8_t)as_fixed(&c, 1);
        if (steps > EXPR_STEPS || n >= EXPR_DEPTH) {
            return false;
        }
        if (as_pushed(u, &c, op, n ? &stack[n - 1] : NULL, &v)) {
            stack[n++] = v;
        } else if (n >= 2 && as_binary(op, stack[n - 2], stack[n - 1], &v)) {
            stack[--n - 1] = v;
        } else if (op == 0x23 && n >= 1) { /* plus_uconst */
            stack[n - 1] += as_leb(&c, false);
        } else if (op == 0x06 && n >= 1) { /* deref */
            uintptr_t word;
            if (!as_word(u, stack[n - 1], &word)) {
                return false;
            }
            stack[n - 1] = word;
        } else if (op != 0x96) { /* nop */
            return false;
        }
    }
    *out = n ? stack[n - 1] : 0;
    return n > 0 && !c.bad;
}

static void as_set(struct row *row, uint64_t reg, uint8_t how, int64_t value)
{
    if (reg < REGS) {
        row->how[reg] = how;
        row->value[reg] = value;
    }
}

/* The opcodes that say how one register, or the frame address, is found. */
static void as_rule(struct unwind *u, struct cursor *c, uint8_t op, int64_t data_align)
{
    struct row *row = &u->row;
    uint64_t reg = op == 0x0e || op == 0x0f || op == 0x13 ? 0 : as_leb(c, false);
    const uint8_t *block = c->p;
    switch (op) {
    case 0x05:
        as_set(row, reg, RULE_OFFSET, (int64_t)as_leb(c, false) * data_align);
        break;
    case 0x06:
        as_set(row, reg, u->initial.how[reg % REGS], u->initial.value[reg % REGS]);
        break;
    case 0x07:
        as_set(row, reg, RULE_UNDEFINED, 0);
        break;
    case 0x08:
        as_set(row, reg, RULE_SAME, 0);
        break;
    case 0x09:
        as_set(row, reg, RULE_REGISTER, (int64_t)as_leb(c, false));
        break;
    case 0x11:
        as_set(row, reg, RULE_OFFSET, (int64_t)as_leb(c, true) * data_align);
        break;
    case 0x14:
        as_set(row, reg, RULE_VALUE, (int64_t)as_leb(c, false) * data_align);
        break;
    case 0x15:
        as_set(row, reg, RULE_VALUE, (int64_t)as_leb(c, true) * data_align);
        break;
    case 0x0c:
    case 0x12:
        row->cfa_register = (int)reg;
        row->cfa_expr = NULL;
        row->cfa_offset =
            op == 0x0c ? (int64_t)as_leb(c, false) : (int64_t)as_leb(c, true) * data_align;
        break;
    case 0x0d:
        row->cfa_register = (int)reg;
        row->cfa_expr = NULL;
        break;
    case 0x0e:
        row->cfa_offset = (int64_t)as_leb(c, false);
        break;
    case 0x13:
        row->cfa_offset = (int64_t)as_leb(c, true) * data_align;
        break;
    case 0x0f:
    case 0x10:
    case 0x16:
        if (op == 0x0f) {
            row->cfa_expr = block;
        } else {
            as_set(row, reg, op == 0x10 ? RULE_EXPR : RULE_VALEXPR, (int64_t)(intptr_t)block);
        }
        as_skip(c, as_leb(c, false)); /* the cursor is at the length, then past the block */
        break;
    default:
        c->bad = true;
    }
}

/* Runs call frame instructions until location passes `target`. */
static void as_program(struct unwind *u, struct cursor *c, uintptr_t location, uintptr_t target,
                       uint64_t code_align, int64_t data_align, uint8_t encoding)
{
    int depth = 0;
    while (c->p < c->end && !c->bad && location <= target) {
        uint8_t op = (uint8_t)as_fixed(c, 1);
        switch (op & 0xc0) {
        case 0x40:
            location += (op & 63u) * code_align;
            continue;
        case 0x80:
            as_set(&u->row, op & 63u, RULE_OFFSET, (int64_t)as_leb(c, false) * data_align);
            continue;
        case 0xc0:
            as_set(&u->row, op & 63u, u->initial.how[(op & 63u) % REGS],
                   u->initial.value[(op & 63u) % REGS]);
            continue;
        default:
            break;
        }
        switch (op) {
        case 0x00:
        case 0x2d:
            break; /* nop; aarch64: toggles return address signing */
        case 0x01:
            location = as_encoded(c, encoding, 0);
            break;
        case 0x02:
            location += as_fixed(c, 1) * code_align;
            break;
        case 0x03:
            location += as_fixed(c, 2) * code_align;
            break;
        case 0x04:
            location += as_fixed(c, 4) * code_align;
            break;
        case 0x0a:
            c->bad = depth >= ROWS_MAX;
            if (!c->bad) {
                u->saved[depth++] = u->row;
            }
            break;
        case 0x0b:
            c->bad = depth == 0;
            if (!c->bad) {
                u->row = u->saved[--depth];
            }
            break;
        case 0x2e:
            as_leb(c, false);
            break; /* GNU args_size */
        default:
            as_rule(u, c, op, data_align);
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

/* Fills u->row for `pc`. `signal_frame` is set for frames the kernel pushed. */
static bool as_row(struct unwind *u, const struct module *m, uintptr_t pc, bool *signal_frame)
{
    const uint8_t *fde = as_description(m, pc);
    if (!fde) {
        return false;
    }
    struct cursor c = {fde, (const uint8_t *)m->end, false}, k = c; // NOLINT
    uint64_t length = as_fixed(&c, 4);
    const uint8_t *here = c.p;
    uint64_t back = as_fixed(&c, 4);
    if (length >= 0xfffffff0u || length > (size_t)(c.end - here) ||
        back > (uintptr_t)here - m->start) {
        return false;
    }
    c.end = here + length;
    k.p = here - back;
    length = as_fixed(&k, 4);
    if (length >= 0xfffffff0u || length > (size_t)(k.end - k.p)) {
        return false;
    }
    k.end = k.p + length;
    as_fixed(&k, 4);
    uint8_t version = (uint8_t)as_fixed(&k, 1), encoding = 0;
    const char *augmentation = (const char *)k.p;
    while (as_fixed(&k, 1)) {
    }
    uint64_t code_align = as_leb(&k, false);
    int64_t data_align = (int64_t)as_leb(&k, true);
    uint64_t ra = version == 1 ? as_fixed(&k, 1) : as_leb(&k, false);
    if (augmentation[0] == 'z') {
        struct cursor program = k;
        as_skip(&program, as_leb(&program, false));
        as_leb(&k, false);
        for (const char *a = augmentation + 1; *a && !k.bad; a++) {
            if (*a == 'R') {
                encoding = (uint8_t)as_fixed(&k, 1);
            } else if (*a == 'P') {
                uint8_t e = (uint8_t)as_fixed(&k, 1);
                as_encoded(&k, e, 0);
            } else if (*a == 'L') {
                as_fixed(&k, 1);
            }
            *signal_frame |= *a == 'S';
        }
        k.bad |= program.bad;
        k.p = program.p;
    }
    uintptr_t start = as_encoded(&c, encoding, 0), size = as_encoded(&c, encoding & 15, 0);
    if (augmentation[0] == 'z') {
        as_skip(&c, as_leb(&c, false));
    }
    if (k.bad || c.bad || ra != REG_RA || pc - start >= size) {
        return false;
    }
    memset(&u->row, 0, sizeof u->row);
    as_program(u, &k, 0, 0, code_align, data_align, encoding);
    u->initial = u->row;
    as_program(u, &c, start, pc, code_align, data_align, encoding);
    return !k.bad && !c.bad;
}

static bool as_apply(struct unwind *u)
{
    const struct row *row = &u->row;
    struct machine next = u->m;
    uintptr_t cfa;
    if (row->cfa_expr) {
        if (!as_expression(u, row->cfa_expr, 0, &cfa)) {
            return false;
        }
    } else {
        cfa =
            (row->cfa_register < REGS ? u->m.r[row->cfa_register] : 0) + (uintptr_t)row->cfa_offset;
    }
    next.r[REG_SP] = cfa;
    for (int i = 0; i < REGS; i++) {
        uintptr_t address = cfa + (uintptr_t)row->value[i];
        const uint8_t *block = (const uint8_t *)(intptr_t)row->value[i]; // NOLINT
        bool ok = true;
        switch (row->how[i]) {
        case RULE_OFFSET:
            ok = as_word(u, address, &next.r[i]);
            break;
        case RULE_VALUE:
            next.r[i] = address;
            break;
        case RULE_REGISTER:
            next.r[i] = row->value[i] < REGS ? u->m.r[row->value[i]] : 0;
            break;
        case RULE_EXPR:
            ok = as_expression(u, block, cfa, &address) && as_word(u, address, &next.r[i]);
            break;
        case RULE_VALEXPR:
            ok = as_expression(u, block, cfa, &next.r[i]);
            break;
        case RULE_UNDEFINED:
            next.r[i] = 0;
            break;
        default:
            break;
        }
        if (!ok && (i == REG_RA || i == REG_SP)) {
            return false;
        }
    }
    next.r[REG_PC] = next.r[REG_RA];
    u->m = next;
    return true;
}

/* The kernel's signal frame where libc has no call frame information (musl): known by the two
 * instructions of its return stub, saved registers at a fixed place above the stack pointer. */
static bool as_trampoline(struct unwind *u)
{
#if defined(__x86_64__)
    static const unsigned char code[] = {0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 0x05};
    static const uint8_t order[] = {8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7, 16};
    uintptr_t saved = u->m.r[REG_SP] + offsetof(ucontext_t, uc_mcontext);
#else
    static const unsigned char code[] = {0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4};
    uintptr_t saved = u->m.r[REG_SP] + 128 + offsetof(ucontext_t, uc_mcontext) + 8;
#endif
    unsigned char found[sizeof code];
    struct machine next = u->m;
    if (!as_read(u->probe_fd, u->m.r[REG_PC], found, sizeof found)) {
        return false;
    }
    for (size_t i = 0; i < sizeof code; i++) {
        if (found[i] != code[i]) {
            return false;
        }
    }
    for (int i = 0; i < REGS; i++) {
#if defined(__x86_64__)
        int to = order[i];
#else
        int to = i;
#endif
        if (!as_word(u, saved + (size_t)i * 8, &next.r[to])) {
            return false;
        }
    }
    u->m = next;
    u->at_fault = true;
    return true;
}

/* Replaces the registers by the caller's. False at the end of the stack. */
static bool as_step(struct unwind *u)
{
    uintptr_t sp = u->m.r[REG_SP], pc = u->m.r[REG_PC], fp = u->m.r[REG_FP], word;
    bool first = u->n_frames <= 1, at_fault = u->at_fault, signal_frame = false;
    const struct module *m = as_module(u->modules, pc - !at_fault);
    u->at_fault = false;
    if (m && as_row(u, m, pc - !at_fault, &signal_frame)) {
        if (!as_apply(u)) {
            return false;
        }
        u->at_fault = signal_frame;
        return signal_frame || first || u->m.r[REG_SP] > sp ||
               (u->m.r[REG_SP] == sp && u->m.r[REG_PC] != pc);
    }
    if (!first && as_trampoline(u)) { /* also where the kernel's page of stubs is no module */
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
    while (u->n_frames < FRAMES_MAX) {
#if defined(__aarch64__)
        u->m.r[REG_PC] &= 0x0000ffffffffffffu; /* pointer authentication bits */
#endif
        if (!u->m.r[REG_PC] && u->n_frames) {
            break;
        }
        u->frames[u->n_frames++] = u->m.r[REG_PC];
        if (!as_step(u)) {
            break;
        }
    }
}

/* `"stacktrace":{"frames":[..]}`, oldest first, from frame `skip` on. */
static void as_frames(struct out *o, const struct unwind *u, int skip)
{
    as_text(o, "\"stacktrace\":{\"frames\":[");
    for (int i = u->n_frames - 1; i >= skip; i--) {
        const struct module *m = as_module(u->modules, u->frames[i] - (i > 0));
        as_print(o, "{\"instruction_addr\":%x", u->frames[i]);
        if (m) {
            as_print(o, ",\"image_addr\":%x%m", m->start, "package", m->path);
        }
        as_text(o, i > skip ? "}," : "}");
    }
    as_text(o, "]}");
}

static void as_image(struct out *o, const struct module *m)
{
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    char id[2 * BUILD_ID_MAX + 1] = "", guid[37] = "";
    size_t at = 0;
    for (size_t i = 0; i < m->build_id_n; i++) {
        as_hex_digits(id + 2 * i, m->build_id[i], 2);
    }
    for (size_t i = 0; i < 16 && m->build_id_n; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            guid[at++] = '-';
        }
        as_hex_digits(guid + at, m->build_id[order[i]], 2);
        at += 2;
    }
    as_print(o, "{\"type\":\"elf\",\"image_addr\":%x,\"image_size\":%u%m%m%m}", m->start,
             m->end - m->start, "code_file", m->path, "code_id", id, "debug_id", guid);
}

/* Only the images the frames touch: a fifth of the size of them all. */
static void as_images(struct out *o, const struct unwind *u)
{
    const char *comma = "";
    as_text(o, ",\"debug_meta\":{\"images\":[");
    for (int k = 0; u->modules && k < u->modules->n; k++) {
        for (int i = 0; i < u->n_frames; i++) {
            if (as_module(u->modules, u->frames[i] - (i > 0)) == &u->modules->m[k]) {
                as_text(o, comma);
                as_image(o, &u->modules->m[k]);
                comma = ",";
                break;
            }
        }
    }
    as_text(o, "]}");
}

/* ==== 4 the crash handler ==================================================================== */

/* Order matters: the file, its blocks, the buffers, the ids and the module table exist before;
 * nothing here allocates, locks, waits for another thread or runs user code. The file is written
 * in place, cut to length and renamed, so a report is either whole or not there. A second fault
 * inside (depth 2) reports what is known so far; a third gives up and lets the process die. */

static unsigned char crash_copy[CRASH_COPY];
static char crash_buffer[CRASH_BUFFER];
static struct unwind crash_unwind;
static union scope crash_scope;

static void as_registers(struct machine *m, const ucontext_t *context)
{
#if defined(__x86_64__)
    static const uint8_t order[] = {13, 12, 14, 11, 9, 8, 10, 15, 0, 1, 2, 3, 4, 5, 6, 7, 16};
    for (int i = 0; i < REGS; i++) {
        m->r[i] = (uintptr_t)context->uc_mcontext.gregs[order[i]];
    }
#else
    for (int i = 0; i < 31; i++) {
        m->r[i] = context->uc_mcontext.regs[i];
    }
    m->r[REG_SP] = context->uc_mcontext.sp;
    m->r[REG_PC] = context->uc_mcontext.pc;
#endif
}

/* Copies the stack page by page; pages that are not there (a guard page after an overflow)
 * become holes. */
static void as_copy_stack(struct unwind *u)
{
    int unreadable = 0;
    u->copy = crash_copy;
    u->at = u->m.r[REG_SP] & ~(uintptr_t)(PAGE - 1);
    u->holes = 0;
    u->live = true;
    for (int i = 0; i < PAGES; i++) {
        uintptr_t from = u->at + (uintptr_t)i * PAGE;
        if (unreadable > 2 || !as_read(u->probe_fd, from, crash_copy + i * PAGE, PAGE)) {
            u->holes |= 1u << i;
            unreadable++;
        }
    }
    u->n = CRASH_COPY;
}

static int as_fatal_index(int signal)
{
    int i = 0;
    while (i < FATAL_SIGNALS - 1 && fatal[i].number != signal) {
        i++;
    }
    return i;
}

/* `"exception":{..}` with the signal, or what tocsin_crash_reason said before. */
static void as_exception(struct out *o, const struct unwind *u, const siginfo_t *info, long tid)
{
    int i = as_fatal_index(info->si_signo);
    bool sent = info->si_code <= 0, has_address = !sent && i != 1 && i != 6;
    as_print(o, ",\"exception\":{\"values\":[{\"type\":%q,\"value\":\"",
             crash.reason_type[0] ? crash.reason_type : fatal[i].name);
    if (crash.reason_type[0]) {
        as_escaped(o, crash.reason_value, as_length(crash.reason_value, TOCSIN_NOTE_MAX));
    } else {
        as_text(o, fatal[i].text);
        if (sent && i != 1) {
            as_print(o, ", sent by process %u", (uint64_t)(unsigned)info->si_pid);
        }
    }
    as_print(o,
             "\",\"thread_id\":%u,\"mechanism\":{\"type\":\"signalhandler\",\"handled\":false,"
             "\"meta\":{\"signal\":{\"number\":%u%m,\"code\":%s%u}}",
             (uint64_t)tid, (uint64_t)(unsigned)info->si_signo, "name", fatal[i].name,
             info->si_code < 0 ? "-" : "",
             (uint64_t)(info->si_code < 0 ? -(int64_t)info->si_code : info->si_code));
    if (has_address) {
        as_print(o, ",\"data\":{\"address\":%x}", (uintptr_t)info->si_addr);
    }
    as_text(o, "},");
    as_frames(o, u, 0);
    as_text(o, "}]}");
}

/* Ends the envelope: the session, and what was queued and is lost with the process. */
static void as_crash_tail(struct out *o, int64_t now)
{
    uint64_t lost = atomic_load(&queue_tail) - atomic_load(&queue_head);
    if (crash.session.active) {
        as_text(o, "{\"type\":\"session\"}\n");
        atomic_fetch_add(&crash.session.errors, 1);
        as_session(o, &crash.session, "crashed", now);
        as_text(o, "\n");
    }
    if (lost) {
        as_print(o,
                 "{\"type\":\"client_report\"}\n{\"timestamp\":%t,\"discarded_events\":[{"
                 "\"reason\":\"internal_sdk_error\",\"category\":\"error\",\"quantity\":%u}]}\n",
                 now, lost);
    }
}

static void as_report(int fd, const struct unwind *u, const siginfo_t *info, long tid, int depth)
{
    struct out o = {crash_buffer, 0, CRASH_BUFFER, fd, 0, CRASH_BYTES, false};
    int64_t now = as_clock();
    as_print(
        &o, "{%s%m}\n{\"type\":\"event\"}\n{\"event_id\":%q,\"timestamp\":%t,\"level\":\"fatal\"%s",
        crash.envelope, "event_id", crash.id, crash.id, now, crash.head);
    as_exception(&o, u, info, tid);
    as_images(&o, u);
    if (depth < 2) {
        as_scope(&crash_scope);
        as_parts(&o, &crash_scope.parts, NULL);
        if (crash.note[0]) {
            as_print(&o, ",\"extra\":{\"note\":%q}", crash.note);
        }
        as_crumbs(&o, atomic_load(&crumb_next));
    }
    as_text(&o, "}\n");
    as_crash_tail(&o, now);
    if (as_flush(&o) && ftruncate(fd, (off_t)o.offset) == 0) {
        rename(crash.path, crash.final);
        if (live_fd >= 0 && ftruncate(live_fd, 0) != 0) {
            return; /* then the session is told abnormal too; the server keeps the crash */
        }
    }
}

static char *as_join(char *to, const char *end, const char *text)
{
    while (*text && to < end) {
        *to++ = *text++;
    }
    *to = '\0';
    return to;
}

/* Names the crash file `tag` will be written to and renamed to: the id makes it unique. */
static void as_name_files(uint64_t tag, int64_t now)
{
    char text[17] = "";
    char *end = crash.path + sizeof crash.path - 1;
    as_hex_digits(text, tag, 16);
    as_join(as_join(as_join(crash.path, end, crash.dir), end, "/"), end, text);
    as_join(crash.path + as_length(crash.path, sizeof crash.path), end, ".crash");
    end = crash.final + sizeof crash.final - 1;
    as_hex_digits(text, (uint64_t)now, 16);
    char *to = as_join(as_join(as_join(crash.final, end, crash.dir), end, "/"), end, text);
    as_join(as_join(as_join(to, end, "-"), end, crash.id), end, "-c.envelope");
}

/* Two random 64-bit words as a version 4 UUID without dashes. */
static void as_id(char out[33], uint64_t a, uint64_t b)
{
    as_hex_digits(out, (a & ~0xf000ull) | 0x4000u, 16);
    as_hex_digits(out + 16, (b & ~(3ull << 62)) | (1ull << 63), 16);
    out[32] = '\0';
}

/* A forked child that never called us has no crash file: only here is one opened in a handler,
 * so that fork and exec cost nothing and leave nothing behind. */
static int as_crash_file(int pid)
{
    if (pid == atomic_load(&crash.pid)) {
        return crash_fd;
    }
    if (!crash.dir[0]) {
        return -1;
    }
    live_fd = -1;
    crash.session.active = false; /* the parent's, and it goes on */
    uint64_t seed = crash.id_seed ^ (uint64_t)as_clock() ^ ((uint64_t)(unsigned)pid << 32);
    as_id(crash.id, as_mix(seed), as_mix(seed + 1));
    as_name_files(as_mix(seed + 2), as_clock());
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
    as_registers(&before, context);
    if (old->sa_flags & SA_SIGINFO) {
        old->sa_sigaction(signal, info, context);
    } else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
        old->sa_handler(signal);
    } else {
        return false;
    }
    as_registers(&after, context);
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
    if ((crash.flags & TOCSIN_CHAIN_FIRST) && !atomic_load(&crash.owner) &&
        as_chained(signal, info, context)) {
        errno = saved_errno;
        return;
    }
    if (as_own(tid)) {
        int depth = atomic_fetch_add(&crash.depth, 1) + 1;
        int fd = depth <= 2 ? as_crash_file(pid) : -1;
        if (fd >= 0) {
            struct unwind *u = &crash_unwind;
            if (depth == 1) {
                as_registers(&u->m, context);
                u->modules = atomic_load(&modules_now);
                u->probe_fd = fd;
                u->at_fault = hardware;
                as_copy_stack(u);
                as_unwind(u);
            }
            as_report(fd, u, info, tid, depth);
        }
        as_restore();
        atomic_store(&crash.finished, 1);
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
    unsigned long long adds, subs;
    bool counted;
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
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
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

static void attach_slowly(void)
{
    pthread_attr_t attr;
    void *low;
    size_t size;
    self.attached = true;
    self.tid = (int)syscall(SYS_gettid);
    if (pthread_getattr_np(pthread_self(), &attr) == 0) {
        if (pthread_attr_getstack(&attr, &low, &size) == 0) {
            self.stack_low = (uintptr_t)low;
            self.stack_high = (uintptr_t)low + size;
        }
        pthread_attr_destroy(&attr);
    }
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

static void module_build_id(struct module *m, const unsigned char *p, size_t left)
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
static void module_fold(struct module *m, const unsigned char *code, size_t n)
{
    for (size_t i = 0; i < n && i < PAGE; i++) {
        m->build_id[i % 16] ^= code[i];
    }
    m->build_id_n = 16;
}

/* The loader names the program by nothing, or musl by a link: what counts is the file. */
static void module_path(struct module *m, const char *name, bool first)
{
    ssize_t n = first ? readlink("/proc/self/exe", m->path, sizeof m->path - 1) : -1;
    if (n > 0) {
        m->path[n] = '\0';
    } else {
        copy_text(m->path, name, sizeof m->path - 1);
    }
}

static int module_add(struct dl_phdr_info *info, size_t size, void *data)
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
            module_build_id(m, (const unsigned char *)at, p->p_memsz); // NOLINT
        }
    }
    m->start = low & ~(uintptr_t)(PAGE - 1);
    m->end = high;
    if (!m->build_id_n && code) {
        module_fold(m, (const unsigned char *)info->dlpi_addr + code->p_vaddr, // NOLINT
                    code->p_memsz);
    }
    module_path(m, info->dlpi_name, t->n == 0);
    t->n += high > low;
    return 0;
}

/* Under modules_lock. The handler may read the published table at any moment. */
static void modules_refresh(void)
{
    struct module_table *now = atomic_load(&modules_now);
    struct module_table *next = now == &module_tables[0] ? &module_tables[1] : &module_tables[0];
    next->n = 0;
    dl_iterate_phdr(module_add, next);
    atomic_store(&modules_now, next);
}

static int modules_count(struct dl_phdr_info *info, size_t size, void *data)
{
    bool *changed = data;
    if (size >= offsetof(struct dl_phdr_info, dlpi_subs) + sizeof info->dlpi_subs) {
        *changed = !modules_seen.counted || modules_seen.adds != info->dlpi_adds ||
                   modules_seen.subs != info->dlpi_subs;
        modules_seen.adds = info->dlpi_adds;
        modules_seen.subs = info->dlpi_subs;
        modules_seen.counted = true;
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

/* The fields as set; what goes out is their JSON, made at set time. One entry more than may be
 * set, so that removing what is not there copies the last onto itself. Under scope_lock. */
struct tag {
    char key[TOCSIN_KEY_MAX + 1], value[TOCSIN_VALUE_MAX + 1];
};
static struct scope_fields {
    int n_tags, n_contexts;
    struct tag tags[TOCSIN_TAGS_MAX + 1];
    char user[3][TOCSIN_VALUE_MAX + 1]; /* id, email, ip_address */
    struct {
        char name[TOCSIN_KEY_MAX + 1], json[TOCSIN_CONTEXT_MAX + 1];
    } contexts[TOCSIN_CONTEXTS_MAX + 1];
    char system[512]; /* "os":{..},"device":{..} */
} scope, scope_before;

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

/* True when `s` is one JSON object of at most 32 levels. No recursion: the levels are bits. */
static bool json_object(const char *s)
{
    enum { VALUE, FIRST, KEY, AFTER } want = VALUE;
    uint64_t arrays = 0;
    int depth = 0;
    for (;;) {
        s += strspn(s, " \t\r\n");
        bool in_array = arrays & 1, closes = *s == (in_array ? ']' : '}');
        if (depth && closes && (want == AFTER || want == FIRST)) {
            arrays >>= 1;
            depth--;
            s++;
            want = AFTER;
            if (!depth) {
                return s[strspn(s, " \t\r\n")] == '\0';
            }
        } else if (want == AFTER) {
            if (*s++ != ',') {
                return false;
            }
            want = in_array ? VALUE : KEY;
        } else if (depth && !in_array && (want == FIRST || want == KEY)) {
            s = *s == '"' ? json_scalar(s) : NULL;
            if (!s || *(s += strspn(s, " \t\r\n")) != ':') {
                return false;
            }
            s++;
            want = VALUE;
        } else if (*s == '{' || (*s == '[' && depth)) {
            arrays = arrays << 1 | (*s++ == '[');
            want = FIRST;
            if (++depth > 32) {
                return false;
            }
        } else {
            s = depth ? json_scalar(s) : NULL;
            if (!s) {
                return false;
            }
            want = AFTER;
        }
    }
}

/* A validated object on one line: envelopes end items at a newline. */
static void put_json(struct out *o, const char *json)
{
    for (; *json; json++) {
        as_put(o, *json == '\n' || *json == '\r' ? " " : json, 1);
    }
}

/* Starts a list of parts in `p`; `part_end` closes the running one. */
static struct out parts_begin(struct parts *p, size_t cap)
{
    memset(p->n, 0, sizeof p->n);
    return (struct out){p->text, 0, cap, -1, 0, 0, false};
}

static void part_end(struct parts *p, int part, const struct out *o)
{
    size_t before = 0;
    for (int i = 0; i < part; i++) {
        before += p->n[i];
    }
    p->n[part] = (uint16_t)(o->n - before);
}

static void put_pair(struct out *o, const char **comma, const char *name, const char *value)
{
    as_text(o, *comma);
    as_string(o, name);
    as_text(o, ":");
    as_string(o, value);
    *comma = ",";
}

/* Writes the scope's JSON into the half nobody reads, then publishes it. Under scope_lock. */
static int scope_publish(void)
{
    static const char *const user[] = {"id", "email", "ip_address"};
    static union scope next;
    struct out o = parts_begin(&next.parts, sizeof next.parts.text);
    const char *comma = "";
    for (int i = 0; i < scope.n_tags; i++) {
        put_pair(&o, &comma, scope.tags[i].key, scope.tags[i].value);
    }
    part_end(&next.parts, PART_TAGS, &o);
    comma = "";
    for (int i = 0; i < 3; i++) {
        if (scope.user[i][0]) {
            put_pair(&o, &comma, user[i], scope.user[i]);
        }
    }
    part_end(&next.parts, PART_USER, &o);
    as_text(&o, scope.system);
    for (int i = 0; i < scope.n_contexts; i++) {
        as_text(&o, ",");
        as_string(&o, scope.contexts[i].name);
        as_text(&o, ":");
        put_json(&o, scope.contexts[i].json);
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

static bool is_open(void)
{
    return atomic_load_explicit(&state, memory_order_acquire) == OPEN;
}

/* Publishes the changed scope, or puts back what `before` holds. Unlocks. */
static int scope_finish(int result, int saved_errno)
{
    if (result == TOCSIN_OK) {
        result = scope_publish();
    }
    if (result != TOCSIN_OK) {
        scope = scope_before;
    }
    pthread_mutex_unlock(&scope_lock);
    errno = saved_errno;
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

int tocsin_tag(const char *key, const char *value)
{
    int i = 0, saved = errno, result = TOCSIN_OK;
    if (!scope_begin()) {
        return TOCSIN_E_CLOSED;
    }
    struct tag tag;
    copy_text(tag.key, key, TOCSIN_KEY_MAX);
    copy_text(tag.value, value, TOCSIN_VALUE_MAX);
    while (i < scope.n_tags && strcmp(scope.tags[i].key, tag.key) != 0) {
        i++;
    }
    bool is_new = i == scope.n_tags;
    if (!tag.key[0]) {
        result = TOCSIN_E_BAD;
    } else if (!value) {
        scope.n_tags -= !is_new;
        scope.tags[i] = scope.tags[scope.n_tags];
    } else if (i == TOCSIN_TAGS_MAX) {
        result = TOCSIN_E_FULL;
    } else {
        scope.tags[i] = tag;
        scope.n_tags += is_new;
    }
    return scope_finish(result, saved);
}

int tocsin_user(const char *id, const char *email, const char *ip)
{
    int saved = errno;
    if (!scope_begin()) {
        return TOCSIN_E_CLOSED;
    }
    copy_text(scope.user[0], id, TOCSIN_VALUE_MAX);
    copy_text(scope.user[1], email, TOCSIN_VALUE_MAX);
    copy_text(scope.user[2], ip, TOCSIN_VALUE_MAX);
    return scope_finish(TOCSIN_OK, saved);
}

int tocsin_context(const char *name, const char *json)
{
    char key[TOCSIN_KEY_MAX + 1];
    int i = 0, saved = errno, result = TOCSIN_OK;
    bool fits = !json || strnlen(json, TOCSIN_CONTEXT_MAX + 1) <= TOCSIN_CONTEXT_MAX;
    copy_text(key, name, TOCSIN_KEY_MAX);
    if (!scope_begin()) {
        return TOCSIN_E_CLOSED;
    }
    while (i < scope.n_contexts && strcmp(scope.contexts[i].name, key) != 0) {
        i++;
    }
    bool is_new = i == scope.n_contexts;
    if (!key[0] || strcmp(key, "os") == 0 || strcmp(key, "device") == 0 || !fits ||
        (json && !json_object(json))) {
        result = TOCSIN_E_BAD;
    } else if (!json) {
        scope.n_contexts -= !is_new;
        scope.contexts[i] = scope.contexts[scope.n_contexts];
    } else if (i == TOCSIN_CONTEXTS_MAX) {
        result = TOCSIN_E_FULL;
    } else {
        copy_text(scope.contexts[i].name, key, TOCSIN_KEY_MAX);
        copy_text(scope.contexts[i].json, json, TOCSIN_CONTEXT_MAX);
        scope.n_contexts += is_new;
    }
    return scope_finish(result, saved);
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
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    int saved = errno;
    attach();
    uint64_t i = atomic_fetch_add_explicit(&crumb_next, 1, memory_order_acq_rel);
    _Atomic uint64_t *to = crumb_ring[i % CRUMB_SLOTS];
    uint64_t seen = atomic_load_explicit(&to[0], memory_order_relaxed);
    if ((seen & 1) || !atomic_compare_exchange_strong(&to[0], &seen, 2 * i + 1)) {
        add(&count.crumbs_lost);
        errno = saved;
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
    errno = saved;
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
    union scope scope;
    uint16_t own_n[PARTS];
    char type[TOCSIN_TYPE_MAX + 1], message[TOCSIN_MESSAGE_MAX + 1]; /* items: type and JSON */
    char own[OWN_BYTES];
    unsigned char stack[]; /* queue.stack_bytes, from r[REG_SP] up */
};

static struct {
    char *base;
    size_t stride, mapped;
    uint64_t mask;
    uint32_t stack_bytes;
    bool used;
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
    return (struct slot *)(void *)(queue.base + (position & queue.mask) * queue.stride);
}

static struct slot *queue_claim(uint64_t *position)
{
    uint64_t p = atomic_load_explicit(&queue_tail, memory_order_relaxed);
    for (;;) {
        struct slot *s = slot_at(p);
        int64_t ahead =
            (int64_t)(atomic_load_explicit(&s->turn, memory_order_acquire) + (p & queue.mask) - p);
        if (ahead < 0) {
            return NULL;
        }
        if (ahead > 0) {
            p = atomic_load_explicit(&queue_tail, memory_order_relaxed);
        } else if (atomic_compare_exchange_weak(&queue_tail, &p, p + 1)) {
            *position = p;
            return s;
        }
    }
}

static struct slot *queue_take(uint64_t *position)
{
    uint64_t p = atomic_load(&queue_head);
    for (;;) {
        struct slot *s = slot_at(p);
        int64_t ahead = (int64_t)(atomic_load(&s->turn) + (p & queue.mask) - (p + 1));
        if (ahead < 0) {
            return NULL;
        }
        if (ahead > 0) {
            p = atomic_load(&queue_head);
        } else if (atomic_compare_exchange_weak(&queue_head, &p, p + 1)) {
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
        (sleep == LINGERING && position - atomic_load(&queue_head) >= queue.mask / 2)) {
        sender_wake();
    }
}

static void queue_release(struct slot *s, uint64_t position)
{
    atomic_store_explicit(&s->turn, position + queue.mask + 1 - (position & queue.mask),
                          memory_order_release);
    atomic_fetch_add(&queue_done, 1);
    if (atomic_load(&progress_waiters)) {
        atomic_fetch_add(&progress, 1);
        futex(&progress, 1, INT32_MAX, NULL);
    }
}

static void queue_reset(void)
{
    for (uint64_t i = 0; i <= queue.mask; i++) {
        atomic_store(&slot_at(i)->turn, 0);
    }
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
    size_t n = queue.stack_bytes;
#if !defined(SANITIZED)
    if (sp >= self.stack_low && sp < self.stack_high) {
        n = self.stack_high - sp < n ? self.stack_high - sp : n;
        memcpy(to, (const void *)sp, n); // NOLINT
        return (uint32_t)n;
    }
#endif
    if (as_read(-1, sp, to, n)) {
        return (uint32_t)n;
    }
    n = PAGE - sp % PAGE; /* at least the page that is being used */
    n = n < queue.stack_bytes ? n : queue.stack_bytes;
    return as_read(-1, sp, to, n) ? (uint32_t)n : 0;
}

struct capture {
    int kind, level;
    const char *type, *message;
    const struct machine *m; /* NULL: without stack */
    const uint16_t *own_n;   /* the event's own parts, or NULL */
    const char *own;
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
    struct slot *s = queue_claim(&position);
    if (!s) {
        add(&count.overflow);
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
    if (c->own_n) {
        size_t n = 0;
        memcpy(s->own_n, c->own_n, sizeof s->own_n);
        for (int i = 0; i < PARTS; i++) {
            n += c->own_n[i];
        }
        memcpy(s->own, c->own, n);
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
    int saved = errno;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    if (c->kind == KIND_EVENT && !sample_all && random64() >= sample_threshold) {
        add(&count.sampled);
        return TOCSIN_E_SAMPLED;
    }
    if (c->level >= TOCSIN_ERROR && c->kind == KIND_EVENT) {
        atomic_fetch_add_explicit(&crash.session.errors, 1, memory_order_relaxed);
    }
    int result = capture_now(c);
    errno = saved;
    return result;
}

int tocsin_capture(int level, const char *type, const char *message, unsigned flags)
{
    struct machine m;
    struct capture c = {KIND_EVENT, level, type, message, NULL, NULL, NULL};
    if (flags & TOCSIN_STACK) {
        here(&m);
        c.m = &m;
    }
    return capture(&c);
}

int tocsin_capturef(int level, const char *type, const char *format, ...)
{
    char message[TOCSIN_MESSAGE_MAX + 1] = "";
    struct capture c = {KIND_EVENT, level, type, message, NULL, NULL, NULL};
    va_list list;
    if (!is_open() || !format) {
        return format ? TOCSIN_E_CLOSED : TOCSIN_E_BAD;
    }
    int saved = errno;
    va_start(list, format);
    vsnprintf(message, sizeof message, format, list);
    va_end(list);
    errno = saved;
    return capture(&c);
}

/* Takes back what was written since `mark` when it did not fit: a list comes whole or not. */
static void keep_whole(struct out *o, size_t mark)
{
    if (o->full) {
        o->n = mark;
        o->full = false;
    }
}

static void draft_misc(const tocsin_draft *d, struct out *o)
{
    const char *comma = "";
    size_t mark = o->n;
    as_member(o, "logger", d->logger);
    keep_whole(o, mark);
    mark = o->n;
    as_member(o, "transaction", d->transaction);
    keep_whole(o, mark);
    mark = o->n;
    if (d->fingerprint && d->fingerprint[0]) {
        as_text(o, ",\"fingerprint\":[");
        for (const char *const *f = d->fingerprint; *f; f++) {
            as_text(o, comma);
            as_string(o, *f);
            comma = ",";
        }
        as_text(o, "]");
        keep_whole(o, mark);
    }
    mark = o->n;
    if (d->extra && strnlen(d->extra, TOCSIN_CONTEXT_MAX + 1) <= TOCSIN_CONTEXT_MAX &&
        json_object(d->extra)) {
        as_text(o, ",\"extra\":");
        put_json(o, d->extra);
        keep_whole(o, mark);
    }
}

static void draft_parts(const tocsin_draft *d, struct parts *own)
{
    struct out o = parts_begin(own, OWN_BYTES);
    const char *comma = "";
    for (const char *const *t = d->tags; t && t[0] && t[1]; t += 2) {
        put_pair(&o, &comma, t[0], t[1]);
    }
    keep_whole(&o, 0);
    part_end(own, PART_TAGS, &o);
    draft_misc(d, &o);
    part_end(own, PART_MISC, &o);
    size_t mark = o.n;
    for (const char *const *c = d->causes; c && c[0] && c[1]; c += 2) {
        as_print(&o, "{\"type\":%q,\"value\":%q},", c[0], c[1]);
    }
    keep_whole(&o, mark);
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
    struct capture c = {KIND_EVENT, d.level, d.type, d.message, NULL, own.n, own.text};
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
    struct out o = parts_begin(&own, OWN_BYTES);
    char who[TOCSIN_VALUE_MAX + 1], ip[TOCSIN_VALUE_MAX + 1], name[TOCSIN_TYPE_MAX + 1];
    const char *comma = "";
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    if (!kind || !kind[0]) {
        return TOCSIN_E_BAD;
    }
    copy_text(name, kind, 64); /* all together stays below OWN_BYTES, escaped or not */
    copy_text(who, actor, 64);
    copy_text(ip, source_ip, 45);
    put_pair(&o, &comma, "security.kind", name);
    part_end(&own, PART_TAGS, &o);
    comma = "";
    if (who[0]) {
        put_pair(&o, &comma, "username", who);
    }
    if (ip[0]) {
        put_pair(&o, &comma, "ip_address", ip);
    }
    part_end(&own, PART_USER, &o);
    as_print(&o, "\"security\":{\"kind\":%q%m%m}", name, "actor", who, "source_ip", ip);
    part_end(&own, PART_CONTEXTS, &o);
    as_print(&o, ",\"logger\":\"security\",\"fingerprint\":[\"security\",%q]", name);
    part_end(&own, PART_MISC, &o);
    struct capture c = {KIND_SECURITY, level, NULL, message, NULL, own.n, own.text};
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

static void discard(int reason, int category)
{
    atomic_fetch_add_explicit(&discarded[reason][category], 1, memory_order_relaxed);
}

/* Drops counted by the callers of capture are turned into client report lines here, because
 * there they cost one addition. */
static struct {
    atomic_ulong overflow, sampled;
} drops_told;

static void collect_drops(void)
{
    unsigned long o = atomic_load(&count.overflow), s = atomic_load(&count.sampled);
    unsigned new_o = (unsigned)(o - atomic_exchange(&drops_told.overflow, o));
    unsigned new_s = (unsigned)(s - atomic_exchange(&drops_told.sampled, s));
    atomic_fetch_add(&discarded[WHY_OVERFLOW][LIMIT_ERROR], new_o);
    atomic_fetch_add(&discarded[WHY_SAMPLE][LIMIT_ERROR], new_s);
}

static void report_put(struct builder *b)
{
    const char *comma = "";
    size_t start = b->own_n = b->out.n;
    collect_drops();
    memset(b->reported, 0, sizeof b->reported);
    as_print(&b->out, "{\"type\":\"client_report\"}\n{\"timestamp\":%t,\"discarded_events\":[",
             as_clock());
    for (int r = 0; r < REASONS; r++) {
        for (int c = 0; c < LIMITS; c++) {
            unsigned n = atomic_exchange(&discarded[r][c], 0);
            b->reported[r][c] = n;
            if (!n) {
                continue;
            }
            as_print(&b->out, "%s{\"reason\":%q,\"category\":%q,\"quantity\":%u}", comma,
                     reason_names[r], limit_names[c], (uint64_t)n);
            comma = ",";
        }
    }
    as_text(&b->out, "]}\n");
    if (!*comma) {
        b->out.n = start; /* nothing to tell */
    }
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
    b->out = (struct out){b->body, 0, BODY_BYTES, -1, 0, 0, false};
    as_print(&b->out, "{%s%m}\n", crash.envelope, "event_id", id);
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
    struct parts own;
    memcpy(own.n, s->own_n, sizeof own.n);
    memcpy(own.text, s->own, OWN_BYTES);
    uint64_t tid = (uint64_t)(unsigned)s->tid;
    if (s->type[0]) {
        as_text(o, ",\"exception\":{\"values\":[");
        as_part(o, &own, PART_CAUSES);
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
    as_parts(o, &s->scope.parts, &own);
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
        add(&count.hooked);
        discard(WHY_HOOK, LIMIT_ERROR);
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
    keep_whole(&b->out, mark); /* crumbs full of control characters grow sixfold */
    as_text(&b->out, "}\n");
    if (!fits || b->out.full) {
        add(&count.rejected);
        discard(WHY_INTERNAL, LIMIT_ERROR);
        return false;
    }
    return true;
}

static void build_item(struct builder *b, const char *type, const char *json)
{
    envelope_begin(b, NULL);
    as_print(&b->out, "{\"type\":%q}\n%s\n", type, json);
}

/* ==== 9 limits and reports =================================================================== */

enum { LIMIT_DEFAULT_MS = 60000, BACKOFF_FIRST_MS = 1000, BACKOFF_MAX_MS = 300000 };
enum { OUTCOME_SENT, OUTCOME_LIMITED, OUTCOME_REJECTED, OUTCOME_UNREACHABLE };

struct target {
    bool is_https, is_unix;
    char dsn[PATH_BYTES], key[80], host[256], port[8], path[160], project[32];
};

struct link {
    struct target target;
    int fd;      /* kept-alive connection or -1 */
    bool reused; /* fd has carried a request before */
    int64_t timeout_ms;
    int64_t limits[LIMITS]; /* monotonic ms until which a category must not be sent */
    int64_t retry_at;       /* after a network failure: not before */
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

static int64_t limited_until(const struct link *l, int category)
{
    int64_t until = l->limits[LIMIT_ALL];
    return category != LIMIT_ALL && l->limits[category] > until ? l->limits[category] : until;
}

static void limit_set(struct link *l, int category, double seconds, int64_t now)
{
    seconds = seconds < 0 ? 0 : seconds > 86400.0 * 30 ? 86400.0 * 30 : seconds;
    int64_t until = now + (int64_t)(seconds * 1000);
    l->limits[category] = until > l->limits[category] ? until : l->limits[category];
}

/* One `60:error;session:scope:reason`. Unknown categories are ignored, none means all. */
static void limit_read(struct link *l, const char *s, size_t n, int64_t now)
{
    char *after;
    double seconds = (double)strtol(s, &after, 10);
    size_t i = (size_t)(after - s);
    if (after != s && *after == '.') { /* a fraction is rounded up */
        seconds += 1;
        i += 1 + strspn(after + 1, "0123456789");
    }
    if (after == s || i >= n || s[i] != ':') {
        return;
    }
    const char *p = s + i + 1, *end = memchr(p, ':', n - i - 1);
    end = end ? end : s + n;
    if (end == p) {
        limit_set(l, LIMIT_ALL, seconds, now);
    }
    while (p < end) {
        const char *semicolon = memchr(p, ';', (size_t)(end - p));
        size_t length = (size_t)((semicolon ? semicolon : end) - p);
        for (int c = LIMIT_ERROR; c < LIMITS; c++) {
            if (strlen(limit_names[c]) == length && memcmp(limit_names[c], p, length) == 0) {
                limit_set(l, c, seconds, now);
            }
        }
        p += length + 1;
    }
}

/* Seconds, or a date as in "Sun, 06 Nov 1994 08:49:37 GMT". Negative when it is neither. */
static double retry_after(const char *s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm t = {0};
    char month[4] = "", *end;
    if (*s >= '0' && *s <= '9') {
        long v = strtol(s, &end, 10);
        return (double)v;
    }
    if (sscanf(s, "%*3s, %d %3s %d %d:%d:%d", &t.tm_mday, month, &t.tm_year, &t.tm_hour, &t.tm_min,
               &t.tm_sec) != 6) {
        return -1;
    }
    const char *found = strstr(months, month);
    t.tm_mon = found ? (int)(found - months) / 3 : 0;
    t.tm_year -= 1900;
    double wait = (double)timegm(&t) - (double)(as_clock() / 1000000000);
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
        double wait = retry_after(r->retry_after);
        limit_set(l, LIMIT_ALL, wait >= 0 ? wait : LIMIT_DEFAULT_MS / 1000.0, now);
    }
}

/* 1 s, 2 s, ... 5 min, each between half and whole: clients of one outage come back spread. */
static void back_off(struct link *l)
{
    int64_t wait = BACKOFF_FIRST_MS;
    for (unsigned i = 0; i < l->failures && wait < BACKOFF_MAX_MS; i++) {
        wait *= 2;
    }
    wait = wait > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : wait;
    l->failures++;
    l->retry_at = now_ms() + wait / 2 + (int64_t)(random64() % (uint64_t)(wait / 2 + 1));
}

/* ==== 10 HTTP ================================================================================ */

enum { HEADERS_MAX = 8192, ANSWER_MAX = 64 * 1024, SLICE_MS = 20 };

/* Percent-decodes a unix socket path; other hosts have no escapes. */
static bool host_decode(char *host)
{
    char *to = host;
    for (const char *s = host; *s; s++) {
        unsigned v;
        if (*s == '%') {
            if (sscanf(s + 1, "%2x", &v) != 1 || !v || !s[1] || !s[2]) {
                return false;
            }
            *to++ = (char)v;
            s += 2;
        } else {
            *to++ = *s;
        }
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

/* host, host:port, [v6], [v6]:port */
static bool target_host(struct target *t, const char *s, size_t n)
{
    const char *end = s + n, *port = NULL, *stop = end;
    const char *colon = memchr(s, ':', n), *bracket = n && *s == '[' ? memchr(s, ']', n) : NULL;
    if (bracket) {
        s++;
        stop = bracket;
        port = bracket + 1 < end && bracket[1] == ':' ? bracket + 2 : NULL;
    } else if (colon && !t->is_unix) {
        stop = colon;
        port = colon + 1;
    }
    if (!take(t->host, sizeof t->host, s, (size_t)(stop - s)) || !t->host[0]) {
        return false;
    }
    if (!port) {
        take(t->port, sizeof t->port, t->is_https ? "443" : "80", t->is_https ? 3 : 2);
        return !t->is_unix || host_decode(t->host);
    }
    size_t digits = strspn(port, "0123456789");
    return digits && digits < 6 && port + digits == end &&
           take(t->port, sizeof t->port, port, digits);
}

/* scheme://key[:secret]@host[:port][/path]/project */
static bool target_parse(struct target *t, const char *dsn)
{
    static const char *const schemes[] = {"http://", "https://", "http+unix://"};
    size_t scheme = 0, n = dsn ? strlen(dsn) : 0;
    memset(t, 0, sizeof *t);
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)dsn[i] <= ' ' || dsn[i] == '"' || dsn[i] == 0x7f) {
            return false; /* they would end a header line */
        }
    }
    while (scheme < 3 && n && strncmp(dsn, schemes[scheme], strlen(schemes[scheme])) != 0) {
        scheme++;
    }
    if (!n || scheme == 3 || !take(t->dsn, sizeof t->dsn, dsn, n)) {
        return false;
    }
    t->is_https = scheme == 1;
    t->is_unix = scheme == 2;
    const char *key = dsn + strlen(schemes[scheme]), *at = strchr(key, '@');
    const char *slash = at ? strchr(at, '/') : NULL, *last = at ? strrchr(at, '/') : NULL;
    if (!slash || !last[1]) {
        return false;
    }
    size_t key_n = strcspn(key, ":@");
    return key_n && take(t->key, sizeof t->key, key, key_n) &&
           take(t->path, sizeof t->path, slash, (size_t)(last - slash)) &&
           take(t->project, sizeof t->project, last + 1, strlen(last + 1)) &&
           target_host(t, at + 1, (size_t)(slash - at - 1));
}

static int64_t link_deadline(const struct link *l, int64_t deadline)
{
    int64_t until = l->until ? atomic_load(l->until) : INT64_MAX;
    return until < deadline ? until : deadline;
}

/* Waits in slices, so that a close from another thread shortens a request already on its way. */
static short link_wait(const struct link *l, int fd, short events, int64_t deadline)
{
    for (;;) {
        int64_t left = link_deadline(l, deadline) - now_ms();
        if (left <= 0) {
            return 0;
        }
        struct pollfd p = {fd, events, 0};
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
    if (l->fd >= 0) {
        close(l->fd);
    }
    l->fd = -1;
}

static bool connect_one(struct link *l, const struct sockaddr *a, socklen_t n, int64_t deadline)
{
    int one = 1, error = 0;
    socklen_t size = sizeof error;
    l->fd = socket(a->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (l->fd < 0) {
        return false;
    }
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    bool ok = connect(l->fd, a, n) == 0;
    if (!ok && errno == EINPROGRESS && link_wait(l, l->fd, POLLOUT, deadline)) {
        ok = getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
    }
    if (!ok) {
        link_close(l);
    }
    return ok;
}

static bool link_connect(struct link *l, int64_t deadline)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    l->reused = false;
    if (l->target.is_unix) {
        struct sockaddr_un un = {.sun_family = AF_UNIX};
        return take(un.sun_path, sizeof un.sun_path, l->target.host, strlen(l->target.host)) &&
               connect_one(l, (const struct sockaddr *)(const void *)&un, sizeof un, deadline);
    }
    if (getaddrinfo(l->target.host, l->target.port, &hints, &list) != 0) {
        return false;
    }
    bool ok = false;
    for (const struct addrinfo *a = list; a && !ok; a = a->ai_next) {
        ok = connect_one(l, a->ai_addr, a->ai_addrlen, deadline);
    }
    freeaddrinfo(list);
    return ok;
}

enum { SEND_FAILED, SEND_PART, SEND_ALL };

/* Sends it all, or as much as the server takes before it answers: an early 413 must be read. */
static int link_send(struct link *l, const char *head, size_t head_n, const char *body, size_t n,
                     int64_t deadline)
{
    size_t done = 0, total = head_n + n;
    while (done < total) {
        bool in_head = done < head_n;
        struct iovec v[2] = {{(void *)(uintptr_t)(in_head ? head + done : body + done - head_n),
                              in_head ? head_n - done : total - done},
                             {(void *)(uintptr_t)body, in_head ? n : 0}};
        struct msghdr message = {.msg_iov = v, .msg_iovlen = in_head ? 2 : 1};
        ssize_t w = sendmsg(l->fd, &message, MSG_NOSIGNAL);
        if (w > 0) {
            done += (size_t)w;
        } else if (w < 0 && errno == EAGAIN) {
            short got = link_wait(l, l->fd, POLLOUT | POLLIN, deadline);
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
static void header_find(const char *headers, const char *name, char *to, size_t cap)
{
    size_t name_n = strlen(name), at = 0;
    to[0] = '\0';
    for (const char *line = strchr(headers, '\n'); line; line = strchr(line, '\n')) {
        line++;
        if (strncasecmp(line, name, name_n) != 0 || line[name_n] != ':') {
            continue;
        }
        const char *value = line + name_n + 1;
        value += strspn(value, " \t");
        size_t n = strcspn(value, "\r\n");
        if (at + n + 2 > cap) {
            return;
        }
        if (at) {
            to[at++] = ',';
        }
        memcpy(to + at, value, n);
        at += n;
        to[at] = '\0';
    }
}

/* Reads past the answer's body so that the connection can be used again, or closes it. */
static void answer_skip(struct link *l, const char *headers, size_t extra, int64_t deadline)
{
    char text[64], drop[1024];
    header_find(headers, "Connection", text, sizeof text);
    bool keep = strncasecmp(text, "close", 5) != 0 && strncmp(headers, "HTTP/1.1", 8) == 0;
    header_find(headers, "Content-Length", text, sizeof text);
    long length = text[0] ? strtol(text, NULL, 10) : -1;
    if (strncmp(headers + 9, "204", 3) == 0) {
        length = 0;
    }
    if (!keep || length < (long)extra || length > ANSWER_MAX) {
        link_close(l);
        return;
    }
    for (size_t left = (size_t)length - extra; left;) {
        ssize_t r = link_wait(l, l->fd, POLLIN, deadline)
                        ? recv(l->fd, drop, left < sizeof drop ? left : sizeof drop, 0)
                        : -1;
        if (r <= 0) {
            link_close(l);
            return;
        }
        left -= (size_t)r;
    }
}

/* 0: answered. -1: no answer. -2: the kept connection was dead before the first byte. */
static int link_answer(struct link *l, tocsin_response *response, int64_t deadline)
{
    char head[HEADERS_MAX + 1];
    size_t n = 0;
    for (;;) {
        ssize_t r = n < HEADERS_MAX && link_wait(l, l->fd, POLLIN, deadline)
                        ? recv(l->fd, head + n, HEADERS_MAX - n, 0)
                        : -3;
        if (r <= 0) {
            return n == 0 && l->reused && r != -3 ? -2 : -1;
        }
        n += (size_t)r;
        head[n] = '\0';
        char *end = strstr(head, "\r\n\r\n");
        if (!end) {
            continue;
        }
        size_t used = (size_t)(end - head) + 4;
        if (sscanf(head, "HTTP/1.%*1d %3d", &response->status) != 1) {
            return -1;
        }
        if (response->status < 200) { /* 100 Continue and the like: the answer follows */
            memmove(head, head + used, n - used + 1);
            n -= used;
            if (!n || !strstr(head, "\r\n\r\n")) {
                continue;
            }
            return -1; /* both in one packet: rare enough to send again */
        }
        head[used - 2] = '\0';
        header_find(head, "X-Sentry-Rate-Limits", response->rate_limits,
                    sizeof response->rate_limits);
        header_find(head, "Retry-After", response->retry_after, sizeof response->retry_after);
        answer_skip(l, head, n - used, deadline);
        return 0;
    }
}

static int http_post(struct link *l, const char *body, size_t n, tocsin_response *response)
{
    char head[1536];
    int64_t deadline = now_ms() + l->timeout_ms;
    const struct target *t = &l->target;
    bool v6 = strchr(t->host, ':') && !t->is_unix;
    int head_n =
        snprintf(head, sizeof head,
                 "POST %s/api/%s/envelope/ HTTP/1.1\r\nHost: %s%s%s:%s\r\n"
                 "User-Agent: tocsin-c/" TOCSIN_VERSION "\r\n"
                 "Content-Type: application/x-sentry-envelope\r\n"
                 "X-Sentry-Auth: Sentry sentry_version=7, sentry_client=tocsin-c/" TOCSIN_VERSION
                 ", sentry_key=%s\r\nContent-Length: %zu\r\n\r\n",
                 t->path, t->project, v6 ? "[" : "", t->is_unix ? "localhost" : t->host,
                 v6 ? "]" : "", t->port, t->key, n);
    for (int attempt = 0; attempt < 2; attempt++) {
        if (l->fd < 0 && !link_connect(l, deadline)) {
            return -1;
        }
        int sent = link_send(l, head, (size_t)head_n, body, n, deadline);
        int result = sent ? link_answer(l, response, deadline) : l->reused ? -2 : -1;
        l->reused = true;
        if (result != 0 || sent == SEND_PART) {
            link_close(l);
        }
        if (result == 0) {
            return 0;
        }
        if (result == -1) {
            return -1;
        }
    }
    return -1;
}

#if defined(TOCSIN_NO_DLOPEN)
static int curl_post(struct link *l, const char *body, size_t n, tocsin_response *response)
{
    (void)l, (void)body, (void)n, (void)response;
    return -1; /* stays in the spool, for tocsin_send_dir of a program that has TLS */
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
    const struct link *l = ctx;
    (void)a, (void)b, (void)c, (void)d;
    return link_deadline(l, INT64_MAX) <= now_ms();
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
    snprintf(line, sizeof line, "https://%s%s%s:%s%s/api/%s/envelope/",
             strchr(t->host, ':') ? "[" : "", t->host, strchr(t->host, ':') ? "]" : "", t->port,
             t->path, t->project);
    curl.easy_setopt(l->curl, 10002, line);
    snprintf(line, sizeof line,
             "X-Sentry-Auth: Sentry sentry_version=7, sentry_client=tocsin-c/" TOCSIN_VERSION
             ", sentry_key=%s",
             t->key);
    l->curl_headers = curl.slist_append(l->curl_headers, line);
    l->curl_headers =
        curl.slist_append(l->curl_headers, "Content-Type: application/x-sentry-envelope");
    l->curl_headers = curl.slist_append(l->curl_headers, "Expect:");
    curl.easy_setopt(l->curl, 10023, l->curl_headers);
    curl.easy_setopt(l->curl, 10018, "tocsin-c/" TOCSIN_VERSION); /* user agent */
    curl.easy_setopt(l->curl, 99, 1L);                            /* no signals */
    curl.easy_setopt(l->curl, 20011, curl_drop);
    curl.easy_setopt(l->curl, 20079, curl_header);
    curl.easy_setopt(l->curl, 43, 0L); /* progress on: it is how a close interrupts */
    curl.easy_setopt(l->curl, 20219, curl_progress);
    curl.easy_setopt(l->curl, 10057, l);
    return true;
}

static int curl_post(struct link *l, const char *body, size_t n, tocsin_response *response)
{
    struct curl_answer answer;
    int64_t deadline = now_ms() + l->timeout_ms;
    long left = (long)(link_deadline(l, deadline) - now_ms()), status = 0;
    answer.n = 0;
    if (!curl_open(l)) {
        return -1;
    }
    curl.easy_setopt(l->curl, 155, left > 0 ? left : 1L); /* whole request, ms */
    curl.easy_setopt(l->curl, 10015, body);
    curl.easy_setopt(l->curl, 60, (long)n);
    curl.easy_setopt(l->curl, 10029, &answer);
    if (curl.easy_perform(l->curl) != 0) {
        return -1;
    }
    curl.easy_getinfo(l->curl, 0x200002, &status);
    answer.text[answer.n] = '\0';
    response->status = (int)status;
    header_find(answer.text, "X-Sentry-Rate-Limits", response->rate_limits,
                sizeof response->rate_limits);
    header_find(answer.text, "Retry-After", response->retry_after, sizeof response->retry_after);
    return 0;
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
    int failed = l->transport         ? l->transport(body, n, &r, l->ctx)
                 : l->target.is_https ? curl_post(l, body, n, &r)
                                      : http_post(l, body, n, &r);
    if (!failed) {
        limits_update(l, &r);
    }
    if (failed || (r.status >= 502 && r.status <= 504)) {
        back_off(l);
        double wait = failed ? -1 : retry_after(r.retry_after);
        int64_t until = wait >= 0 && wait < 86400 ? now_ms() + (int64_t)(wait * 1000) : 0;
        l->retry_at = until > l->retry_at ? until : l->retry_at;
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
 * event, s session, m monitor, r report, c crash. TAG.live is locked by its process and holds the
 * session that is abnormal if the process never comes back; TAG.crash is room for its crash.
 * Files appear by rename, are claimed by flock, and vanish when delivered. */

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
    unsigned files, plain;
    size_t bytes;
    char oldest[NAME_BYTES], oldest_plain[NAME_BYTES]; /* "" when there is none */
};

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n > m && n < NAME_BYTES && strcmp(name + n - m, suffix) == 0;
}

/* Copies `path` with its last `old_n` bytes replaced by `suffix`. */
static void swap_suffix(char *to, const char *path, size_t old_n, const char *suffix)
{
    size_t n = strlen(path) - old_n, m = strlen(suffix) + 1;
    if (n + m <= PATH_BYTES + NAME_BYTES) {
        memcpy(to, path, n);
        memcpy(to + n, suffix, m);
    }
}

static bool file_path(char *to, const char *dir, const char *name)
{
    int n = snprintf(to, PATH_BYTES + NAME_BYTES, "%s/%s", dir, name);
    return n > 0 && n < PATH_BYTES + NAME_BYTES;
}

static char kind_of(const char *name)
{
    return name[strlen(name) - strlen("x.envelope")];
}

static void keep_smaller(char *best, const char *name)
{
    if (!best[0] || strcmp(name, best) < 0) {
        copy_text(best, name, NAME_BYTES - 1);
    }
}

/* Counts what waits, removes what is too old or was never finished. */
static void spool_scan(const char *dir, struct spool_look *look)
{
    char path[PATH_BYTES + NAME_BYTES];
    int64_t now = as_clock() / 1000000000;
    struct dirent *entry;
    struct stat st;
    DIR *d = opendir(dir);
    memset(look, 0, sizeof *look);
    while (d && (entry = readdir(d))) {
        bool waiting = has_suffix(entry->d_name, ".envelope");
        if ((!waiting && !has_suffix(entry->d_name, ".tmp")) ||
            !file_path(path, dir, entry->d_name) || stat(path, &st) != 0) {
            continue;
        }
        int64_t age = now - (int64_t)st.st_mtime;
        if (age > (waiting ? (int64_t)SPOOL_DAYS * 86400 : STALE_SECONDS)) {
            unlink(path);
        } else if (waiting) {
            look->files++;
            look->bytes += (size_t)st.st_size;
            keep_smaller(look->oldest, entry->d_name);
            if (kind_of(entry->d_name) != 'c') {
                look->plain++;
                keep_smaller(look->oldest_plain, entry->d_name);
            }
        }
    }
    if (d) {
        closedir(d);
    }
}

/* Makes room for `n` more bytes; the oldest goes first, crashes last. */
static void spool_evict(const char *dir, size_t n)
{
    char path[PATH_BYTES + NAME_BYTES];
    struct spool_look look;
    for (;;) {
        spool_scan(dir, &look);
        bool full =
            look.files >= spool.max_files - SPOOL_CRASHES || look.bytes + n > spool.max_bytes;
        const char *victim = look.oldest_plain[0] ? look.oldest_plain : look.oldest;
        if (!look.plain && look.files < spool.max_files && look.bytes + n <= spool.max_bytes) {
            full = false; /* only crashes wait, and they may fill all places */
        }
        if (!full || !victim[0] || !file_path(path, dir, victim) || unlink(path) != 0) {
            break;
        }
        add(&count.evicted);
        discard(WHY_EVICTED, LIMIT_ERROR);
    }
    spool.files = look.files;
    spool.bytes = look.bytes;
}

static bool write_file(const char *path, const char *body, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
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
static void spool_name(char *to, const char *dir, char kind, const char *suffix)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%016llx-%016llx%016llx-%c%s", (unsigned long long)as_clock(),
             (unsigned long long)random64(), (unsigned long long)random64(), kind, suffix);
    file_path(to, dir, name);
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
    spool_name(path, dir, kind, ".tmp");
    swap_suffix(final, path, strlen(".tmp"), ".envelope");
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
static void adopt_live(const char *dir, const char *name)
{
    char path[PATH_BYTES + NAME_BYTES], other[PATH_BYTES + NAME_BYTES];
    char final[PATH_BYTES + NAME_BYTES];
    size_t size;
    int64_t age;
    if (!file_path(path, dir, name)) {
        return;
    }
    int fd = claim_file(path, &size);
    if (fd < 0) {
        return;
    }
    swap_suffix(other, path, strlen(".live"), ".crash");
    bool crashed = crash_complete(other, &age);
    spool_name(final, dir, crashed ? 'c' : 's', ".envelope");
    if (crashed) {
        rename(other, final);
        unlink(path);
    } else {
        unlink(other);
        if (!size || rename(path, final) != 0) {
            unlink(path);
        }
    }
    close(fd);
}

/* TAG.crash without TAG.live: a forked child's. */
static void adopt_crash(const char *dir, const char *name)
{
    char path[PATH_BYTES + NAME_BYTES], live[PATH_BYTES + NAME_BYTES];
    char final[PATH_BYTES + NAME_BYTES];
    int64_t age;
    if (!file_path(path, dir, name)) {
        return;
    }
    swap_suffix(live, path, strlen(".crash"), ".live");
    if (access(live, F_OK) == 0) {
        return;
    }
    if (crash_complete(path, &age)) {
        spool_name(final, dir, 'c', ".envelope");
        rename(path, final);
    } else if (age > STALE_SECONDS) {
        unlink(path);
    }
}

static void spool_adopt(const char *dir)
{
    struct dirent *entry;
    struct spool_look look;
    DIR *d = dir[0] ? opendir(dir) : NULL;
    while (d && (entry = readdir(d))) {
        if (has_suffix(entry->d_name, ".live")) {
            adopt_live(dir, entry->d_name);
        } else if (has_suffix(entry->d_name, ".crash")) {
            adopt_crash(dir, entry->d_name);
        }
    }
    if (d) {
        closedir(d);
        pthread_mutex_lock(&spool.lock);
        spool_scan(dir, &look);
        spool.files = look.files;
        spool.bytes = look.bytes;
        pthread_mutex_unlock(&spool.lock);
    }
}

/* The next waiting file in time order after `after`; false at the end. */
static bool spool_next(const char *dir, const char *after, char *name)
{
    struct dirent *entry;
    DIR *d = opendir(dir);
    name[0] = '\0';
    while (d && (entry = readdir(d))) {
        if (has_suffix(entry->d_name, ".envelope") && strcmp(entry->d_name, after) > 0) {
            keep_smaller(name, entry->d_name);
        }
    }
    if (d) {
        closedir(d);
    }
    return name[0] != '\0';
}

static int category_of_kind(char kind)
{
    return kind == 's'   ? LIMIT_SESSION
           : kind == 'm' ? LIMIT_MONITOR
           : kind == 'r' ? LIMIT_ALL
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
        discard(WHY_REJECTED, category_of_kind(kind_of(name)));
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
    struct out o = {text, 0, LIVE_BYTES - 1, -1, 0, 0, false};
    if (live_fd < 0) {
        return;
    }
    as_print(&o, "{%s}\n{\"type\":\"session\"}\n", crash.envelope);
    as_session(&o, &crash.session, "abnormal", crash.session.started_ns);
    if (!crash.session.active || o.full) {
        if (ftruncate(live_fd, 0) != 0) {
            return;
        }
        return;
    }
    memset(text + o.n, ' ', LIVE_BYTES - o.n - 1);
    text[LIVE_BYTES - 1] = '\n';
    if (pwrite(live_fd, text, LIVE_BYTES, 0) != LIVE_BYTES) {
        return; /* disk full: the session is not told abnormal */
    }
}

/* Takes this process's two files. The lock comes before the name others look for. */
static bool process_files_open(void)
{
    char tmp[PATH_BYTES + NAME_BYTES], live[PATH_BYTES + NAME_BYTES];
    uint64_t tag = random64();
    if (!crash.dir[0]) {
        return false;
    }
    as_id(crash.id, random64(), random64());
    as_name_files(tag, as_clock());
    swap_suffix(tmp, crash.path, strlen(".crash"), ".tmp");
    swap_suffix(live, crash.path, strlen(".crash"), ".live");
    live_fd = open(tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (live_fd < 0) {
        return false;
    }
    if (flock(live_fd, LOCK_EX | LOCK_NB) != 0 || rename(tmp, live) != 0) {
        close(live_fd);
        unlink(tmp);
        live_fd = -1;
        return false;
    }
    if (!(crash.flags & TOCSIN_NO_CRASH)) {
        crash_fd = open(crash.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (crash_fd >= 0 && posix_fallocate(crash_fd, 0, CRASH_BYTES) != 0 &&
            ftruncate(crash_fd, CRASH_BYTES) != 0) {
            close(crash_fd);
            crash_fd = -1;
        }
    }
    return true;
}

static void process_files_close(void)
{
    char live[PATH_BYTES + NAME_BYTES];
    if (crash_fd >= 0) {
        unlink(crash.path);
        close(crash_fd);
    }
    if (live_fd >= 0) {
        swap_suffix(live, crash.path, strlen(".crash"), ".live");
        unlink(live);
        close(live_fd);
    }
    crash_fd = live_fd = -1;
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

static int slot_category(const struct slot *s)
{
    return s->kind == KIND_SESSION    ? LIMIT_SESSION
           : s->kind == KIND_CHECK_IN ? LIMIT_MONITOR
           : s->type[0]               ? LIMIT_ERROR
                                      : LIMIT_DEFAULT;
}

/* A message is an error to some servers and "default" to others: either limit holds it. */
static int64_t held_until(const struct link *l, int category)
{
    int64_t until = limited_until(l, category);
    int64_t error = category == LIMIT_DEFAULT ? limited_until(l, LIMIT_ERROR) : 0;
    return error > until ? error : until;
}

static void store_body(const struct builder *b, int category, char kind)
{
    if (spool_write(crash.dir, b->body, b->out.n, kind)) {
        add(&count.spooled);
    } else {
        add(&count.rejected);
        discard(WHY_INTERNAL, category);
    }
}

static void drop_limited(int category)
{
    add(&count.limited);
    discard(WHY_LIMITED, category);
}

/* Sends the envelope in `b`, or keeps it on disk, or counts it. `direct`: the network may be
 * used. */
static void deliver(struct builder *b, int category, char kind, bool direct)
{
    struct link *l = &main_link;
    if (held_until(l, category) > now_ms()) {
        drop_limited(category);
        return;
    }
    if (!direct || now_ms() < l->retry_at || now_ms() >= atomic_load(&sender.until)) {
        store_body(b, category, kind);
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
        store_body(b, category, kind);
    } else {
        add(outcome == OUTCOME_LIMITED ? &count.limited : &count.rejected);
        if (outcome == OUTCOME_REJECTED) { /* with 429 the report, never limited, was taken */
            report_return(b);
            discard(WHY_REJECTED, category);
        }
    }
}

static void handle(struct builder *b, struct slot *s, bool direct)
{
    static const char *const types[] = {"event", "event", "session", "check_in"};
    static const char kinds[] = "eesm";
    int category = slot_category(s);
    if (direct && held_until(&main_link, category) > now_ms()) {
        drop_limited(category); /* not even built */
        return;
    }
    if (s->kind == KIND_EVENT || s->kind == KIND_SECURITY) {
        if (!build_event(b, s)) {
            return;
        }
    } else {
        build_item(b, types[s->kind], s->message);
    }
    deliver(b, category, kinds[s->kind], direct);
}

/* Handles everything queued. The closing thread calls it too, with its own builder. */
static bool drain(struct builder *b, bool direct)
{
    uint64_t position;
    struct slot *s;
    bool any = false;
    while ((s = queue_take(&position))) {
        handle(b, s, direct);
        queue_release(s, position);
        any = true;
    }
    return any;
}

/* A program that lives longer than SESSION_DELAY_MS tells so once. */
static void session_announce(struct builder *b)
{
    char json[TOCSIN_MESSAGE_MAX + 1];
    struct out o = {json, 0, sizeof json - 1, -1, 0, 0, false};
    pthread_mutex_lock(&scope_lock);
    bool due = crash.session.active && !crash.session.started_sent;
    if (due) {
        as_session(&o, &crash.session, "ok", as_clock());
        crash.session.started_sent = true;
        live_record();
    }
    sender.session_due = 0;
    pthread_mutex_unlock(&scope_lock);
    if (due && !o.full) {
        json[o.n] = '\0';
        add(&count.accepted);
        build_item(b, "session", json);
        deliver(b, LIMIT_SESSION, 's', true);
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

/* Ends the session at close. It does not go through the queue, which may be full. */
static void session_last(struct builder *b, bool direct)
{
    char json[TOCSIN_MESSAGE_MAX + 1];
    struct out o = {json, 0, sizeof json - 1, -1, 0, 0, false};
    pthread_mutex_lock(&scope_lock);
    bool active = crash.session.active;
    if (active) {
        as_session(&o, &crash.session, "exited", as_clock());
        crash.session.active = false;
        live_record();
    }
    pthread_mutex_unlock(&scope_lock);
    if (active && !o.full) {
        json[o.n] = '\0';
        add(&count.accepted);
        build_item(b, "session", json);
        deliver(b, LIMIT_SESSION, 's', direct);
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
    bool half = atomic_load(&queue_tail) - head >= queue.mask / 2 + 1;
    bool asked = atomic_load(&sender.stop) || atomic_load(&progress_waiters);
    if (worked ? half || asked : filled || atomic_load(&sender.stop)) {
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
    session_last(main_builder, true);
    report_last(main_builder, true);
    replay_last();
    link_close(&main_link);
    curl_close(&main_link);
    atomic_store(&sender.running, false);
    atomic_fetch_add(&progress, 1);
    futex(&progress, 1, INT32_MAX, NULL);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return !a ? b : !b ? a : a < b ? a : b;
}

/* Everything the handler touches gets its pages now: later there may be no memory left. Adding
 * nothing, because a crash may be using them at this very moment. */
static void prefault(void *memory, size_t n)
{
    for (size_t i = 0; i < n; i += PAGE) {
        __atomic_fetch_or((unsigned char *)memory + i, 0, __ATOMIC_RELAXED);
    }
}

static void *sender_main(void *unused)
{
    struct sched_param parameter = {0};
    self.is_sender = true;
    attach();
    prefault(crash_copy, sizeof crash_copy);
    prefault(crash_buffer, sizeof crash_buffer);
    prefault(&crash_unwind, sizeof crash_unwind);
    prefault(&crash_scope, sizeof crash_scope);
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
            session_announce(main_builder);
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
    int saved = errno;
    uint64_t target = atomic_load(&queue_tail);
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    bool done = !target || wait_progress(target, now_ms() + (ms > 0 ? ms : 0));
    errno = saved;
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
    if (crash_fd >= 0) {
        close(crash_fd);
    }
    if (live_fd >= 0) {
        close(live_fd);
    }
    crash_fd = live_fd = -1;
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

static void put_build_id(char *to, const struct module_table *t)
{
    for (size_t i = 0; t->n && i < 6 && i < t->m[0].build_id_n; i++) {
        as_hex_digits(to + 2 * i, t->m[0].build_id[i], 2);
    }
}

/* The members every event and session repeats, serialised once. */
static int prepare_texts(const tocsin_options *o)
{
    char host[TOCSIN_VALUE_MAX + 1] = "", release[TOCSIN_VALUE_MAX + 1] = "";
    char environment[TOCSIN_VALUE_MAX + 1] = "", build[13] = "";
    const struct module_table *t = atomic_load(&modules_now);
    const char *program = t->n ? strrchr(t->m[0].path, '/') : NULL;
    put_build_id(build, t);
    if (o->release && o->release[0]) {
        copy_text(release, o->release, TOCSIN_VALUE_MAX);
    } else {
        snprintf(release, sizeof release, "%.100s@%s", program ? program + 1 : "program", build);
    }
    copy_text(environment, o->environment && o->environment[0] ? o->environment : "production", 64);
    if (o->server_name && o->server_name[0]) {
        copy_text(host, o->server_name, TOCSIN_VALUE_MAX);
    } else if (gethostname(host, sizeof host - 1) != 0) {
        host[0] = '\0';
    }
    static const char sdk[] = "\"sdk\":{\"name\":\"tocsin.c\",\"version\":\"" TOCSIN_VERSION "\"}";
    struct out e = {crash.envelope, 0, HEAD_BYTES - 1, -1, 0, 0, false};
    struct out h = {crash.head, 0, HEAD_BYTES - 1, -1, 0, 0, false};
    struct out a = {crash.session.attrs, 0, HEAD_BYTES - 1, -1, 0, 0, false};
    as_print(&e, "\"dsn\":%q,%s", main_link.target.dsn, sdk);
    as_print(&h, ",\"platform\":\"native\",%s%m%m%m", sdk, "release", release, "environment",
             environment, "server_name", host);
    as_print(&a, "{\"release\":%q%m}", release, "environment", environment);
    crash.envelope[e.n] = crash.head[h.n] = crash.session.attrs[a.n] = '\0';
    return e.full || h.full || a.full ? TOCSIN_E_BAD : TOCSIN_OK;
}

static void prepare_scope(void)
{
    struct utsname u;
    struct out o = {scope.system, 0, sizeof scope.system - 1, -1, 0, 0, false};
    memset(&scope, 0, sizeof scope);
    if (uname(&u) == 0) {
        as_print(&o, "\"os\":{\"name\":\"Linux\"%m},\"device\":{\"arch\":%q}", "version", u.release,
                 u.machine);
    } else {
        as_text(&o, "\"os\":{\"name\":\"Linux\"}");
    }
    scope.system[o.n] = '\0';
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
    char path[PATH_BYTES], here[PATH_BYTES];
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    uint64_t hash = 0;
    int n = 0;
    struct stat st;
    for (const char *s = main_link.target.dsn; *s; s++) {
        hash = as_mix(hash ^ (unsigned char)*s);
    }
    if (wanted && wanted[0] == '/') {
        n = snprintf(path, sizeof path, "%s", wanted);
    } else if (wanted && wanted[0] && getcwd(here, sizeof here)) {
        n = snprintf(path, sizeof path, "%s/%s", here, wanted);
    } else if (cache && cache[0] == '/') {
        n = snprintf(path, sizeof path, "%s/tocsin/%016llx", cache, (unsigned long long)hash);
    } else if (home && home[0] == '/') {
        n = snprintf(path, sizeof path, "%s/.cache/tocsin/%016llx", home, (unsigned long long)hash);
    }
    if (n <= 0 || n >= (int)sizeof path || !make_folder(path)) {
        snprintf(path, sizeof path, "/var/tmp/tocsin-%u/%016llx", (unsigned)getuid(),
                 (unsigned long long)hash);
        if (!make_folder(path) || lstat(path, &st) != 0 || st.st_uid != getuid()) {
            path[0] = '\0';
        }
    }
    copy_text(crash.dir, path, PATH_BYTES - 1);
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
    atomic_store(&crash.installed, true);
    self.attached = false; /* this thread may have called before, then it has no alternate stack */
    attach();
    for (int i = 0; i < FATAL_SIGNALS; i++) {
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
        queue.mapped = bytes;
        queue.stack_bytes = stack;
        queue.used = false;
        main_builder = (struct builder *)(void *)(p + slots * stride);
        replay_buffer = p + slots * stride + builder;
    }
    if (queue.used) {
        queue_reset();
    }
    queue.used = true;
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
    main_link.fd = -1;
    main_link.until = &sender.until;
    main_link.timeout_ms = within(o->timeout_ms, TIMEOUT_MS, 10, 600000);
    main_link.transport = o->transport;
    main_link.ctx = o->ctx;
    memset(main_link.limits, 0, sizeof main_link.limits);
    main_link.retry_at = 0;
    main_link.failures = 0;
    spool.max_files = within(o->spool_files, SPOOL_FILES, 2 * SPOOL_CRASHES, 100000);
    spool.max_bytes = within(o->spool_bytes, SPOOL_BYTES, 256 * 1024, 1u << 30);
    memset(&count, 0, sizeof count);
    memset(discarded, 0, sizeof discarded);
    memset(&drops_told, 0, sizeof drops_told);
}

static void at_exit(void)
{
    if (atomic_load(&state) == OPEN && atomic_load(&crash.pid) == getpid()) {
        tocsin_close(AT_EXIT_MS);
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
    modules_refresh();
    modules_seen.counted = false;
    pthread_mutex_unlock(&modules_lock);
    result = prepare_texts(o);
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
    int saved = errno, result = TOCSIN_E_BUSY;
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
    errno = saved;
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
        store_body(main_builder, LIMIT_ERROR, sender.in_hand_kind);
    }
    if (b == MAP_FAILED) {
        return;
    }
    drain(b, false);
    session_last(b, false);
    report_last(b, false);
    munmap(b, sizeof *b);
}

int tocsin_close(int ms)
{
    int saved = errno, result = TOCSIN_OK, open = OPEN;
    int64_t start = now_ms(), wait = ms > 0 ? ms : 0;
    bool is_child = atomic_load(&crash.pid) < 0; /* forked and never used: nothing of its own */
    pthread_mutex_lock(&life_lock);
    if (!atomic_compare_exchange_strong(&state, &open, CLOSING)) {
        pthread_mutex_unlock(&life_lock);
        errno = saved;
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
    handlers_remove();
    process_files_close();
    atomic_store(&state, CLOSED);
    pthread_mutex_unlock(&life_lock);
    errno = saved;
    return result;
}

int tocsin_session_start(void)
{
    int saved = errno;
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
    errno = saved;
    return TOCSIN_OK;
}

static int queue_item(int kind, const char *json)
{
    struct capture c = {kind, TOCSIN_INFO, NULL, json, NULL, NULL, NULL};
    return capture(&c);
}

int tocsin_session_end(int status)
{
    static const char *const names[] = {"exited", "abnormal", "crashed"};
    char json[TOCSIN_MESSAGE_MAX + 1];
    struct out o = {json, 0, sizeof json - 1, -1, 0, 0, false};
    int result = TOCSIN_E_BAD, saved = errno;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    pthread_mutex_lock(&scope_lock);
    if (crash.session.active && status >= 0 && status <= TOCSIN_CRASHED) {
        as_session(&o, &crash.session, names[status], as_clock());
        json[o.n] = '\0';
        result = o.full ? TOCSIN_E_BAD : queue_item(KIND_SESSION, json);
        if (result != TOCSIN_E_FULL) {
            crash.session.active = false;
            sender.session_due = 0;
            live_record();
        }
    }
    pthread_mutex_unlock(&scope_lock);
    errno = saved;
    return result;
}

/* `,"monitor_config":{..}`: "every N unit" is an interval, anything else a crontab line. */
static bool put_schedule(struct out *o, const char *schedule)
{
    unsigned value = 0;
    char unit[16] = "";
    as_text(o, ",\"monitor_config\":{\"schedule\":{");
    if (strncmp(schedule, "every ", 6) == 0) {
        if (sscanf(schedule + 6, "%9u %15[a-z]", &value, unit) != 2 || !value) {
            return false;
        }
        size_t n = strlen(unit);
        if (n > 1 && unit[n - 1] == 's') {
            unit[n - 1] = '\0'; /* the protocol's units are singular */
        }
        as_print(o, "\"type\":\"interval\",\"value\":%u%m", (uint64_t)value, "unit", unit);
    } else {
        as_text(o, "\"type\":\"crontab\"");
        as_member(o, "value", schedule);
    }
    as_text(o, "}}");
    return true;
}

int tocsin_check_in(const char *slug, int status, double seconds, const char *schedule, char id[33])
{
    static const char *const names[] = {"in_progress", "ok", "error"};
    char json[TOCSIN_MESSAGE_MAX + 1], name[TOCSIN_TYPE_MAX + 1], own[33];
    struct out o = {json, 0, sizeof json - 1, -1, 0, 0, false};
    int saved = errno;
    bool known = status >= TOCSIN_IN_PROGRESS && status <= TOCSIN_CHECK_ERROR;
    copy_text(name, slug, TOCSIN_TYPE_MAX);
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    if (!name[0] || !known) {
        return TOCSIN_E_BAD;
    }
    bool given = id && status != TOCSIN_IN_PROGRESS && strnlen(id, 33) == 32;
    if (given) {
        memcpy(own, id, sizeof own);
    } else {
        as_id(own, random64(), random64());
    }
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
    json[o.n] = '\0';
    int result = o.full ? TOCSIN_E_BAD : queue_item(KIND_CHECK_IN, json);
    if (result == TOCSIN_OK && id && !given) {
        memcpy(id, own, sizeof own);
    }
    errno = saved;
    return result;
}

int tocsin_thread_attach(void)
{
    int saved = errno;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    attach();
    errno = saved;
    return TOCSIN_OK;
}

int tocsin_modules_changed(void)
{
    int saved = errno;
    if (!is_open()) {
        return TOCSIN_E_CLOSED;
    }
    pthread_mutex_lock(&modules_lock);
    modules_refresh();
    pthread_mutex_unlock(&modules_lock);
    errno = saved;
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
    s.crash_ready = atomic_load(&crash.installed) && crash_fd >= 0;
    memcpy(stats, &s, stats->size < sizeof s ? stats->size : sizeof s);
    return TOCSIN_OK;
}

int tocsin_send_dir(const char *dsn, const char *dir, int ms)
{
    struct link l = {.fd = -1};
    _Atomic int64_t until = now_ms() + (ms > 0 ? ms : 0);
    int sent = 0, saved = errno;
    int64_t limited;
    if (!dir || strlen(dir) >= PATH_BYTES || !target_parse(&l.target, dsn)) {
        return dir ? TOCSIN_E_DSN : TOCSIN_E_BAD;
    }
    char *buffer = malloc(REPLAY_BYTES);
    if (!buffer) {
        return TOCSIN_E_SYSTEM;
    }
    l.timeout_ms = TIMEOUT_MS;
    l.until = &until;
    if (!atomic_load(&random_state)) {
        prepare_random();
    }
    spool_adopt(dir);
    while (now_ms() < atomic_load(&until)) {
        int result = replay_one(&l, dir, buffer, REPLAY_BYTES, &limited);
        if (result == REPLAY_NONE || result == REPLAY_FAILED) {
            break;
        }
        sent += result == REPLAY_SENT;
    }
    link_close(&l);
    curl_close(&l);
    free(buffer);
    errno = saved;
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
