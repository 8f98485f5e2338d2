/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "tests/unit/ingest/command/rules_folder.h"

TestSuite(rules_replay, .init = rules_folder_open, .fini = rules_folder_close);

#define CORRELATION                                                                                \
    "title: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: [" RULE_ONE "]\n"        \
    "  group-by: [source.ip]\n  timespan: 1m\n  condition: {gte: 2}\n"

#define EVENT(ts, ip)                                                                              \
    "{\"ts\":" ts ",\"event\":{\"message\":\"it broke\",\"source\":{\"ip\":\"" ip "\"}}}\n"

static const struct said *replayed(const char *input)
{
    const char *words[] = {"replay", "--rules", rules_folder, "--any-logsource", NULL};
    rules_file("one.yml", good_rule);
    rules_file("many.yml", CORRELATION);
    return said_run(rules_command_replay, words, input);
}

Test(rules_replay, tells_at_which_event_a_correlation_begins_to_hold)
{
    const struct said *said =
        replayed(EVENT("1000", "192.0.2.1") EVENT("2000", "192.0.2.2") EVENT("3000", "192.0.2.1"));

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_str_eq(said->out, "{\"rule\":\"many\",\"group\":[\"192.0.2.1\"],\"ts\":3000,"
                                "\"line\":3}\n");
}

Test(rules_replay, events_too_far_apart_are_not_many)
{
    const struct said *said = replayed(EVENT("1000", "192.0.2.1") EVENT("61001", "192.0.2.1"));

    cr_expect_eq(said->status, 0);
    cr_expect_str_eq(said->out, "");
}

Test(rules_replay, a_line_that_is_no_event_is_told_and_the_next_goes_on)
{
    const struct said *said =
        replayed(EVENT("1000", "192.0.2.1") "nonsense\n" EVENT("2000", "192.0.2.1"));

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->out, "{\"line\":2,\"error\":"), "%s", said->out);
    cr_expect_not_null(strstr(said->out, "\"ts\":2000,\"line\":3}"), "%s", said->out);
}

Test(rules_replay, needs_rules_and_reads_one_file)
{
    cr_expect_eq(SAID(rules_command_replay, "replay")->status, EXIT_USAGE);
    cr_expect_eq(SAID(rules_command_replay, "replay", "--rules", "x", "a", "b")->status,
                 EXIT_USAGE);
    cr_expect_eq(
        SAID(rules_command_replay, "replay", "--rules", rules_folder, "/nonexistent")->status, 1);
}
