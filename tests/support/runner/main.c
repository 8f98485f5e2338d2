/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

/* Criterion's own main, but for how it ends: the runner (not the tests, which are processes of
 * their own and are checked for leaks when they end) now and then loses the clock of a test's time
 * limit, and the leak checker would fail the whole program for it. */
int main(int argc, char **argv)
{
    struct criterion_test_set *tests = criterion_initialize();
    int failed = criterion_handle_args(argc, argv, true) ? !criterion_run_all_tests(tests) : 0;
    criterion_finalize(tests);
    fflush(NULL);
    _exit(failed);
}
