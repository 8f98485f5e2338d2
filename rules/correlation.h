/* SPDX-License-Identifier: Apache-2.0 */
/* correlation — Sigma's correlation documents, read and tied to the rules they name.
 *
 *   title: Many failures, then one success        rules     ids or names, of correlations too
 *   correlation:                                  group-by  fields; an event without one of them
 *       type: temporal_ordered                              takes no part
 *       rules: [many, ok]                         aliases   another field for some of the rules
 *       group-by: [user.name]                     condition a map of bounds, `field`, `percentile`;
 *       timespan: 10m                                       temporal: also text, `a and not b`
 *                                                 generate  the rules fire on their own as well
 *
 * A correlation that another one names feeds it at every hit where it holds, not only where it
 * begins to, and passes on its group's values: the parent's fields are among them. What cannot be
 * run as it is written is an error with its place.
 */
#pragma once
#include "rules/correlate.h"
#include "rules/rules.h"

/* Where a hit of one source has its group and its value: numbers of the set's fields for a rule,
 * indexes into its group for a correlation. */
struct correlation_source {
    bool is_correlation;
    uint32_t index; /* of the rule or correlation */
    const uint32_t *group;
    const uint32_t *values; /* `value_count` of the correlation */
};

/* Who a correlation feeds. */
struct correlation_parent {
    uint32_t correlation;
    uint32_t source;
};

/* A correlation's part in a tree (rules/correlation_tree.h). */
struct correlation_place {
    uint32_t root;           /* the correlation that fires */
    uint32_t node;           /* its number in the root's tree, from 1 */
    const uint32_t *to_root; /* indexes into its own group: the root's group */
};

struct correlation {
    struct rule_info info;
    struct correlate_plan plan;
    const struct slice *group_by;
    uint32_t group_count;
    uint32_t value_count; /* fields of `field:` */
    bool generate;
    struct correlation_source *sources; /* plan.sources of them */
    struct correlation_parent *parents;
    uint32_t parent_count;
    struct correlation_place *places;
    uint32_t place_count;
    uint32_t place_room;
    struct slice tree; /* JSON; empty: it fires nothing itself */
    struct slice digest;
    uint64_t written; /* digest of its document */
};

uint32_t ruleset_correlation_count(const struct ruleset *set);
const struct correlation *ruleset_correlation(const struct ruleset *set, uint32_t index);

/* The correlation of this id or name; ruleset_correlation_count when there is none. */
uint32_t ruleset_correlation_find(const struct ruleset *set, struct slice id);

/* A rule that held has hit a correlation. Texts are of the event. */
struct correlation_hit {
    uint32_t correlation;
    uint32_t source;
    const struct slice *group; /* `group_count` */
    double value;              /* as struct correlate_hit */
};

/* Takes out of `text`, a value of `field`, what must not be kept; false when nothing is left. */
typedef bool correlation_clean(const void *context, struct arena *arena, struct slice field,
                               struct slice *text);

/* Rules that hold for an event, as rules_match has just filled them: to be asked before the next
 * match, while the subject is still there. */
struct correlation_ask {
    const struct ruleset *set;
    const struct rules_scratch *rules;
    const uint32_t *indexes;
    uint32_t count;
    correlation_clean *clean; /* NULL: values are taken as they are */
    const void *context;      /* of `clean` */
};

/* Gives the hits of these rules, in `arena`; NULL and 0 for none. A value that `clean` takes whole
 * is as one that the event does not have. */
const struct correlation_hit *rules_correlate(const struct correlation_ask *ask,
                                              struct arena *arena, uint32_t *out_count);

/* As rules_correlate for a correlation that holds in `group`: the hit of one of its parents. */
bool correlation_parent_hit(const struct ruleset *set, const struct correlation_parent *parent,
                            const struct slice *group, struct arena *arena,
                            struct correlation_hit *out);
