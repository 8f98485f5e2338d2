/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/matcher.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/event/family.h"
#include "ingest/event/glob.h"

#define BOTH (MATCHER_STACK | MATCHER_FINGERPRINT)

static const struct {
    struct slice name;
    enum matcher_key key;
    unsigned languages;
} keys[] = {
    {SLICE_INIT("function"), KEY_FUNCTION, BOTH},
    {SLICE_INIT("stack.function"), KEY_FUNCTION, BOTH},
    {SLICE_INIT("module"), KEY_MODULE, BOTH},
    {SLICE_INIT("stack.module"), KEY_MODULE, BOTH},
    {SLICE_INIT("package"), KEY_PACKAGE, BOTH},
    {SLICE_INIT("stack.package"), KEY_PACKAGE, BOTH},
    {SLICE_INIT("path"), KEY_PATH, BOTH},
    {SLICE_INIT("stack.abs_path"), KEY_PATH, BOTH},
    {SLICE_INIT("app"), KEY_APP, BOTH},
    {SLICE_INIT("category"), KEY_CATEGORY, MATCHER_STACK},
    {SLICE_INIT("family"), KEY_FAMILY, BOTH},
    {SLICE_INIT("type"), KEY_TYPE, BOTH},
    {SLICE_INIT("error.type"), KEY_TYPE, BOTH},
    {SLICE_INIT("value"), KEY_VALUE, BOTH},
    {SLICE_INIT("error.value"), KEY_VALUE, BOTH},
    {SLICE_INIT("error.mechanism"), KEY_MECHANISM, MATCHER_STACK},
    {SLICE_INIT("message"), KEY_MESSAGE, MATCHER_FINGERPRINT},
    {SLICE_INIT("logger"), KEY_LOGGER, MATCHER_FINGERPRINT},
    {SLICE_INIT("level"), KEY_LEVEL, MATCHER_FINGERPRINT},
    {SLICE_INIT("sdk"), KEY_SDK, MATCHER_FINGERPRINT},
    {SLICE_INIT("release"), KEY_RELEASE, MATCHER_FINGERPRINT},
    {SLICE_INIT("thread.id"), KEY_THREAD_ID, MATCHER_FINGERPRINT},
    {SLICE_INIT("thread.name"), KEY_THREAD_NAME, MATCHER_FINGERPRINT},
    {SLICE_INIT("thread.state"), KEY_THREAD_STATE, MATCHER_FINGERPRINT},
    {SLICE_INIT("thread.crashed"), KEY_THREAD_CRASHED, MATCHER_FINGERPRINT},
    {SLICE_INIT("thread.current"), KEY_THREAD_CURRENT, MATCHER_FINGERPRINT},
};
#define KEY_ROWS (sizeof(keys) / sizeof(keys[0]))

enum matcher_kind matcher_kind(const struct matcher *matcher, unsigned language)
{
    static const enum matcher_kind kinds[] = {
        [KEY_FUNCTION] = MATCHER_FRAME,
        [KEY_MODULE] = MATCHER_FRAME,
        [KEY_PACKAGE] = MATCHER_FRAME,
        [KEY_PATH] = MATCHER_FRAME,
        [KEY_APP] = MATCHER_FRAME,
        [KEY_CATEGORY] = MATCHER_FRAME,
        [KEY_FAMILY] = MATCHER_FAMILY,
        [KEY_TYPE] = MATCHER_EXCEPTION,
        [KEY_VALUE] = MATCHER_EXCEPTION,
        [KEY_MECHANISM] = MATCHER_EXCEPTION,
        [KEY_MESSAGE] = MATCHER_MESSAGE,
        [KEY_LOGGER] = MATCHER_LOG,
        [KEY_LEVEL] = MATCHER_LOG,
        [KEY_TAG] = MATCHER_TAG,
        [KEY_SDK] = MATCHER_SDK,
        [KEY_RELEASE] = MATCHER_RELEASE,
        [KEY_THREAD_ID] = MATCHER_THREAD,
        [KEY_THREAD_NAME] = MATCHER_THREAD,
        [KEY_THREAD_STATE] = MATCHER_THREAD,
        [KEY_THREAD_CRASHED] = MATCHER_THREAD,
        [KEY_THREAD_CURRENT] = MATCHER_THREAD,
    };
    MUST((size_t)matcher->key < sizeof(kinds) / sizeof(kinds[0]));
    /* on stacks all is about one frame, and what it belongs to */
    return language == MATCHER_STACK ? MATCHER_FRAME : kinds[matcher->key];
}

/* ---- reading ---- */

