/* SPDX-License-Identifier: Apache-2.0 */
/* reload — reads configuration, rules and projects, at the start and whenever they have changed.
 *
 *   SIGHUP, a new projects.json or MaxMind DB ─▶ load_snapshot ─▶ snapshot_publish ─▶ the box
 *                                                     └─ wrong: what was loaded before stays
 *
 * Problems go to the log. Owner: the server's main thread.
 */
#pragma once
#include <stdbool.h>

struct options;
struct data_dir;
struct snapshot_box;
struct reload;

/* Borrows both. NULL without memory. Nothing is loaded yet. */
struct reload *reload_new(const struct options *options, const struct data_dir *data);
void reload_free(struct reload *reload); /* NULL is fine; the box goes with it */

/* Where the newest is. Valid until reload_free. */
struct snapshot_box *reload_box(const struct reload *reload);

/* True: there is a new snapshot. */
bool reload_now(struct reload *reload);

/* Starts making the automata that the rules in use lack, in a thread of its own; once for a set of
 * rules. False: there is nothing to do. reload_if_changed does it RULE_AUTOMATA_AFTER_MS after a
 * load, and loads them when they are made. */
bool reload_automata(struct reload *reload);

/* True while they are made: reload_free then waits for as long as that takes. */
bool reload_is_making(const struct reload *reload);

/* As reload_now if projects.json or a --geoip file is another one than was read last; else false.
 * Cheap. */
bool reload_if_changed(struct reload *reload);
