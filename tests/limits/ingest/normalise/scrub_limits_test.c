/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of data nobody acts on: at each limit all of it, past it a part, and `_meta` says
 * so.
 */
#include "ingest/base/limits.h"
#include "ingest/base/value.h"
#include "ingest/normalise/scrub.h"
#include <criterion/criterion.h>

static struct arena arena;

static void start(void)
{
    cr_assert(arena_init(&arena, 64u << 20));
}

static void stop(void)
{
    arena_done(&arena);
}

TestSuite(scrub_limits, .init = start, .fini = stop);

/* `count` letters, a few to a word: long runs of them could be keys. */
static const char *letters(size_t count)
{
    char *made = arena_bytes(&arena, count + 1);
    cr_assert_not_null(made);
    for (size_t i = 0; i < count; i++) {
        made[i] = i % 5 == 4 ? ' ' : 'x';
    }
    made[count] = '\0';
    return made;
}

/* The event of `json`, scrubbed. */
static const struct event *scrubbed(struct slice json)
{
    struct value *root = NULL;
    struct event *event = ARENA_NEW(&arena, struct event);
    cr_assert_not(fault_is(value_parse_json(&arena, json, &root)));
    event->root = root;
    scrub_event(&arena, scrub_rules_new(&arena, NULL), root, event);
    cr_assert_not(arena.exhausted);
    return event;
}

static const struct value *at(const struct value *value, const char *path)
{
    struct slice rest = slice_str(path);
    while (rest.len != 0 && value != NULL) {
        struct slice step = slice_head(rest, slice_find(rest, '/'));
        rest = slice_from(rest, step.len + 1);
        value = value_is(value, VALUE_LIST) ? value_first(value) : value_get(value, step);
    }
    return value;
}

/* One text, wherever it may stand: it stands between `before` and `after`, `path` leads to it in
 * the document and in `_meta`. */
static const struct {
    const char *before;
    const char *after;
    const char *path;
    size_t most;
} texts[] = {
    {"{\"extra\":{\"a\":\"", "\"}}", "extra/a", EXTRA_ITEM_BYTES_MAX},
    {"{\"contexts\":{\"my\":{\"a\":\"", "\"}}}", "contexts/my/a", CONTEXT_BYTES_MAX},
    {"{\"request\":{\"data\":{\"a\":\"", "\"}}}", "request/data/a", REQUEST_BYTES_MAX},
    {"{\"stacktrace\":{\"frames\":[{\"vars\":{\"a\":\"", "\"}}]}}", "stacktrace/frames/0/vars/a",
     DATA_BYTES_MAX},
    {"{\"breadcrumbs\":[{\"data\":{\"a\":\"", "\"}}]}", "breadcrumbs/0/data/a", DATA_BYTES_MAX},
    {"{\"tags\":{\"a\":\"", "\"}}", "tags/a", TAG_VALUE_BYTES_MAX},
};

/* Names count with the texts of their part: one byte for "a", in all but lists of tags and texts
 * that have a limit of their own below the part's. */
Test(scrub_limits, texts_are_kept_up_to_the_limit_and_cut_past_it)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t least = texts[i].most - 64, kept = 0;
        for (size_t length = least; length <= texts[i].most + 1; length++) {
            struct slice json[] = {slice_str(texts[i].before), slice_str(letters(length)),
                                   slice_str(texts[i].after)};
            const struct event *event = scrubbed(arena_concat(&arena, json, 3));
            const struct value *value = at(event->root, texts[i].path);
            bool is_told = at(event->meta, texts[i].path) != NULL;
            cr_assert(value_text(value).len <= texts[i].most, "%s", texts[i].path);
            cr_expect_eq(is_told, value_text(value).len != length, "%s", texts[i].path);
            kept = is_told ? kept : length;
            arena_reset(&arena);
        }
        cr_expect(kept + 8 >= texts[i].most && kept <= texts[i].most, "%s: %zu", texts[i].path,
                  kept);
    }
}

/* {"extra":{"a":[[…1…]]}} with so many lists in each other. */
static bool keeps_levels(const char *before, const char *after, const char *path, unsigned levels)
{
    char open[16] = "", close[16] = "";
    memset(open, '[', levels);
    memset(close, ']', levels);
    const struct event *event =
        scrubbed(arena_printf(&arena, "%s%s1%s%s", before, open, close, after));
    const struct value *value = at(event->root, path);
    unsigned found = 0;
    while (value_is(value, VALUE_LIST) && value->count > 0) {
        value = value_first(value);
        found++;
    }
    bool is_whole = found == levels && value_is(value, VALUE_NUMBER);
    cr_expect_eq(is_whole, event->meta == NULL);
    return is_whole;
}

