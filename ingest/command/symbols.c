/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/command/commands.h"
#include "ingest/data_dir.h"
#include "ingest/symbols/symbol_store.h"
#include "ingest/symbols/symbol_worker.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define USAGE                                                                                      \
    "usage: tocsin symbols upload FILE... | list | remove BUILD-ID... [--data DIR]\n"              \
    "  upload  keeps programs, libraries and debug files (ELF, with a build id); events that "     \
    "came\n"                                                                                       \
    "          before show functions, files and lines, too\n"                                      \
    "  list    what is kept: build id, kind (debug: with DWARF), bytes, when\n"                    \
    "  remove  forgets what is kept of a build id\n"                                               \
    "Examples:\n"                                                                                  \
    "  gcc -g -Wl,--build-id -o shop shop.c && objcopy --only-keep-debug shop shop.debug\n"        \
    "  tocsin symbols upload shop.debug --data /var/lib/tocsin\n"                                  \
    "  tocsin symbols list\n"                                                                      \
    "  tocsin symbols remove 5da2c1d1f0b4a1c0e6b7f8a9d0c1b2a3f4e5d6c7\n"

static const char *kind_of(const struct stored_symbols *stored)
{
    return stored->has_debug ? "debug" : "code";
}

static int upload(const char *folder, int count, char **files)
{
    int refused = 0;
    for (int i = 0; i < count; i++) {
        struct stored_symbols stored;
        char hex[BUILD_ID_HEX_BYTES];
        errno = 0;
        struct fault fault = symbol_store_add(folder, files[i], &stored);
        if (fault_is(fault)) {
            bool is_ours = fault.kind == FAULT_UNAVAILABLE && errno != 0;
            fprintf(stderr, "tocsin: %s: %s%s%s\n", files[i], fault.reason, is_ours ? ": " : "",
                    is_ours ? strerror(errno) : "");
            refused++;
            continue;
        }
        build_id_format(&stored.id, hex);
        printf("%s %-5s %s\n", hex, kind_of(&stored), files[i]);
    }
    return refused > 0 ? 1 : 0;
}

static void print(void *data, const struct stored_symbols *stored)
{
    unsigned *count = data;
    char hex[BUILD_ID_HEX_BYTES];
    char when[TIME_TEXT_BYTES];
    if ((*count)++ == 0) {
        printf("%-40s %-5s %12s  %s\n", "BUILD ID", "KIND", "BYTES", "UPLOADED");
    }
    build_id_format(&stored->id, hex);
    time_format(stored->identity.modified_ns / 1000, 0, when);
    printf("%-40s %-5s %12" PRIu64 "  %s\n", hex, kind_of(stored), stored->identity.size, when);
}

static int list(const char *folder)
{
    unsigned count = 0;
    symbol_store_list(folder, print, &count);
    if (count == 0) {
        puts("no symbols (`tocsin symbols upload FILE...`)");
    }
    return 0;
}

static int forget(const char *folder, int count, char **ids)
{
    int missing = 0;
    for (int i = 0; i < count; i++) {
        struct build_id id;
        if (!build_id_parse(slice_str(ids[i]), &id)) {
            fprintf(stderr, "tocsin: %s: not a build id: hex digits of %u to %u bytes\n", ids[i],
                    BUILD_ID_BYTES_MIN, BUILD_ID_BYTES_MAX);
            missing++;
        } else if (symbol_store_remove(folder, &id) == 0) {
            fprintf(stderr, "tocsin: %s: nothing is kept of it\n", ids[i]);
            missing++;
        }
    }
    return missing > 0 ? 1 : 0;
}

static bool folder_of(const char *data, char folder[static PATH_MAX])
{
    struct data_dir dir;
    char problem[PATH_MAX + 256];
    if (!data_dir_visit(&dir, data != NULL ? data : "./data", problem, sizeof(problem))) {
        fprintf(stderr, "tocsin: %s\n", problem);
        return false;
    }
    int length = snprintf(folder, PATH_MAX, "%s/" SYMBOL_STORE_FOLDER, dir.path);
    return length > 0 && length < PATH_MAX;
}

int command_symbols(int argc, char **argv)
{
    const char *data = NULL;
    char folder[PATH_MAX];
    if (command_flag(&argc, argv, "--help")) {
        fputs(USAGE, stdout);
        return 0;
    }
    if (!command_option(&argc, argv, "--data", &data) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    bool is_upload = argc > 2 && strcmp(argv[1], "upload") == 0;
    bool is_list = argc == 2 && strcmp(argv[1], "list") == 0;
    bool is_remove = argc > 2 && strcmp(argv[1], "remove") == 0;
    if (!is_upload && !is_list && !is_remove) {
        fputs(USAGE, stderr);
        return EXIT_USAGE;
    }
    if (!folder_of(data, folder)) {
        return 1;
    }
    if (is_list) {
        return list(folder);
    }
    return is_upload ? upload(folder, argc - 2, argv + 2) : forget(folder, argc - 2, argv + 2);
}

int command_symbolise_worker(int argc, char **argv)
{
    MUST(argc >= 1 && argv[0] != NULL);
    _exit(symbol_worker_run(SYMBOL_WORKER_FD)); /* what runs at an exit may want more than it has */
}
