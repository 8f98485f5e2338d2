/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "tests/support/model_inside.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* The one place where the keys are spelled a second time: a change of theirs is to be noticed. */
enum { PARTITIONS = 64, TOLD_MAX = 20 };

struct comparison {
    const struct model *model;
    redisContext *redis;
    struct id node;
    unsigned differences;
};

static void differ(struct comparison *comparison, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void differ(struct comparison *comparison, const char *format, ...)
{
    va_list arguments;
    if (comparison->differences++ < TOLD_MAX) {
        va_start(arguments, format);
        (void)vfprintf(stderr, format, arguments);
        va_end(arguments);
        (void)fputc('\n', stderr);
    }
}

static redisReply *ask(struct comparison *comparison, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    redisReply *reply = redisvCommand(comparison->redis, format, arguments);
    va_end(arguments);
    MUST(reply != NULL && reply->type != REDIS_REPLY_ERROR);
    return reply;
}

static int64_t number_of(redisReply *reply)
{
    int64_t number = reply->type == REDIS_REPLY_INTEGER  ? reply->integer
                     : reply->type == REDIS_REPLY_STRING ? strtoll(reply->str, NULL, 10)
                                                         : -1;
    freeReplyObject(reply);
    return number;
}

/* The value of a field of HGETALL's or a stream entry's list; empty when it is missing. */
static struct slice field(const redisReply *list, const char *name)
{
    for (size_t i = 0; i + 1 < list->elements; i += 2) {
        if (strcmp(list->element[i]->str, name) == 0) {
            return slice_of(list->element[i + 1]->str, list->element[i + 1]->len);
        }
    }
    return slice_of(NULL, 0);
}

static void expect_text(struct comparison *comparison, const redisReply *map, const char *name,
                        struct slice expected)
{
    struct slice found = field(map, name);
    if (!slice_eq(found, expected)) {
        differ(comparison, "%.*s: %s is \"%.*s\" and not \"%.*s\"", SLICE_ARG(field(map, "title")),
               name, SLICE_ARG(found), SLICE_ARG(expected));
    }
}

static void expect_number(struct comparison *comparison, const redisReply *map, const char *name,
                          int64_t expected)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%" PRId64, expected);
    expect_text(comparison, map, name, slice_of(text, (size_t)len));
}

static void expect_id(struct comparison *comparison, const redisReply *map, const char *name,
                      struct id expected)
{
    char text[ID_HEX_BYTES + 1];
    id_format(expected, text);
    expect_text(comparison, map, name, slice_of(text, ID_HEX_BYTES));
}

static void expect_place(struct comparison *comparison, const redisReply *map,
                         const struct model_issue *issue)
{
    char text[64];
    char node[ID_HEX_BYTES + 1];
    id_format(comparison->node, node);
    int len = snprintf(text, sizeof text, "%.8s:%" PRIu64 ":%" PRIu32, node, issue->last_sequence,
                       issue->last->index);
    expect_text(comparison, map, "last_place", slice_of(text, (size_t)len));
}

static void compare_fields(struct comparison *comparison, const redisReply *map,
                           const struct model_issue *issue)
{
    static const char *const statuses[] = {"unresolved", "resolved", "ignored"};
    static const char *const types[] = {"default", "error"};
    static const char *const levels[] = {"debug", "info", "warning", "error", "fatal"};
    const struct effect *last = issue->last;
    MUST(last->type < 2 && last->level < 5);
    expect_number(comparison, map, "project", last->project);
    expect_number(comparison, map, "count", (int64_t)issue->count);
    expect_number(comparison, map, "first_seen", issue->first->at_us / 1000);
    expect_number(comparison, map, "last_seen", last->at_us / 1000);
    expect_id(comparison, map, "first_event", issue->first->event);
    expect_id(comparison, map, "last_event", last->event);
    expect_text(comparison, map, "first_release", issue->first->release);
    expect_text(comparison, map, "last_release", last->release);
    expect_text(comparison, map, "title", last->title);
    expect_text(comparison, map, "culprit", last->culprit);
    expect_text(comparison, map, "platform", last->platform);
    expect_text(comparison, map, "logger", last->logger);
    expect_text(comparison, map, "type", slice_str(types[last->type]));
    expect_text(comparison, map, "level", slice_str(levels[last->level]));
    expect_text(comparison, map, "status", slice_str(statuses[issue->status]));
    expect_place(comparison, map, issue);
}

/* The sum of `n` over the facts of one rule in one environment; with no rule, their number. */
static uint64_t facts_of(const redisReply *facts, const char *kind, struct slice issue,
                         const struct model_hits *hits)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < facts->elements; i++) {
        const redisReply *fact = facts->element[i]->element[1];
        bool is_wanted =
            slice_eq(field(fact, "kind"), slice_str(kind)) && slice_eq(field(fact, "issue"), issue);
        if (is_wanted && hits == NULL) {
            sum++;
        } else if (is_wanted && slice_eq(field(fact, "rule"), hits->rule) &&
                   slice_eq(field(fact, "environment"), hits->environment)) {
            sum += strtoull(field(fact, "n").at, NULL, 10);
        }
    }
    return sum;
}

