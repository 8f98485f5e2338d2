/* SPDX-License-Identifier: Apache-2.0 */
/* A crash and its report: crash DSN dies by SIGSEGV, then crash DSN deliver sends the report
 * (the next start of any program with the same folder would do so too). */
#include "tocsin.h"

#include <stdio.h>
#include <string.h>

static const char folder[] = "/tmp/tocsin-example-crash";

static int read_row(const int *rows, int i)
{
    return rows[i];
}

static int load_table(const int *rows)
{
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        sum += read_row(rows, i);
    }
    return sum;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[2], "deliver") == 0) {
        int n = tocsin_send_dir(argv[1], folder, 5000);
        printf("delivered %d\n", n);
        return n < 0;
    }
    tocsin_options options = {
        .size = sizeof options, .dsn = argc > 1 ? argv[1] : NULL, .dir = folder};
    int result = tocsin_init(&options);
    if (result != TOCSIN_OK) {
        fprintf(stderr, "usage: crash DSN [deliver] (%s)\n", tocsin_strerror(result));
        return 2;
    }
    tocsin_tag("table", "orders");
    tocsin_breadcrumb(TOCSIN_INFO, "table", "loading");
    tocsin_note("reading rows of table orders");
    int sum = load_table((const int *)(argc > 100 ? argv[100] : NULL));
    tocsin_close(2000);
    return sum;
}
