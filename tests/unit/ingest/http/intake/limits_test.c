/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/limits.h"
#include <criterion/criterion.h>

static struct limiter *limiter;
static struct arena arena;

static void setup(void)
{
    struct redis_options away;
    cr_assert_not(fault_is(redis_parse(SLICE("unix:/nonexistent/redis.sock"), &away)));
    limiter = limiter_new(&away);
    cr_assert(limiter != NULL && arena_init(&arena, 1u << 16));
}

static void teardown(void)
{
    limiter_free(limiter);
    arena_done(&arena);
}

TestSuite(limits, .init = setup, .fini = teardown);

static struct limits_answer take(const struct project_settings *settings, const char *key,
                                 const uint32_t *accepted)
{
    struct limits_answer answer;
    const struct bucket_name name = {.project = 7, .key = slice_str(key)};
    limits_take(limiter, settings, &name, accepted, &arena, &answer);
    return answer;
}

Test(limits, a_bucket_that_is_empty_keeps_its_categories_out)
{
    const struct limit list[] = {
        {SLICE("few"), 1u << CATEGORY_ERROR | 1u << CATEGORY_SESSION, 2, 3600, false}};
    const struct project_settings settings = {.limits = list, .limit_count = 1};
    const uint32_t error[CATEGORY_COUNT] = {[CATEGORY_ERROR] = 1};
    const uint32_t span[CATEGORY_COUNT] = {[CATEGORY_SPAN] = 1};

    struct limits_answer answer = take(&settings, "a", error);
    cr_expect(!answer.is_any && answer.header.len == 0);
    answer = take(&settings, "b", error);
    cr_expect(!answer.is_any, "the last one");
    cr_expect(slice_eq(answer.header, SLICE("1800:error;session:project:few")) ||
                  slice_eq(answer.header, SLICE("1801:error;session:project:few")),
              "and told: %.*s", SLICE_ARG(answer.header));
    answer = take(&settings, "c", error);
    cr_expect(answer.is_any && answer.retry_after_s >= 1700);
    cr_expect(slice_eq(answer.limited.by[CATEGORY_ERROR], SLICE("few")));
    cr_expect_eq(answer.limited.by[CATEGORY_SPAN].len, 0u);
    cr_expect_not(take(&settings, "c", span).is_any, "of another category");
}

Test(limits, of_a_key_leave_other_keys_alone_and_without_categories_cover_all)
{
    const struct limit list[] = {{SLICE("each"), 0, 1, 60, true}};
    const struct project_settings settings = {.limits = list, .limit_count = 1};
    const uint32_t span[CATEGORY_COUNT] = {[CATEGORY_SPAN] = 5};
    const uint32_t report[CATEGORY_COUNT] = {[CATEGORY_INTERNAL] = 5};

    struct limits_answer answer = take(&settings, "a", span);
    cr_expect(!answer.is_any, "a request is not split");
    cr_expect(slice_ends(answer.header, SLICE("::key:each")), "%.*s", SLICE_ARG(answer.header));
    cr_expect(take(&settings, "a", span).is_any);
    cr_expect_not(take(&settings, "b", span).is_any);
    cr_expect_not(take(&settings, "a", report).is_any, "client reports are never limited");
}
