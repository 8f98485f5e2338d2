/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/windows.h"
#include <criterion/criterion.h>
#include <math.h>

static const struct slice group[] = {SLICE_INIT("1.1.1.1")};

static struct effect_window window_of(uint32_t partition, const char *digest)
{
    return (struct effect_window){.partition = partition,
                                  .digest = slice_str(digest),
                                  .tree = SLICE("{\"tree\":true}"),
                                  .node = 1,
                                  .value = (double)NAN,
                                  .group = group,
                                  .group_count = 1};
}

static uint32_t count_of(struct slice text, struct slice word)
{
    uint32_t count = 0;
    for (size_t i = 0; i + word.len <= text.len; i++) {
        count += memcmp(text.at + i, word.at, word.len) == 0;
    }
    return count;
}

Test(windows, hits_go_to_their_own_partition_and_a_tree_goes_once)
{
    struct windows *windows = windows_new();
    const struct effect effect = {.partition = 1, .project = 1, .at_us = 5000};
    const struct effect_window all[] = {window_of(3, "17"), window_of(3, "17"), window_of(4, "17"),
                                        window_of(3, "18")};

    for (unsigned i = 0; i < 4; i++) {
        windows_add(windows, &effect, &all[i]);
    }

    cr_expect(windows_has(windows, 3) && windows_has(windows, 4) && !windows_has(windows, 1));
    cr_expect_eq(windows_count(windows), 4);
    cr_expect_eq(count_of(windows_payload(windows, 3), SLICE("{\"tree\":true}")), 2);
    cr_expect_eq(count_of(windows_payload(windows, 3), SLICE("1.1.1.1")), 3);
    cr_expect_eq(count_of(windows_payload(windows, 4), SLICE("1.1.1.1")), 1);
    cr_expect_eq(windows_payload(windows, 1).len, 0);
    windows_reset(windows);
    cr_expect(windows_count(windows) == 0 && !windows_has(windows, 3));
    windows_free(windows);
}
