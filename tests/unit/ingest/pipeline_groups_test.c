/* SPDX-License-Identifier: Apache-2.0 */
/* What correlations group by leaves the pass scrubbed, whether the event is shown or only counted.
 */
#include "ingest/base/limits.h"
#include "ingest/pipeline.h"
#include "tests/unit/ingest/pass.h"

#define BY(name, field)                                                                            \
    "---\ntitle: " name "\nname: " name "\ncorrelation: {type: event_count, rules: any, "          \
    "group-by: [" field "], timespan: 1m, condition: {gte: 3}}\n"

#define RULES                                                                                      \
    "title: any\nname: any\nlogsource: {category: application}\n"                                  \
    "detection: {sel: {message|contains: login}, condition: sel}\n" BY("by_user", "user.id")       \
        BY("by_password", "extra.password") BY("by_card", "extra.card")                            \
            BY("by_address", "user.ip_address") BY("by_note", "extra.note")                        \
                BY("by_account",                                                                   \
                   "extra.account") "---\ntitle: sum\nname: sum\ncorrelation: {type: value_sum, "  \
                                    "rules: any, "                                                 \
                                    "timespan: 1m, condition: {field: extra.pin_code, gt: 3}}\n"   \
                                    "---\ntitle: count\nname: count\ncorrelation: {type: "         \
                                    "value_count, rules: any, "                                    \
                                    "timespan: 1m, condition: {field: extra.password, gte: 3}}\n"

#define EVENT                                                                                      \
    "{\"message\":\"login\",\"user\":{\"id\":\"ada\",\"ip_address\":\"203.0.113.7\"},"             \
    "\"extra\":{\"password\":\"hunter2\",\"card\":\"4111 1111 1111 1111\",\"account\":\"77001\","  \
    "\"note\":\"paid by 4111 1111 1111 1111\",\"pin_code\":1234}}"

struct passing {
    struct pipeline *pipeline;
    struct snapshot *snapshot;
    struct arena scratch;
    struct arena keep;
    struct buffer groups; /* of all hits: "value;value;" */
};

static void begin(struct passing *p, const struct scrub_options *options)
{
    p->pipeline = pipeline_new();
    p->snapshot = pass_snapshot(RULES);
    p->snapshot->generation = 1;
    p->snapshot->scrubbing.common = scrub_rules_new(&p->snapshot->arena, options);
    cr_assert(p->pipeline != NULL && pipeline_follow(p->pipeline, p->snapshot));
    cr_assert(arena_init(&p->scratch, SCRATCH_BYTES) && arena_init(&p->keep, JOB_BYTES));
    buffer_init(&p->groups, 1u << 16);
}

static void end(struct passing *p)
{
    pipeline_free(p->pipeline);
    snapshot_release(p->snapshot);
    arena_done(&p->scratch);
    arena_done(&p->keep);
    buffer_done(&p->groups);
}

/* The groups of all hits, and the numbers that are there. */
static struct slice groups(struct passing *p, bool only_counts)
{
    struct record record = pass_record(RECORD_STORE, SLICE(EVENT));
    struct outcome outcome;
    buffer_reset(&p->groups);
    arena_reset(&p->scratch);
    arena_reset(&p->keep);
    pipeline_only_counts(p->pipeline, only_counts);
    cr_assert_not(
        fault_is(pipeline_run(p->pipeline, p->snapshot, &record, &p->scratch, &p->keep, &outcome)));
    for (uint32_t i = 0; i < outcome.effects->window_count; i++) {
        const struct effect_window *window = &outcome.effects->windows[i];
        for (uint32_t k = 0; k < window->group_count; k++) {
            buffer_add(&p->groups, window->group[k]);
            buffer_byte(&p->groups, ';');
        }
        if (window->group_count == 0) {
            buffer_add(&p->groups, window->value == window->value ? SLICE("number;") : SLICE("-;"));
        }
    }
    return buffer_slice(&p->groups);
}

static void expect(const struct scrub_options *options, const char *expected)
{
    struct passing p;
    begin(&p, options);
    for (unsigned only_counts = 0; only_counts < 2; only_counts++) {
        struct slice got = groups(&p, only_counts != 0);
        cr_expect(slice_eq(got, slice_str(expected)), "only_counts %u: %.*s", only_counts,
                  SLICE_ARG(got));
    }
    end(&p);
}

Test(pipeline_groups, a_secret_is_no_group_and_no_number)
{
    expect(NULL, "ada;203.0.113.7;paid by [Filtered];77001;number;-;");
}

Test(pipeline_groups, what_a_project_takes_out_is_no_group)
{
    const struct slice fields[] = {SLICE("account"), SLICE("pin_code")};
    expect(&(struct scrub_options){.remove_addresses = true, .fields = fields, .field_count = 2},
           "ada;paid by [Filtered];-;-;");
}

Test(pipeline_groups, without_the_defaults_only_what_a_project_names_goes)
{
    const struct slice fields[] = {SLICE("account")};
    expect(
        &(struct scrub_options){.keep_defaults_out = true, .fields = fields, .field_count = 1},
        "ada;hunter2;4111 1111 1111 1111;203.0.113.7;paid by 4111 1111 1111 1111;number;number;");
}
