/* SPDX-License-Identifier: Apache-2.0 */
/* dump — a small minidump as Breakpad writes it on Linux: one module at 0x400000, an exception. */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

#define DUMP_BYTES 512u

static inline void dump_put(char *at, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        at[i] = (char)(unsigned char)(number >> (8 * i));
    }
}

static inline void dump_stream(char *bytes, unsigned index, uint32_t type, uint32_t size,
                               uint32_t at)
{
    dump_put(bytes + 32 + 12 * index, type, 4);
    dump_put(bytes + 36 + 12 * index, size, 4);
    dump_put(bytes + 40 + 12 * index, at, 4);
}

static inline struct slice dump_linux(char bytes[static DUMP_BYTES], uint32_t code,
                                      uint64_t address)
{
    enum { EXCEPTION = 80, SYSTEM = 160, MODULES = 200, NAME = 320, END = 360 };
    static const char name[] = "/usr/bin/shop";
    memset(bytes, 0, DUMP_BYTES);
    memcpy(bytes, "MDMP\x93\xa7", 6);
    dump_put(bytes + 8, 3, 4);
    dump_put(bytes + 12, 32, 4);
    dump_stream(bytes, 0, 6, 80, EXCEPTION);
    dump_stream(bytes, 1, 7, 40, SYSTEM);
    dump_stream(bytes, 2, 4, 4 + 108, MODULES);
    dump_put(bytes + EXCEPTION + 8, code, 4);
    dump_put(bytes + EXCEPTION + 24, address, 8);
    dump_put(bytes + SYSTEM + 8, 6, 4);
    dump_put(bytes + SYSTEM + 12, 1, 4);
    dump_put(bytes + SYSTEM + 20, 0x8201, 4);
    dump_put(bytes + MODULES, 1, 4);
    dump_put(bytes + MODULES + 4, 0x400000, 8);
    dump_put(bytes + MODULES + 12, 0x10000, 4);
    dump_put(bytes + MODULES + 24, NAME, 4);
    dump_put(bytes + NAME, 2 * (sizeof(name) - 1), 4);
    for (size_t i = 0; i < sizeof(name) - 1; i++) {
        bytes[NAME + 4 + 2 * i] = name[i];
    }
    return slice_of(bytes, END);
}
