/* SPDX-License-Identifier: Apache-2.0 */
/* fixture — a set of rules, scratch and arenas, for the tests of this folder. */
#pragma once
#include "ingest/base/limits.h"
#include "rules/rules.h"
#include "tests/support/sample.h"
#include <criterion/criterion.h>
#include <stdio.h>

struct fixture {
    struct arena arena; /* texts and problems */
    struct arena event; /* reset for each event */
    struct problems problems;
    struct ruleset *set;
    struct rules_scratch *scratch;
    uint32_t indexes[8192];
    uint32_t count; /* of the last match */
};

static inline struct fixture *fixture_new(void)
{
    struct fixture *f = calloc(1, sizeof(*f));
    cr_assert(f != NULL && arena_init(&f->arena, (size_t)512 << 20) &&
              arena_init(&f->event, (size_t)64 << 20));
    problems_init(&f->problems, &f->arena);
    return f;
}

static inline void fixture_free(struct fixture *f)
{
    rules_scratch_free(f->scratch);
    ruleset_free(f->set);
    arena_done(&f->arena);
    arena_done(&f->event);
    free(f);
}

static inline void fixture_load(struct fixture *f, const struct rules_source *sources,
                                uint32_t count)
{
    rules_scratch_free(f->scratch);
    ruleset_free(f->set);
    f->set = ruleset_new(sources, count, &f->problems);
    cr_assert(f->set != NULL);
    f->scratch = rules_scratch_new(f->set);
    cr_assert(f->scratch != NULL);
}

static inline void fixture_text(struct fixture *f, const char *yaml)
{
    struct rules_source source = {SLICE("test.yml"), slice_str(yaml)};
    fixture_load(f, &source, 1);
}

/* A rule with this detection (YAML flow or block, indented by four). */
static inline void fixture_detection(struct fixture *f, const char *detection)
{
    struct slice text = arena_printf(
        &f->arena, "title: t\nlogsource: {category: test}\ndetection:\n%s\n", detection);
    fixture_text(f, arena_str(&f->arena, text));
}

/* The first problem as text, "" for none. */
static inline const char *fixture_problem(struct fixture *f)
{
    return f->problems.first == NULL
               ? ""
               : arena_str(&f->arena, problem_text(f->problems.first, &f->arena));
}

static inline const struct value *fixture_json(struct fixture *f, struct slice json)
{
    struct value *value = NULL;
    arena_reset(&f->event);
    struct fault fault = value_parse_json(&f->event, json, &value);
    cr_assert(!fault_is(fault), "%s", fault.reason);
    return value;
}

/* Matches with and without the index: the two must agree. */
static inline void fixture_match(struct fixture *f, const struct value *event)
{
    static uint32_t full[8192];
    struct subject subject;
    subject_from_value(&subject, event, true, &f->event);
    uint32_t all = rules_match_full(f->set, f->scratch, &subject, full, 8192);
    f->count = rules_match(f->set, f->scratch, &subject, f->indexes, 8192);
    cr_expect(all == f->count && memcmp(full, f->indexes, all * sizeof(full[0])) == 0,
              "the index changes the answer: %u rules with it, %u without", f->count, all);
}

static inline bool fixture_holds(struct fixture *f, const char *json)
{
    fixture_match(f, fixture_json(f, slice_str(json)));
    return f->count != 0;
}
