/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/lines.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

bool lines_read(const char *path,
                bool (*take)(void *context, unsigned long number, struct slice line), void *context)
{
    bool is_stdin = path == NULL || strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    unsigned long number = 0;
    if (file == NULL) {
        fprintf(stderr, "tocsin: %s: %s\n", path, strerror(errno));
        return false;
    }
    for (;;) {
        ssize_t length = getline(&line, &room, file);
        if (length < 0) {
            break;
        }
        struct slice text = slice_of(line, (size_t)length);
        if (slice_ends(text, SLICE("\n"))) {
            text.len--;
        }
        if (!take(context, ++number, text)) {
            break;
        }
    }
    free(line);
    bool well = ferror(file) == 0;
    if (!well) {
        fprintf(stderr, "tocsin: %s: %s\n", is_stdin ? "standard input" : path, strerror(errno));
    }
    if (!is_stdin) {
        fclose(file);
    }
    return well;
}
