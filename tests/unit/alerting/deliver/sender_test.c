/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/sender.h"
#include "ingest/host/clock.h"
#include "tests/support/receiver.h"
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct fixture {
    struct test_receiver receiver;
    struct sender *sender;
    struct delivery_answer answers[64]; /* by ticket */
    bool is_done[64];
    int64_t done_us[64];
    uint32_t done;
};

static void note(void *context, void *ticket, const struct delivery_answer *answer)
{
    struct fixture *f = context;
    size_t index = (size_t)ticket;
    cr_assert_not(f->is_done[index]);
    f->answers[index] = *answer;
    f->is_done[index] = true;
    f->done_us[index] = clock_monotonic_us();
    f->done++;
}

static struct fixture *begin(void)
{
    struct fixture *f = calloc(1, sizeof(*f));
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    receiver_start(&f->receiver);
    f->sender = sender_new(note, f);
    cr_assert_not_null(f->sender);
    return f;
}

static void end(struct fixture *f)
{
    sender_free(f->sender);
    receiver_stop(&f->receiver);
    free(f);
}

static void send_to(struct fixture *f, size_t ticket, const char *path, int64_t timeout_ms)
{
    char url[128];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", f->receiver.port, path);
    struct sender_request request = {.url = slice_str(url),
                                     .header_lines =
                                         SLICE("Content-Type: application/json\nwebhook-id: x1\n"),
                                     .body = SLICE("{\"a\":1}"),
                                     .timeout_ms = timeout_ms};
    cr_assert(sender_send(f->sender, &request, (void *)ticket));
}

static void work_until(struct fixture *f, uint32_t done)
{
    int64_t deadline_us = clock_monotonic_us() + 10000000;
    while (f->done < done && clock_monotonic_us() < deadline_us) {
        sender_work(f->sender, 100);
    }
    cr_assert_eq(f->done, done);
}

Test(sender, posts_what_it_was_given, .timeout = 30)
{
    struct fixture *f = begin();

    send_to(f, 0, "/x", 5000);
    work_until(f, 1);

    struct receiver_request got = receiver_request(&f->receiver, 0);
    cr_expect_eq(f->answers[0].status, 200);
    cr_expect_str_eq(got.body, "{\"a\":1}");
    cr_expect_str_eq(got.id, "x1");
    cr_expect_eq(strncmp(got.head, "POST /x HTTP/1.1\r\n", 18), 0, "%s", got.head);
    cr_expect(strstr(got.head, "User-Agent: Tocsin/") != NULL);
    cr_expect(strstr(got.head, "Expect") == NULL);
    end(f);
}

Test(sender, redirect_is_an_answer, .timeout = 30)
{
    struct fixture *f = begin();
    receiver_rule(&f->receiver, (struct receiver_rule){.path = "/r",
                                                       .status = 302,
                                                       .headers = "Location: /inside\r\n",
                                                       .times = UINT32_MAX});

    send_to(f, 0, "/r", 5000);
    work_until(f, 1);

    cr_expect_eq(f->answers[0].status, 302);
    cr_expect_eq(f->receiver.count, 1);
    end(f);
}

Test(sender, other_schemes_are_not_spoken, .timeout = 30)
{
    struct fixture *f = begin();
    struct sender_request request = {
        .url = SLICE("file:///etc/passwd"), .body = SLICE("x"), .timeout_ms = 1000};

    cr_assert(sender_send(f->sender, &request, (void *)0));
    work_until(f, 1);

    cr_expect_eq(f->answers[0].status, 0);
    cr_expect(strlen(f->answers[0].error) > 0);
    end(f);
}

Test(sender, retry_after_is_read_in_seconds_and_as_a_date, .timeout = 30)
{
    char header[96];
    time_t when = time(NULL) + 100;
    struct tm parts;
    struct fixture *f = begin();
    strftime(header, sizeof(header), "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n",
             gmtime_r(&when, &parts));
    receiver_rule(&f->receiver,
                  (struct receiver_rule){
                      .path = "/s", .status = 429, .headers = "Retry-After: 7\r\n", .times = 1});
    receiver_rule(&f->receiver, (struct receiver_rule){
                                    .path = "/d", .status = 503, .headers = header, .times = 1});

    send_to(f, 0, "/s", 5000);
    send_to(f, 1, "/d", 5000);
    work_until(f, 2);

    cr_expect_eq(f->answers[0].retry_after_us, 7000000);
    cr_expect_geq(f->answers[1].retry_after_us, 90000000);
    cr_expect_leq(f->answers[1].retry_after_us, 100000000);
    end(f);
}

Test(sender, one_that_hangs_delays_no_other, .timeout = 30)
{
    struct fixture *f = begin();
    receiver_rule(&f->receiver, (struct receiver_rule){
                                    .path = "/hang", .act = RECEIVER_HANGS, .times = UINT32_MAX});
    int64_t start_us = clock_monotonic_us();
    for (size_t i = 0; i < 10; i++) {
        send_to(f, i, "/hang", 1500);
    }

    for (size_t i = 10; i < 20; i++) {
        send_to(f, i, "/x", 5000);
    }
    work_until(f, 20);

    for (size_t i = 10; i < 20; i++) {
        cr_expect_eq(f->answers[i].status, 200);
        cr_expect_lt(f->done_us[i] - start_us, 1000000);
    }
    cr_expect(f->answers[0].timed_out);
    cr_expect_eq(f->answers[0].status, 0);
    end(f);
}

Test(sender, broken_connection_is_no_answer, .timeout = 30)
{
    struct fixture *f = begin();
    receiver_rule(&f->receiver,
                  (struct receiver_rule){.path = "/b", .act = RECEIVER_RESETS, .times = 1});

    send_to(f, 0, "/b", 5000);
    work_until(f, 1);

    cr_expect_eq(f->answers[0].status, 0);
    cr_expect_not(f->answers[0].timed_out);
    cr_expect(strlen(f->answers[0].error) > 0);
    end(f);
}

Test(sender, answer_without_end_is_cut_off_and_counts, .timeout = 30)
{
    struct fixture *f = begin();
    receiver_rule(&f->receiver,
                  (struct receiver_rule){.path = "/f", .act = RECEIVER_FLOODS, .times = 1});
    int64_t start_us = clock_monotonic_us();

    send_to(f, 0, "/f", 8000);
    work_until(f, 1);

    cr_expect_eq(f->answers[0].status, 200);
    cr_expect_lt(f->done_us[0] - start_us, 3000000);
    end(f);
}

static void *wake_later(void *context)
{
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    sender_wake(context);
    return NULL;
}

Test(sender, wake_ends_the_wait, .timeout = 30)
{
    struct fixture *f = begin();
    pthread_t thread;
    int64_t start_us = clock_monotonic_us();
    cr_assert_eq(pthread_create(&thread, NULL, wake_later, f->sender), 0);

    sender_work(f->sender, 10000);

    cr_expect_lt(clock_monotonic_us() - start_us, 5000000);
    pthread_join(thread, NULL);
    end(f);
}
