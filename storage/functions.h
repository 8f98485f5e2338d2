/* SPDX-License-Identifier: Apache-2.0 */
/* functions — the Lua libraries of storage/functions, built into the program.
 *
 * Redis keeps functions with its data; a library whose text differs from ours is replaced, so there
 * is no version number that somebody could forget to raise.
 */
#pragma once
#include "storage/redis.h"

struct function_library {
    const char *name; /* as after `#!lua name=` */
    const char *code;
    size_t code_bytes;
};

/* The list, one for each .lua file; `*out_count` is filled. */
const struct function_library *functions_list(size_t *out_count);

/* Loads what is missing or differs. False: the link broke or Redis refused; `redis_error` says why.
 */
MUST_USE bool functions_load(struct redis *link);
