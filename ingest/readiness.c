/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/readiness.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "storage/committer.h"

static bool without_redis(struct readiness *readiness, const char *error, char *why, size_t room)
{
    bool waited = clock_monotonic_us() - readiness->started_us > READINESS_WAIT_US;
    bool ready = waited || atomic_load(&readiness->was_connected);
    snprintf(why, room, "%s; Redis is away (%s), events are kept in the journal\n",
             ready ? "ready" : "not ready: starting", error);
    return ready;
}

bool readiness_is(void *context, char *why, size_t room)
{
    struct readiness *readiness = context;
    struct journal_state journal;
    struct committer_state committer;
    MUST(readiness != NULL && why != NULL && room > 0);
    if (atomic_load(&readiness->is_stopping)) {
        snprintf(why, room, "not ready: stopping\n");
        return false;
    }
    journal_state(readiness->journal, &journal);
    if (journal.condition != JOURNAL_OK) {
        snprintf(why, room, "not ready: %s\n", journal.text);
        return false;
    }
    committer_state(readiness->committer, &committer);
    if (!committer.connected) {
        return without_redis(readiness, committer.error, why, room);
    }
    atomic_store(&readiness->was_connected, true);
    snprintf(why, room, "ready\n");
    return true;
}
