/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/filter.h"
#include "ingest/base/must.h"
#include "rules/detection.h"
#include "rules/info.h"

static bool is_wider(struct slice filter, struct slice rule)
{
    return filter.len == 0 || slice_eq_nocase(filter, rule);
}

static bool covers(const struct logsource *filter, const struct logsource *rule)
{
    return is_wider(filter->category, rule->category) && is_wider(filter->product, rule->product) &&
           is_wider(filter->service, rule->service);
}

/* and(rule, GROUP filter): the subtree is shared by all rules it is added to. */
static bool add(struct compile *c, struct rule *rule, struct node *tree, struct slice title)
{
    struct node *both = node_new(c, NODE_AND);
    struct node *group = node_over(c, NODE_GROUP, tree);
    if (both == NULL || group == NULL) {
        return false;
    }
    MUST(rule->root != NULL && rule->root->next == NULL);
    group->label = title;
    both->first = rule->root;
    rule->root->next = group;
    rule->root = both;
    return true;
}

static void add_to_all(struct compile *c, struct ruleset *set, struct node *tree,
                       const struct rule_info *info)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (covers(&info->logsource, &set->rules[i].info.logsource)) {
            (void)add(c, &set->rules[i], tree,
                      info->title); /* a full arena is noticed at the end */
        }
    }
}

static void add_to_named(struct compile *c, struct ruleset *set, struct node *tree,
                         const struct rule_info *info, const struct value *rules)
{
    const struct value *at = rules->kind == VALUE_LIST ? value_first(rules) : rules;
    for (; at != NULL; at = rules->kind == VALUE_LIST ? at->next : NULL) {
        uint32_t index = ruleset_find(set, value_text(at));
        if (index == set->count) {
            problem_warning(c->problems, c->file, at->line, at->column,
                            "the filter names a rule that is not there: `%.*s`",
                            SLICE_ARG(value_text(at)));
        } else if (!covers(&info->logsource, &set->rules[index].info.logsource)) {
            problem_warning(c->problems, c->file, at->line, at->column,
                            "the filter's logsource states more than this rule's: not applied");
        } else {
            (void)add(c, &set->rules[index], tree, info->title);
        }
    }
}

void filter_apply(struct compile *c, struct ruleset *set, const struct document *document)
{
    struct rule_info info;
    const struct value *filter = value_get(document->root, SLICE("filter"));
    c->file = document->file;
    if (!info_read(c, document->root, true, &info)) {
        return;
    }
    struct node *tree = detection_compile(c, filter, true);
    if (tree == NULL) {
        return;
    }
    if (!detection_has_not(filter)) {
        problem_warning(
            c->problems, c->file, filter->line, filter->column,
            "a filter is added with AND: without `not` it keeps only what it describes");
    }
    const struct value *rules = value_get(filter, SLICE("rules"));
    bool is_any = rules == NULL || slice_eq(value_text(rules), SLICE("any")) ||
                  (rules->kind == VALUE_LIST && rules->count == 0);
    if (is_any) {
        add_to_all(c, set, tree, &info);
    } else {
        add_to_named(c, set, tree, &info, rules);
    }
}
