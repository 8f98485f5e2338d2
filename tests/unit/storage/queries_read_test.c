/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/queries_read.h"

#include <criterion/criterion.h>

/* A reply to HMGET, of texts; NULL is nil. */
struct answer {
    redisReply list;
    redisReply values[ISSUE_FIELD_COUNT];
    redisReply *pointers[ISSUE_FIELD_COUNT];
};

/* What Redis would hold of one issue. */
static const char *const FIELDS[][2] = {{"project", "7"},
                                        {"status", "resolved"},
                                        {"level", "fatal"},
                                        {"type", "error"},
                                        {"title", "ValueError: no"},
                                        {"culprit", "app.main"},
                                        {"platform", "python"},
                                        {"logger", ""},
                                        {"first_seen", "1800000000001"},
                                        {"last_seen", "1800000000999"},
                                        {"count", "18446744073709551"},
                                        {"first_release", "1.0"},
                                        {"last_release", "2.0"},
                                        {"first_event", "0123456789abcdef0123456789abcdef"},
                                        {"last_event", "fedcba9876543210fedcba9876543210"},
                                        {"last_place", "01ff02a0:18446744073709551615:65535"},
                                        {"merged_into", ""}};

static char texts[ISSUE_FIELD_COUNT][64];

/* `name` has the value `text` in place of the usual one; NULL: it is not there. */
static void make_answer(struct answer *answer, const char *name, const char *text)
{
    struct slice names[ISSUE_FIELD_COUNT];
    issue_field_names(names);
    *answer = (struct answer){.list = {.type = REDIS_REPLY_ARRAY, .elements = ISSUE_FIELD_COUNT}};
    for (unsigned i = 0; i < ISSUE_FIELD_COUNT; i++) {
        const char *value = NULL;
        for (unsigned f = 0; f < ISSUE_FIELD_COUNT; f++) {
            value = slice_eq(names[i], slice_str(FIELDS[f][0])) ? FIELDS[f][1] : value;
        }
        cr_assert(value != NULL, "%s", names[i].at);
        value = slice_eq(names[i], slice_str(name)) ? text : value;
        redisReply *reply = &answer->values[i];
        reply->type = value != NULL ? REDIS_REPLY_STRING : REDIS_REPLY_NIL;
        if (value != NULL) {
            (void)snprintf(texts[i], sizeof texts[i], "%s", value);
            reply->str = texts[i];
            reply->len = strlen(texts[i]);
        }
        answer->pointers[i] = reply;
    }
    answer->list.element = answer->pointers;
}

static struct arena arena;

static void set_up(void)
{
    cr_assert(arena_init(&arena, 1 << 16));
}

static void tear_down(void)
{
    arena_done(&arena);
}

TestSuite(queries_read, .init = set_up, .fini = tear_down);

Test(queries_read, every_field_is_read)
{
    struct answer answer;
    struct issue issue;
    char hex[ID_HEX_BYTES + 1];
    make_answer(&answer, "", "");

    cr_assert(!fault_is(issue_read(&arena, &answer.list, &issue)));

    cr_expect(issue.project == 7 && issue.status == ISSUE_RESOLVED && issue.level == LEVEL_FATAL);
    cr_expect(slice_eq(issue.type, SLICE("error")) && slice_eq(issue.culprit, SLICE("app.main")));
    cr_expect(slice_eq(issue.title, SLICE("ValueError: no")) && issue.logger.len == 0);
    cr_expect(slice_eq(issue.platform, SLICE("python")));
    cr_expect(slice_eq(issue.first_release, SLICE("1.0")));
    cr_expect(slice_eq(issue.last_release, SLICE("2.0")));
    cr_expect(issue.first_seen_us == INT64_C(1800000000001000));
    cr_expect(issue.last_seen_us == INT64_C(1800000000999000));
    cr_expect_eq(issue.count, UINT64_C(18446744073709551));
    id_format(issue.first_event, hex);
    cr_expect_str_eq(hex, "0123456789abcdef0123456789abcdef");
    id_format(issue.last_event, hex);
    cr_expect_str_eq(hex, "fedcba9876543210fedcba9876543210");
    cr_expect(memcmp(issue.last_place.node, "\x01\xff\x02\xa0", 4) == 0);
    cr_expect(issue.last_place.sequence == UINT64_MAX && issue.last_place.index == 65535);
}

