/* SPDX-License-Identifier: Apache-2.0 */
/* core_scrub — what scrubbing adds to one event.
 *
 * Each line of FILE is an event's JSON. Of each: parsed, decoded and normalised; and the same and
 * scrubbed. Prints microseconds per event of both, the median of ROUNDS rounds, and the difference.
 * With a second argument, `scrub` or `plain`, it does only that, ONCE times, and prints nothing:
 * for counting instructions.
 *
 * Stands alone: cc -O2 -D_GNU_SOURCE -I. tests/bench/core_scrub.c libnormalise.a libdecode.a
 *               libevent.a libbase.a -lmaxminddb -lyajl -ldeflate -lbrotlidec -lzstd -lmd -lm
 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/decode/event_json.h"
#include "ingest/decode/store.h"
#include "ingest/normalise/normalise.h"
#include "ingest/normalise/scrub.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS    31
#define LINES_MAX 4096u
#define ONCE      20
#define BYTES_MAX (64u << 20)

static struct slice lines[LINES_MAX];
static size_t line_count;
static size_t total_bytes;

static double now_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void read_lines(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(BYTES_MAX);
    MUST(file != NULL && text != NULL);
    struct slice rest = slice_of(text, fread(text, 1, BYTES_MAX, file));
    fclose(file);
    while (rest.len != 0 && line_count < LINES_MAX) {
        struct slice line = slice_head(rest, slice_find(rest, '\n'));
        rest = slice_from(rest, line.len + 1);
        if (line.len != 0) {
            lines[line_count++] = line;
            total_bytes += line.len;
        }
    }
    MUST(line_count != 0);
}

static void run(struct arena *arena, const struct scrub_rules *rules)
{
    const struct normalise_input input = {.received_us = INT64_C(1795000000000000), .seed = {{1}}};
    for (size_t i = 0; i < line_count; i++) {
        struct value *root = NULL;
        struct event event;
        arena_reset(arena);
        if (fault_is(store_parse(arena, lines[i], &root)) ||
            fault_is(event_decode(arena, root, &event))) {
            continue;
        }
        normalise_event(arena, &input, &event);
        if (rules != NULL) {
            scrub_event(arena, rules, root, &event);
        }
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_us(struct arena *arena, const struct scrub_rules *rules)
{
    double took[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double from = now_us();
        run(arena, rules);
        took[i] = (now_us() - from) / (double)line_count;
    }
    qsort(took, ROUNDS, sizeof(took[0]), by_size);
    return took[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct arena kept;
    MUST(argc > 1 && arena_init(&arena, SCRATCH_BYTES) && arena_init(&kept, 1u << 20));
    const struct scrub_rules *rules = scrub_rules_new(&kept, NULL);
    read_lines(argv[1]);
    for (int i = 0; i < ONCE && argc > 2; i++) {
        run(&arena, argv[2][0] == 's' ? rules : NULL);
    }
    if (argc == 2) {
        double without = median_us(&arena, NULL);
        double with = median_us(&arena, rules);
        printf("%zu events of %zu bytes: %.2f us, scrubbed %.2f us, scrubbing %.2f us\n",
               line_count, total_bytes / line_count, without, with, with - without);
    }
    return 0;
}
