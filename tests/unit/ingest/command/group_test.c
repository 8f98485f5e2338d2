/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/value.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/command/said.h"

static struct arena arena;

static void setup(void)
{
    cr_assert(arena_init(&arena, 16u << 20));
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(group, .init = setup, .fini = teardown);

static const struct said *grouped(const char *input)
{
    static const char *const words[] = {"group", NULL};
    return said_run(command_group, words, input);
}

/* Line `number` of the answer, from 1. */
static const struct value *line(const struct said *said, unsigned number)
{
    struct value *tree = NULL;
    const char *at = said->out;
    for (; number > 1; number--) {
        at = strchr(at, '\n');
        cr_assert_not_null(at);
        at++;
    }
    struct slice text = slice_of(at, strcspn(at, "\n"));
    cr_assert_not(fault_is(value_parse_json(&arena, text, &tree)), "%.*s", SLICE_ARG(text));
    return tree;
}

static struct slice hash(const struct value *tree)
{
    return value_string(value_first(value_get(tree, SLICE("hashes"))));
}

Test(group, tells_id_hashes_and_title_of_each_line)
{
    const struct said *said =
        grouped("{\"event_id\":\"fc6d8c0c43fc4630ad850ee518f1b9d0\",\"transaction\":\"pay\","
                "\"exception\":{\"values\":[{\"type\":\"Boom\",\"value\":\"it broke\"}]}}\n");

    const struct value *tree = line(said, 1);
    cr_expect_eq(said->status, 0);
    cr_expect(slice_eq(value_text(value_get(tree, SLICE("line"))), SLICE("1")));
    cr_expect(slice_eq(value_text(value_get(tree, SLICE("event_id"))),
                       SLICE("fc6d8c0c43fc4630ad850ee518f1b9d0")));
    cr_expect(slice_eq(value_text(value_get(tree, SLICE("title"))), SLICE("Boom: it broke")));
    cr_expect_eq(hash(tree).len, 32u);
}

Test(group, the_same_problem_has_the_same_hash_and_another_another)
{
    const struct said *said = grouped("{\"message\":\"user 12 is away\"}\n"
                                      "{\"message\":\"user 99 is away\"}\n"
                                      "{\"message\":\"the disk is full\"}\n");

    cr_expect_eq(said->status, 0);
    cr_expect(slice_eq(hash(line(said, 1)), hash(line(said, 2))));
    cr_expect_not(slice_eq(hash(line(said, 1)), hash(line(said, 3))));
}

Test(group, empty_lines_are_passed_over_but_counted)
{
    const struct said *said = grouped("\n  \n{\"message\":\"x\"}\n");

    cr_expect_eq(said->status, 0);
    cr_expect(slice_eq(value_text(value_get(line(said, 1), SLICE("line"))), SLICE("3")));
}

Test(group, a_line_that_is_no_event_is_told_and_the_others_go_on)
{
    const struct said *said = grouped("{\"message\": oops}\n{\"message\":\"x\"}\n[]\n");

    cr_expect_eq(said->status, 1);
    cr_expect(value_get(line(said, 1), SLICE("error")) != NULL);
    cr_expect(value_get(line(said, 1), SLICE("offset")) != NULL);
    cr_expect_eq(hash(line(said, 2)).len, 32u);
    cr_expect(value_get(line(said, 3), SLICE("error")) != NULL);
}

Test(group, reads_a_file_or_says_why_not)
{
    char folder[64];
    char path[96];
    place_scratch(folder);
    snprintf(path, sizeof(path), "%s/events", folder);
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs("{\"message\":\"x\"}", file) >= 0 && fclose(file) == 0);

    const struct said *said = SAID(command_group, "group", path);
    cr_expect_eq(said->status, 0);
    cr_expect_eq(hash(line(said, 1)).len, 32u);

    cr_expect_eq(SAID(command_group, "group", "/nonexistent")->status, 1);
    cr_expect_eq(SAID(command_group, "group", "a", "b")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_group, "group", "--json")->status, EXIT_USAGE);
    place_remove(folder);
}

#define BOOM "{\"exception\":{\"values\":[{\"type\":\"Boom\",\"value\":\"order 7\"}]}}\n"

Test(group, explains_for_people_and_for_programs)
{
    static const char *const plain[] = {"group", "--explain", NULL};
    static const char *const json[] = {"group", "--explain", "--json", NULL};
    const struct said *said = said_run(command_group, plain, BOOM);
    cr_expect(strstr(said->out, "line 1: Boom: order 7\ngrouped by exception\n") != NULL, "%s",
              said->out);
    cr_expect(strstr(said->out, "+ value \"order <int>\"") != NULL, "%s", said->out);

    said = said_run(command_group, json, BOOM);
    const struct value *why = value_get(line(said, 1), SLICE("explanation"));
    cr_expect(slice_eq(value_text(value_get(why, SLICE("method"))), SLICE("exception")), "%s",
              said->out);
}

Test(group, takes_rules_of_its_own)
{
    char folder[64];
    char rules[96];
    place_scratch(folder);
    snprintf(rules, sizeof(rules), "%s/x.fp", folder);
    FILE *file = fopen(rules, "w");
    cr_assert_not_null(file);
    fputs("type:Boom -> booms title=\"Booms\"\n", file);
    fclose(file);
    const char *const words[] = {"group", "--explain", "--fingerprint-rules", rules, NULL};
    const struct said *said = said_run(command_group, words, BOOM);
    cr_expect(strstr(said->out,
                     "line 1: Booms\ngrouped by fingerprint, set by the rule type:Boom") != NULL,
              "%s", said->out);

    file = fopen(rules, "w");
    fputs("\ntyp:Boom -> booms\n", file);
    fclose(file);
    said = said_run(command_group, words, BOOM);
    cr_expect_eq(said->status, EXIT_CONFIG);
    cr_expect(strstr(said->err, "x.fp:2:1: no key 'typ'") != NULL, "%s", said->err);
    place_remove(folder);
}
