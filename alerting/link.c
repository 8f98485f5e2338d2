/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/link.h"
#include "ingest/base/must.h"
#include "storage/functions.h"

void link_init(struct link *link, const struct redis_options *options, const struct say *to)
{
    *link = (struct link){.redis = redis_new(options), .say = to};
    MUST(link->redis != NULL);
}

void link_done(struct link *link)
{
    redis_free(link->redis);
    *link = (struct link){0};
}

static void note_away(struct link *link, int64_t now_us)
{
    link->is_up = false;
    link->next_try_us = now_us + LINK_RETRY_US;
    link->away_since_us = link->away_since_us == 0 ? now_us : link->away_since_us;
    bool is_news = !link->was_said && now_us - link->away_since_us >= LINK_AWAY_SAID_US;
    if (is_news && link->say != NULL) {
        link->was_said = true;
        say(link->say, ALERTING_WARNING, "alerting waits: %s", redis_error(link->redis));
    }
}

static void note_back(struct link *link, int64_t now_us)
{
    if (link->was_said) {
        say(link->say, ALERTING_INFO, "alerting goes on: redis was away for %lld ms",
            (long long)((now_us - link->away_since_us) / 1000));
    }
    link->was_said = false;
    link->away_since_us = 0;
    link->is_up = true;
}

enum link_state link_check(struct link *link, int64_t now_us)
{
    if (link->is_up && redis_is_connected(link->redis)) {
        return LINK_UP;
    }
    if (now_us < link->next_try_us) {
        return LINK_DOWN;
    }
    if (!redis_connect(link->redis) || !functions_load(link->redis)) {
        link_broke(link, now_us);
        return LINK_DOWN;
    }
    note_back(link, now_us);
    return LINK_NEW;
}

void link_broke(struct link *link, int64_t now_us)
{
    note_away(link, now_us);
    redis_disconnect(link->redis);
    MUST(!link->is_up);
}
