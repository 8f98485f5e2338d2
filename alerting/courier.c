/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/courier.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/host/random.h"

/* When to try again what could not even begin, for want of memory. */
#define COURIER_AGAIN_US INT64_C(5000000)

/* ---- what came of an attempt ---- */

static void report(const struct courier *courier, const struct attempt *attempt)
{
    bool is_dead = attempt->step.kind != STEP_RETRY;
    if (is_dead) {
        say(&courier->say, ALERTING_WARNING, "notice %.*s to %.*s given up after %u attempts: %s",
            SLICE_ARG(attempt->id), SLICE_ARG(attempt->lane->name), attempt->attempts,
            attempt->why);
    } else if (attempt->attempts == 1) {
        say(&courier->say, ALERTING_INFO, "notice %.*s to %.*s not delivered yet: %s",
            SLICE_ARG(attempt->id), SLICE_ARG(attempt->lane->name), attempt->why);
    }
}

static void conclude(struct courier *courier, struct attempt *attempt,
                     const struct delivery_step *step, const char *error)
{
    attempt_over(attempt, step, error);
    attempt->lane->is_closed |= step->kind == STEP_DEAD_AND_CLOSE;
    if (step->kind == STEP_DELIVERED) {
        courier->stats->delivered++;
        return;
    }
    courier->stats->dead += step->kind != STEP_RETRY;
    report(courier, attempt);
}

static void answered(void *context, void *ticket, const struct delivery_answer *answer)
{
    struct courier *courier = context;
    struct attempt *attempt = ticket;
    MUST(attempt != NULL && answer != NULL);
    uint32_t dice = 0;
    char status[32];
    random_bytes(&dice, sizeof(dice));
    struct delivery_step step =
        schedule_step(answer, attempt->attempts, attempt->created_us, clock_wall_us(), dice);
    if (step.kind == STEP_DELIVERED) {
        conclude(courier, attempt, &step, "");
        return;
    }
    MUST(step.failure < DELIVERY_FAILURE_COUNT);
    courier->stats->failed[step.failure]++;
    snprintf(status, sizeof(status), "status %u", answer->status);
    conclude(courier, attempt, &step, answer->status != 0 ? status : answer->error);
}

/* ---- sending ---- */

static bool send(struct courier *courier, struct attempt *attempt, const struct endpoint *endpoint,
                 struct slice body)
{
    struct buffer lines;
    buffer_init(&lines, HEADER_LINES_BYTES_MAX);
    endpoint->kind->headers(endpoint, attempt->id, body, clock_wall_us(), &lines);
    const struct sender_request request = {.url = endpoint->url,
                                           .header_lines = buffer_slice(&lines),
                                           .body = body,
                                           .timeout_ms = endpoint->timeout_ms};
    bool well = !lines.overflowed && sender_send(courier->sender, &request, attempt);
    buffer_done(&lines);
    return well;
}

static void begin(struct courier *courier, struct attempt *attempt, struct slice body)
{
    MUST(!attempt->is_over);
    const struct endpoint *endpoint =
        courier->config != NULL ? alerting_config_endpoint(courier->config, attempt->lane->name)
                                : NULL;
    struct delivery_step step = {.kind = STEP_DEAD};
    if (endpoint == NULL) {
        step.why = "its receiver is not configured any more";
    } else if (attempt->id.len != NOTICE_ID_BYTES || body.len == 0) {
        step.why = "what is stored of it is no notice";
    } else if (send(courier, attempt, endpoint, body)) {
        return;
    } else {
        step = (struct delivery_step){.kind = STEP_RETRY,
                                      .at_us = clock_wall_us() + COURIER_AGAIN_US,
                                      .why = "no memory for an attempt"};
    }
    conclude(courier, attempt, &step, "");
}

void courier_take(struct courier *courier, const struct outbox_claims *claims)
{
    MUST(claims != NULL);
    pthread_mutex_lock(&courier->lock);
    for (uint32_t i = 0; i < claims->count; i++) {
        struct attempt *attempt = attempts_add(&courier->attempts, &claims->items[i]);
        if (attempt != NULL) { /* without memory its lease brings it back */
            begin(courier, attempt, claims->items[i].body);
        }
    }
    pthread_mutex_unlock(&courier->lock);
}

void courier_cut_off(struct courier *courier)
{
    const struct delivery_step again = {
        .kind = STEP_RETRY, .at_us = clock_wall_us(), .why = "cut off by a stop"};
    for (struct attempt *at = courier->attempts.first; at != NULL; at = at->next) {
        if (!at->is_over) {
            attempt_over(at, &again, "");
        }
    }
}

/* ---- life ---- */

bool courier_init(struct courier *courier, struct alerting_config *config,
                  struct alerting_stats *stats, const struct say *to)
{
    MUST(to != NULL);
    MUST(stats != NULL);
    *courier = (struct courier){.stats = stats, .say = *to, .config = config};
    pthread_mutex_init(&courier->lock, NULL);
    courier->sender = sender_new(answered, courier);
    return courier->sender != NULL;
}

void courier_reload(struct courier *courier, struct alerting_config *config)
{
    pthread_mutex_lock(&courier->lock);
    struct alerting_config *old = courier->config;
    courier->config = config;
    pthread_mutex_unlock(&courier->lock);
    alerting_config_unref(old);
}

void courier_done(struct courier *courier)
{
    sender_free(courier->sender);
    attempts_done(&courier->attempts);
    alerting_config_unref(courier->config);
    pthread_mutex_destroy(&courier->lock);
}
