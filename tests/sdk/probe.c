/* SPDX-License-Identifier: Apache-2.0 */
/* A program the tests drive: probe DSN FOLDER COMMAND... Each command is a word with optional
 * number: capture:20 stack:3 wait:50 flush:1000 close:2000 stats threads:4 fork kill ... */
#include "tocsin.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static long resident_kb(void)
{
    long size = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%ld %ld", &size, &pages) != 2) {
        pages = 0;
    }
    if (f) {
        fclose(f);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void print_stats(void)
{
    tocsin_stats_t s = {.size = sizeof s};
    tocsin_stats(&s);
    printf("stats accepted=%lu sent=%lu spooled=%lu replayed=%lu overflow=%lu sampled=%lu "
           "hooked=%lu limited=%lu rejected=%lu evicted=%lu files=%lu requests=%lu ready=%d "
           "rss=%ld\n",
           s.accepted, s.sent, s.spooled, s.replayed, s.overflow, s.sampled, s.hooked, s.limited,
           s.rejected, s.evicted, s.spool_files, s.requests, s.crash_ready, resident_kb());
}

static void *hammer(void *count)
{
    for (long i = 0; i < *(long *)count; i++) {
        tocsin_breadcrumb(TOCSIN_INFO, "hammer", "a step of one of many threads");
        tocsin_capture(TOCSIN_ERROR, "hammer", "one of many", i % 2 ? TOCSIN_STACK : 0);
        if (i % 16 == 0) {
            tocsin_tag("turn", i % 32 ? "odd" : "even");
            tocsin_context("turn", "{\"n\":[1,2,3]}");
        }
    }
    return NULL;
}

static void threads(long n, long each)
{
    pthread_t t[64];
    for (long i = 0; i < n; i++) {
        pthread_create(&t[i], NULL, hammer, &each);
    }
    for (long i = 0; i < n; i++) {
        pthread_join(t[i], NULL);
    }
}

static int drop_odd(tocsin_event *event, void *ctx)
{
    (void)ctx;
    memcpy(event->message, "SEEN", strlen(event->message) < 4 ? 0 : 4);
    return event->message[strlen(event->message) - 1] & 1;
}

static void child(void)
{
    if (fork() == 0) {
        tocsin_session_start();
        tocsin_capture(TOCSIN_ERROR, "child", "from the child", TOCSIN_STACK);
        _exit(tocsin_close(3000) == TOCSIN_OK ? 0 : 3);
    }
    int status = 0;
    wait(&status);
    printf("child %d\n", status);
}

/* Until so many spooled files have been delivered; a test that waits a minute has failed. */
static void replayed(unsigned long n)
{
    tocsin_stats_t s = {.size = sizeof s};
    for (int i = 0; i < 6000 && s.replayed < n; i++) {
        usleep(10000);
        tocsin_stats(&s);
    }
}

static atomic_bool closing;

/* How late this machine lets a thread run, beyond what it asked for. */
static void *measure_lag(void *worst)
{
    while (atomic_load(&closing)) {
        double started = now();
        usleep(1000);
        double late = now() - started - 1;
        *(double *)worst = late > *(double *)worst ? late : *(double *)worst;
    }
    return NULL;
}

static void timed_close(int ms)
{
    pthread_t t;
    double lag = 0;
    atomic_store(&closing, true);
    pthread_create(&t, NULL, measure_lag, &lag);
    double started = now();
    int result = tocsin_close(ms);
    double took = now() - started;
    atomic_store(&closing, false);
    pthread_join(t, NULL);
    printf("close %d %.1f lag %.1f\n", result, took, lag);
}

static void command(const char *word)
{
    const char *colon = strchr(word, ':');
    long n = colon ? strtol(colon + 1, NULL, 10) : 1;
    size_t length = colon ? (size_t)(colon - word) : strlen(word);
#define IS(name) (length == strlen(name) && strncmp(word, name, length) == 0)
    double started = now();
    if (IS("capture")) {
        for (long i = 0; i < n; i++) {
            tocsin_capturef(TOCSIN_ERROR, "probe", "event %ld", i);
        }
    } else if (IS("slow")) { /* one by one, each after the last is sent, spooled or counted */
        for (long i = 0; i < n; i++) {
            tocsin_capturef(TOCSIN_ERROR, "probe", "event %ld", i);
            tocsin_flush(60000);
        }
    } else if (IS("stack")) {
        for (long i = 0; i < n; i++) {
            tocsin_capture(TOCSIN_ERROR, "probe", "with stack", TOCSIN_STACK);
        }
    } else if (IS("crumb")) {
        for (long i = 0; i < n; i++) {
            tocsin_breadcrumb(TOCSIN_INFO, "probe", "a step");
        }
    } else if (IS("message")) {
        tocsin_capture(TOCSIN_INFO, NULL, "a message", 0);
    } else if (IS("checkin")) {
        tocsin_check_in("nightly", TOCSIN_CHECK_OK, 1.5, "0 3 * * *", NULL);
    } else if (IS("wait")) {
        usleep((useconds_t)n * 1000);
    } else if (IS("flush")) {
        int result = tocsin_flush((int)n);
        printf("flush %d %.1f\n", result, now() - started);
    } else if (IS("replayed")) {
        replayed((unsigned long)n);
    } else if (IS("close")) {
        timed_close((int)n);
    } else if (IS("stats")) {
        print_stats();
    } else if (IS("threads")) {
        threads(n, 2000);
    } else if (IS("fork")) {
        child();
    } else if (IS("kill")) {
        raise(SIGKILL);
    } else if (IS("crash")) {
        raise((int)n);
    } else if (IS("exit")) {
        exit((int)n);
    } else {
        fprintf(stderr, "unknown command %s\n", word);
        exit(2);
    }
    fflush(stdout);
}

static unsigned number(const char *name)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

int main(int argc, char **argv)
{
    const char *rate = getenv("PROBE_RATE"), *hook = getenv("PROBE_HOOK");
    if (argc < 3) {
        return 2;
    }
    tocsin_options o = {.size = sizeof o, .dsn = argv[1], .dir = argv[2], .release = "probe@1"};
    o.sample_rate = rate ? strtod(rate, NULL) : 0;
    o.flags = number("PROBE_FLAGS");
    o.timeout_ms = number("PROBE_TIMEOUT");
    o.before_send = hook ? drop_odd : NULL;
    o.spool_files = number("PROBE_SPOOL_FILES");
    o.spool_bytes = number("PROBE_SPOOL_BYTES");
    int result = tocsin_init(&o);
    if (result != TOCSIN_OK) {
        printf("init %d %s\n", result, tocsin_strerror(result));
        return 3;
    }
    for (int i = 3; i < argc; i++) {
        command(argv[i]);
    }
    return 0;
}
