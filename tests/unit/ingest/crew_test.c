/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/crew.h"
#include "ingest/host/clock.h"
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

TestSuite(crew, .init = setup, .fini = teardown);

static struct crew *start(unsigned workers)
{
    place.site.options.workers = workers;
    return crew_start(&(struct crew_options){.options = &place.site.options,
                                             .listen_fds = &place.site.intake_fd,
                                             .box = reload_box(place.reload),
                                             .journal = place.journal,
                                             .is_ready = intake_site_is_ready});
}

static void end(struct crew *crew)
{
    crew_drain(crew, 1000);
    crew_wait(crew, clock_monotonic_us() + 20000000);
    journal_stop(place.journal);
    crew_join(crew);
    crew_free(crew);
}

Test(crew, has_as_many_workers_as_it_was_told)
{
    struct crew *crew = start(3);

    cr_assert_not_null(crew);
    cr_expect_eq(crew_count(crew), 3u);
    for (unsigned i = 0; i < 3; i++) {
        cr_expect_not_null(crew_worker(crew, i));
        cr_expect(i == 0 || crew_worker(crew, i) != crew_worker(crew, i - 1));
    }
    cr_expect(site_sends(&place.site, "{\"message\":\"it broke\"}"));
    end(crew);
}

Test(crew, has_one_for_each_core_when_it_was_not_told)
{
    struct crew *crew = start(0);

    cr_assert_not_null(crew);
    cr_expect_eq(crew_count(crew), (unsigned)sysconf(_SC_NPROCESSORS_ONLN));
    end(crew);
}

Test(crew, is_so_large_and_no_larger)
{
    for (unsigned wanted = CREW_MAX; wanted <= CREW_MAX + 1; wanted++) {
        struct crew *crew = start(wanted);
        cr_assert_not_null(crew);
        cr_expect_eq(crew_count(crew), CREW_MAX);
        crew_drain(crew, 1000);
        crew_wait(crew, clock_monotonic_us() + 60000000);
        crew_join(crew);
        crew_free(crew);
    }
}

Test(crew, waits_no_longer_than_it_was_told)
{
    struct crew *crew = start(1);
    int64_t before = clock_monotonic_us();

    crew_wait(crew, before + 50000); /* nobody drains: it would take for ever */

    int64_t took = clock_monotonic_us() - before;
    cr_expect(took >= 50000 && took < 5000000, "%lld us", (long long)took);
    end(crew);
}

Test(crew, does_not_start_with_a_certificate_that_cannot_be_read)
{
    place.site.options.tls_cert = "/nonexistent/chain.pem";
    place.site.options.tls_key = "/nonexistent/key.pem";

    cr_expect_null(start(1));
}

Test(crew, freeing_nothing_is_fine)
{
    crew_free(NULL);
}