static bool read_key(struct rule_text *text, unsigned language, struct matcher *out)
{
    struct slice name = rule_text_name(text);
    if (language == MATCHER_FINGERPRINT && slice_starts(name, SLICE("tags.")) && name.len > 5) {
        out->key = KEY_TAG;
        out->tag = arena_copy(text->arena, slice_from(name, 5));
        return true;
    }
    for (size_t i = 0; i < KEY_ROWS; i++) {
        if ((keys[i].languages & language) != 0 && slice_eq(name, keys[i].name)) {
            out->key = keys[i].key;
            return true;
        }
    }
    text->at -= name.len;
    rule_text_error(text,
                    "no key '%.*s'; there are function, module, package, path, app, family, "
                    "type, value%s",
                    SLICE_ARG(slice_head(name, 64)),
                    language == MATCHER_STACK ? ", category, error.mechanism"
                                              : ", message, logger, level, tags.…, sdk, release");
    return false;
}

static bool read_one(struct rule_text *text, unsigned language, struct matcher *out)
{
    *out = (struct matcher){.is_negated = rule_text_take(text, SLICE("!"))};
    if (!read_key(text, language, out)) {
        return false;
    }
    if (text->at == text->line.len || text->line.at[text->at] != ':') {
        rule_text_error(text, "a ':' and a pattern follow a key");
        return false;
    }
    text->at++;
    return rule_text_value(text, "", &out->pattern);
}

/* "[ function:a ] |" before, "| [ function:c ]" behind. */
static bool read_neighbour(struct rule_text *text, unsigned language, struct matcher *out)
{
    bool is_callee = rule_text_take(text, SLICE("|"));
    if (!rule_text_take(text, SLICE("["))) {
        rule_text_error(text, "a matcher in brackets follows a '|'");
        return false;
    }
    if (!read_one(text, language, out)) {
        return false;
    }
    bool is_closed = rule_text_take(text, SLICE("]"));
    if (!is_closed && slice_ends(out->pattern, SLICE("]"))) { /* "[function:a]", without a space */
        out->pattern.len--;
        is_closed = true;
    }
    if (!is_closed) {
        rule_text_error(text, "a ']' is missing");
        return false;
    }
    if (!is_callee && !rule_text_take(text, SLICE("|"))) {
        rule_text_error(text, "a '|' and matchers follow what stands in brackets");
        return false;
    }
    out->place = is_callee ? MATCHER_CALLEE : MATCHER_CALLER;
    if (matcher_kind(out, language) != MATCHER_FRAME) {
        rule_text_error(text, "only what is known of a frame can be asked of its neighbours");
        return false;
    }
    return true;
}

/* What stands here is a matcher: a bracket, a '|', or a name with a ':' behind. */
static bool is_at_matcher(struct rule_text *text)
{
    if (rule_text_is_done(text)) {
        return false;
    }
    struct slice rest = slice_from(text->line, text->at);
    if (memchr("[|!", rest.at[0], 3) != NULL) {
        return true;
    }
    struct slice word = slice_head(rest, slice_find(rest, ' '));
    size_t colon = slice_find(word, ':');
    return colon < word.len && memchr("+-^\"", rest.at[0], 4) == NULL &&
           colon < slice_find(word, '=');
}

struct matcher *matchers_read(struct rule_text *text, unsigned language, uint32_t *count)
{
    struct matcher list[GROUPING_MATCHERS_MAX];
    uint32_t here = 0;
    MUST(language == MATCHER_STACK || language == MATCHER_FINGERPRINT);
    for (*count = 0; is_at_matcher(text); (*count)++) {
        if (*count == GROUPING_MATCHERS_MAX) {
            rule_text_error(text, "more than %u matchers", GROUPING_MATCHERS_MAX);
            return NULL;
        }
        bool is_neighbour = memchr("[|", text->line.at[text->at], 2) != NULL;
        if (!(is_neighbour ? read_neighbour : read_one)(text, language, &list[*count])) {
            return NULL;
        }
        here += !is_neighbour;
    }
    if (here == 0) {
        rule_text_error(text, "a rule begins with matchers, such as function:main");
        return NULL;
    }
    struct matcher *kept = ARENA_ARRAY(text->arena, *count, struct matcher);
    if (kept == NULL) {
        rule_text_error(text, "no memory left for this rule");
        return NULL;
    }
    memcpy(kept, list, *count * sizeof(list[0]));
    return kept;
}

/* ---- holding ---- */

