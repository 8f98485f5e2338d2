/* SPDX-License-Identifier: Apache-2.0 */
/* ruleset — what a compiled set consists of. For this folder alone; the face is rules/rules.h. */
#pragma once
#include "rules/correlation.h"
#include "rules/index.h"
#include "rules/logsource.h"
#include "rules/program.h"
#include "rules/rules.h"

struct rule {
    struct rule_info info;
    uint32_t logsource; /* index into `logsources` */
    struct node *root;  /* for explaining */
    struct program program;
    uint64_t digest;      /* of its document */
    struct posting feeds; /* correlations: a span of the set's `feeds` */
};

struct ruleset {
    struct arena arena; /* all of it, but databases and regexes */
    struct rule *rules;
    uint32_t count;
    struct atoms atoms;
    struct field_names names;
    struct logsources logsources;
    struct index index;
    struct correlation *correlations; /* each after those it names */
    uint32_t correlation_count;
    struct correlation_parent *feeds;
    char digest[65];
};

/* What one event changes of the bits of atoms is put back word by word, up to so many words; after
 * more, or after the oracle, all of them are. Events of Windows touch 30 to 80 of 560. */
#define SCRATCH_TOUCHED_MAX 256u

struct rules_scratch {
    struct arena arena;
    const struct ruleset *set;
    struct fields fields;
    struct atom_scratch atoms;
    hs_scratch_t *scan; /* NULL when the set has no literals */
    struct logsource_cache logsources;
    const struct logsource_entry *source; /* of the event that is matched */
    uint64_t *known;                      /* bit per atom: its truth is settled */
    uint64_t *truth;                      /* bit per atom */
    uint32_t touched[SCRATCH_TOUCHED_MAX];
    uint32_t touched_count; /* words of the two above that differ from what an event begins with */
    uint64_t *candidates;   /* bit per rule */
    uint32_t *other;        /* the answer of the oracle */
    bool is_oracle;         /* under way: it counts nothing */
    uint64_t (*now_ns)(void); /* NULL: rules are not timed */
    uint32_t time_every;
    bool is_timed;      /* the event that is matched */
    _Atomic bool *seen; /* by field */
    struct rule_counts *counts;
    struct rules_errors errors;
};

/* To be told before a bit of `known` or `truth` is changed. */
static inline void scratch_touch(struct rules_scratch *s, uint32_t atom)
{
    if (s->touched_count < SCRATCH_TOUCHED_MAX) {
        s->touched[s->touched_count] = atom / 64;
    }
    s->touched_count += s->touched_count <= SCRATCH_TOUCHED_MAX;
}
