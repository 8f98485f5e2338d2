/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/place.h"
#include "tests/unit/ingest/command/said.h"

static char folder[64];

static void setup(void)
{
    place_scratch(folder);
}

static void teardown(void)
{
    place_remove(folder);
}

TestSuite(scrub_command, .init = setup, .fini = teardown);

static const char *write_file(char path[static 128], const char *name, const char *text)
{
    snprintf(path, 128, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    return path;
}

Test(scrub_command, each_line_comes_back_without_its_secrets)
{
    char path[128];
    const struct said *said =
        SAID(command_scrub, "scrub",
             write_file(path, "e.jsonl",
                        "{\"extra\":{\"password\":\"hunter2\"}}\n\n{\"message\":\"hello\"}\n"));
    cr_expect_eq(said->status, 0);
    cr_expect_str_eq(said->out,
                     "{\"extra\":{\"password\":\"[Filtered]\"},\"_meta\":{\"extra\":{\"password\":{"
                     "\"\":{\"rem\":[[\"@password:filter\",\"s\",0,10]],\"len\":7}}}}}\n"
                     "{\"message\":\"hello\"}\n");
}

Test(scrub_command, a_configuration_adds_names)
{
    char path[128];
    char config[128];
    write_file(config, "t.yml", "scrub: {fields: [account_no]}\n");
    const struct said *said =
        SAID(command_scrub, "scrub", "--config", config,
             write_file(path, "e.jsonl", "{\"extra\":{\"account_no\":\"17\"}}\n"));
    cr_expect_eq(said->status, 0);
    cr_expect_not_null(strstr(said->out, "\"strip-fields\""), "%s", said->out);
    write_file(config, "t.yml", "scrub: {felds: []}\n");
    said = SAID(command_scrub, "scrub", "--config", config, path);
    cr_expect_eq(said->status, EXIT_CONFIG);
    cr_expect_not_null(strstr(said->err, "unknown key"), "%s", said->err);
}

Test(scrub_command, lines_that_are_no_event_say_so_and_the_others_go_on)
{
    char path[128];
    const struct said *said =
        SAID(command_scrub, "scrub", write_file(path, "e.jsonl", "{]\n{\"message\":\"m\"}\n"));
    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->out, "{\"line\":1,\"error\":"), "%s", said->out);
    cr_expect_not_null(strstr(said->out, "{\"message\":\"m\"}"), "%s", said->out);
}

Test(scrub_command, help_shows_an_example)
{
    const struct said *said = SAID(command_scrub, "scrub", "--help");
    cr_expect_eq(said->status, 0);
    cr_expect_not_null(strstr(said->out, "| tocsin scrub"), "%s", said->out);
}