/* True when `word` is one of the words that commas part in `list`, or "all" is. */
static bool is_listed(struct slice list, struct slice word)
{
    while (list.len != 0) {
        size_t comma = slice_find(list, ',');
        struct slice one = slice_trim(slice_head(list, comma));
        if (slice_eq(one, SLICE("all")) || slice_eq(one, word)) {
            return true;
        }
        list = slice_from(list, comma + 1);
    }
    return false;
}

/* "sentry.javascript.react" is also "sentry.javascript". */
static bool is_of_sdk(struct slice list, struct slice name)
{
    for (size_t end = name.len; end > 0; end--) {
        bool is_border = end == name.len || name.at[end] == '.';
        if (is_border && is_listed(list, slice_head(name, end))) {
            return true;
        }
    }
    return is_listed(list, SLICE("")); /* "all" */
}

static bool holds(const struct matcher *matcher, struct slice text)
{
    switch (matcher->key) {
    case KEY_FAMILY:
        return is_listed(matcher->pattern, text);
    case KEY_SDK:
        return is_of_sdk(matcher->pattern, text);
    case KEY_PACKAGE:
    case KEY_PATH:
    case KEY_RELEASE:
        return text.len != 0 && glob_matches(matcher->pattern, text, GLOB_PATH | GLOB_NOCASE);
    case KEY_MESSAGE:
    case KEY_VALUE:
    case KEY_LEVEL:
    case KEY_THREAD_ID:
    case KEY_THREAD_NAME:
    case KEY_THREAD_STATE:
        return text.len != 0 && glob_matches(matcher->pattern, text, GLOB_NOCASE);
    case KEY_FUNCTION:
    case KEY_MODULE:
    case KEY_CATEGORY:
    case KEY_TYPE:
    case KEY_MECHANISM:
    case KEY_LOGGER:
    case KEY_TAG:
        return text.len != 0 && glob_matches(matcher->pattern, text, 0);
    case KEY_APP:
    case KEY_THREAD_CRASHED:
    case KEY_THREAD_CURRENT:
        break;
    }
    NEVER("a truth is asked with matcher_holds_truth");
}

bool matcher_holds_text(const struct matcher *matcher, struct slice text)
{
    MUST(matcher->key != KEY_APP);
    return holds(matcher, text) != matcher->is_negated;
}

bool matcher_holds_truth(const struct matcher *matcher, bool is_so)
{
    static const struct slice yes[] = {SLICE_INIT("1"), SLICE_INIT("yes"), SLICE_INIT("true")};
    static const struct slice no[] = {SLICE_INIT("0"), SLICE_INIT("no"), SLICE_INIT("false")};
    const struct slice *words = is_so ? yes : no;
    bool is_meant = false;
    for (size_t i = 0; i < 3; i++) {
        is_meant |= slice_eq_nocase(matcher->pattern, words[i]);
    }
    return is_meant != matcher->is_negated;
}

static struct slice or_unknown(struct slice text)
{
    return text.len != 0 ? text : SLICE("<unknown>");
}

static struct slice family_name(const struct matcher_frame *at)
{
    switch (family_of(at->event, at->frame)) {
    case FAMILY_NATIVE:
        return SLICE("native");
    case FAMILY_JAVASCRIPT:
        return SLICE("javascript");
    default:
        return SLICE("other");
    }
}

bool matcher_holds_frame(const struct matcher *matcher, const struct matcher_frame *at)
{
    static const struct exception nothing;
    const struct frame *frame = at->frame;
    const struct exception *exception = at->exception != NULL ? at->exception : &nothing;
    MUST(at->event != NULL && frame != NULL);
    switch ((int)matcher->key) {
    case KEY_FUNCTION:
        return matcher_holds_text(matcher, or_unknown(frame->function));
    case KEY_MODULE:
        return matcher_holds_text(matcher, frame->module);
    case KEY_PACKAGE:
        return matcher_holds_text(matcher, frame->package);
    case KEY_PATH:
        return matcher_holds_text(matcher,
                                  frame->abs_path.len != 0 ? frame->abs_path : frame->filename);
    case KEY_APP:
        return matcher_holds_truth(matcher, frame->in_app == YES);
    case KEY_CATEGORY:
        return matcher_holds_text(matcher, at->category);
    case KEY_FAMILY:
        return matcher_holds_text(matcher, family_name(at));
    case KEY_TYPE:
        return matcher_holds_text(matcher, or_unknown(exception->type));
    case KEY_VALUE:
        return matcher_holds_text(matcher, or_unknown(exception->value));
    case KEY_MECHANISM:
        return matcher_holds_text(matcher, or_unknown(exception->mechanism_type));
    default:
        NEVER("a matcher that is not about frames");
    }
}
