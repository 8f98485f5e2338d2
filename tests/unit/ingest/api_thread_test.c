/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/alarm.h"
#include "ingest/api_thread.h"
#include "ingest/crew.h"
#include "ingest/host/clock.h"
#include "ingest/symbols/symboliser.h"
#include "storage/committer.h"
#include "tests/unit/ingest/intake_site.h"

static struct intake_site place;
static struct redis_options nowhere;
static struct committer *committer;
static struct alarm *alarm_bell;
static struct crew *crew;
static struct symboliser *symboliser;

static struct fault replay_nothing(void *context, const struct record *record, struct arena *keep,
                                   struct effect **out)
{
    (void)context;
    (void)record;
    (void)keep;
    *out = NULL;
    return FAULT_OK;
}

static void setup(void)
{
    intake_site_open(&place);
    cr_assert_not(fault_is(redis_parse(SLICE("unix:/nonexistent/redis.sock"), &nowhere)));
    committer = committer_new(&(struct committer_options){
        .journal = place.journal, .redis = nowhere, .replay = replay_nothing});
    committer_start(committer);
    alarm_bell = alarm_start(reload_box(place.reload), &nowhere, journal_node(place.journal));
    crew = crew_start(&(struct crew_options){.options = &place.site.options,
                                             .listen_fds = &place.site.intake_fd,
                                             .box = reload_box(place.reload),
                                             .journal = place.journal,
                                             .is_ready = intake_site_is_ready});
    symboliser = symboliser_start(&(struct symboliser_options){.folder = "symbols"});
    cr_assert(alarm_bell != NULL && crew != NULL && symboliser != NULL);
}

static void teardown(void)
{
    crew_drain(crew, 100);
    crew_wait(crew, clock_monotonic_us() + 5000000);
    journal_stop(place.journal);
    crew_join(crew);
    symboliser_stop(symboliser);
    alarm_stop(alarm_bell, 1000);
    committer_stop(committer, 100);
    crew_free(crew);
    committer_free(committer);
    intake_site_close(&place);
}

TestSuite(api_thread, .init = setup, .fini = teardown);

static struct api_thread *start(void)
{
    return api_thread_start(&(struct api_thread_options){
        .options = &place.site.options,
        .listen_fds = &place.site.api_fd,
        .token = place.site.data.token,
        .public_base = "http://errors.example",
        .box = reload_box(place.reload),
        .journal = place.journal,
        .committer = committer,
        .alerting = alarm_alerting(alarm_bell),
        .symboliser = symboliser,
        .redis = &nowhere,
        .crew = crew,
        .is_ready = intake_site_is_ready,
    });
}

static bool answers(const char *path, const char *bearer, char *out, size_t room)
{
    char request[512];
    snprintf(request, sizeof(request),
             "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n",
             path, bearer);
    return site_ask(place.site.api_fd, request, out, room);
}

Test(api_thread, answers_questions_until_it_is_joined)
{
    struct api_thread *api = start();
    cr_assert_not_null(api);

    cr_expect(site_gets(place.site.api_fd, "/healthz", 200));
    cr_expect(site_gets(place.site.api_fd, "/readyz", 200));
    cr_expect(site_gets(place.site.api_fd, "/nowhere", 404));
    cr_expect(site_gets(place.site.api_fd, "/api/0/projects/", 401));

    api_thread_join(api);
    api_thread_free(api);
}

Test(api_thread, the_token_opens_it_and_dsns_have_the_public_base)
{
    static char answer[65536];
    char expected[128];
    char key[ID_HEX_BYTES + 1];
    struct api_thread *api = start();
    site_key(&place.site, key);
    snprintf(expected, sizeof(expected), "http://%s@errors.example/1", key);

    cr_expect(answers("/api/0/projects/", place.site.data.token, answer, sizeof(answer)));
    cr_expect(strncmp(answer, "HTTP/1.1 200 ", 13) == 0, "%s", answer);
    cr_expect_not_null(strstr(answer, expected), "%s", answer);
    cr_expect(answers("/api/0/projects/", "wrong", answer, sizeof(answer)));
    cr_expect(strncmp(answer, "HTTP/1.1 401 ", 13) == 0, "%s", answer);

    api_thread_join(api);
    api_thread_free(api);
}

Test(api_thread, tells_what_the_workers_counted)
{
    static char answer[262144];
    struct api_thread *api = start();
    cr_assert(site_sends(&place.site, "{\"message\":\"it broke\"}"));

    cr_expect(answers("/metrics", "", answer, sizeof(answer)));

    cr_expect_not_null(strstr(answer, "tocsin_intake_events_total 1\n"), "%.3000s", answer);
    api_thread_join(api);
    api_thread_free(api);
}

Test(api_thread, speaks_http_1_only)
{
    char answer[4096] = "";
    struct api_thread *api = start();

    bool answered =
        site_ask(place.site.api_fd, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", answer, sizeof(answer));

    cr_expect(!answered || strncmp(answer, "HTTP/1.1 4", 10) == 0, "%s", answer);
    api_thread_join(api);
    api_thread_free(api);
}

Test(api_thread, does_not_start_with_a_certificate_that_cannot_be_read)
{
    place.site.options.tls_cert = "/nonexistent/chain.pem";
    place.site.options.tls_key = "/nonexistent/key.pem";

    cr_expect_null(start());
}

Test(api_thread, freeing_nothing_is_fine)
{
    api_thread_free(NULL);
}
