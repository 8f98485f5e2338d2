/* SPDX-License-Identifier: Apache-2.0 */
/* shared — where recorded data lies that is not part of the project: $TOCSIN_SHARED, or the folder
 * `shared` beside the project. Tests that use it skip when it is not there. */
#pragma once
#include <stdbool.h>

#define SHARED_PATH_BYTES 4096

/* Fills the full path of `path` in it; false when there is no such thing. */
bool shared_find(const char *path, char out[static SHARED_PATH_BYTES]);
