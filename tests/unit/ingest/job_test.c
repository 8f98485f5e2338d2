/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/job.h"
#include <criterion/criterion.h>

Test(job, pool_gives_as_many_as_it_may_and_no_more)
{
    struct job_pool *pool = job_pool_new(2);
    struct job *first = job_take(pool);
    struct job *second = job_take(pool);

    cr_expect_not_null(first);
    cr_expect_not_null(second);
    cr_expect_null(job_take(pool), "one past the limit");
    cr_expect_eq(job_pool_used(pool), 2u);

    job_give(first);
    cr_expect_eq(job_take(pool), first, "reused");
    job_give(first);
    job_give(second);
    job_pool_free(pool);
}

Test(job, comes_back_empty)
{
    struct job_pool *pool = job_pool_new(1);
    struct job *job = job_take(pool);
    cr_assert_not_null(arena_alloc(&job->keep, 100000));
    job->event_id = (struct id){{1}};
    job->entry.record.project = 7;

    job_give(job);
    job = job_take(pool);

    cr_expect_eq(job->keep.used, 0u);
    cr_expect(id_is_none(job->event_id));
    cr_expect_eq(job->entry.record.project, 0u);
    job_give(job);
    job_pool_free(pool);
}

Test(job, holds_the_largest_body_and_not_much_more)
{
    struct job_pool *pool = job_pool_new(1);
    struct job *job = job_take(pool);

    cr_expect_not_null(arena_bytes(&job->keep, BODY_WIRE_BYTES_MAX));
    cr_expect_null(arena_bytes(&job->keep, JOB_BYTES - BODY_WIRE_BYTES_MAX + 1));

    job_give(job);
    job_pool_free(pool);
}
