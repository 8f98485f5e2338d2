/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/banner.h"
#include "ingest/listener.h"
#include <criterion/criterion.h>
#include <unistd.h>

static const struct project project = {.id = 7, .keys = {{{0xab}}}, .key_count = 1};

Test(banner, a_dsn_is_key_host_and_project)
{
    char dsn[256];

    cr_assert(banner_dsn("https://errors.example/prefix", &project, dsn, sizeof(dsn)));

    cr_expect_str_eq(dsn, "https://ab000000000000000000000000000000@errors.example/prefix/7");
    cr_expect_not(banner_dsn("errors.example", &project, dsn, sizeof(dsn)));
    cr_expect_not(banner_dsn("http://h", &(struct project){.id = 1}, dsn, sizeof(dsn)));
}

Test(banner, base_is_the_public_url_or_the_first_listener)
{
    char problem[256];
    char base[256];
    char name[64];
    struct options options = {.public_url = "https://errors.example//"};
    int fd = listener_open("127.0.0.1:0", problem, sizeof(problem));
    cr_assert(fd >= 0, "%s", problem);

    banner_base(&options, fd, base, sizeof(base));
    cr_expect_str_eq(base, "https://errors.example");

    options = (struct options){0};
    banner_base(&options, fd, base, sizeof(base));
    listener_name(fd, name, sizeof(name));
    cr_expect_str_eq(base + strlen("http://"), name);
    close(fd);
}

Test(banner, a_wildcard_address_becomes_this_hosts_name)
{
    char problem[256];
    char base[256];
    int fd = listener_open("0.0.0.0:0", problem, sizeof(problem));
    cr_assert(fd >= 0, "%s", problem);

    banner_base(&(struct options){.tls_cert = "c"}, fd, base, sizeof(base));

    cr_expect_eq(strncmp(base, "https://", 8), 0, "%s", base);
    cr_expect_null(strstr(base, "0.0.0.0"), "%s", base);
    close(fd);
}
