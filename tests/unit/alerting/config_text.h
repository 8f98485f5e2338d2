/* SPDX-License-Identifier: Apache-2.0 */
/* config_text — reads a configuration from a text, and says what was wrong with it. */
#pragma once
#include "alerting/config.h"
#include "ingest/base/yaml.h"
#include <criterion/criterion.h>
#include <stdio.h>

struct config_text {
    struct arena arena;
    struct problems problems;
    struct alerting_config *config; /* NULL: it was refused */
    char said[1024];                /* all problems, one a line */
};

static inline void config_text_read(struct config_text *read, const char *yaml)
{
    struct value *documents = NULL;
    size_t length = 0;
    *read = (struct config_text){.config = NULL};
    cr_assert(arena_init(&read->arena, 64u << 20));
    problems_init(&read->problems, &read->arena);
    if (yaml_parse(&read->arena, slice_str(yaml), SLICE("c.yml"), &read->problems, &documents)) {
        read->config = alerting_config_new(value_first(documents), SLICE("c.yml"), &read->problems);
    }
    for (const struct problem *at = read->problems.first; at != NULL; at = at->next) {
        struct slice text = problem_text(at, &read->arena);
        size_t room = sizeof(read->said) - length;
        int wrote = snprintf(read->said + length, room, "%.*s\n", SLICE_ARG(text));
        length += (size_t)wrote < room ? (size_t)wrote : room - 1;
    }
}

static inline void config_text_done(struct config_text *read)
{
    alerting_config_unref(read->config);
    arena_done(&read->arena);
}