static void compare_facts(struct comparison *comparison, const redisReply *facts, struct slice id,
                          const struct model_issue *issue)
{
    if (facts_of(facts, "new", id, NULL) != 1) {
        differ(comparison, "issue %.*s is not new once", SLICE_ARG(id));
    }
    uint64_t regressions = facts_of(facts, "regressed", id, NULL);
    if (regressions != issue->regressions) {
        differ(comparison, "issue %.*s regressed %" PRIu64 " times and not %u", SLICE_ARG(id),
               regressions, issue->regressions);
    }
    for (unsigned i = 0; i < issue->hit_count; i++) {
        uint64_t found = facts_of(facts, "detection", id, &issue->hits[i]);
        if (found != issue->hits[i].count) {
            differ(comparison, "issue %.*s: %.*s held %" PRIu64 " times and not %" PRIu64,
                   SLICE_ARG(id), SLICE_ARG(issue->hits[i].rule), found, issue->hits[i].count);
        }
    }
}

static void compare_issue(struct comparison *comparison, const redisReply *facts,
                          const struct model_issue *issue)
{
    char hex[ID_HEX_BYTES + 1];
    uint32_t project = issue->last->project;
    uint32_t partition = project % PARTITIONS;
    id_format(issue->hash, hex);
    redisReply *id = ask(comparison, "HGET t:{%02u}:p:%u:hashes %s", partition, project, hex);
    if (id->type != REDIS_REPLY_STRING) {
        differ(comparison, "hash %s of project %u is not known", hex, project);
        freeReplyObject(id);
        return;
    }
    redisReply *map = ask(comparison, "HGETALL t:{%02u}:i:%s", partition, id->str);
    compare_fields(comparison, map, issue);
    compare_facts(comparison, facts, slice_of(id->str, id->len), issue);
    int64_t score =
        number_of(ask(comparison, "ZSCORE t:{%02u}:p:%u:issues %s", partition, project, id->str));
    int64_t users = number_of(ask(comparison, "PFCOUNT t:{%02u}:i:%s:users", partition, id->str));
    if (score != issue->last->at_us / 1000) {
        differ(comparison, "issue %s is listed at %" PRId64, id->str, score);
    }
    if (users < (int64_t)issue->user_count - 2 || users > (int64_t)issue->user_count + 2) {
        differ(comparison, "issue %s has %" PRId64 " users and not %u", id->str, users,
               issue->user_count);
    }
    freeReplyObject(map);
    freeReplyObject(id);
}

/* Every hash leads to an issue, and two of one issue to the same. */
static void compare_hashes(struct comparison *comparison)
{
    const struct model *model = comparison->model;
    for (uint32_t i = 0; i < model->hashes.room; i++) {
        const struct model_entry *entry = &model->hashes.entries[i];
        if (!entry->is_used) {
            continue;
        }
        char own[ID_HEX_BYTES + 1];
        char of_issue[ID_HEX_BYTES + 1];
        id_format(entry->id, own);
        id_format(model->issues[entry->value].hash, of_issue);
        redisReply *ids =
            ask(comparison, "HMGET t:{%02u}:p:%u:hashes %s %s", (uint32_t)entry->owner % PARTITIONS,
                (uint32_t)entry->owner, own, of_issue);
        if (ids->element[0]->type != REDIS_REPLY_STRING ||
            ids->element[1]->type != REDIS_REPLY_STRING ||
            strcmp(ids->element[0]->str, ids->element[1]->str) != 0) {
            differ(comparison, "hash %s is of another issue than %s", own, of_issue);
        }
        freeReplyObject(ids);
    }
}

/* What a command gives, summed over the keys of a pattern. */
static uint64_t sum_over(struct comparison *comparison, const char *pattern, const char *command)
{
    uint64_t sum = 0;
    redisReply *keys = ask(comparison, "KEYS %s", pattern);
    for (size_t i = 0; i < keys->elements; i++) {
        sum += (uint64_t)number_of(
            ask(comparison, "%s %b", command, keys->element[i]->str, keys->element[i]->len));
    }
    freeReplyObject(keys);
    return sum;
}

static void expect_sum(struct comparison *comparison, const char *pattern, const char *command,
                       uint64_t expected)
{
    uint64_t found = sum_over(comparison, pattern, command);
    if (found != expected) {
        differ(comparison, "%s of %s: %" PRIu64 " and not %" PRIu64, command, pattern, found,
               expected);
    }
}

unsigned model_differences(const struct model *model, const char *socket, struct id node)
{
    struct comparison comparison = {model, redisConnectUnix(socket), node, 0};
    MUST(comparison.redis != NULL && comparison.redis->err == 0);
    expect_sum(&comparison, "t:{*}:p:*:hashes", "HLEN", model->hashes.count);
    expect_sum(&comparison, "t:{*}:p:*:issues", "ZCARD", model->issue_count);
    expect_sum(&comparison, "t:{*}:p:*:e:*", "HLEN", model->events.count);
    expect_sum(&comparison, "t:{*}:issue_seq", "GET", model->issue_count);
    compare_hashes(&comparison);
    redisReply *facts[PARTITIONS] = {NULL};
    for (unsigned i = 0; i < PARTITIONS; i++) {
        facts[i] = ask(&comparison, "XRANGE t:{%02u}:facts - +", i);
    }
    for (uint32_t i = 0; i < model->issue_count; i++) {
        const struct model_issue *issue = &model->issues[i];
        compare_issue(&comparison, facts[issue->last->project % PARTITIONS], issue);
    }
    for (unsigned i = 0; i < PARTITIONS; i++) {
        freeReplyObject(facts[i]);
    }
    redisFree(comparison.redis);
    return comparison.differences;
}
