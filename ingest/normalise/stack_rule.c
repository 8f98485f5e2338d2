/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_rule.h"
#include "ingest/base/must.h"

static char fold(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c + ('a' - 'A'));
    }
    return c == '\\' ? '/' : c;
}

struct slice stack_rule_fold(struct slice path, char out[static MATCH_BYTES_MAX])
{
    path = slice_head(path, MATCH_BYTES_MAX);
    MUST(path.len <= MATCH_BYTES_MAX);
    for (size_t i = 0; i < path.len; i++) {
        out[i] = fold(path.at[i]);
    }
    return slice_of(out, path.len);
}

bool stack_rule_matches(struct slice pattern, struct slice text)
{
    size_t at = 0;
    size_t p = 0;
    size_t star = SIZE_MAX; /* the place in `pattern` after the last '*' */
    size_t star_at = 0;     /* what that '*' has taken so far ends here */
    text = slice_head(text, MATCH_BYTES_MAX);
    while (at < text.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = ++p;
            star_at = at;
        } else if (p < pattern.len && (pattern.at[p] == '?' || pattern.at[p] == text.at[at])) {
            p++;
            at++;
        } else if (star != SIZE_MAX) {
            p = star;
            at = ++star_at;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

/* A place to go back to: where the pattern goes on, and what its star has taken. */
struct back {
    size_t pattern; /* SIZE_MAX: none */
    size_t text;
};

/* The first place from `at` on where what stands at `p` may begin. */
static size_t next_place(struct slice pattern, size_t p, struct slice text, size_t at)
{
    if (p < pattern.len && pattern.at[p] != '*' && at < text.len) {
        at += slice_find(slice_from(text, at), pattern.at[p]);
    }
    return at;
}

/* Most patterns end in a letter, and most paths in another. */
static bool may_end(struct slice pattern, struct slice path)
{
    char last = pattern.at[pattern.len - 1];
    return last == '*' || last == path.at[path.len - 1];
}

static bool matches_path(struct slice pattern, struct slice text)
{
    struct back one = {SIZE_MAX, 0}; /* a '*', which stops at '/' */
    struct back all = {SIZE_MAX, 0}; /* a '**' */
    size_t at = 0;
    size_t p = 0;
    while (at < text.len) {
        char want = p < pattern.len ? pattern.at[p] : '\0';
        if (want == '*' && p + 1 < pattern.len && pattern.at[p + 1] == '*') {
            p += 2;
            all = (struct back){p, at};
            one.pattern = SIZE_MAX;
        } else if (want == '*') {
            one = (struct back){++p, at};
        } else if (want == text.at[at] && p < pattern.len) {
            p++;
            at++;
        } else if (one.pattern != SIZE_MAX && text.at[one.text] != '/') {
            p = one.pattern;
            at = ++one.text;
        } else if (all.pattern != SIZE_MAX) {
            one.pattern = SIZE_MAX;
            p = all.pattern;
            at = all.text = next_place(pattern, p, text, all.text + 1);
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

bool stack_rule_matches_path(struct slice pattern, struct slice path)
{
    if (path.len == 0 || pattern.len == 0 || !may_end(pattern, path)) {
        return false;
    }
    char first = pattern.at[0];
    bool is_relative = path.at[0] != '/';
    if (first == '/' && is_relative) {
        return matches_path(slice_from(pattern, 1), path);
    }
    if (first != '*' && first != path.at[0]) {
        return false;
    }
    return matches_path(pattern, path) || (is_relative && slice_starts(pattern, SLICE("**/")) &&
                                           matches_path(slice_from(pattern, 3), path));
}

static void take(struct stack_mark *mark, const struct stack_rule *rule)
{
    MUST(rule->category != CATEGORY_NONE || rule->actions != 0);
    mark->actions |= rule->actions;
    if (rule->category > mark->category) {
        mark->category = rule->category;
    }
}

static bool is_for(const struct stack_rule *rule, unsigned family, struct slice function)
{
    return (rule->families == 0 || (rule->families & family) != 0) &&
           (rule->with.len == 0 || stack_rule_matches(rule->with, function));
}

/* Most patterns begin with a letter, and most texts with another; likewise at the end. */
static bool may_match(const struct stack_rule *rule, struct slice text)
{
    MUST(rule->pattern.len > 0 && text.len > 0);
    char first = rule->pattern.at[0];
    char last = rule->pattern.at[rule->pattern.len - 1];
    return (first == text.at[0] || first == '*' || first == '?') &&
           (last == '*' || text.len > MATCH_BYTES_MAX || last == text.at[text.len - 1]);
}

static void mark_by(const struct stack_rule_table *table, struct slice text, unsigned family,
                    const struct frame *frame, struct stack_mark *mark)
{
    for (size_t i = 0; i < table->count && text.len != 0; i++) {
        const struct stack_rule *rule = &table->rows[i];
        if (may_match(rule, text) && stack_rule_matches(rule->pattern, text) &&
            is_for(rule, family, frame->function)) {
            take(mark, rule);
        }
    }
}

static void mark_by_path(const struct stack_rule_table *table, struct slice path, unsigned family,
                         const struct frame *frame, struct stack_mark *mark)
{
    for (size_t i = 0; i < table->count && path.len != 0; i++) {
        const struct stack_rule *rule = &table->rows[i];
        if (stack_rule_matches_path(rule->pattern, path) && is_for(rule, family, frame->function)) {
            take(mark, rule);
        }
    }
}

/* The rows that fit at this folder's name. */
static void mark_folder(struct slice rest, unsigned family, struct stack_mark *mark)
{
    if (rest.len == 0 || memchr("vsdng.ph", rest.at[0], 8) == NULL) {
        return;
    }
    for (size_t i = 0; i < stack_rules_folder.count; i++) {
        const struct stack_rule *rule = &stack_rules_folder.rows[i];
        if (rule->pattern.at[0] == rest.at[0] && slice_starts(rest, rule->pattern) &&
            is_for(rule, family, slice_of(NULL, 0))) {
            take(mark, rule);
        }
    }
}

static void mark_by_folders(struct slice path, unsigned family, struct stack_mark *mark)
{
    mark_folder(path, family, mark);
    for (size_t i = 0; i < path.len; i++) {
        if (path.at[i] == '/') {
            mark_folder(slice_from(path, i + 1), family, mark);
        }
    }
}

static void mark_by_reporter(struct slice path, struct stack_mark *mark)
{
    for (size_t i = 0; i < stack_rules_reporter.count; i++) {
        const struct stack_rule *rule = &stack_rules_reporter.rows[i];
        size_t at = slice_search(path, rule->pattern);
        if (at < path.len && slice_find(slice_from(path, at), '/') < path.len - at) {
            take(mark, rule);
        }
    }
}

/* What takes more than one pattern to say. */
static void mark_by_more(unsigned family, const struct frame *frame, struct stack_mark *mark)
{
    static const struct stack_rule block = {SLICE_INIT("*_block_invoke*"), FAMILY_NATIVE,
                                            CATEGORY_INTERNALS, 0, SLICE_INIT("")};
    if (family == FAMILY_NATIVE && frame->in_app != YES &&
        stack_rule_matches(block.pattern, frame->function)) {
        take(mark, &block);
    }
    if (family == FAMILY_NATIVE && slice_starts(frame->package, SLICE("/data/app/")) &&
        slice_ends(frame->abs_path, SLICE(".dart"))) {
        mark->actions |= RULE_APP;
    }
    if (mark->category == CATEGORY_OS) {
        mark->category = CATEGORY_SYSTEM;
    }
    bool is_handling = slice_eq(frame->function, SLICE("handleMessage")) ||
                       slice_eq(frame->function, SLICE("run"));
    if (mark->category == CATEGORY_UI && is_handling) {
        mark->category = CATEGORY_INDIRECTION;
    }
}

struct stack_mark stack_rule_mark(const struct event *event, const struct frame *frame)
{
    struct stack_mark mark = {CATEGORY_NONE, 0};
    unsigned family = family_of(event, frame);
    struct slice path = frame->abs_path.len != 0 ? frame->abs_path : frame->filename;
    char room[MATCH_BYTES_MAX];
    MUST(family == FAMILY_OTHER || family == FAMILY_NATIVE || family == FAMILY_JAVASCRIPT);
    mark_by(family == FAMILY_NATIVE ? &stack_rules_native : &stack_rules_script, frame->function,
            family, frame, &mark);
    mark_by(&stack_rules_module, frame->module, family, frame, &mark);
    if (frame->package.len != 0) {
        struct slice package = stack_rule_fold(frame->package, room);
        mark_by_path(&stack_rules_package, package, family, frame, &mark);
    }
    path = stack_rule_fold(path, room);
    mark_by_path(&stack_rules_path, path, family, frame, &mark);
    mark_by_folders(path, family, &mark);
    mark_by_reporter(path, &mark);
    mark_by_more(family, frame, &mark);
    return mark;
}
