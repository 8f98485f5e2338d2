/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/options.h"
#include <criterion/criterion.h>

static bool parse(struct options *options, char *problem, int argc, const char **argv)
{
    return options_parse(options, argc, (char **)(uintptr_t)argv, problem, 256);
}
#define PARSE(options, problem, ...)                                                               \
    parse(options, problem, (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),         \
          (const char *[]){__VA_ARGS__, NULL})

Test(options, has_the_defaults_of_the_manual)
{
    struct options options;
    char problem[256] = "";

    cr_assert(PARSE(&options, problem, "serve"));

    cr_expect_str_eq(options.data, "./data");
    cr_expect_str_eq(options.listen[0], "127.0.0.1:8627");
    cr_expect_str_eq(options.api_listen[0], "127.0.0.1:8628");
    cr_expect_eq(options.listen_count, 1u);
    cr_expect_eq(options.drain_ms, 20000u);
    cr_expect_eq(options.journal_bytes, UINT64_C(4) << 30);
    cr_expect_null(options.redis);
}

Test(options, takes_arguments_after_a_space_or_an_equals_sign)
{
    struct options options;
    char problem[256] = "";

    cr_assert(PARSE(&options, problem, "serve", "--data", "/d", "--workers=3", "--journal-max",
                    "512M", "--drain", "5"),
              "%s", problem);

    cr_expect_str_eq(options.data, "/d");
    cr_expect_eq(options.workers, 3u);
    cr_expect_eq(options.journal_bytes, UINT64_C(512) << 20);
    cr_expect_eq(options.drain_ms, 5000u);
}

Test(options, repeats_listeners_up_to_the_limit_and_not_past_it)
{
    struct options options;
    char problem[256] = "";
    const char *argv[2 * (LISTEN_MAX + 1) + 2] = {"serve"};
    for (unsigned i = 0; i <= LISTEN_MAX; i++) {
        argv[1 + 2 * i] = "--listen";
        argv[2 + 2 * i] = "127.0.0.1:0";
    }

    cr_assert(parse(&options, problem, 1 + 2 * (int)LISTEN_MAX,
                    (const char * [2 * LISTEN_MAX + 2]){argv[0], argv[1], argv[2], argv[3], argv[4],
                                                        argv[5], argv[6], argv[7], argv[8], argv[9],
                                                        argv[10], argv[11], argv[12], argv[13],
                                                        argv[14], argv[15], argv[16], NULL}));
    cr_expect_eq(options.listen_count, LISTEN_MAX);

    cr_expect_not(parse(&options, problem, 1 + 2 * (int)(LISTEN_MAX + 1), argv));
    cr_expect(strstr(problem, "--listen") != NULL, "%s", problem);
}

Test(options, says_what_is_wrong_and_how_to_go_on)
{
    static const struct {
        const char *argv[4];
        const char *expected;
    } cases[] = {
        {{"serve", "--dta", "x"}, "unknown option --dta; `tocsin serve --help` lists them"},
        {{"serve", "--data", NULL}, "--data needs an argument: --data DIR"},
        {{"serve", "--workers", "many"}, "--workers cannot be 'many'"},
        {{"serve", "--workers", "1025"}, "--workers cannot be '1025'"},
        {{"serve", "--journal-max", "1M"}, "--journal-max cannot be '1M'"},
        {{"serve", "--journal-max", "99999999999999999999"}, "--journal-max cannot be"},
        {{"serve", "--drain", "-1"}, "--drain cannot be '-1'"},
        {{"serve", "--data", ""}, "--data cannot be ''"},
        {{"serve", "--tls-key", "k"}, "--tls-cert and --tls-key go together"},
        {{"serve", "extra", NULL}, "unknown option extra"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct options options;
        char problem[256] = "";
        int argc = cases[i].argv[2] != NULL ? 3 : 2;
        cr_expect_not(parse(&options, problem, argc, (const char **)(uintptr_t)cases[i].argv));
        cr_expect(strstr(problem, cases[i].expected) != NULL, "'%s' lacks '%s'", problem,
                  cases[i].expected);
    }
}

Test(options, help_lists_every_option_with_examples)
{
    static const char *const names[] = {"--data",    "--listen",      "--api-listen", "--config",
                                        "--rules",   "--redis",       "--tls-cert",   "--tls-key",
                                        "--workers", "--journal-max", "--drain",      "Examples:"};
    char text[8192] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");

    options_help(out);
    fclose(out);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_expect(strstr(text, names[i]) != NULL, "%s", names[i]);
    }
}
