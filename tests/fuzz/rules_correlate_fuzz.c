/* SPDX-License-Identifier: Apache-2.0 */
/* Correlations: whatever the order, the machine says what a recount of all windows says. */
#include "tests/fuzz/correlations.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_timeline t;
    for (unsigned in_parts = 0; fuzz_read(&t, data, size) && in_parts < 2u - t.drops_late;
         in_parts++) {
        struct fuzz_run run = fuzz_run(&t, in_parts != 0);
        if (!t.plan.is_absence) {
            fuzz_check(&t, &run);
        }
        correlate_state_done(&run.state);
    }
    return 0;
}
