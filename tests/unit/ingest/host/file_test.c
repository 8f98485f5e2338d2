/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/file.h"

#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char folder[64];
static char path[128];

static void set_up(void)
{
    cr_assert(arena_init(&arena, 1 << 20));
    place_scratch(folder);
    (void)snprintf(path, sizeof path, "%s/file", folder);
}

static void tear_down(void)
{
    place_remove(folder);
    arena_done(&arena);
}

TestSuite(file, .init = set_up, .fini = tear_down);

Test(file, what_was_written_is_read)
{
    struct slice text = {0};
    struct slice content = SLICE("one\0two\n");

    cr_assert(!fault_is(file_write(path, content, 0600)));
    cr_assert(!fault_is(file_read(&arena, path, 100, &text)));

    cr_expect(slice_eq(text, content));
}

Test(file, writing_replaces_the_content_and_the_mode)
{
    struct slice text = {0};
    struct stat status;
    mode_t old = umask(077);

    cr_assert(!fault_is(file_write(path, SLICE("a long first version"), 0600)));
    cr_assert(!fault_is(file_write(path, SLICE("short"), 0644)));
    (void)umask(old);

    cr_assert(!fault_is(file_read(&arena, path, 100, &text)));
    cr_expect(slice_eq(text, SLICE("short")));
    cr_assert(stat(path, &status) == 0);
    cr_expect_eq(status.st_mode & 07777, 0644);
}

Test(file, a_failed_write_leaves_the_old_content_and_no_leftover)
{
    char inside[160];
    char leftover[160];
    struct slice text = {0};
    /* The name is taken by a folder that is not empty: the rename cannot succeed. */
    (void)snprintf(inside, sizeof inside, "%s/kept", path);
    (void)snprintf(leftover, sizeof leftover, "%s.tmp", path);
    cr_assert(!fault_is(file_make_folder(path, 0700)));
    cr_assert(!fault_is(file_write(inside, SLICE("old"), 0600)));

    struct fault fault = file_write(path, SLICE("new"), 0600);

    cr_expect_eq(fault.kind, FAULT_UNAVAILABLE);
    cr_expect(errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST);
    cr_expect(access(leftover, F_OK) != 0);
    cr_assert(!fault_is(file_read(&arena, inside, 100, &text)));
    cr_expect(slice_eq(text, SLICE("old")));
}

Test(file, reading_is_refused_past_the_limit_and_not_at_it)
{
    struct slice text = {0};
    cr_assert(!fault_is(file_write(path, SLICE("12345678"), 0600)));

    cr_expect(!fault_is(file_read(&arena, path, 8, &text)));
    cr_expect_eq(file_read(&arena, path, 7, &text).kind, FAULT_TOO_BIG);
}

Test(file, missing_files_and_folders_are_told_apart)
{
    struct slice text = {0};

    cr_expect_eq(file_read(&arena, path, 8, &text).kind, FAULT_NOT_FOUND);
    cr_expect_eq(file_read(&arena, folder, 8, &text).kind, FAULT_UNAVAILABLE);
    cr_expect_eq(errno, EISDIR);
}

Test(file, an_empty_file_is_an_empty_slice)
{
    struct slice text = SLICE("before");

    cr_assert(!fault_is(file_write(path, SLICE(""), 0600)));
    cr_assert(!fault_is(file_read(&arena, path, 0, &text)));

    cr_expect_eq(text.len, 0);
}

Test(file, folders_are_made_with_their_parents)
{
    char deep[160];
    struct stat status;
    (void)snprintf(deep, sizeof deep, "%s/one/two/three", folder);

    cr_assert(!fault_is(file_make_folder(deep, 0700)));
    cr_expect(!fault_is(file_make_folder(deep, 0700)), "a second time is fine");

    cr_assert(stat(deep, &status) == 0);
    cr_expect(S_ISDIR(status.st_mode));
    cr_expect_eq(status.st_mode & 0777, 0700);
}

Test(file, a_file_in_the_place_of_a_folder_is_told)
{
    cr_assert(!fault_is(file_write(path, SLICE("x"), 0600)));

    cr_expect_eq(file_make_folder(path, 0700).kind, FAULT_UNAVAILABLE);
    cr_expect_eq(errno, ENOTDIR);
}

Test(file, syncing_a_missing_folder_is_a_fault)
{
    cr_expect_eq(file_sync_folder(path).kind, FAULT_UNAVAILABLE);
    cr_expect(!fault_is(file_sync_folder(folder)));
}
