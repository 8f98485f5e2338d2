/* SPDX-License-Identifier: Apache-2.0 */
/* intake_site — a site with a journal and a snapshot: what workers need. */
#pragma once
#include "ingest/reload.h"
#include "ingest/snapshot.h"
#include "tests/support/journal.h"
#include "tests/unit/ingest/site.h"

struct intake_site {
    struct site site;
    struct reload *reload;
    struct journal *journal;
};

static inline bool intake_site_is_ready(void *context, char *why, size_t room)
{
    (void)context;
    snprintf(why, room, "ready\n");
    return true;
}

static inline void intake_site_open(struct intake_site *self)
{
    site_open(&self->site);
    self->reload = reload_new(&self->site.options, &self->site.data);
    cr_assert(self->reload != NULL && reload_now(self->reload));
    self->journal = test_journal_open(self->site.folder, 0);
    journal_start(self->journal, NULL, NULL);
}

/* After the workers have been freed. */
static inline void intake_site_close(struct intake_site *self)
{
    journal_close(self->journal);
    reload_free(self->reload);
    site_close(&self->site);
}
