/* SPDX-License-Identifier: Apache-2.0 */
/* core_group — what normalise and fingerprint cost for one event, friendly and unfriendly.
 *
 * Friendly: an exception with frames as the SDKs of a platform send them. Unfriendly: 1 MB of what
 * takes longest. Prints microseconds per event, the median of ROUNDS rounds; decoding is told
 * apart.
 *
 * Stands alone: cc -O2 -D_GNU_SOURCE -I. tests/bench/core_group.c libfingerprint.a libnormalise.a
 *               libdecode.a libevent.a libbase.a -lyajl -ldeflate -lbrotlidec -lzstd -lmd -lm
 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "tests/support/grouping.h"
#include <time.h>

#define ROUNDS   31
#define ROUND_US 2000.0

struct sample {
    const char *name;
    const char *platform;
    const char *value; /* of the exception */
    const char *frame; /* members */
    int exceptions;
    int frames; /* of each */
};

static const struct sample samples[] = {
    {"python", "python", "card 4711 declined after 3 attempts",
     "\"module\":\"app.services.checkout\",\"filename\":\"app/services/checkout.py\",\"abs_path\":"
     "\"/srv/shop/app/services/checkout.py\",\"function\":\"charge_customer\",\"context_line\":"
     "\"        raise PaymentError('declined')\",\"in_app\":true",
     1, 25},
    {"java", "java", "card 4711 declined",
     "\"module\":\"org.springframework.web.Filter$$EnhancerBySpringCGLIB$$1ebdddb0\",\"filename\":"
     "\"Filter.java\",\"function\":\"filter\",\"in_app\":false",
     2, 50},
    {"native", "native", "Segfault",
     "\"function\":\"void shop::Cart<std::vector<int> >::run(std::string const&)\",\"package\":"
     "\"/opt/shop/lib/libshop.so\",\"instruction_addr\":\"0x7f0000001234\",\"in_app\":true",
     1, 25},
    {"javascript", "javascript", "Cannot read properties of undefined (reading 'items')",
     "\"filename\":\"https://shop.example/assets/app.js\",\"function\":\"Object.total\","
     "\"lineno\":1,\"colno\":4711,\"in_app\":true",
     1, 15},
    {"frames of stars", "native", "x",
     "\"function\":\"::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::\"",
     30, 250},
    {"frames of brackets", "native", "x",
     "\"function\":\"<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>\"", 30,
     250},
    {"frames of folders", "native", "x",
     "\"package\":\"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/x\",\"abs_path\":"
     "\"/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n\"",
     30, 250},
};

static double now_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void write_sample(struct buffer *out, const struct sample *sample)
{
    buffer_printf(out, "{\"platform\":\"%s\",\"exception\":[", sample->platform);
    for (int e = 0; e < sample->exceptions; e++) {
        buffer_printf(out, "%s{\"type\":\"PaymentError\",\"value\":\"", e > 0 ? "," : "");
        buffer_add(out, slice_str(sample->value));
        buffer_printf(out, "\",\"stacktrace\":{\"frames\":[");
        for (int f = 0; f < sample->frames; f++) {
            buffer_printf(out, "%s{\"lineno\":%d,", f > 0 ? "," : "", f + 1);
            buffer_add(out, slice_str(sample->frame));
            buffer_printf(out, "}");
        }
        buffer_printf(out, "]}}");
    }
    buffer_printf(out, "]}");
    MUST(!out->overflowed);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* One event through all; fills the microseconds of decode, normalise, fingerprint. */
static void run(struct arena *arena, struct slice json, double took[static 3])
{
    const struct normalise_input input = {.received_us = TEST_RECEIVED_US, .seed = {{1}}};
    struct value *root = NULL;
    struct event event;
    struct fingerprint fingerprint;
    double start = now_us();
    MUST(!fault_is(store_parse(arena, json, &root)));
    MUST(!fault_is(event_decode(arena, root, &event)));
    double decoded = now_us();
    normalise_event(arena, &input, &event);
    double normalised = now_us();
    fingerprint_of(arena, &event, &fingerprint);
    double done = now_us();
    MUST(fingerprint.count > 0 && !arena->exhausted);
    took[0] += decoded - start;
    took[1] += normalised - decoded;
    took[2] += done - normalised;
    arena_reset(arena);
}

static void measure(struct arena *arena, const struct sample *sample)
{
    static const char *const stages[] = {"decode", "normalise", "fingerprint"};
    double times[3][ROUNDS];
    struct buffer text;
    buffer_init(&text, EVENT_BYTES_MAX * 2);
    write_sample(&text, sample);
    for (int round = 0; round < ROUNDS; round++) {
        double took[3] = {0};
        int count = 0;
        do {
            run(arena, buffer_slice(&text), took);
            count++;
        } while (took[0] + took[1] + took[2] < ROUND_US);
        for (int stage = 0; stage < 3; stage++) {
            times[stage][round] = took[stage] / count;
        }
    }
    printf("%-20s %8zu B", sample->name, text.len);
    for (int stage = 0; stage < 3; stage++) {
        qsort(times[stage], ROUNDS, sizeof(times[stage][0]), by_size);
        printf("  %s %9.2f us", stages[stage], times[stage][ROUNDS / 2]);
    }
    printf("\n");
    buffer_done(&text);
}

int main(void)
{
    struct arena arena;
    MUST(arena_init(&arena, SCRATCH_BYTES));
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        measure(&arena, &samples[i]);
    }
    arena_done(&arena);
    return 0;
}
