/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/describe.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>

static struct fact some_fact(enum fact_kind kind)
{
    return (struct fact){.kind = kind,
                         .project = SLICE("3"),
                         .issue = SLICE("67"),
                         .event = SLICE("0123456789abcdef0123456789abcdef"),
                         .title = SLICE("ValueError: boom"),
                         .culprit = SLICE("app.pay"),
                         .level = SLICE("fatal"),
                         .environment = SLICE("production"),
                         .release = SLICE("1.2"),
                         .rule = SLICE("rule-1"),
                         .rule_level = SLICE("low"),
                         .events = 5};
}

static void begin(struct arena *arena)
{
    cr_assert(arena_init(arena, 1u << 20));
}

#define expect_label(labels, name, expected)                                                       \
    cr_expect(slice_eq(labels_get(labels, SLICE(name)), slice_str(expected)), "%s is %.*s", name,  \
              SLICE_ARG(labels_get(labels, SLICE(name))))

Test(describe, the_key_is_of_rule_and_issue_alone)
{
    char keys[4][ID_HEX_BYTES + 1];
    describe_key(SLICE("a"), SLICE("1"), keys[0]);
    describe_key(SLICE("a"), SLICE("2"), keys[1]);
    describe_key(SLICE("a1"), SLICE("1"), keys[2]);
    describe_key(SLICE("a"), SLICE("11"), keys[3]);

    for (size_t i = 0; i < 4; i++) {
        cr_expect_eq(strlen(keys[i]), ID_HEX_BYTES);
        for (size_t j = 0; j < i; j++) {
            cr_expect_str_neq(keys[i], keys[j]);
        }
    }
    describe_key(SLICE("a"), SLICE("1"), keys[1]);
    cr_expect_str_eq(keys[0], keys[1], "the same for ever");
}

