/* SPDX-License-Identifier: Apache-2.0 */
/* What a call costs its caller, beside a baseline measured in the same run: bench DSN FOLDER.
 * The baseline is what any reporter must do: read the clock and copy as many bytes as the event
 * takes to memory that is not in the cache's nearest level. Exits with 1 when the ratio to it, or a
 * count of allocations, is beyond the budget; times alone are printed, not judged. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "tocsin.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { N = 4096, BURST = 48, CRUMBS = 20000, ISOLATED = 1500, ASLEEP = 100 };

extern void *__libc_malloc(size_t);
static atomic_long allocations;

/* Counts every allocation of the process: the caller's and the sender's. */
void *malloc(size_t n)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    return __libc_malloc(n);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double times[CRUMBS];

static double print(const char *name, int n, double p50, double p99, const char *unit)
{
    long before = atomic_load(&allocations);
    qsort(times, (size_t)n, sizeof *times, by_size);
    atomic_store(&allocations, before); /* sorting allocates; the sender is idle by now */
    printf("%-28s p50 %7.3f p99 %7.2f us   target %5.2f %6.2f %s\n", name, times[n / 2],
           times[n * 99 / 100], p50, p99, unit);
    return times[n / 2];
}

static char sink[64][16384], source[16384];

static double baseline(size_t bytes, const char *name)
{
    memset(sink, 1, sizeof sink);
    for (int i = 0; i < N; i++) {
        struct timespec t;
        double start = now_us();
        clock_gettime(CLOCK_REALTIME, &t);
        source[0] = (char)t.tv_nsec;
        memcpy(sink[i % 64], source, bytes);
        times[i] = now_us() - start;
    }
    return print(name, N, 0, 0, "(baseline)");
}

/* Bursts that the queue holds, with pauses in which the sender works: nothing is dropped. */
static double burst(unsigned flags, const char *name, double p50, double p99)
{
    for (int i = 0; i < N; i++) {
        if (i % BURST == 0) {
            tocsin_flush(5000);
        }
        double start = now_us();
        if (tocsin_capture(TOCSIN_ERROR, "bench", "an event of the benchmark", flags) != 0) {
            printf("dropped at %d\n", i);
            exit(1);
        }
        times[i] = now_us() - start;
    }
    tocsin_flush(5000);
    return print(name, N, p50, p99, "");
}

/* With 500 us between them the sender has just been at work; with 40 ms it sleeps for good, and
 * each call has to wake it. */
static void isolated(unsigned flags, int n, unsigned gap_us, const char *name)
{
    for (int i = 0; i < n; i++) {
        usleep(gap_us);
        double start = now_us();
        tocsin_capture(TOCSIN_ERROR, "bench", "an event of the benchmark", flags);
        times[i] = now_us() - start;
    }
    tocsin_flush(5000);
    print(name, n, 10, 50, "");
}

static double crumbs(void)
{
    for (int i = 0; i < CRUMBS; i++) {
        double start = now_us();
        tocsin_breadcrumb(TOCSIN_INFO, "bench", "a step of the benchmark");
        times[i] = now_us() - start;
    }
    return print("breadcrumb", CRUMBS, 0.15, 1, "");
}

static long wake_ups(void)
{
    long sum = 0, n;
    char path[64], line[256];
    for (int tid = getpid(); tid < getpid() + 8; tid++) {
        snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
        FILE *f = fopen(path, "r");
        while (f && fgets(line, sizeof line, f)) {
            if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1 && tid != getpid()) {
                sum += n;
            }
        }
        if (f) {
            fclose(f);
        }
    }
    return sum;
}

int main(int argc, char **argv)
{
    tocsin_options o = {.size = sizeof o, .flags = TOCSIN_NO_SESSION};
    if (argc < 3) {
        return 2;
    }
    o.dsn = argv[1];
    o.dir = argv[2];
    double start = now_us();
    int result = tocsin_init(&o);
    printf("init %.0f us (target 1000): %s\n", now_us() - start, tocsin_strerror(result));
    tocsin_tag("bench", "yes");
    double small = baseline(1024, "clock + copy 1 KiB"),
           large = baseline(9216, "clock + copy 9 KiB");
    for (int i = 0; i < 64; i++) { /* the first pay for the thread and for fresh memory */
        tocsin_capture(TOCSIN_ERROR, "bench", "for the first time", TOCSIN_STACK);
        tocsin_flush(5000);
    }
    long before = atomic_load(&allocations);
    double message = burst(0, "message, burst", 0.5, 10);
    double stack = burst(TOCSIN_STACK, "with stack, burst", 1, 15);
    double crumb = crumbs();
    isolated(0, ISOLATED, 500, "message, every 500 us");
    isolated(TOCSIN_STACK, ISOLATED, 500, "with stack, every 500 us");
    isolated(0, ASLEEP, 40000, "message, sender asleep");
    isolated(TOCSIN_STACK, ASLEEP, 40000, "with stack, sender asleep");
    tocsin_flush(5000);
    long during = atomic_load(&allocations) - before;
    tocsin_stats_t s = {.size = sizeof s};
    tocsin_stats(&s);
    usleep(200000); /* the last burst's lingering is over */
    long idle = wake_ups();
    sleep(2);
    idle = wake_ups() - idle;
    printf("%ld allocations in %lu events (target 0), %ld wake-ups in 2 idle s (target 0)\n",
           during, s.accepted, idle);
    double message_ratio = message / small, stack_ratio = stack / large;
    printf("ratios to the baseline's median: message %.1f (budget 12), with stack %.1f (budget 8), "
           "crumb %.1f (budget 6)\n",
           message_ratio, stack_ratio, crumb / small);
    tocsin_close(2000);
    return during > 0 || idle > 0 || message_ratio > 12 || stack_ratio > 8 || crumb / small > 6;
}
