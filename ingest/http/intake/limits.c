/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"

static uint32_t wanted_by(const struct limit *limit, const uint32_t *accepted)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        sum += limit_covers(limit, (enum category)i) ? accepted[i] : 0;
    }
    return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

/* "60:error;session:project:daily"; no categories means all of them. */
static struct slice describe(struct arena *arena, const struct limit *limit, uint32_t wait_s)
{
    struct slice names[2 * CATEGORY_COUNT];
    size_t count = 0;
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        if ((limit->categories >> i & 1) != 0) {
            struct slice before = count == 0 ? SLICE("") : SLICE(";");
            names[count++] = before;
            names[count++] = slice_str(category_name((enum category)i));
        }
    }
    struct slice categories = arena_concat(arena, names, count);
    return arena_printf(arena, "%u:%.*s:%s:%.*s", wait_s, SLICE_ARG(categories),
                        limit->per_key ? "key" : "project", SLICE_ARG(limit->name));
}

static void add(struct arena *arena, struct slice *header, struct slice one)
{
    const struct slice parts[] = {*header, header->len != 0 ? SLICE(", ") : SLICE(""), one};
    *header = arena_concat(arena, parts, 3);
}

static void keep_out(struct limits_answer *out, const struct limit *limit, uint32_t wait_s)
{
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        if (limit_covers(limit, (enum category)i) && out->limited.by[i].len == 0) {
            out->limited.by[i] = limit->name;
        }
    }
    out->is_any = true;
    out->retry_after_s = wait_s > out->retry_after_s ? wait_s : out->retry_after_s;
}

void limits_take(struct limiter *limiter, const struct project_settings *settings,
                 const struct bucket_name *project, const uint32_t accepted[CATEGORY_COUNT],
                 struct arena *arena, struct limits_answer *out)
{
    int64_t now_us = clock_monotonic_us();
    *out = (struct limits_answer){0};
    MUST(settings->limit_count <= PROJECT_LIMITS_MAX);
    for (uint32_t i = 0; i < settings->limit_count; i++) {
        const struct limit *limit = &settings->limits[i];
        uint32_t wanted = wanted_by(limit, accepted);
        uint32_t wait_s = 0;
        const struct bucket_name name = {project->project, limit->name,
                                         limit->per_key ? project->key : slice_of(NULL, 0)};
        const struct bucket_size size = {limit->count, limit->seconds};
        if (wanted == 0) {
            continue;
        }
        if (!limiter_take(limiter, &name, size, wanted, now_us, &wait_s)) {
            keep_out(out, limit, wait_s);
        }
        if (wait_s > 0) {
            add(arena, &out->header, describe(arena, limit, wait_s));
        }
    }
}
