/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/redis.h"

#include "ingest/base/must.h"
#include "tests/support/place.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_MS 20000

_Noreturn static void become_server(const struct redis_server *server)
{
    /* Also when the test is killed, no server stays behind. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    int log = open("redis.log", O_WRONLY | O_CREAT | O_APPEND, 0600);
    (void)dup2(log, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
    execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", server->socket, "--dir",
           server->folder, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec",
           "--daemonize", "no", (char *)NULL);
    _exit(127);
}

/* True when a PING is answered with PONG: not while the AOF is being read. */
static bool answers(const struct redis_server *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    MUST(strlen(server->socket) < sizeof address.sun_path);
    memcpy(address.sun_path, server->socket, strlen(server->socket));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char reply[8] = "";
    bool is_up = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                 send(fd, "PING\r\n", 6, MSG_NOSIGNAL) == 6 && read(fd, reply, 7) == 7 &&
                 memcmp(reply, "+PONG\r\n", 7) == 0;
    (void)close(fd);
    return is_up;
}

void redis_server_restart(struct redis_server *server)
{
    MUST(server->pid == 0 && server->folder[0] != '\0');
    (void)unlink(server->socket);
    server->pid = fork();
    MUST(server->pid >= 0);
    if (server->pid == 0) {
        if (chdir(server->folder) != 0) {
            _exit(126);
        }
        become_server(server);
    }
    for (int waited_ms = 0; !answers(server); waited_ms += 5) {
        MUST(waited_ms < START_MS && waitpid(server->pid, NULL, WNOHANG) == 0);
        (void)nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
}

void redis_server_start(struct redis_server *server)
{
    *server = (struct redis_server){0};
    (void)signal(SIGPIPE, SIG_IGN); /* as in every process that talks to Redis */
    place_scratch(server->folder);
    (void)snprintf(server->socket, sizeof server->socket, "%s/redis.sock", server->folder);
    (void)snprintf(server->url, sizeof server->url, "unix:%s", server->socket);
    redis_server_restart(server);
}

void redis_server_kill(struct redis_server *server)
{
    MUST(server->pid > 0);
    MUST(kill(server->pid, SIGKILL) == 0);
    MUST(waitpid(server->pid, NULL, 0) == server->pid);
    server->pid = 0;
}

void redis_server_stop(struct redis_server *server)
{
    if (server->pid > 0) {
        redis_server_kill(server);
    }
    place_remove(server->folder);
}
