/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/banner.h"
#include "ingest/base/must.h"
#include "ingest/listener.h"
#include <string.h>
#include <unistd.h>

#define WORK_BYTES (64u << 20)

void banner_base(const struct options *options, int intake_fd, char *out, size_t room)
{
    MUST(options != NULL && room > 0);
    char address[96];
    char host[96];
    const char *scheme = options->tls_cert != NULL ? "https" : "http";
    if (options->public_url != NULL) {
        size_t length = strlen(options->public_url);
        while (length > 0 && options->public_url[length - 1] == '/') {
            length--;
        }
        snprintf(out, room, "%.*s", (int)length, options->public_url);
        return;
    }
    listener_name(intake_fd, address, sizeof(address));
    const char *port = strrchr(address, ':');
    MUST(port != NULL);
    bool is_wildcard = strncmp(address, "0.0.0.0:", 8) == 0 || strncmp(address, "[::]:", 5) == 0;
    if (is_wildcard && gethostname(host, sizeof(host)) == 0) {
        snprintf(out, room, "%s://%.90s%s", scheme, host, port);
    } else {
        snprintf(out, room, "%s://%s", scheme, address);
    }
}

bool banner_dsn(const char *base, const struct project *project, char *out, size_t room)
{
    MUST(base != NULL && project != NULL && room > 0);
    char hex[ID_HEX_BYTES + 1];
    const char *rest = strstr(base, "://");
    if (rest == NULL || project->key_count == 0) {
        return false;
    }
    id_format(project->keys[0], hex);
    snprintf(out, room, "%.*s://%s@%s/%u", (int)(rest - base), base, hex, rest + 3, project->id);
    return true;
}

/* How to call this very program: its name where PATH finds it, else its path. */
static void own_name(char *out, size_t room)
{
    char path[512];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[length > 0 ? length : 0] = '\0';
    bool is_installed =
        strncmp(path, "/usr/bin/", 9) == 0 || strncmp(path, "/usr/local/bin/", 15) == 0;
    snprintf(out, room, "%s", is_installed || length <= 0 ? "tocsin" : path);
}

void banner_print(FILE *out, const struct options *options, const struct data_dir *data,
                  int intake_fd, int api_fd)
{
    MUST(out != NULL && data != NULL);
    struct arena arena;
    struct projects projects;
    char base[512];
    char dsn[640] = "";
    char api[96];
    char name[512];
    own_name(name, sizeof(name));
    MUST(arena_init(&arena, WORK_BYTES));
    banner_base(options, intake_fd, base, sizeof(base));
    listener_name(api_fd, api, sizeof(api));
    if (!fault_is(data_dir_projects(data, &arena, &projects)) && projects.count > 0) {
        (void)banner_dsn(base, &projects.list[0], dsn, sizeof(dsn));
    }
    fprintf(out, "Tocsin " TOCSIN_VERSION " takes events at %s\n\n", base);
    fprintf(out, "  DSN          %s\n", dsn);
    fprintf(out, "  see issues   %s issues --data %s\n", name, data->path);
    fprintf(out, "  try it       %s send --data %s \"it works\"\n", name, data->path);
    fprintf(out, "  API          %s://%s   (token in %s/token)\n",
            options->tls_cert != NULL ? "https" : "http", api, data->path);
    fflush(out);
    arena_done(&arena);
}
