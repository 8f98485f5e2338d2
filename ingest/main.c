/* SPDX-License-Identifier: Apache-2.0 */
/* tocsin — takes error reports and security events, groups them, runs rules, tells the right
 * person.
 *
 *   tocsin serve      the parent: sockets, redis-server and the server       parent.c
 *   └─ server         journal, committer, alerting, workers, api             server.c
 *        └─ worker    intake of requests: the path of one event              pipeline.c
 *   tocsin issues …   commands that ask a running server                     command/
 */
#include "ingest/command/commands.h"

int main(int argc, char **argv)
{
    return command_run(argc, argv);
}
