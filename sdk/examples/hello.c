/* SPDX-License-Identifier: Apache-2.0 */
/* An error with its stack, a breadcrumb and a security event: hello DSN */
#include "tocsin.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    tocsin_options options = {.size = sizeof options, .dsn = argc > 1 ? argv[1] : NULL};
    int result = tocsin_init(&options);
    if (result != TOCSIN_OK) {
        fprintf(stderr, "usage: hello DSN (%s)\n", tocsin_strerror(result));
        return 2;
    }
    tocsin_breadcrumb(TOCSIN_INFO, "ledger", "opening day 42");
    tocsin_capture(TOCSIN_ERROR, "io", "cannot open the ledger", TOCSIN_STACK);
    tocsin_security("login_failed", TOCSIN_WARNING, "alice", "203.0.113.9", "wrong password");
    return tocsin_close(2000) == TOCSIN_OK ? 0 : 1;
}
