/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/rig.h"

#include <time.h>

#define HELLO  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"
#define PING   "\0\0\x08\x06\0\0\0\0\0........"
#define POST_1 "\0\0\x03\x01\x04\0\0\0\x01\x83\x86\x84"
#define DATA_1 "\0\0\x01\0\0\0\0\0\x01x"

/* Sweeps as if a second had passed, without waiting for it: each turn here is one of 2 ms. */
static void sweep_for(struct rig *rig, unsigned ms, int client, struct slice drip)
{
    uint64_t end = loop_now_ms(rig->loop) + ms;
    while (loop_now_ms(rig->loop) < end) {
        if (drip.len > 0 && send(client, drip.at, drip.len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
            return;
        }
        struct timespec a_little = {0, 5000000};
        nanosleep(&a_little, NULL);
        rig_turns(rig, 1);
        loop_defer(rig->loop, sweep, rig->server);
        rig_turns(rig, 1);
    }
}

Test(sweep, closes_requests_that_do_not_arrive)
{
    static const struct {
        const char *name;
        struct slice opening;
        struct slice drip;
    } cases[] = {
        {"h1 head", SLICE_INIT("GET / HTTP/1.1\r\n"), SLICE_INIT("a: b\r\n")},
        {"h1 body", SLICE_INIT("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 999\r\n\r\n"),
         SLICE_INIT("x")},
        {"h2 body", SLICE_INIT(HELLO POST_1), SLICE_INIT(DATA_1)},
        {"h2 open block", SLICE_INIT(HELLO "\0\0\x03\x01\0\0\0\0\x01\x83\x86\x84"), SLICE_INIT("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig rig;
        rig_init(&rig);
        rig.options.request_timeout_ms = 50;
        rig_start(&rig);
        int client = rig_connect(&rig);
        rig_send(client, cases[i].opening);
        sweep_for(&rig, 20, client, cases[i].drip);
        cr_expect_eq(http_server_connections(rig.server), 1u, "%s: too early", cases[i].name);
        sweep_for(&rig, 150, client, cases[i].drip);
        cr_expect_eq(http_server_connections(rig.server), 0u, "%s: too late", cases[i].name);
        cr_expect_eq(rig_counter(&rig.server->counters.timeout_request), 1u, "%s", cases[i].name);
        close(client);
        rig_stop(&rig);
    }
}

Test(sweep, answers_503_for_us_when_we_do_not)
{
    struct rig rig;
    rig_init(&rig);
    rig.options.answer_timeout_ms = 50;
    rig.holds = true;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    sweep_for(&rig, 150, client, SLICE(""));
    cr_expect(rig_read(&rig, client, "no answer in time"));
    cr_expect(strstr(rig.text, "HTTP/1.1 503 "));
    cr_expect(strstr(rig.text, "retry-after: 1\r\n"));
    cr_expect(http_ticket_is_gone(rig.held[0]));
    cr_expect_eq(rig_counter(&rig.server->counters.timeout_answer), 1u);
    close(client);
    rig_stop(&rig);
}

static void answer_much(void *data, struct http_request *request, struct http_ticket *ticket)
{
    static char body[4000];
    (void)data;
    (void)request;
    http_reply(ticket, &(struct http_answer){.status = 200, .body = slice_of(body, sizeof body)});
}

/* 100 answers of 4,000 bytes on a connection whose window of 65,535 the client never opens. */
Test(sweep, closes_connections_whose_answers_are_not_taken)
{
    struct rig rig;
    char many[12 * 100];
    rig_init(&rig);
    rig.options.answer_timeout_ms = 30;
    rig.options.request_timeout_ms = 30;
    rig.options.on_request = answer_much;
    rig_start(&rig);
    int client = rig_connect(&rig);
    for (unsigned i = 0; i < 100; i++) {
        memcpy(many + 12 * i, "\0\0\x03\x01\x05\0\0\0\x01\x82\x86\x84", 12);
        many[12 * i + 8] = (char)(2 * i + 1);
    }
    rig_send(client, SLICE(HELLO));
    rig_send(client, slice_of(many, sizeof many));
    sweep_for(&rig, 200, client, SLICE(PING));
    cr_expect_eq(rig_counter(&rig.server->counters.timeout_write), 1u);
    cr_expect_eq(http_server_connections(rig.server), 0u);
    close(client);
    rig_stop(&rig);
}

Test(sweep, closes_connections_that_only_keep_alive)
{
    struct rig rig;
    rig_init(&rig);
    rig.options.idle_timeout_ms = 50;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(HELLO));
    sweep_for(&rig, 1500, client, SLICE(PING));
    cr_expect_eq(http_server_connections(rig.server), 1u, "libh2o's own timer comes first");
    sweep_for(&rig, 1000, client, SLICE(PING));
    cr_expect_eq(http_server_connections(rig.server), 0u);
    cr_expect_eq(rig_counter(&rig.server->counters.timeout_idle), 1u);
    close(client);
    rig_stop(&rig);
}

Test(sweep, closes_what_the_guard_has_killed_and_who_does_not_read_it)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_turns(&rig, 3);
    guard_kill(&rig.server->connections->guard, GUARD_FRAMES);
    sweep_for(&rig, 2300, client, SLICE(""));
    cr_expect_eq(http_server_connections(rig.server), 0u);
    close(client);
    rig_stop(&rig);
}

Test(sweep, resumes_accepting_when_descriptors_may_be_back)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    server_pause(rig.server);
    int client = rig_connect(&rig);
    rig_turns(&rig, 5);
    cr_expect_eq(http_server_connections(rig.server), 0u);
    loop_defer(rig.loop, sweep, rig.server);
    rig_turns(&rig, 5);
    cr_expect_eq(http_server_connections(rig.server), 1u);
    close(client);
    rig_stop(&rig);
}

Test(sweep, marks_connections_with_a_request_under_way)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int idle = rig_connect(&rig);
    rig_turns(&rig, 3);
    int busy = rig_connect(&rig);
    rig_send(busy, SLICE("GET /"));
    rig_turns(&rig, 3);
    sweep_mark(rig.server);
    cr_expect(rig.server->connections->is_busy);
    cr_expect(!rig.server->connections->next->is_busy);
    close(idle);
    close(busy);
    rig_stop(&rig);
}
