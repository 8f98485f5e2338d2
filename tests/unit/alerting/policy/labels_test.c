/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/labels.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>

static char memory[1 << 16];

static struct labels make(struct arena *arena, const char *const *pairs, uint32_t count)
{
    struct labels labels;
    cr_assert(labels_init(&labels, 8, arena));
    for (uint32_t i = 0; i < count; i++) {
        cr_assert(labels_set(&labels, slice_str(pairs[2 * i]), slice_str(pairs[2 * i + 1])));
    }
    return labels;
}

static struct arena fresh(void)
{
    struct arena arena;
    arena_over(&arena, memory, sizeof(memory));
    return arena;
}

/* The vectors were taken from Alertmanager's own tests. */
Test(labels, fingerprint_is_alertmanagers)
{
    static const struct {
        const char *job;
        const char *severity;
        uint64_t expected;
    } cases[] = {{"foo", "warning", UINT64_C(0x9266ef3da838ad95)},
                 {"foo", "critical", UINT64_C(0x3b15fd163d36582e)},
                 {"bar", "critical", UINT64_C(0xc7e68cb08e3e67f9)},
                 {"", "", UINT64_C(0xcbf29ce484222325)}};
    for (size_t i = 0; i < 4; i++) {
        struct arena arena = fresh();
        const char *const pairs[] = {"severity", cases[i].severity, "job", cases[i].job};

        struct labels labels = make(&arena, pairs, 2);

        cr_expect(labels_fingerprint(&labels) == cases[i].expected, "case %zu", i);
    }
}

Test(labels, are_sorted_unique_and_never_empty)
{
    struct arena arena = fresh();
    const char *const pairs[] = {"b", "1", "a", "2", "c", "3", "b", "4", "a", "", "d", ""};

    struct labels labels = make(&arena, pairs, 6);

    cr_assert_eq(labels.count, 2);
    cr_expect(slice_eq(labels.items[0].name, SLICE("b")));
    cr_expect(slice_eq(labels_get(&labels, SLICE("b")), SLICE("4")));
    cr_expect(slice_eq(labels_get(&labels, SLICE("c")), SLICE("3")));
    cr_expect(slice_is_empty(labels_get(&labels, SLICE("a"))));
    cr_expect(slice_is_empty(labels_get(&labels, SLICE("zz"))));
}

Test(labels, full_set_takes_no_more_but_replaces)
{
    struct arena arena = fresh();
    struct labels labels;
    cr_assert(labels_init(&labels, 2, &arena));

    cr_expect(labels_set(&labels, SLICE("a"), SLICE("1")));
    cr_expect(labels_set(&labels, SLICE("b"), SLICE("1")));
    cr_expect_not(labels_set(&labels, SLICE("c"), SLICE("1")));
    cr_expect(labels_set(&labels, SLICE("b"), SLICE("2")));

    cr_expect_eq(labels.count, 2);
    cr_expect(slice_eq(labels_get(&labels, SLICE("b")), SLICE("2")));
}

Test(labels, arena_too_small_is_said)
{
    struct arena arena;
    struct labels labels;
    arena_over(&arena, memory, 64);

    cr_expect_not(labels_init(&labels, 100, &arena));
    cr_expect_eq(labels.room, 0);
}

Test(labels, common_is_what_both_say)
{
    struct arena arena = fresh();
    const char *const left[] = {"a", "1", "b", "2", "c", "3"};
    const char *const right[] = {"a", "1", "b", "x", "d", "3"};
    struct labels out = make(&arena, left, 3);
    struct labels from = make(&arena, right, 3);

    labels_keep_common(&out, &from);

    cr_expect_eq(out.count, 1);
    cr_expect(slice_eq(labels_get(&out, SLICE("a")), SLICE("1")));
}

Test(labels, names_are_prometheus_names)
{
    cr_expect(labels_name_is_valid(SLICE("a_B9")));
    cr_expect(labels_name_is_valid(SLICE("_x")));
    cr_expect_not(labels_name_is_valid(SLICE("9a")));
    cr_expect_not(labels_name_is_valid(SLICE("a-b")));
    cr_expect_not(labels_name_is_valid(SLICE("")));
    cr_expect_not(labels_name_is_valid(SLICE("\xC3\xA9")));
}

Test(labels, print_as_go_prints_a_label_set)
{
    struct arena arena = fresh();
    const char *const pairs[] = {"b", "say \"hi\"\n", "a", "x"};
    struct labels labels = make(&arena, pairs, 2);
    struct buffer out;
    buffer_init(&out, 1024);

    labels_print(&labels, &out);

    struct slice expected = SLICE("{a=\"x\", b=\"say \\\"hi\\\"\\n\"}");
    cr_expect(slice_eq(buffer_slice(&out), expected), "%.*s", SLICE_ARG(buffer_slice(&out)));
    buffer_done(&out);
}
