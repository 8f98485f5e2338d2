/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/disk.h"

#include <fcntl.h>
#include <unistd.h>

static ssize_t real_pwrite(void *context, int fd, const void *bytes, size_t size, off_t offset)
{
    (void)context;
    return pwrite(fd, bytes, size, offset);
}

static int real_fdatasync(void *context, int fd)
{
    (void)context;
    return fdatasync(fd);
}

static int real_fallocate(void *context, int fd, off_t size)
{
    (void)context;
    return fallocate(fd, 0, 0, size);
}

const struct disk *disk_real(void)
{
    static const struct disk real = {NULL, real_pwrite, real_fdatasync, real_fallocate};
    return &real;
}
