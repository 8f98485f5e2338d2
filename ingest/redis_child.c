/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/redis_child.h"
#include "ingest/base/must.h"
#include "ingest/host/file.h"
#include "ingest/host/log.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* An older redis-server on the same folder may still be writing out after its parent was killed:
 * the lock is inherited over exec and lasts as long as that process does. */
static bool wait_for_folder(void)
{
    int fd = open("lock", O_RDWR | O_CREAT, 0640);
    return fd >= 0 && flock(fd, LOCK_EX) == 0;
}

int redis_child_exec(const struct data_dir *data)
{
    MUST(data != NULL && data->path[0] == '/');
    (void)umask(0027); /* its files hold what people wrote in error messages */
    if (chdir(data->path) != 0 || fault_is(file_make_folder("redis", 0750)) ||
        chdir("redis") != 0 || !wait_for_folder()) {
        log_write(LOG_ERROR, "the folder for redis-server cannot be used",
                  "folder=%s/redis error=\"%s\"", data->path, strerror(errno));
        return 1;
    }
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0) {
        return 1;
    }
    execlp("redis-server", "tocsin-redis-server", "--port", "0", "--unixsocket", "redis.sock",
           "--unixsocketperm", "700", "--dir", ".", "--appendonly", "yes", "--appendfsync",
           "everysec", "--aof-load-truncated", "yes", "--save", "", "--logfile", "redis.log",
           "--loglevel", "notice", "--daemonize", "no", "--maxmemory-policy", "noeviction",
           "--timeout", "0", "--databases", "1", (char *)NULL);
    log_write(LOG_ERROR, "redis-server cannot be started",
              "error=\"%s\" hint=\"apt install redis-server, or --redis URL\"", strerror(errno));
    return 127;
}