Test(describe, severity_of_an_issue_is_its_level_and_of_a_detection_its_rules)
{
    const struct {
        enum fact_kind kind;
        const char *level;
        const char *severity;
    } cases[] = {
        {FACT_NEW, "fatal", "critical"},
        {FACT_NEW, "error", "error"},
        {FACT_REGRESSED, "warning", "warning"},
        {FACT_NEW, "info", "info"},
        {FACT_NEW, "debug", "info"},
        {FACT_NEW, "", "info"},
        {FACT_DETECTION, "critical", "critical"},
        {FACT_DETECTION, "high", "critical"},
        {FACT_DETECTION, "medium", "error"},
        {FACT_DETECTION, "low", "warning"},
        {FACT_DETECTION, "informational", "info"},
        {FACT_DETECTION, "loud", "info"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fact fact = {.kind = cases[i].kind};
        *(cases[i].kind == FACT_DETECTION ? &fact.rule_level : &fact.level) =
            slice_str(cases[i].level);
        cr_expect(slice_eq(describe_severity(&fact), slice_str(cases[i].severity)), "%s",
                  cases[i].level);
    }
}

Test(describe, labels_name_the_alert)
{
    struct arena arena;
    struct labels labels;
    struct fact fact = some_fact(FACT_NEW);
    struct alert_cause cause = {.rule = SLICE("rule-1"), .title = SLICE("New issue")};
    begin(&arena);

    cr_assert(describe_labels(&fact, &cause, &arena, &labels));

    cr_expect_eq(labels.count, 6);
    expect_label(&labels, "alertname", "New issue");
    expect_label(&labels, "rule", "rule-1");
    expect_label(&labels, "project", "3");
    expect_label(&labels, "issue", "67");
    expect_label(&labels, "severity", "critical");
    expect_label(&labels, "environment", "production");
    arena_done(&arena);
}

Test(describe, a_rule_without_a_title_goes_by_its_id)
{
    struct arena arena;
    struct labels labels;
    struct fact fact = some_fact(FACT_DETECTION);
    struct alert_cause cause = {.rule = SLICE("rule-1")};
    begin(&arena);

    cr_assert(describe_labels(&fact, &cause, &arena, &labels));

    expect_label(&labels, "alertname", "rule-1");
    arena_done(&arena);
}

Test(describe, a_rules_labels_neither_replace_nor_crowd_out_ours)
{
    struct arena arena;
    struct labels labels;
    struct rule_label own[ALERT_LABELS_MAX + 3];
    struct rule_info info = {.labels = own, .label_count = ALERT_LABELS_MAX + 3};
    struct fact fact = some_fact(FACT_DETECTION);
    struct alert_cause cause = {SLICE("rule-1"), SLICE("T"), &info};
    begin(&arena);
    own[0] = (struct rule_label){SLICE("severity"), SLICE("mild")};
    own[1] = (struct rule_label){SLICE("team"), SLICE("payments")};
    own[2] = (struct rule_label){SLICE("bad name"), SLICE("x")};
    for (uint32_t i = 3; i < info.label_count; i++) {
        own[i] = (struct rule_label){arena_printf(&arena, "extra%u", i), SLICE("x")};
    }

    cr_assert(describe_labels(&fact, &cause, &arena, &labels));

    cr_expect_leq(labels.count, ALERT_LABELS_MAX);
    expect_label(&labels, "severity", "warning");
    expect_label(&labels, "team", "payments");
    expect_label(&labels, "bad name", "");
    expect_label(&labels, "environment", "production");
    arena_done(&arena);
}

Test(describe, annotations_say_what_happened_and_what_to_do)
{
    struct arena arena;
    struct labels notes;
    struct rule_label own[] = {{SLICE_INIT("runbook"), SLICE_INIT("https://run/book")}};
    struct slice references[] = {SLICE_INIT("https://reference")};
    struct rule_info info = {.labels = own,
                             .label_count = 1,
                             .references = references,
                             .reference_count = 1,
                             .description = SLICE(" Told when it breaks.\n")};
    struct fact fact = some_fact(FACT_NEW);
    struct alert_cause cause = {SLICE("rule-1"), SLICE("T"), &info};
    begin(&arena);

    cr_assert(describe_annotations(&fact, &cause, 42, &arena, &notes));
    expect_label(&notes, "summary", "ValueError: boom");
    expect_label(&notes, "culprit", "app.pay");
    expect_label(&notes, "count", "42");
    expect_label(&notes, "event_id", "0123456789abcdef0123456789abcdef");
    expect_label(&notes, "release", "1.2");
    expect_label(&notes, "description", "Told when it breaks.");
    expect_label(&notes, "runbook_url", "https://run/book");

    info.label_count = 0;
    cr_assert(describe_annotations(&fact, &cause, 42, &arena, &notes));
    expect_label(&notes, "runbook_url", "https://reference");
    arena_done(&arena);
}

Test(describe, says_when_the_arena_is_full)
{
    char memory[64];
    struct arena arena;
    struct labels labels;
    struct fact fact = some_fact(FACT_NEW);
    struct alert_cause cause = {.rule = SLICE("rule-1")};
    arena_over(&arena, memory, sizeof(memory));

    cr_expect_not(describe_labels(&fact, &cause, &arena, &labels));
    cr_expect_not(describe_annotations(&fact, &cause, 1, &arena, &labels));
}

Test(describe, a_correlation_is_told_by_its_group)
{
    struct arena arena;
    struct labels labels;
    struct fact fact = some_fact(FACT_DETECTION);
    const struct alert_cause cause = {SLICE("rule-1"), SLICE("Many failures"), NULL};
    begin(&arena);
    fact.title = SLICE("Many failures");
    fact.issue = SLICE("0");
    fact.group = SLICE("[\"1.1.1.1\",\"ada\"]");
    fact.group_by = SLICE("[\"source.ip\",\"rule\"]");

    cr_assert(describe_labels(&fact, &cause, &arena, &labels));
    expect_label(&labels, "source_ip", "1.1.1.1");
    expect_label(&labels, "rule", "rule-1"); /* ours wins */
    expect_label(&labels, "issue", "");
    cr_assert(describe_annotations(&fact, &cause, 1, &arena, &labels));
    expect_label(&labels, "summary", "Many failures: source.ip 1.1.1.1, rule ada");
    arena_done(&arena);
}
