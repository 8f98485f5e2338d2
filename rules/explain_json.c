/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/explain_inside.h"

static const char *kind_name(enum node_kind kind)
{
    static const char *const names[] = {"and", "or", "not", "test", "selection"};
    MUST(kind <= NODE_GROUP);
    return names[kind];
}

static void put_test(const struct explanation *e, const struct atom *atom, struct json *json)
{
    struct buffer operand;
    struct explained_value value = explain_value(e, atom);
    buffer_init(&operand, 1u << 20);
    explain_operand(e, atom, &operand);
    if (atom->field != FIELD_KEYWORDS) {
        json_member_string(json, "field", explain_field(e, atom));
    }
    if (atom->op == ATOM_TIME) {
        json_member_string(json, "part", slice_str(explain_part(atom)));
    }
    json_member_string(json, "test", slice_str(explain_verb(atom)));
    json_member_string(json, "operand", buffer_slice(&operand));
    json_member_bool(json, "is_present", value.is_there);
    if (value.raw.len != 0) {
        json_member_string(json, "value", value.raw);
    }
    if (value.has_span) {
        json_key(json, "span");
        json_list(json);
        json_unsigned(json, value.from);
        json_unsigned(json, value.to);
        json_list_end(json);
    }
    buffer_done(&operand);
}

/* As deep as the condition and its selections, which loading bounds. */
static void put_node(const struct explanation *e, const struct node *node, struct json *json)
{
    node = explain_skip(node);
    json_map(json);
    json_member_string(json, "kind", slice_str(kind_name(node->kind)));
    if (node->label.len != 0) {
        json_member_string(json, "name", node->label);
    }
    json_member_bool(json, "holds", explain_node_holds(e, node));
    if (node->kind == NODE_ATOM) {
        put_test(e, &e->set->atoms.at[node->atom], json);
        json_map_end(json);
        return;
    }
    json_key(json, "children");
    json_list(json);
    for (const struct node *at = explain_next(node, NULL); at != NULL;
         at = explain_next(node, at)) {
        put_node(e, at, json);
    }
    json_list_end(json);
    json_map_end(json);
}

static void put_source(const struct logsource *source, struct json *json)
{
    const struct {
        const char *key;
        struct slice value;
    } parts[] = {
        {"category", source->category}, {"product", source->product}, {"service", source->service}};
    json_map(json);
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].value.len != 0) {
            json_member_string(json, parts[i].key, parts[i].value);
        }
    }
    json_map_end(json);
}

void explain_json(const struct explanation *explanation, struct json *json)
{
    const struct rule *rule = &explanation->set->rules[explanation->rule];
    struct slice group;
    const struct node *culprit = explain_culprit(explanation, &group);
    json_map(json);
    json_member_string(json, "rule", rule->info.id);
    json_member_string(json, "title", rule->info.title);
    json_member_bool(json, "matches", explanation_holds(explanation));
    json_key(json, "logsource");
    json_map(json);
    json_member_bool(json, "applies", explanation->source_applies);
    json_key(json, "rule");
    put_source(&rule->info.logsource, json);
    json_key(json, "event");
    json_list(json);
    for (uint32_t i = 0; i < explanation->subject->facet_count; i++) {
        put_source(&explanation->subject->facets[i], json);
    }
    json_list_end(json);
    json_map_end(json);
    if (culprit != NULL) {
        json_key(json, "because");
        put_node(explanation, culprit, json);
    }
    json_key(json, "condition");
    put_node(explanation, rule->root, json);
    json_map_end(json);
}
