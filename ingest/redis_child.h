/* SPDX-License-Identifier: Apache-2.0 */
/* redis_child — our own redis-server: a unix socket in the data folder, nothing on the network.
 *
 *   DIR/redis/redis.sock       the server reaches it as "unix:redis/redis.sock" from DIR, since a
 *                              socket's path has 107 bytes and DIR may be longer
 *   DIR/redis/appendonlydir/   append-only file, synced every second: what a crash loses of it, the
 *                              journal brings back
 *   DIR/redis/redis.log        its own words
 */
#pragma once
#include "ingest/data_dir.h"

#define REDIS_CHILD_URL "unix:redis/redis.sock" /* from the data folder */

/* In the child: becomes redis-server. Gives an exit status when it cannot. */
int redis_child_exec(const struct data_dir *data);
