/* SPDX-License-Identifier: Apache-2.0 */
/* pass — for tests of the pass and of what runs it: a snapshot from texts, and records. */
#pragma once
#include "ingest/snapshot.h"
#include "storage/record.h"
#include <criterion/criterion.h>

#define PASS_KEY      "0123456789abcdef0123456789abcdef"
#define PASS_EVENT_ID "fc6d8c0c43fc4630ad850ee518f1b9d0"

/* A rule that holds for events whose message contains `message`. */
#define PASS_RULE(id, title, message)                                                              \
    "title: " title "\nid: " id "\nlogsource: {category: application}\ndetection:\n"               \
    "  sel: {message|contains: " message "}\n  condition: sel\nlevel: high\n"

/* A snapshot with project 7 and the rules of `yaml` (NULL: none); the caller's reference. */
static inline struct snapshot *pass_snapshot(const char *yaml)
{
    struct snapshot *snapshot = snapshot_new();
    struct id key;
    cr_assert_not_null(snapshot);
    cr_assert(id_parse(SLICE(PASS_KEY), &key));
    struct project *project = ARENA_NEW(&snapshot->arena, struct project);
    cr_assert_not_null(project);
    *project = (struct project){.id = 7, .slug = SLICE("shop"), .keys = {key}, .key_count = 1};
    snapshot->projects = (struct projects){.list = project, .count = 1};
    if (yaml != NULL) {
        struct problems problems;
        const struct rules_source source = {SLICE("t.yml"), slice_str(yaml)};
        problems_init(&problems, &snapshot->arena);
        snapshot->rules = ruleset_new(&source, 1, &problems);
        cr_assert(snapshot->rules != NULL && problems.errors == 0, "%.*s",
                  SLICE_ARG(problems.first != NULL ? problems.first->message : SLICE("")));
    }
    return snapshot;
}

static inline struct record pass_record(enum record_kind kind, struct slice body)
{
    return (struct record){.kind = kind,
                           .project = 7,
                           .seed = {{0xab, 0xcd}},
                           .received_us = INT64_C(1700000000000000),
                           .address = SLICE("192.0.2.7"),
                           .body = body};
}