Test(scrub_limits, levels_past_the_limit_go)
{
    static const char extra[] = "{\"extra\":{\"a\":";
    static const char vars[] = "{\"stacktrace\":{\"frames\":[{\"vars\":{\"a\":";
    cr_expect(keeps_levels(extra, "}}", "extra/a", EXTRA_LEVELS_MAX - 1));
    cr_expect_not(keeps_levels(extra, "}}", "extra/a", EXTRA_LEVELS_MAX));
    cr_expect(keeps_levels(vars, "}}]}}", "stacktrace/frames/0/vars/a", DATA_LEVELS_MAX - 1));
    cr_expect_not(keeps_levels(vars, "}}]}}", "stacktrace/frames/0/vars/a", DATA_LEVELS_MAX));
}

/* So many texts of 16,000 bytes, named by two bytes each, and one of what is left. */
static bool keeps_extra(size_t bytes)
{
    const char *full = letters(16000);
    struct slice json = SLICE("{\"extra\":{");
    char name = 'a';
    for (; bytes > 16002; bytes -= 16002, name++) {
        struct slice key = arena_printf(&arena, "\"%cx\":\"", name);
        struct slice more[] = {json, key, slice_str(full), SLICE("\",")};
        json = arena_concat(&arena, more, 4);
    }
    struct slice key = arena_printf(&arena, "\"%cx\":\"", name);
    struct slice last[] = {json, key, slice_str(letters(bytes - 2)), SLICE("\"}}")};
    return scrubbed(arena_concat(&arena, last, 4))->meta == NULL;
}

Test(scrub_limits, extra_as_a_whole_has_its_limit)
{
    cr_expect(keeps_extra(EXTRA_BYTES_MAX));
    cr_expect_not(keeps_extra(EXTRA_BYTES_MAX + 1));
}

static const struct event *with_breadcrumbs(uint32_t count)
{
    struct slice json = SLICE("{\"breadcrumbs\":[");
    for (uint32_t i = 0; i < count; i++) {
        struct slice one = arena_printf(&arena, "%s{\"message\":\"%u\"}", i > 0 ? "," : "", i);
        json = arena_concat(&arena, (struct slice[]){json, one}, 2);
    }
    return scrubbed(arena_concat(&arena, (struct slice[]){json, SLICE("]}")}, 2));
}

Test(scrub_limits, the_newest_breadcrumbs_are_kept)
{
    const struct event *full = with_breadcrumbs(BREADCRUMBS_MAX);
    cr_expect_eq(at(full->root, "breadcrumbs")->count, BREADCRUMBS_MAX);
    cr_expect_null(full->meta);
    const struct event *over = with_breadcrumbs(BREADCRUMBS_MAX + 1);
    const struct value *left = at(over->root, "breadcrumbs");
    cr_expect_eq(left->count, BREADCRUMBS_MAX);
    cr_expect(slice_eq(value_text(at(left, "0/message")), SLICE("1")));
    cr_expect_not_null(at(over->meta, "breadcrumbs"));
}

/* A name with a word of secrets that ends at byte `end`. */
static bool is_taken_out(size_t end)
{
    struct slice pieces[] = {slice_str(letters(end - 9)), SLICE("_password")};
    struct slice name = arena_concat(&arena, pieces, 2);
    struct slice json = arena_printf(&arena, "{\"extra\":{\"%.*s\":\"plain\"}}", SLICE_ARG(name));
    const struct value *value = value_first(at(scrubbed(json)->root, "extra"));
    return slice_eq(value_text(value), SLICE("[Filtered]"));
}

Test(scrub_limits, names_are_looked_at_up_to_the_limit)
{
    cr_expect(is_taken_out(SCRUB_NAME_BYTES_MAX));
    cr_expect_not(is_taken_out(SCRUB_NAME_BYTES_MAX + 1));
}

static bool keeps_rule(size_t bytes)
{
    struct slice json =
        arena_printf(&arena, "{\"_meta\":{\"extra\":{\"a\":{\"\":{\"rem\":[[\"%s\",\"x\"]]}}}}}",
                     letters(bytes));
    return at(scrubbed(json)->meta, "extra/a") != NULL &&
           value_get(value_get(at(scrubbed(json)->meta, "extra/a"), SLICE("")), SLICE("rem")) !=
               NULL;
}

Test(scrub_limits, rules_of_a_senders_meta_are_as_long_as_allowed)
{
    cr_expect(keeps_rule(META_RULE_BYTES_MAX));
    cr_expect_not(keeps_rule(META_RULE_BYTES_MAX + 1));
}
