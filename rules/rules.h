/* SPDX-License-Identifier: Apache-2.0 */
/* rules — a set of Sigma 2.1 rules, compiled, and the matching of one event against all of them.
 *
 *   YAML texts ─▶ document ─▶ condition + modifiers ─▶ atoms, shared ─▶ programs ─▶ index
 *                                                                                    │
 *   subject (one event as rules see it) ─▶ witnesses that hit ─▶ candidate rules ─▶ matches
 *
 * A set is immutable and shared by all threads; each thread brings its `struct rules_scratch`.
 * Matching is pure: no I/O, clock, lock or malloc. Rejected: one automaton over every literal of
 * every rule (10 times slower than one witness a rule), a virtual machine per field (no sharing).
 *
 * What is not understood in a rule is an error with its place, and that rule is left out; all
 * others of the file and the folder stay.
 */
#pragma once
#include "ingest/base/problem.h"
#include "rules/subject.h"
#include <stdint.h>

struct ruleset;       /* owned by whoever made it */
struct rules_scratch; /* one thread, one set */

/* One file's text. `name` is what problems are reported under. */
struct rules_source {
    struct slice name;
    struct slice text;
};

/* In order of gravity. */
#define RULE_LEVELS(X)                                                                             \
    X(RULE_INFORMATIONAL, "informational")                                                         \
    X(RULE_LOW, "low")                                                                             \
    X(RULE_MEDIUM, "medium")                                                                       \
    X(RULE_HIGH, "high")                                                                           \
    X(RULE_CRITICAL, "critical")

enum rule_level {
#define RULE_LEVEL_ENUM(constant, name) constant,
    RULE_LEVELS(RULE_LEVEL_ENUM)
#undef RULE_LEVEL_ENUM
        RULE_LEVEL_COUNT
};
const char *rule_level_name(enum rule_level level);

struct rule_label {
    struct slice name;
    struct slice value;
};

/* What a rule says about itself; texts are valid as long as the set. Empty: not given. */
struct rule_info {
    struct slice id; /* UUID as written; when the rule has none, its name, else its title */
    struct slice name;
    struct slice title;
    enum rule_level level; /* not given: medium */
    struct slice status;
    struct slice description;
    struct slice author;
    struct slice license;
    struct slice date;
    struct logsource logsource;
    const struct slice *tags;
    const struct slice *falsepositives;
    const struct slice *references;
    const struct rule_label *labels; /* members of `labels:` and other scalar keys of its own */
    uint32_t tag_count;
    uint32_t falsepositive_count;
    uint32_t reference_count;
    uint32_t label_count;
    struct slice file;
    uint32_t line;      /* of its document in `file` */
    bool is_referenced; /* only feeds correlations without `generate`: fires no alert itself */
};

/* Automata for the expressions of a large pack take seconds to make; without them the answers are
 * the same and come later. `recall` (may be NULL) fills `bytes` in `arena`, false when nothing is
 * kept under the key; damaged bytes are as none. What is not recalled is made if `makes`, and given
 * to `keep` (may be NULL). Loading thread. */
struct rules_memory {
    void *context;
    bool (*recall)(void *context, const uint8_t key[static 32], struct arena *arena,
                   struct slice *bytes);
    void (*keep)(void *context, const uint8_t key[static 32], struct slice bytes);
    bool makes;
};

/* Compiles the sources. Problems, each with its place, go to `problems`; what is in error is left
 * out. Borrows the sources until it returns. NULL only without memory. Free with ruleset_free. */
struct ruleset *ruleset_new(const struct rules_source *sources, uint32_t count,
                            struct problems *problems);

/* The same with a memory, which it borrows: ruleset_new makes all and keeps nothing. NULL: makes
 * nothing. */
struct ruleset *ruleset_remember(const struct rules_source *sources, uint32_t count,
                                 const struct rules_memory *memory, struct problems *problems);
void ruleset_free(struct ruleset *set); /* NULL is fine */

/* As ruleset_new over files and, recursively, the *.yml and *.yaml of folders (load_folder.c, the
 * one file of this module that reads the disk). Files in the order of their names. */
struct ruleset *rules_load_paths(const char *const *paths, uint32_t count,
                                 const struct rules_memory *memory, struct problems *problems);

/* As rules_load_paths without a memory, with the rules this build ships (rules_builtin) before
 * them. */
struct ruleset *rules_load_all(const char *const *paths, uint32_t count, struct problems *problems);

