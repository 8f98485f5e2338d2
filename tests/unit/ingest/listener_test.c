/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/listener.h"
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

Test(listener, opens_an_ephemeral_port_and_tells_its_name)
{
    char problem[256] = "";
    char name[64];

    int fd = listener_open("127.0.0.1:0", problem, sizeof(problem));
    cr_assert(fd >= 0, "%s", problem);
    listener_name(fd, name, sizeof(name));

    unsigned port = 0;
    cr_expect_eq(sscanf(name, "127.0.0.1:%u", &port), 1);
    cr_expect(port > 0);
    cr_expect(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    cr_expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
    close(fd);
}

Test(listener, says_that_an_address_is_taken)
{
    char problem[256] = "";
    char name[64];
    int fd = listener_open("127.0.0.1:0", problem, sizeof(problem));
    listener_name(fd, name, sizeof(name));

    cr_expect_eq(listener_open(name, problem, sizeof(problem)), -1);

    cr_expect(strstr(problem, name) != NULL && strstr(problem, "another") != NULL, "%s", problem);
    close(fd);
}

Test(listener, refuses_what_is_no_address)
{
    static const char *const cases[] = {"",
                                        "8627",
                                        "127.0.0.1",
                                        "127.0.0.1:",
                                        ":8627",
                                        "127.0.0.1:http",
                                        "127.0.0.1:99999999",
                                        "[::1:80",
                                        "256.1.1.1:80"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char problem[256] = "";
        int fd = listener_open(cases[i], problem, sizeof(problem));
        cr_expect_eq(fd, -1, "%s", cases[i]);
        cr_expect(problem[0] != '\0', "%s", cases[i]);
    }
}
