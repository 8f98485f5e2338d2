/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "ingest/host/clock.h"
#include "storage/segment.h"
#include "tests/unit/ingest/command/rules_folder.h"
#include <sys/stat.h>

TestSuite(rules_backtest, .init = rules_folder_open, .fini = rules_folder_close);

/* A journal of three requests, received an hour ago. */
static void write_journal(void)
{
    static char file[65536];
    static const char *const bodies[] = {
        "{\"message\":\"it broke\",\"event_id\":\"00000000000000000000000000000001\"}",
        "{\"message\":\"it broke again\"}", "{\"message\":\"fine\"}"};
    const struct segment_head head = {{{7}}, 1};
    char path[160];
    size_t used = SEGMENT_HEAD_BYTES;
    segment_head_encode(&head, file);
    for (uint64_t i = 0; i < 3; i++) {
        const struct record record = {.sequence = i + 1,
                                      .received_us = clock_wall_us() - INT64_C(3600000000),
                                      .seed = {{(uint8_t)(9 + i)}},
                                      .kind = RECORD_STORE,
                                      .project = 1,
                                      .body = slice_str(bodies[i])};
        record_encode(&record, record_salt(head.node), file + used);
        used += record_bytes(&record);
    }
    snprintf(path, sizeof(path), "%s/journal", rules_folder);
    cr_assert_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof(path), "%s/journal/00000000000000000001.seg", rules_folder);
    FILE *out = fopen(path, "w");
    cr_assert(out != NULL && fwrite(file, 1, sizeof(file), out) == sizeof(file));
    cr_assert_eq(fclose(out), 0);
}

Test(rules_backtest, says_what_would_have_held_and_when)
{
    const char *rule = rules_file("one.yml", good_rule);
    write_journal();

    const struct said *said =
        SAID(rules_command_backtest, "backtest", "--rules", rule, "--data", rules_folder);

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_not_null(strstr(said->out, "1 rules over 3 events (3 requests) of the last 7.0 days"),
                       "%s", said->out);
    cr_expect_not_null(strstr(said->out, "       2  One  (high, " RULE_ONE ")\n"), "%s", said->out);
    cr_expect_not_null(strstr(said->out, "events 00000000000000000000000000000001 "), "%s",
                       said->out);
}

Test(rules_backtest, looks_no_further_back_than_asked)
{
    const char *rule = rules_file("one.yml", good_rule);
    write_journal();

    const struct said *said = SAID(rules_command_backtest, "backtest", "--rules", rule, "--data",
                                   rules_folder, "--since", "30m", "--json");

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_str_eq(said->out,
                     "{\"rule\":\"" RULE_ONE "\",\"title\":\"One\",\"count\":0,\"events\":[]}\n");
}

Test(rules_backtest, needs_rules_a_span_and_a_journal)
{
    const char *rule = rules_file("one.yml", good_rule);
    cr_expect_eq(SAID(rules_command_backtest, "backtest")->status, EXIT_USAGE);
    cr_expect_eq(
        SAID(rules_command_backtest, "backtest", "--rules", rule, "--since", "soon")->status,
        EXIT_USAGE);
    cr_expect_eq(
        SAID(rules_command_backtest, "backtest", "--rules", rule, "--data", "/nonexistent")->status,
        1);
}
