/* SPDX-License-Identifier: Apache-2.0 */
/* scrub — takes secrets out of an event before anything of it is written or shown.
 *
 *   {"extra": {"db_password": "hunter2"}}  ─▶  {"extra": {"db_password": "[Filtered]"},
 *                                              "_meta": {"extra": {"db_password": {"": {
 *                                                "rem": [["@password:filter", "s", 0, 10]],
 *                                                "len": 7}}}}}
 *
 * One walk over the document, changing it in place: which rules hold where is the table in
 * scrub_event.c. A value goes
 *   by its name     password, secret, token, … anywhere in it (scrub_rules.c), unless it is a map,
 *                   whose members are looked at one by one; cookies by theirs;
 *   by its text     in data (extra, variables, request bodies …) a text that speaks of a password
 *                   goes whole; in messages and source lines only what follows "password=";
 *   by its pattern  everywhere: cards (Luhn), IBANs (mod 97), US social security numbers, private
 *                   keys, bearer and basic credentials, JWTs, user and password of URLs.
 * The same walk trims to limits.h. `_meta` tells what was done (meta.h).
 *
 * Runs after fingerprint and rules: hashes are of what was sent, so that turning scrubbing on, or a
 * field more to scrub, never splits an issue; and an attack in a password field is one that rules
 * are for. What leaves the pass (effects, answers) is made after this.
 *
 * A pass whose event is only counted keeps nine texts of it (effect.h), and forgets the rest: there
 * scrub_kept cleans those alone, and the document stays as it was sent and is seen by nobody. The
 * document is scrubbed where it is shown or written. Rejected: walking the whole of it in each pass
 * (a fifth of the pass's time, of 10 KB events a half, for what is then thrown away).
 *
 * Scrubbing twice is as scrubbing once. Pure; no allocation but from the arena; when that is full,
 * values go without a note rather than stay, and the arena says `exhausted`.
 *
 * Field practice followed: Sentry's documented default scrubber ("Server-Side Data Scrubbing").
 * Departures: cards must pass Luhn; "author" is no "auth"; a URL keeps its path.
 */
#pragma once
#include "ingest/event/event.h"

/* What a project adds. All borrowed until scrub_rules_new returns. */
struct scrub_options {
    bool keep_defaults_out;     /* only `fields` and addresses: no built-in rule */
    bool remove_addresses;      /* IP addresses, wherever they stand */
    const struct slice *fields; /* more sensitive names: parts of names, case does not matter */
    uint32_t field_count;       /* those past SCRUB_FIELDS_MAX are ignored */
    const struct slice *safe;   /* names whose values stay, whatever they are: whole names */
    uint32_t safe_count;        /* as above */
};

/* Immutable; any thread. */
struct scrub_rules;

/* Gives rules that live in `arena`; NULL when it is full. `options` NULL: the defaults. */
const struct scrub_rules *scrub_rules_new(struct arena *arena, const struct scrub_options *options);

/* True when they take IP addresses out. */
bool scrub_removes_addresses(const struct scrub_rules *rules);

/* Scrubs and trims the document `root` that `event` was decoded from and normalised, and the event,
 * whose `meta` it sets. `_meta` of the document becomes the same. */
void scrub_event(struct arena *arena, const struct scrub_rules *rules, struct value *root,
                 struct event *event);

/* Scrubs only what an effect has of `event`: title, culprit, logger, server name and user, as
 * scrub_event leaves them. Of the document nothing may be shown after this. */
void scrub_kept(struct arena *arena, const struct scrub_rules *rules, struct event *event);

/* Scrubs one value that rules read of the event under the name `field` (ECS or a path of the
 * payload), as the document is scrubbed where it stands. False when nothing of it is left: its name
 * is a secret's, or the whole text is one; `text` is then as it was. */
bool scrub_value(struct arena *arena, const struct scrub_rules *rules, struct slice field,
                 struct slice *text);