Test(queries_read, an_issue_without_a_first_time_is_none)
{
    struct answer answer;
    struct issue issue;
    make_answer(&answer, "first_seen", NULL);

    cr_expect_eq(issue_read(&arena, &answer.list, &issue).kind, FAULT_NOT_FOUND);
}

Test(queries_read, what_a_field_lacks_is_left_empty)
{
    struct answer answer;
    static const char *const names[] = {"title",       "status",     "level",  "first_event",
                                        "last_place",  "count",      "logger", "last_release",
                                        "first_event", "last_event", "type",   "project"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct issue issue;
        make_answer(&answer, names[i], NULL);
        cr_expect(!fault_is(issue_read(&arena, &answer.list, &issue)), "%s", names[i]);
        make_answer(&answer, names[i], "?");
        cr_expect(!fault_is(issue_read(&arena, &answer.list, &issue)), "%s", names[i]);
    }
}

Test(queries_read, an_answer_of_another_kind_is_refused)
{
    redisReply status = {.type = REDIS_REPLY_STATUS, .str = texts[0]};
    redisReply list = {.type = REDIS_REPLY_ARRAY, .elements = 3};
    struct issue issue;

    cr_expect_eq(issue_read(&arena, &status, &issue).kind, FAULT_UNAVAILABLE);
    cr_expect_eq(issue_read(&arena, &list, &issue).kind, FAULT_UNAVAILABLE);
}

Test(queries_read, a_full_arena_is_told)
{
    char space[32];
    struct arena small;
    struct answer answer;
    struct issue issue;
    arena_over(&small, space, sizeof space);
    make_answer(&answer, "", "");

    cr_expect_eq(issue_read(&small, &answer.list, &issue).kind, FAULT_TOO_BIG);
}

Test(queries_read, a_place_is_fourteen_bytes_and_an_issue)
{
    static const struct {
        const char *text;
        size_t len;
        bool is_place;
    } cases[] = {
        {"nodeSSSSSSSSii42", 16, true},
        {"\0\0\0\0\0\0\0\1\0\0\0\2\0\3"
         "18446744073709551615",
         34, true},
        {"nodeSSSSSSSSii", 14, false},
        {"nodeSSSSSSSSii4x", 16, false},
        {"nodeSSSSSSSSii-1", 16, false},
        {"nodeSSSSSSSSii184467440737095516150", 35, false},
        {"", 0, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct place place = {.index = 99};
        uint64_t issue = 0;
        cr_expect_eq(place_decode(slice_of(cases[i].text, cases[i].len), &place, &issue),
                     cases[i].is_place, "case %d", (int)i);
        cr_expect(cases[i].is_place || place.index == 99, "untouched");
    }
    struct place place;
    uint64_t issue = 0;
    cr_assert(place_decode(slice_of(cases[1].text, cases[1].len), &place, &issue));
    cr_expect(place.sequence == (UINT64_C(1) << 32) + 2 && place.index == 3);
    cr_expect_eq(issue, UINT64_MAX);
}

Test(queries_read, issues_of_one_millisecond_are_ordered_as_redis_orders_text)
{
    cr_expect(issue_is_after(10, 9), "\"10\" comes before \"9\", and we go down");
    cr_expect(!issue_is_after(9, 10));
    cr_expect(issue_is_after(70, 71) && !issue_is_after(71, 71));
    cr_expect(issue_is_after(7, 70));
}
