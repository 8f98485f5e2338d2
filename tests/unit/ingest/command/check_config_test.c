/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/place.h"
#include "tests/unit/ingest/command/said.h"

static char folder[64];
static char path[96];

static void setup(void)
{
    place_scratch(folder);
    snprintf(path, sizeof(path), "%s/tocsin.yml", folder);
}

static void teardown(void)
{
    place_remove(folder);
}

TestSuite(check_config, .init = setup, .fini = teardown);

static void write_file(const char *name, const char *text)
{
    char full[128];
    snprintf(full, sizeof(full), "%s/%s", folder, name);
    FILE *file = fopen(full, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static const struct said *checked(const char *text)
{
    write_file("tocsin.yml", text);
    return SAID(command_check_config, "check-config", path);
}

Test(check_config, says_that_all_is_fine_and_how_much_it_is)
{
    const struct said *said =
        checked("route: {receiver: a}\nreceivers:\n  - name: a\n    webhook_configs:\n"
                "      - url: http://127.0.0.1:1/\n");

    cr_expect_eq(said->status, 0);
    cr_expect_not_null(strstr(said->out, "tocsin.yml is fine: 1 receivers, "), "%s", said->out);
    cr_expect_str_eq(said->err, "");
}

Test(check_config, says_what_is_wrong_and_where)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"rute: {}\n", "tocsin.yml:1:"},     {"route: {receiver: nobody}\n", "nobody"},
        {"a: [\n", "tocsin.yml:2:1: yaml:"}, {"rules: [missing]\n", "missing"},
        {"rules: [bad.yml]\n", "bad.yml:"},
    };
    write_file("bad.yml", "title: Bad\ndetection: 1\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct said *said = checked(cases[i].text);
        cr_expect_eq(said->status, EXIT_CONFIG, "%s", cases[i].text);
        cr_expect_not_null(strstr(said->err, cases[i].expected), "%s", said->err);
        cr_expect_str_eq(said->out, "");
    }
}

Test(check_config, a_file_that_is_not_there_is_wrong_too)
{
    const struct said *said = SAID(command_check_config, "check-config", "/nonexistent.yml");

    cr_expect_eq(said->status, EXIT_CONFIG);
    cr_expect_str_eq(said->err, "/nonexistent.yml: No such file or directory\n");
}

Test(check_config, needs_one_file)
{
    cr_expect_eq(SAID(command_check_config, "check-config")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_check_config, "check-config", "a", "b")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_check_config, "check-config", "--strict", "a")->status, EXIT_USAGE);
}
