/* SPDX-License-Identifier: Apache-2.0 */
/* said — runs a command as main would, and keeps what it said and how it ended. */
#pragma once
#include "ingest/command/commands.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define SAID_BYTES 65536u
#define SAID_WORDS 16u

struct said {
    int status;
    char out[SAID_BYTES];
    char err[SAID_BYTES];
};

static inline void said_read(int fd, char *out)
{
    ssize_t got = pread(fd, out, SAID_BYTES - 1, 0);
    cr_assert(got >= 0);
    out[got] = '\0';
    close(fd);
}

/* `words` end with NULL; `input` is standard input, NULL for an empty one. */
static inline const struct said *said_run(command_fn *run, const char *const *words,
                                          const char *input)
{
    static struct said said;
    static char copies[SAID_WORDS][512];
    char *argv[SAID_WORDS + 1] = {NULL};
    int argc = 0;
    int files[3] = {memfd_create("in", 0), memfd_create("out", 0), memfd_create("err", 0)};
    int kept[3];
    for (; words[argc] != NULL; argc++) {
        snprintf(copies[argc], sizeof(copies[argc]), "%s", words[argc]);
        argv[argc] = copies[argc];
    }
    if (input != NULL) {
        cr_assert_eq(pwrite(files[0], input, strlen(input), 0), (ssize_t)strlen(input));
    }
    fflush(NULL);
    for (int fd = 0; fd < 3; fd++) {
        kept[fd] = dup(fd);
        cr_assert_eq(dup2(files[fd], fd), fd);
    }
    clearerr(stdin);
    (void)fseek(stdin, 0, SEEK_SET);
    said.status = run(argc, argv);
    fflush(NULL);
    for (int fd = 0; fd < 3; fd++) {
        cr_assert_eq(dup2(kept[fd], fd), fd);
        close(kept[fd]);
    }
    close(files[0]);
    said_read(files[1], said.out);
    said_read(files[2], said.err);
    return &said;
}

#define SAID(run, ...) said_run((run), (const char *const[]){__VA_ARGS__, NULL}, NULL)
