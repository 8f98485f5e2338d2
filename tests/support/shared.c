/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/shared.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef TEST_ROOT
#define TEST_ROOT "."
#endif

bool shared_find(const char *path, char out[static SHARED_PATH_BYTES])
{
    const char *folder = getenv("TOCSIN_SHARED");
    snprintf(out, SHARED_PATH_BYTES, "%s/%s", folder != NULL ? folder : TEST_ROOT "/../shared",
             path);
    return access(out, R_OK) == 0;
}
