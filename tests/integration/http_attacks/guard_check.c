/* SPDX-License-Identifier: Apache-2.0 */
/* guard_check — what guard_self_test finds in this program; exits 1 when libh2o is not guarded. */
#include "ingest/http/guard.h"

#include <stdio.h>

int main(void)
{
    char why[128];
    if (!guard_self_test(why, sizeof why)) {
        puts(why);
        return 1;
    }
    puts("guarded");
    return 0;
}
