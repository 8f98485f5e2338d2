/* SPDX-License-Identifier: Apache-2.0 */
/* minidump_reason — the names of exception codes, by operating system. Pure. */
#pragma once
#include <stdint.h>

enum minidump_system { SYSTEM_OTHER, SYSTEM_WINDOWS, SYSTEM_LINUX, SYSTEM_ANDROID, SYSTEM_APPLE };

enum minidump_system minidump_system_of(uint32_t platform_id);

/* "Windows", "Linux", …; "unknown". */
const char *minidump_system_name(enum minidump_system system);

/* "SIGSEGV", "EXCEPTION_ACCESS_VIOLATION"; NULL for codes without a name. */
const char *minidump_reason(enum minidump_system system, uint32_t code);
