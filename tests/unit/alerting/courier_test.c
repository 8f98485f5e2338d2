/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/courier.h"
#include "tests/unit/alerting/world.h"
#include <stdlib.h>

#define LANE SLICE("team/webhook/0")
#define ID   SLICE("ntf_00000000000000000000000000000001")

/* A world without Redis: the courier knows nothing of it. */
struct fixture {
    struct world world;
    struct alerting_stats stats;
    struct courier courier;
    char said[1024];
};

static void hear(void *context, enum alerting_log_level level, const char *text)
{
    struct fixture *f = context;
    (void)level;
    snprintf(f->said, sizeof(f->said), "%s", text);
}

static struct fixture *begin(const char *yaml)
{
    struct fixture *f = calloc(1, sizeof(*f));
    const struct say to = {hear, f};
    cr_assert(arena_init(&f->world.arena, 64u << 20));
    receiver_start(&f->world.receiver);
    cr_assert(courier_init(&f->courier, world_config(&f->world, yaml), &f->stats, &to));
    return f;
}

static void end(struct fixture *f)
{
    courier_done(&f->courier);
    receiver_stop(&f->world.receiver);
    arena_done(&f->world.arena);
    free(f);
}

/* Takes one claim and works until it is over; gives its attempt. */
static const struct attempt *take(struct fixture *f, struct slice lane, struct slice id,
                                  struct slice body)
{
    struct outbox_claim item = {
        .place = {7, lane, id}, .attempts = 1, .created_us = clock_wall_us(), .body = body};
    const struct outbox_claims claims = {.items = &item, .count = 1};
    courier_take(&f->courier, &claims);
    while (sender_under_way(f->courier.sender) > 0) {
        sender_work(f->courier.sender, 100);
    }
    cr_assert_not_null(f->courier.attempts.first);
    return f->courier.attempts.first;
}

Test(courier, an_answer_ends_the_attempt_and_is_counted)
{
    const struct {
        uint32_t status;
        enum delivery_step_kind kind;
        enum delivery_failure failure;
    } cases[] = {{204, STEP_DELIVERED, 0},
                 {503, STEP_RETRY, FAILED_SERVER_ERROR},
                 {429, STEP_RETRY, FAILED_RATE_LIMITED},
                 {401, STEP_DEAD, FAILED_AUTH},
                 {302, STEP_DEAD, FAILED_CLIENT_ERROR},
                 {410, STEP_DEAD_AND_CLOSE, FAILED_CLIENT_ERROR}};
    struct fixture *f = begin(WORLD_CONFIG);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        receiver_rule(
            &f->world.receiver,
            (struct receiver_rule){.path = "/hook", .status = cases[i].status, .times = 1});

        const struct attempt *attempt = take(f, LANE, ID, SLICE("{}"));

        cr_expect(attempt->is_over, "%u", cases[i].status);
        cr_expect_eq(attempt->step.kind, cases[i].kind, "%u", cases[i].status);
        cr_expect_eq(attempt->lane->is_closed, cases[i].kind == STEP_DEAD_AND_CLOSE);
        if (cases[i].kind != STEP_DELIVERED) {
            cr_expect_geq(f->stats.failed[cases[i].failure], 1, "%u", cases[i].status);
            cr_expect(strstr(attempt->why, "status") != NULL, "%s", attempt->why);
        }
        attempts_done(&f->courier.attempts);
    }
    cr_expect_eq(f->stats.delivered, 1);
    cr_expect_eq(f->stats.dead, 3);
    end(f);
}

Test(courier, a_network_error_is_told_in_its_words)
{
    struct fixture *f = begin("route: {receiver: team}\n"
                              "receivers: [{name: team, webhook_configs: [\n"
                              "    {url: 'http://127.0.0.1:1/'}]}]\n");

    const struct attempt *attempt = take(f, LANE, ID, SLICE("{}"));

    cr_expect_eq(attempt->step.kind, STEP_RETRY);
    cr_expect_eq(f->stats.failed[FAILED_NETWORK], 1);
    cr_expect(strstr(attempt->why, "127.0.0.1") != NULL, "%s", attempt->why);
    cr_expect(strstr(f->said, attempt->why) != NULL, "%s", f->said);
    end(f);
}

Test(courier, what_can_never_be_sent_is_over_at_once)
{
    const struct {
        struct slice lane;
        struct slice id;
        struct slice body;
        const char *why;
    } cases[] = {{SLICE("gone/webhook/0"), ID, SLICE("{}"), "not configured any more"},
                 {LANE, SLICE("short"), SLICE("{}"), "no notice"},
                 {LANE, SLICE(""), SLICE("{}"), "no notice"},
                 {LANE, ID, SLICE(""), "no notice"}};
    struct fixture *f = begin(WORLD_CONFIG);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct attempt *attempt = take(f, cases[i].lane, cases[i].id, cases[i].body);
        cr_expect_eq(attempt->step.kind, STEP_DEAD);
        cr_expect(strstr(attempt->why, cases[i].why) != NULL, "%s", attempt->why);
    }
    cr_expect_eq(receiver_wait(&f->world.receiver, 1, 0), 0);
    end(f);
}

Test(courier, a_reload_changes_where_a_lane_leads)
{
    struct fixture *f = begin(WORLD_CONFIG);
    courier_reload(&f->courier,
                   world_config(&f->world, "route: {receiver: team}\n"
                                           "receivers: [{name: team, webhook_configs: [\n"
                                           "    {url: 'http://127.0.0.1:PORT/moved'}]}]\n"));

    cr_expect_eq(take(f, LANE, ID, SLICE("{}"))->step.kind, STEP_DELIVERED);
    cr_expect_str_eq(receiver_request(&f->world.receiver, 0).path, "/moved");
    attempts_done(&f->courier.attempts);
    courier_reload(&f->courier, NULL);

    cr_expect_eq(take(f, LANE, ID, SLICE("{}"))->step.kind, STEP_DEAD, "no configuration");
    end(f);
}

Test(courier, what_is_cut_off_is_to_be_tried_again_at_once)
{
    struct fixture *f = begin(WORLD_CONFIG);
    struct outbox_claim item = {
        .place = {7, LANE, ID}, .attempts = 1, .created_us = 1, .body = SLICE("{}")};
    const struct outbox_claims claims = {.items = &item, .count = 1};
    receiver_rule(&f->world.receiver,
                  (struct receiver_rule){.path = "/hook", .act = RECEIVER_HANGS, .times = 1});
    courier_take(&f->courier, &claims);

    courier_cut_off(&f->courier);

    const struct attempt *attempt = f->courier.attempts.first;
    cr_expect(attempt->is_over);
    cr_expect_eq(attempt->step.kind, STEP_RETRY);
    cr_expect_leq(attempt->step.at_us, clock_wall_us());
    cr_expect_eq(f->stats.dead, 0);
    end(f);
}
