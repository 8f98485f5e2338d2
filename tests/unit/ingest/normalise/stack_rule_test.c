/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/marks.h"

TestSuite(stack_rule, .init = fixture_start);

static char room[MATCH_BYTES_MAX];

struct match_row {
    const char *pattern;
    const char *text;
    bool matches;
};

Test(stack_rule, names_match_as_a_whole_with_stars_and_marks)
{
    static const struct match_row rows[] = {
        {"abort", "abort", true},
        {"abort", "aborted", false},
        {"abort", "Abort", false},
        {"std::*", "std::sort", true},
        {"std::*", "std::", true},
        {"std::*", "xstd::sort", false},
        {"*", "", true},
        {"*", "anything", true},
        {"?[K*", "-[Kit go]", true},
        {"?[K*", "[Kit go]", false},
        {"a*b*c", "aXbYbZc", true},
        {"a*b*c", "aXbY", false},
        {"*aab", "aaaab", true},
        {"", "", true},
        {"", "x", false},
        {"a/*", "a/b/c", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool matches = stack_rule_matches(slice_str(rows[i].pattern), slice_str(rows[i].text));
        cr_expect_eq(matches, rows[i].matches, "%s %s", rows[i].pattern, rows[i].text);
    }
}

Test(stack_rule, paths_match_by_folder_without_case)
{
    static const struct match_row rows[] = {
        {"/usr/lib/**", "/usr/lib/x/libc.so", true},
        {"/usr/lib/**", "/USR/lib/libc.so", true},
        {"/usr/lib/**", "usr/lib/libc.so", true},
        {"/usr/lib/**", "/opt/usr/lib/libc.so", false},
        {"/usr/lib/*", "/usr/lib/x/libc.so", false},
        {"/usr/lib/*", "/usr/lib/libc.so", true},
        {"c:/windows/**", "c:\\windows\\system32\\ntdll.dll", true},
        {"**/libart.so", "/apex/lib64/libart.so", true},
        {"**/libart.so", "libart.so", true},
        {"**/libart.so", "/apex/libart.so.1", false},
        {"**.app/contents/**", "/Applications/Shop.app/Contents/MacOS/Shop", true},
        {"**/a*/c", "/x/ab/d/abc/c", true},
        {"uikit", "UIKit", true},
        {"uikit", "/x/UIKit", false},
        {"", "x", false},
        {"**", "", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice path = stack_rule_fold(slice_str(rows[i].text), room);
        bool matches = stack_rule_matches_path(slice_str(rows[i].pattern), path);
        cr_expect_eq(matches, rows[i].matches, "%s %s", rows[i].pattern, rows[i].text);
    }
}

Test(stack_rule, texts_are_looked_at_up_to_the_limit)
{
    static char text[MATCH_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    text[MATCH_BYTES_MAX - 1] = 'y';
    cr_expect(stack_rule_matches(SLICE("*y"), slice_of(text, MATCH_BYTES_MAX)));
    text[MATCH_BYTES_MAX - 1] = 'x';
    text[MATCH_BYTES_MAX] = 'y';
    cr_expect_not(stack_rule_matches(SLICE("*y"), slice_of(text, MATCH_BYTES_MAX + 1)));
    cr_expect_eq(stack_rule_fold(slice_of(text, MATCH_BYTES_MAX + 1), room).len, MATCH_BYTES_MAX);
}

Test(stack_rule, stronger_category_wins_and_os_is_system)
{
    static const struct marks_row rows[] = {
        {"native", {.function = S("std::sort")}, CATEGORY_STD, RULE_NOT_APP},
        {"native", {.function = S("std::_Impl")}, CATEGORY_INTERNALS, RULE_NOT_APP},
        {"java", {.module = S("android.os.Binder")}, CATEGORY_SYSTEM, 0},
        {"java", {.module = S("android.view.View"), .function = S("run")}, CATEGORY_INDIRECTION, 0},
        {"java", {.module = S("com.shop.Cart"), .function = S("run")}, CATEGORY_NONE, 0},
        {"cocoa",
         {.function = S("__12-[Cart go]_block_invoke"), .in_app = NO},
         CATEGORY_INTERNALS,
         0},
        {"cocoa", {.function = S("__12-[Cart go]_block_invoke"), .in_app = YES}, CATEGORY_NONE, 0},
        {"native",
         {.package = S("/data/app/shop/lib.so"), .abs_path = S("cart.dart")},
         CATEGORY_NONE,
         RULE_APP},
    };
    MARKS_CHECK(rows);
}
