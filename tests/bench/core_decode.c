/* SPDX-License-Identifier: Apache-2.0 */
/* core_decode — what reading one event costs beyond what yajl costs.
 *
 * For events of 1.5 KB and 10 KB made here: a bare yajl parse with callbacks that do nothing (the
 * floor), value_parse_json, event_decode on top, and all that a request takes: its key, its
 * envelope and the event in it. The same event as gzip, inflated by inflate_body. Prints
 * microseconds per event, the median of ROUNDS rounds, and the differences.
 *
 * Stands alone: cc -O2 -D_GNU_SOURCE -I. tests/bench/core_decode.c libdecode.a libevent.a libbase.a
 *               -lyajl -ldeflate -lbrotlidec -lzstd -lmd -lm
 */
#include "ingest/base/json.h"
#include "ingest/base/must.h"
#include "ingest/decode/auth.h"
#include "ingest/decode/envelope.h"
#include "ingest/decode/event_json.h"
#include "ingest/decode/inflate.h"
#include "ingest/decode/store.h"
#include <libdeflate.h>
#include <time.h>
#include <yajl/yajl_parse.h>

#define ROUNDS           51
#define EVENTS_PER_ROUND 500

static double now_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void write_frame(struct json *json, int number)
{
    json_map(json);
    json_member_string(json, "filename", SLICE("app/services/checkout.py"));
    json_member_string(json, "abs_path", SLICE("/srv/shop/app/services/checkout.py"));
    json_member_string(json, "function", SLICE("charge_customer"));
    json_member_string(json, "module", SLICE("app.services.checkout"));
    json_member_integer(json, "lineno", 100 + number);
    json_key(json, "pre_context");
    json_list(json);
    json_string(json, SLICE("    for attempt in range(3):"));
    json_string(json, SLICE("        token = vault.fetch(customer.id)"));
    json_list_end(json);
    json_member_string(json, "context_line", SLICE("        raise PaymentError(\"declined\")"));
    json_key(json, "vars");
    json_map(json);
    json_member_string(json, "attempt", SLICE("2"));
    json_member_string(json, "customer", SLICE("<Customer 4711>"));
    json_map_end(json);
    json_member_bool(json, "in_app", number % 3 != 0);
    json_map_end(json);
}

static void write_exception(struct json *json, int frames)
{
    json_key(json, "exception");
    json_map(json);
    json_key(json, "values");
    json_list(json);
    json_map(json);
    json_member_string(json, "type", SLICE("PaymentError"));
    json_member_string(json, "value", SLICE("card 4711 declined after 3 attempts"));
    json_member_string(json, "module", SLICE("app.errors"));
    json_key(json, "stacktrace");
    json_map(json);
    json_key(json, "frames");
    json_list(json);
    for (int i = 0; i < frames; i++) {
        write_frame(json, i);
    }
    json_list_end(json);
    json_map_end(json);
    json_map_end(json);
    json_list_end(json);
    json_map_end(json);
}

/* An event as python-sentry-sdk writes it, with so many frames. */
static void write_event(struct buffer *out, int frames)
{
    struct json json;
    json_init(&json, out);
    json_map(&json);
    json_member_string(&json, "event_id", SLICE("9ec79c33ec9942ab8353589fcb2e04dc"));
    json_member_string(&json, "timestamp", SLICE("2026-11-23T10:11:12.345678Z"));
    json_member_string(&json, "platform", SLICE("python"));
    json_member_string(&json, "level", SLICE("error"));
    json_member_string(&json, "release", SLICE("shop@1.2.3"));
    json_member_string(&json, "environment", SLICE("production"));
    json_member_string(&json, "server_name", SLICE("web-7.example.org"));
    json_member_string(&json, "transaction", SLICE("POST /checkout"));
    write_exception(&json, frames);
    json_key(&json, "tags");
    json_map(&json);
    json_member_string(&json, "region", SLICE("eu-1"));
    json_member_string(&json, "tenant", SLICE("4711"));
    json_map_end(&json);
    json_key(&json, "user");
    json_map(&json);
    json_member_integer(&json, "id", 4711);
    json_member_string(&json, "ip_address", SLICE("203.0.113.7"));
    json_map_end(&json);
    json_key(&json, "sdk");
    json_map(&json);
    json_member_string(&json, "name", SLICE("sentry.python"));
    json_member_string(&json, "version", SLICE("1.9.10"));
    json_map_end(&json);
    json_map_end(&json);
    MUST(!out->overflowed);
}

static int nothing(void *context)
{
    (void)context;
    return 1;
}
static int nothing_int(void *context, int value)
{
    (void)value;
    return nothing(context);
}
static int nothing_text(void *context, const unsigned char *at, size_t length)
{
    (void)at;
    (void)length;
    return nothing(context);
}
static int nothing_number(void *context, const char *at, size_t length)
{
    (void)at;
    (void)length;
    return nothing(context);
}

struct bench {
    struct arena arena;
    struct slice json;
    struct slice envelope;
    struct slice packed;
    struct inflate_scratch *scratch;
};

