/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/golden.h"
#include "ingest/base/must.h"
#include <stdio.h>
#include <stdlib.h>

#ifndef TEST_ROOT
#define TEST_ROOT "."
#endif

void golden_path(const char *stage, const char *name, char out[static GOLDEN_PATH_BYTES])
{
    snprintf(out, GOLDEN_PATH_BYTES, "%s/tests/golden/%s/%s", TEST_ROOT, stage, name);
}

static void new_line(FILE *out, int depth)
{
    fprintf(out, "\n%*s", depth, "");
}

/* One member or element a line; empty maps and lists on one. */
static void write_lines(FILE *out, struct slice json)
{
    int depth = 0;
    bool is_text = false;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.at[i];
        bool is_empty = i > 0 && (json.at[i - 1] == '{' || json.at[i - 1] == '[');
        if (is_text) {
            fputc(c, out);
            if (c == '\\') {
                fputc(json.at[++i], out);
            }
            is_text = c != '"';
        } else if (c == '}' || c == ']') {
            depth--;
            if (!is_empty) {
                new_line(out, depth);
            }
            fputc(c, out);
        } else {
            if (is_empty) {
                new_line(out, depth);
            }
            fputc(c, out);
            is_text = c == '"';
            depth += c == '{' || c == '[';
            if (c == ',') {
                new_line(out, depth);
            } else if (c == ':') {
                fputc(' ', out);
            }
        }
    }
    fputc('\n', out);
}

static bool tell(const char *stage, const char *name, const char *is, const char *was, int line)
{
    fprintf(stderr, "%s/%s:%d\n  is   %s  was  %s", stage, name, line, is, was);
    return false;
}

static bool is_same(const char *stage, const char *name, FILE *is, FILE *was)
{
    static char new_text[65536];
    static char old_text[65536];
    for (int line = 1;; line++) {
        char *has_new = fgets(new_text, sizeof(new_text), is);
        char *has_old = fgets(old_text, sizeof(old_text), was);
        if (has_new == NULL && has_old == NULL) {
            return true;
        }
        if (has_new == NULL || has_old == NULL || strcmp(new_text, old_text) != 0) {
            return tell(stage, name, has_new != NULL ? new_text : "(the end)\n",
                        has_old != NULL ? old_text : "(the end)\n", line);
        }
    }
}

bool golden_is(const char *stage, const char *name, struct slice json)
{
    char path[GOLDEN_PATH_BYTES];
    golden_path(stage, name, path);
    bool is_update = getenv("UPDATE_GOLDEN") != NULL;
    FILE *is = is_update ? fopen(path, "w") : tmpfile();
    FILE *was = is_update ? NULL : fopen(path, "r");
    MUST(is != NULL);
    write_lines(is, json);
    rewind(is);
    bool same = is_update || (was != NULL && is_same(stage, name, is, was));
    (void)fclose(is);
    if (was != NULL) {
        (void)fclose(was);
    }
    return same;
}
