/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/keys.h"

#include <criterion/criterion.h>

Test(keys, are_spelled_as_the_table_says)
{
    static const struct {
        enum key key;
        const char *text;
    } cases[] = {{KEY_APPLIED, "t:{07}:applied"},
                 {KEY_HASHES, "t:{07}:p:71:hashes"},
                 {KEY_ISSUES, "t:{07}:p:71:issues"},
                 {KEY_ISSUE, "t:{07}:i:71"},
                 {KEY_USERS, "t:{07}:i:71:users"},
                 {KEY_EVENTS, "t:{07}:p:71:e:500000"},
                 {KEY_OUTCOMES, "t:{07}:p:71:o:500000"},
                 {KEY_FACTS, "t:{07}:facts"},
                 {KEY_ISSUE_SEQ, "t:{07}:issue_seq"},
                 {KEY_WINDOW, "t:{07}:w:71:500000"},
                 {KEY_TREES, "t:{07}:trees"},
                 {KEY_WAITING, "t:{07}:waiting"},
                 {KEY_IDLE, "t:{07}:g:71"},
                 {KEY_FED, "t:{07}:fed"},
                 {KEY_PARTS, "t:{07}:i:71:parts"},
                 {KEY_OWN, "t:{07}:i:71:own"},
                 {KEY_OWN_USERS, "t:{07}:i:71:own:users"},
                 {KEY_ISSUE_HASHES, "t:{07}:i:71:hashes"}};
    char text[KEY_BYTES_MAX];

    cr_expect_eq(sizeof cases / sizeof cases[0], KEY_COUNT);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        struct slice key = key_format(text, cases[i].key, 7, 71, 500000);
        cr_expect_str_eq(text, cases[i].text);
        cr_expect_eq(key.len, strlen(text));
    }
}

Test(keys, the_longest_numbers_fit)
{
    char text[KEY_BYTES_MAX];

    for (unsigned key = 0; key < KEY_COUNT; key++) {
        struct slice made = key_format(text, (enum key)key, 63, UINT64_MAX, UINT64_MAX);
        cr_expect(key_matches((enum key)key, made), "%s", text);
    }
}

Test(keys, each_belongs_to_one_row)
{
    char text[KEY_BYTES_MAX];

    for (unsigned made = 0; made < KEY_COUNT; made++) {
        struct slice key = key_format(text, (enum key)made, 0, 1, 2);
        for (unsigned row = 0; row < KEY_COUNT; row++) {
            cr_expect_eq(key_matches((enum key)row, key), row == made, "%s, row %u", text, row);
        }
    }
}

Test(keys, what_is_none_matches_no_row)
{
    static const char *const texts[] = {
        "",           "t:{00}:",         "t:{}:applied",     "t:{00}:i:",        "t:{00}:i:x",
        "t:{00}:i:1", "t:{00}:applied2", "u:{00}:applied",   "t:{00}:p::issues", "t:{00}:i:1:user",
        "applied",    "t:{00}:p:1:e",    "t:{00}:p:1:e:1:2", "T:{00}:applied"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (unsigned row = 0; row < KEY_COUNT; row++) {
            bool is_issue = strcmp(texts[i], "t:{00}:i:1") == 0 && row == KEY_ISSUE;
            cr_expect_eq(key_matches((enum key)row, slice_str(texts[i])), is_issue, "%s", texts[i]);
        }
    }
}

Test(keys, every_row_says_what_it_is)
{
    for (unsigned key = 0; key < KEY_COUNT; key++) {
        const struct key_row *row = key_row((enum key)key);
        cr_expect(slice_starts(slice_str(row->pattern), SLICE("t:{NN}:")));
        cr_expect(strlen(row->type) > 0 && strlen(row->expiry) > 0 && strlen(row->writer) > 0);
    }
}

Test(keys, an_issues_partition_follows_from_its_id)
{
    cr_expect_eq(key_issue_partition(64 * 5 + 7), 7);
    cr_expect_eq(key_issue_partition(64), 0);
}
