/* SPDX-License-Identifier: Apache-2.0 */
/* rules_folder — a scratch folder with rule files, for tests of `tocsin rules`. */
#pragma once
#include "tests/support/place.h"
#include "tests/unit/ingest/command/said.h"

#define RULE_ONE "6a1f4d3c-0000-4000-8000-000000000001"

static const char good_rule[] = "title: One\nid: " RULE_ONE "\nstatus: test\nlevel: high\n"
                                "logsource: {category: application}\n"
                                "detection:\n  sel: {message|contains: broke}\n  condition: sel\n";

static char rules_folder[64];

static inline void rules_folder_open(void)
{
    place_scratch(rules_folder);
}

static inline void rules_folder_close(void)
{
    place_remove(rules_folder);
}

/* Gives the path, valid for the next seven calls. */
static inline const char *rules_file(const char *name, const char *text)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof(paths[0]), "%s/%s", rules_folder, name);
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
    return path;
}
