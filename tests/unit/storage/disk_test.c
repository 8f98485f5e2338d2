/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/disk.h"

#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

Test(disk, the_real_one_makes_the_system_calls)
{
    const struct disk *disk = disk_real();
    char folder[64];
    char path[96];
    char back[4] = "";
    struct stat status;
    place_scratch(folder);
    (void)snprintf(path, sizeof path, "%s/file", folder);
    int fd = open(path, O_RDWR | O_CREAT, 0600);

    cr_expect_eq(disk->fallocate(disk->context, fd, 8192), 0);
    cr_expect_eq(disk->pwrite(disk->context, fd, "abc", 3, 4096), 3);
    cr_expect_eq(disk->fdatasync(disk->context, fd), 0);

    cr_expect(fstat(fd, &status) == 0 && status.st_size == 8192);
    cr_expect(pread(fd, back, 3, 4096) == 3 && strcmp(back, "abc") == 0);
    (void)close(fd);
    place_remove(folder);
}

Test(disk, errors_come_as_errno)
{
    const struct disk *disk = disk_real();

    cr_expect_eq(disk->pwrite(disk->context, -1, "x", 1, 0), -1);
    cr_expect_eq(errno, EBADF);
    cr_expect_eq(disk->fdatasync(disk->context, -1), -1);
}
