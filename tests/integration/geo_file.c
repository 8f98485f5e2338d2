/* SPDX-License-Identifier: Apache-2.0 */
/* geo_file — writes a database of one network: PATH NETWORK CODE COUNTRY CITY AS_NUMBER AS_NAME. */
#include "tests/support/mmdb.h"
#include <stdlib.h>

int main(int count, char **words)
{
    if (count != 8) {
        return 2;
    }
    const struct mmdb_row row = {.network = words[2],
                                 .country_code = words[3],
                                 .country = words[4],
                                 .city = words[5],
                                 .as_number = (uint32_t)strtoul(words[6], NULL, 10),
                                 .as_name = words[7]};
    return mmdb_write(words[1], &row, 1) ? 0 : 1;
}
