/* SPDX-License-Identifier: Apache-2.0 */
/* sandbox — takes from this process whatever reading a given descriptor does not need.
 *
 *   descriptors above the socket   closed
 *   limits                         address space, no files written, no processes, no core
 *   no_new_privs, not dumpable, dies with the server, a lower priority
 *   seccomp                        some 30 system calls; every other fails with EPERM
 *
 * It cannot open a file, make a socket or a process, or map memory to execute; what it can see is
 * what it is given. Others fail instead of killing: libraries have ways for that, and a refusal is
 * as good. Another architecture's calls kill. A filter of our own, 40 instructions, rather than
 * libseccomp: one dependency less in a program that is exec'd for this. Under sanitizers the
 * address space stays free, since they map terabytes.
 *
 * Linux 3.17 and later, x86-64 and aarch64.
 */
#pragma once
#include <stdbool.h>

/* Of this process, for good; only descriptors up to `last_fd` stay. False when the kernel refuses
 * one of them: then nothing may be read. */
bool sandbox_enter(int last_fd);
