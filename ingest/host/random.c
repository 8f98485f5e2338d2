/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/random.h"

#include "ingest/base/must.h"
#include <errno.h>
#include <sys/random.h>

void random_bytes(void *out, size_t size)
{
    char *at = out;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        /* The only other failures are a bad pointer and a kernel older than 3.17. */
        MUST(got > 0);
        at += got;
        size -= (size_t)got;
    }
}

struct id random_id(void)
{
    struct id id;
    do {
        random_bytes(id.bytes, sizeof id.bytes);
    } while (id_is_none(id));
    return id;
}
