/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/minidump_reason.h"
#include <stddef.h>

struct row {
    uint32_t code;
    const char *name;
};

static const struct row windows[] = {
    {0xc0000005, "EXCEPTION_ACCESS_VIOLATION"},
    {0xc0000006, "EXCEPTION_IN_PAGE_ERROR"},
    {0xc000008c, "EXCEPTION_ARRAY_BOUNDS_EXCEEDED"},
    {0xc000008e, "EXCEPTION_FLT_DIVIDE_BY_ZERO"},
    {0xc0000094, "EXCEPTION_INT_DIVIDE_BY_ZERO"},
    {0xc0000095, "EXCEPTION_INT_OVERFLOW"},
    {0xc0000096, "EXCEPTION_PRIV_INSTRUCTION"},
    {0xc00000fd, "EXCEPTION_STACK_OVERFLOW"},
    {0xc000001d, "EXCEPTION_ILLEGAL_INSTRUCTION"},
    {0xc0000025, "EXCEPTION_NONCONTINUABLE_EXCEPTION"},
    {0xc0000374, "STATUS_HEAP_CORRUPTION"},
    {0xc0000409, "STATUS_STACK_BUFFER_OVERRUN"},
    {0xc0000420, "STATUS_ASSERTION_FAILURE"},
    {0x80000001, "EXCEPTION_GUARD_PAGE"},
    {0x80000002, "EXCEPTION_DATATYPE_MISALIGNMENT"},
    {0x80000003, "EXCEPTION_BREAKPOINT"},
    {0x80000004, "EXCEPTION_SINGLE_STEP"},
    {0xe06d7363, "Unhandled C++ Exception"},
    {0xe0434352, "Unhandled .NET Exception"},
    {0x0517a7ed, "Simulated Exception"},
};

static const struct row signals[] = {
    {1, "SIGHUP"},   {2, "SIGINT"},   {3, "SIGQUIT"},
    {4, "SIGILL"},   {5, "SIGTRAP"},  {6, "SIGABRT"},
    {7, "SIGBUS"},   {8, "SIGFPE"},   {9, "SIGKILL"},
    {10, "SIGUSR1"}, {11, "SIGSEGV"}, {12, "SIGUSR2"},
    {13, "SIGPIPE"}, {14, "SIGALRM"}, {15, "SIGTERM"},
    {24, "SIGXCPU"}, {31, "SIGSYS"},  {0xffffffff, "DUMP_REQUESTED"},
};

static const struct row mach[] = {
    {1, "EXC_BAD_ACCESS"}, {2, "EXC_BAD_INSTRUCTION"},
    {3, "EXC_ARITHMETIC"}, {4, "EXC_EMULATION"},
    {5, "EXC_SOFTWARE"},   {6, "EXC_BREAKPOINT"},
    {10, "EXC_CRASH"},     {11, "EXC_RESOURCE"},
    {12, "EXC_GUARD"},     {0x43507378, "Simulated Exception"},
};

enum minidump_system minidump_system_of(uint32_t platform_id)
{
    switch (platform_id) {
    case 1:
    case 2:
    case 3:
        return SYSTEM_WINDOWS;
    case 0x8101:
    case 0x8102:
        return SYSTEM_APPLE;
    case 0x8201:
        return SYSTEM_LINUX;
    case 0x8203:
        return SYSTEM_ANDROID;
    default:
        return SYSTEM_OTHER;
    }
}

const char *minidump_system_name(enum minidump_system system)
{
    static const char *const names[] = {"unknown", "Windows", "Linux", "Android", "macOS"};
    return names[system];
}

static const char *find(const struct row *rows, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].code == code) {
            return rows[i].name;
        }
    }
    return NULL;
}

const char *minidump_reason(enum minidump_system system, uint32_t code)
{
    switch (system) {
    case SYSTEM_WINDOWS:
        return find(windows, sizeof(windows) / sizeof(windows[0]), code);
    case SYSTEM_LINUX:
    case SYSTEM_ANDROID:
        return find(signals, sizeof(signals) / sizeof(signals[0]), code);
    case SYSTEM_APPLE:
        return find(mach, sizeof(mach) / sizeof(mach[0]), code);
    case SYSTEM_OTHER:
        break;
    }
    return NULL;
}
