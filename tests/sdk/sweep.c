/* SPDX-License-Identifier: Apache-2.0 */
/* Delivers a folder without opening the SDK: sweep DSN FOLDER prints how many files went. */
#include "tocsin.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    printf("%d\n", tocsin_send_dir(argv[1], argv[2], 60000));
    return 0;
}
