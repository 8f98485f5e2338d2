/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/command/said.h"

Test(serve, explains_its_options)
{
    static const char *const options[] = {"--data",    "--listen", "--api-listen", "--config",
                                          "--rules",   "--redis",  "--tls-cert",   "--tls-key",
                                          "--workers", "--drain",  "--journal-max"};
    const struct said *said = SAID(command_serve, "serve", "--help");

    cr_expect_eq(said->status, 0);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        cr_expect_not_null(strstr(said->out, options[i]), "%s", options[i]);
    }
}

Test(serve, refuses_a_command_line_that_it_does_not_understand)
{
    cr_expect_eq(SAID(command_serve, "serve", "--listn", "x")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_serve, "serve", "--listen")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_serve, "serve", "--tls-cert", "a")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_serve, "serve", "--workers", "many")->status, EXIT_USAGE);
    const struct said *said = SAID(command_serve, "serve", "extra");
    cr_expect_eq(said->status, EXIT_USAGE);
    cr_expect_not_null(strstr(said->err, "extra"), "%s", said->err);
}

/* Before anything is made: a slip in a path must not leave a data folder behind. */
Test(serve, does_not_start_with_a_file_that_is_not_there)
{
    static const char *const options[] = {"--config", "--rules"};
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const struct said *said = SAID(command_serve, "serve", "--data", "/proc/nowhere",
                                       options[i], "/nonexistent/file");
        cr_expect_eq(said->status, EXIT_CONFIG, "%s", options[i]);
        cr_expect_str_eq(said->err, "tocsin: /nonexistent/file: No such file or directory\n");
    }
    const struct said *said = SAID(command_serve, "serve", "--data", "/proc/nowhere", "--tls-cert",
                                   "/nonexistent/c", "--tls-key", "/nonexistent/k");
    cr_expect_eq(said->status, EXIT_CONFIG);
}

Test(serve, does_not_start_where_no_folder_can_be_made)
{
    const struct said *said = SAID(command_serve, "serve", "--data", "/proc/nowhere");

    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "data folder /proc/nowhere cannot be made"), "%s",
                       said->err);
}
