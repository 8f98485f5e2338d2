/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/worker.h"
#include "tests/unit/ingest/intake_site.h"

static struct intake_site place;

static void setup(void)
{
    intake_site_open(&place);
}

static void teardown(void)
{
    intake_site_close(&place);
}

TestSuite(worker, .init = setup, .fini = teardown);

static struct worker *start(unsigned connections_max)
{
    struct worker *worker = worker_start(&(struct worker_options){
        .listen_fds = &place.site.intake_fd,
        .listen_fd_count = 1,
        .connections_max = connections_max,
        .intake = {.box = reload_box(place.reload),
                   .journal = place.journal,
                   .is_ready = intake_site_is_ready},
    });
    cr_assert_not_null(worker);
    return worker;
}

static bool becomes_idle(const struct worker *worker, unsigned wait_ms)
{
    for (unsigned i = 0; i < wait_ms && !worker_is_idle(worker); i++) {
        test_pause();
    }
    return worker_is_idle(worker);
}

static void end(struct worker *worker)
{
    worker_drain(worker, 1000);
    cr_expect(becomes_idle(worker, 5000));
    journal_stop(place.journal);
    worker_join(worker);
    worker_free(worker);
}

Test(worker, answers_an_event_after_the_journal_has_it)
{
    struct worker *worker = start(100);

    cr_expect(site_sends(&place.site, "{\"message\":\"it broke\"}"));

    cr_expect_eq(journal_end(place.journal), 1u);
    cr_expect_eq(atomic_load(&worker_intake_counters(worker)->accepted), 1u);
    cr_expect_eq(atomic_load(&worker_intake_counters(worker)->events), 1u);
    cr_expect_geq(atomic_load(&worker_http_counters(worker)->requests_http1), 1u);
    end(worker);
}

Test(worker, refuses_what_it_does_not_know_and_keeps_nothing_of_it)
{
    struct worker *worker = start(100);

    cr_expect(site_gets(place.site.intake_fd, "/nowhere", 404));
    cr_expect_not(site_sends(&place.site, "{\"message\":"));

    cr_expect_eq(journal_end(place.journal), 0u);
    cr_expect_eq(atomic_load(&worker_intake_counters(worker)->invalid), 1u);
    end(worker);
}

Test(worker, several_share_the_same_sockets)
{
    struct worker *workers[3];
    for (unsigned i = 0; i < 3; i++) {
        workers[i] = start(100);
    }
    for (unsigned i = 0; i < 30; i++) {
        cr_expect(site_sends(&place.site, "{\"message\":\"it broke\"}"), "event %u", i);
    }
    uint64_t accepted = 0;
    for (unsigned i = 0; i < 3; i++) {
        accepted += atomic_load(&worker_intake_counters(workers[i])->accepted);
        worker_drain(workers[i], 1000);
    }
    cr_expect_eq(accepted, 30u);
    cr_expect_eq(journal_end(place.journal), 30u);
    for (unsigned i = 0; i < 3; i++) {
        cr_expect(becomes_idle(workers[i], 5000));
    }
    journal_stop(place.journal);
    for (unsigned i = 0; i < 3; i++) {
        worker_join(workers[i]);
        worker_free(workers[i]);
    }
}

Test(worker, is_not_idle_before_it_is_told_to_drain)
{
    struct worker *worker = start(100);

    cr_expect_not(becomes_idle(worker, 100));

    end(worker);
}

Test(worker, a_drain_ends_connections_that_stay_open)
{
    struct worker *worker = start(100);
    struct sockaddr_in address = {0};
    socklen_t length = sizeof(address);
    getsockname(place.site.intake_fd, (struct sockaddr *)&address, &length);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(fd, (const struct sockaddr *)&address, length), 0);
    cr_assert_eq(send(fd, "POST /api/1/store/ HTTP/1.1\r\n", 29, MSG_NOSIGNAL), 29);
    while (atomic_load(&worker_http_counters(worker)->accepted) == 0) {
        test_pause();
    }

    worker_drain(worker, 200);

    cr_expect(becomes_idle(worker, 5000), "it had 200 ms");
    journal_stop(place.journal);
    worker_join(worker);
    worker_free(worker);
    close(fd);
}

Test(worker, freeing_nothing_is_fine)
{
    worker_free(NULL);
}
