/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/describe.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <inttypes.h>

#define DESCRIPTION_BYTES_MAX 1024u /* of a rule's text in each notice */

void describe_key(struct slice rule, struct slice about, char out[static ID_HEX_BYTES + 1])
{
    struct hash_md5 hash;
    MUST(rule.len != 0 && about.len != 0);
    hash_md5_init(&hash);
    hash_md5_add(&hash, rule);
    hash_md5_add(&hash, slice_of("", 1)); /* a NUL, which neither contains */
    hash_md5_add(&hash, about);
    id_format(hash_md5_done(&hash), out);
}

static const struct {
    struct slice level;
    struct slice severity;
} severities[] = {
    {SLICE_INIT("fatal"), SLICE_INIT("critical")},
    {SLICE_INIT("error"), SLICE_INIT("error")},
    {SLICE_INIT("warning"), SLICE_INIT("warning")},
    {SLICE_INIT("critical"), SLICE_INIT("critical")},
    {SLICE_INIT("high"), SLICE_INIT("critical")},
    {SLICE_INIT("medium"), SLICE_INIT("error")},
    {SLICE_INIT("low"), SLICE_INIT("warning")},
};

struct slice describe_severity(const struct fact *fact)
{
    struct slice level = fact->kind == FACT_DETECTION ? fact->rule_level : fact->level;
    for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++) {
        if (slice_eq(level, severities[i].level)) {
            return severities[i].severity;
        }
    }
    return SLICE("info");
}

/* What the rule carries under `labels:`; our own names win, runbooks are annotations. */
static void add_rule_labels(const struct alert_cause *cause, struct labels *out)
{
    uint32_t count = cause->info != NULL ? cause->info->label_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct rule_label *label = &cause->info->labels[i];
        bool is_runbook =
            slice_eq(label->name, SLICE("runbook")) || slice_eq(label->name, SLICE("runbook_url"));
        if (!is_runbook && labels_name_is_valid(label->name)) {
            labels_set(out, label->name, slice_cut_utf8(label->value, TAG_VALUE_BYTES_MAX));
        }
    }
}

/* The two lists of a correlation's fact, in step; false: it is of none. */
static bool read_group(const struct fact *fact, struct arena *arena, const struct value **names,
                       const struct value **values)
{
    struct value *left = NULL;
    struct value *right = NULL;
    if (fact->group.len == 0 || fault_is(value_parse_json(arena, fact->group_by, &left)) ||
        fault_is(value_parse_json(arena, fact->group, &right))) {
        return false;
    }
    *names = value_first(left);
    *values = value_first(right);
    return true;
}

/* `source.ip` as the label source_ip. */
static struct slice label_name(struct slice field, struct arena *arena)
{
    struct slice copy = arena_copy(arena, field);
    char *at = arena_bytes(arena, field.len + 1u);
    for (size_t i = 0; i < copy.len && at != NULL; i++) {
        bool is_plain = (copy.at[i] >= 'a' && copy.at[i] <= 'z') ||
                        (copy.at[i] >= 'A' && copy.at[i] <= 'Z') ||
                        (i != 0 && copy.at[i] >= '0' && copy.at[i] <= '9');
        at[i] = is_plain ? copy.at[i] : '_';
    }
    return at != NULL ? slice_of(at, copy.len) : SLICE("");
}

/* As many as there is room for; what is ours keeps its value. */
static void add_group_labels(const struct fact *fact, struct arena *arena, struct labels *out)
{
    const struct value *name = NULL;
    const struct value *value = NULL;
    if (!read_group(fact, arena, &name, &value)) {
        return;
    }
    for (; name != NULL && value != NULL; name = name->next, value = value->next) {
        struct slice label = label_name(value_string(name), arena);
        if (labels_name_is_valid(label)) {
            labels_set(out, label, slice_cut_utf8(value_text(value), TAG_VALUE_BYTES_MAX));
        }
    }
}

/* "Many failures: source.ip 1.1.1.1, user.name ada" */
static struct slice summary_of(const struct fact *fact, struct arena *arena)
{
    const struct value *name = NULL;
    const struct value *value = NULL;
    struct slice text = fact->title;
    if (!read_group(fact, arena, &name, &value)) {
        return text;
    }
    for (const char *sign = ":"; name != NULL && value != NULL; sign = ",") {
        struct slice shown = slice_cut_utf8(value_text(value), TAG_VALUE_BYTES_MAX);
        text = arena_printf(arena, "%.*s%s %.*s %.*s", SLICE_ARG(text), sign,
                            SLICE_ARG(value_string(name)), SLICE_ARG(shown));
        name = name->next;
        value = value->next;
    }
    return text;
}

bool describe_labels(const struct fact *fact, const struct alert_cause *cause, struct arena *arena,
                     struct labels *out)
{
    struct slice title = slice_is_empty(cause->title) ? cause->rule : cause->title;
    if (!labels_init(out, ALERT_LABELS_MAX, arena)) {
        return false;
    }
    out->room = ALERT_LABELS_MAX - 6; /* the rule's may not take the place of ours */
    add_group_labels(fact, arena, out);
    add_rule_labels(cause, out);
    out->room = ALERT_LABELS_MAX;
    bool well = labels_set(out, SLICE("alertname"), slice_cut_utf8(title, TITLE_BYTES_MAX));
    well &= labels_set(out, SLICE("rule"), cause->rule);
    well &= labels_set(out, SLICE("project"), fact->project);
    well &= labels_set(out, SLICE("issue"), fact->group.len != 0 ? SLICE("") : fact->issue);
    well &= labels_set(out, SLICE("severity"), describe_severity(fact));
    well &= labels_set(out, SLICE("environment"), fact->environment);
    MUST(well);
    return true;
}

/* Where to read what to do: the rule's own runbook, else its first reference. */
static struct slice runbook_of(const struct rule_info *info)
{
    for (uint32_t i = 0; i < info->label_count; i++) {
        struct slice name = info->labels[i].name;
        if (slice_eq(name, SLICE("runbook_url")) || slice_eq(name, SLICE("runbook"))) {
            return info->labels[i].value;
        }
    }
    return info->reference_count != 0 ? info->references[0] : slice_of(NULL, 0);
}

bool describe_annotations(const struct fact *fact, const struct alert_cause *cause, uint64_t events,
                          struct arena *arena, struct labels *out)
{
    struct slice count = arena_printf(arena, "%" PRIu64, events);
    if (!labels_init(out, ALERT_LABELS_MAX, arena) || slice_is_empty(count)) {
        return false;
    }
    struct slice summary = summary_of(fact, arena);
    bool well = labels_set(out, SLICE("summary"), slice_cut_utf8(summary, TITLE_BYTES_MAX));
    well &= labels_set(out, SLICE("culprit"), slice_cut_utf8(fact->culprit, TITLE_BYTES_MAX));
    well &= labels_set(out, SLICE("count"), count);
    well &= labels_set(out, SLICE("event_id"), fact->event);
    well &= labels_set(out, SLICE("release"), fact->release);
    if (cause->info != NULL) {
        struct slice text = slice_cut_utf8(cause->info->description, DESCRIPTION_BYTES_MAX);
        well &= labels_set(out, SLICE("description"), slice_trim(text));
        well &= labels_set(out, SLICE("runbook_url"), runbook_of(cause->info));
    }
    MUST(well);
    return true;
}