/* As rules_load_all, with only the shipped packs (folders of rules/packs/) that `packs` names, a
 * LIST of texts; NULL: all. A name that is no pack's is told. */
struct ruleset *rules_load_packs(const struct value *packs, const char *const *paths,
                                 uint32_t count, const struct rules_memory *memory,
                                 struct problems *problems);

/* The files of tests (rules/rule_test.h) of files and folders, each to `take`, in the order of
 * their names. A named rule file stands for the tests beside it; what cannot be read is told. */
void rules_read_tests(const char *const *paths, uint32_t count, struct problems *problems,
                      void (*take)(void *context, const struct rules_source *source),
                      void *context);

/* Whether a file of this name holds tests: *.test.yml. */
bool rules_is_test_file(const char *name);

/* Whether automata were neither recalled nor made. */
bool ruleset_lacks_automata(const struct ruleset *set);

uint32_t ruleset_count(const struct ruleset *set);
const struct rule_info *ruleset_rule(const struct ruleset *set, uint32_t index);

/* Index of the rule with this id or name; ruleset_count when there is none. */
uint32_t ruleset_find(const struct ruleset *set, struct slice id);

/* 64 hex digits over all compiled sources: two sets with the same digest answer the same. */
struct slice ruleset_digest(const struct ruleset *set);

/* Gives scratch for `set`, which must outlive it; NULL without memory. */
struct rules_scratch *rules_scratch_new(const struct ruleset *set);
void rules_scratch_free(struct rules_scratch *scratch); /* NULL is fine */

/* Fills `indexes` with the rules that hold for `subject`, ascending, at most `max` of them, and
 * gives how many it filled. What did not go right is counted in rules_errors. */
uint32_t rules_match(const struct ruleset *set, struct rules_scratch *scratch,
                     const struct subject *subject, uint32_t *indexes, uint32_t max);

/* The same answer without the index, every rule evaluated: the oracle of rules_match. */
uint32_t rules_match_full(const struct ruleset *set, struct rules_scratch *scratch,
                          const struct subject *subject, uint32_t *indexes, uint32_t max);

/* As rules_match, and beforehand as rules_match_full: `*agrees` tells whether the two answers are
 * the same, which they always should be. For one event in so many, in production. */
uint32_t rules_match_checked(const struct ruleset *set, struct rules_scratch *scratch,
                             const struct subject *subject, uint32_t *indexes, uint32_t max,
                             bool *agrees);

/* What happened since rules_scratch_new. Written by the thread that owns the scratch; any thread
 * may read. */
struct rules_errors {
    _Atomic uint64_t regex_limits; /* a pattern gave up: its atom counted as not holding */
    _Atomic uint64_t memory;       /* the subject's arena was full: values were not seen */
    _Atomic uint64_t matches_cut;  /* more than `max` rules held */
    _Atomic uint64_t events;       /* matched against the set */
    _Atomic uint64_t candidates;   /* rules evaluated for them */
    _Atomic uint64_t checked;      /* events of rules_match_checked */
    _Atomic uint64_t differences;  /* those whose two answers differed */
};
const struct rules_errors *rules_errors(const struct rules_scratch *scratch);

/* Per rule, since rules_scratch_new; as rules_errors. */
struct rule_counts {
    _Atomic uint64_t candidate; /* evaluated */
    _Atomic uint64_t matched;
    _Atomic uint64_t errors;   /* evaluated while one of its patterns hit a limit */
    _Atomic uint64_t timed;    /* evaluated while the time was taken */
    _Atomic uint64_t timed_ns; /* how long that took */
};
const struct rule_counts *rules_counts(const struct rules_scratch *scratch, uint32_t index);

/* From now on rules are timed for one event in `every`, by a clock of nanoseconds; the answers do
 * not depend on it. */
void rules_time(struct rules_scratch *scratch, uint64_t (*now_ns)(void), uint32_t every);

/* Fields by number: whether an event has had one, and which a rule looks at. */
uint32_t ruleset_field_count(const struct ruleset *set);
struct slice ruleset_field_name(const struct ruleset *set, uint32_t field); /* empty: the text */
bool ruleset_uses_field(const struct ruleset *set, uint32_t rule, uint32_t field);
bool rules_has_seen(const struct rules_scratch *scratch, uint32_t field);

/* The rules this build ships (rules/packs/), as sources for ruleset_new. Static. */
const struct rules_source *rules_builtin(uint32_t *count);
