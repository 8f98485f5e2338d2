/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/fact.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include <stddef.h>

static const char *const kind_names[] = {
#define FACT_NAME(constant, name) name,
    FACT_KINDS(FACT_NAME)
#undef FACT_NAME
};

/* The fields that are texts, by their name in the stream. */
static const struct text_field {
    const char *name;
    size_t offset;
} text_fields[] = {{"project", offsetof(struct fact, project)},
                   {"issue", offsetof(struct fact, issue)},
                   {"event", offsetof(struct fact, event)},
                   {"title", offsetof(struct fact, title)},
                   {"culprit", offsetof(struct fact, culprit)},
                   {"level", offsetof(struct fact, level)},
                   {"platform", offsetof(struct fact, platform)},
                   {"type", offsetof(struct fact, type)},
                   {"environment", offsetof(struct fact, environment)},
                   {"release", offsetof(struct fact, release)},
                   {"rule", offsetof(struct fact, rule)},
                   {"rule_title", offsetof(struct fact, rule_title)},
                   {"rule_level", offsetof(struct fact, rule_level)},
                   {"group", offsetof(struct fact, group)},
                   {"group_by", offsetof(struct fact, group_by)}};

static struct slice text_of(const redisReply *reply)
{
    bool is_text = reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS;
    return is_text ? slice_of(reply->str, reply->len) : slice_of(NULL, 0);
}

static int64_t number_of(struct slice text)
{
    int64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || number > INT64_MAX / 10 - 1) {
            return 0;
        }
        number = number * 10 + (text.at[i] - '0');
    }
    return number;
}

static bool is_decimal(struct slice text)
{
    return text.len != 0 && text.len <= 20 && (slice_eq(text, SLICE("0")) || number_of(text) != 0);
}

static void take_kind(struct fact *fact, struct slice text)
{
    for (uint32_t i = 0; i < FACT_KIND_COUNT; i++) {
        if (slice_eq(text, slice_str(kind_names[i]))) {
            fact->kind = (enum fact_kind)i;
        }
    }
}

static void take_field(struct fact *fact, struct slice name, struct slice value)
{
    if (slice_eq(name, SLICE("kind"))) {
        take_kind(fact, value);
    } else if (slice_eq(name, SLICE("at"))) {
        int64_t ms = number_of(value);
        fact->at_us = ms < INT64_MAX / TIME_US_PER_MS ? ms * TIME_US_PER_MS : 0;
    } else if (slice_eq(name, SLICE("n"))) {
        fact->events = (uint64_t)number_of(value);
    }
    for (size_t i = 0; i < sizeof(text_fields) / sizeof(text_fields[0]); i++) {
        if (slice_eq(name, slice_str(text_fields[i].name))) {
            struct slice *field = (struct slice *)(void *)((char *)fact + text_fields[i].offset);
            *field = value;
        }
    }
}

bool fact_read(const redisReply *entry, struct fact *out)
{
    struct fact fact = {.kind = FACT_KIND_COUNT};
    bool is_entry = entry->type == REDIS_REPLY_ARRAY && entry->elements == 2 &&
                    entry->element[1]->type == REDIS_REPLY_ARRAY;
    if (!is_entry) {
        return false;
    }
    const redisReply *fields = entry->element[1];
    fact.entry = text_of(entry->element[0]);
    for (size_t i = 0; i + 1 < fields->elements; i += 2) {
        take_field(&fact, text_of(fields->element[i]), text_of(fields->element[i + 1]));
    }
    fact.events = fact.events != 0 ? fact.events : 1;
    if (fact.kind == FACT_KIND_COUNT || !is_decimal(fact.issue) || !is_decimal(fact.project) ||
        (fact.kind == FACT_DETECTION && slice_is_empty(fact.rule))) {
        return false;
    }
    MUST(fact.entry.len != 0); /* Redis names every entry */
    *out = fact;
    return true;
}

int64_t fact_entry_ms(struct slice entry)
{
    return number_of(slice_head(entry, slice_find(entry, '-')));
}

uint32_t fact_pairs(const struct fact *fact, struct subject_pair *out)
{
    MUST(fact->kind < FACT_KIND_COUNT);
    const struct subject_pair pairs[] = {
        {SLICE("event.action"), slice_str(kind_names[fact->kind])},
        {SLICE("event.id"), fact->event},
        {SLICE("project.id"), fact->project},
        {SLICE("project"), fact->project},
        {SLICE("issue.id"), fact->issue},
        {SLICE("issue"), fact->issue},
        {SLICE("title"), fact->title},
        {SLICE("message"), fact->title},
        {SLICE("culprit"), fact->culprit},
        {SLICE("error.culprit"), fact->culprit},
        {SLICE("level"), fact->level},
        {SLICE("log.level"), fact->level},
        {SLICE("event.level"), fact->level},
        {SLICE("platform"), fact->platform},
        {SLICE("type"), fact->type},
        {SLICE("environment"), fact->environment},
        {SLICE("service.environment"), fact->environment},
        {SLICE("release"), fact->release},
        {SLICE("service.version"), fact->release},
    };
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (!slice_is_empty(pairs[i].value)) {
            out[count++] = pairs[i];
        }
    }
    MUST(count <= FACT_PAIRS_MAX);
    return count;
}