static void run_yajl(struct bench *bench)
{
    static const yajl_callbacks callbacks = {nothing,        nothing_int,  NULL,    NULL,
                                             nothing_number, nothing_text, nothing, nothing_text,
                                             nothing,        nothing,      nothing};
    yajl_handle yajl = yajl_alloc(&callbacks, NULL, NULL);
    MUST(yajl_parse(yajl, (const unsigned char *)bench->json.at, bench->json.len) ==
         yajl_status_ok);
    MUST(yajl_complete_parse(yajl) == yajl_status_ok);
    yajl_free(yajl);
}

static void run_tree(struct bench *bench)
{
    struct value *root = NULL;
    MUST(!fault_is(value_parse_json(&bench->arena, bench->json, &root)));
    arena_reset(&bench->arena);
}

static void run_event(struct bench *bench)
{
    struct value *root = NULL;
    struct event event;
    MUST(!fault_is(value_parse_json(&bench->arena, bench->json, &root)));
    MUST(!fault_is(event_decode(&bench->arena, root, &event)));
    MUST(event.exception_count == 1);
    arena_reset(&bench->arena);
}

static void run_request(struct bench *bench)
{
    struct envelope envelope;
    struct slice plain;
    struct value *root = NULL;
    struct event event;
    struct auth auth;
    struct auth_sources sources = {
        .x_sentry_auth = SLICE("Sentry sentry_key=0123456789abcdef0123456789abcdef, "
                               "sentry_version=7, sentry_client=sentry.python/1.9.10")};
    MUST(!fault_is(auth_read(&bench->arena, &sources, &auth)));
    MUST(
        !fault_is(inflate_body(bench->scratch, &bench->arena, SLICE(""), bench->envelope, &plain)));
    MUST(!fault_is(envelope_parse(&bench->arena, plain, &envelope)) && envelope.count == 1);
    MUST(!fault_is(store_parse(&bench->arena, envelope.items[0].payload, &root)));
    MUST(!fault_is(event_decode(&bench->arena, root, &event)));
    MUST(event.exception_count == 1);
    arena_reset(&bench->arena);
}

static void run_inflate(struct bench *bench)
{
    struct slice plain;
    MUST(!fault_is(
        inflate_body(bench->scratch, &bench->arena, SLICE("gzip"), bench->packed, &plain)));
    MUST(plain.len == bench->json.len);
    arena_reset(&bench->arena);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

enum { YAJL, TREE, EVENT, REQUEST, INFLATE, RUNS };

/* Fills the median microseconds of one call of each. The runs take turns, so that what else the
 * machine does in a moment falls on all of them. */
static void measure(struct bench *bench, double medians[static RUNS])
{
    static void (*const runs[RUNS])(struct bench *) = {run_yajl, run_tree, run_event, run_request,
                                                       run_inflate};
    double times[RUNS][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        for (int run = 0; run < RUNS; run++) {
            double start = now_us();
            for (int i = 0; i < EVENTS_PER_ROUND; i++) {
                runs[run](bench);
            }
            times[run][round] = (now_us() - start) / EVENTS_PER_ROUND;
        }
    }
    for (int run = 0; run < RUNS; run++) {
        qsort(times[run], ROUNDS, sizeof(times[run][0]), by_size);
        medians[run] = times[run][ROUNDS / 2];
    }
}

static struct slice pack(struct slice plain, char *room, size_t size)
{
    struct libdeflate_compressor *packer = libdeflate_alloc_compressor(6);
    size_t packed = libdeflate_gzip_compress(packer, plain.at, plain.len, room, size);
    libdeflate_free_compressor(packer);
    MUST(packed != 0);
    return slice_of(room, packed);
}

static void report(struct bench *bench, const char *name, int frames)
{
    struct buffer text;
    struct buffer wrapped;
    char packed[65536];
    buffer_init(&text, 1u << 20);
    buffer_init(&wrapped, 1u << 20);
    write_event(&text, frames);
    bench->json = buffer_slice(&text);
    buffer_printf(&wrapped,
                  "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\",\"sent_at\":"
                  "\"2026-11-23T10:11:12.345678Z\"}\n{\"type\":\"event\",\"content_type\":"
                  "\"application/json\",\"length\":%zu}\n",
                  bench->json.len);
    buffer_add(&wrapped, bench->json);
    bench->envelope = buffer_slice(&wrapped);
    bench->packed = pack(bench->json, packed, sizeof(packed));
    double us[RUNS];
    measure(bench, us);
    printf("%-7s %6zu B  yajl %6.2f us  tree %+5.2f  event %+5.2f  = beyond yajl %+5.2f us  "
           "key and envelope %+5.2f us  gunzip %5.2f us (%.0f MB/s)\n",
           name, bench->json.len, us[YAJL], us[TREE] - us[YAJL], us[EVENT] - us[TREE],
           us[EVENT] - us[YAJL], us[REQUEST] - us[EVENT], us[INFLATE],
           (double)bench->json.len / us[INFLATE]);
    buffer_done(&text);
    buffer_done(&wrapped);
}

int main(void)
{
    struct bench bench = {.scratch = inflate_scratch_new(1u << 20)};
    MUST(bench.scratch != NULL && arena_init(&bench.arena, 8u << 20));
    report(&bench, "1.5 KB", 3);
    report(&bench, "10 KB", 25);
    inflate_scratch_free(bench.scratch);
    arena_done(&bench.arena);
    return 0;
}
