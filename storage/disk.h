/* SPDX-License-Identifier: Apache-2.0 */
/* disk — the calls through which the journal writes, as a table.
 *
 * So that tests can make a disk that is full, broken, or loses what was not synced. All others use
 * disk_real(). The functions behave as the system calls of the same name (-1 and errno); `context`
 * is the table's own.
 */
#pragma once
#include <sys/types.h>

struct disk {
    void *context;
    ssize_t (*pwrite)(void *context, int fd, const void *bytes, size_t size, off_t offset);
    int (*fdatasync)(void *context, int fd);
    int (*fallocate)(void *context, int fd, off_t size); /* makes the file `size` bytes long */
};

/* Borrows for ever: a constant. */
const struct disk *disk_real(void);
