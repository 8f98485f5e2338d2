/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/event/family.h"
#include "ingest/normalise/stacks.h"
#include "ingest/normalise/steps.h"

#define FUNCTION_BYTES_MAX 4096u  /* longer names are left as they are: templates of templates */
#define INNER_SPACE        '\x01' /* a space that does not end a word, while words are told apart */

/* The name in the making. It is never longer than twice what was read: "<T>" for "<>". */
struct cut {
    struct slice from;
    size_t at;
    char *to;
    size_t len;
};

static void put(struct cut *cut, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        cut->to[cut->len++] = text.at[i] == ' ' ? INNER_SPACE : text.at[i];
    }
}

static struct slice rest(const struct cut *cut)
{
    return slice_from(cut->from, cut->at);
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_hex(struct slice text, size_t from, size_t count)
{
    for (size_t i = from; i < from + count; i++) {
        if (i >= text.len || memchr("0123456789abcdef", text.at[i], 16) == NULL) {
            return false;
        }
    }
    return true;
}

static size_t digits(struct slice text, size_t from)
{
    size_t count = 0;
    while (from + count < text.len && text.at[from + count] >= '0' &&
           text.at[from + count] <= '9') {
        count++;
    }
    return count;
}

/* Index of what closes the bracket at the front of `text`; its length when nothing does. */
static size_t closing(struct slice text, char open, char close)
{
    size_t depth = 0;
    MUST(text.len > 0 && text.at[0] == open);
    for (size_t i = 0; i < text.len; i++) {
        bool is_arrow = i > 0 && text.at[i] == '>' && text.at[i - 1] == '-';
        if (text.at[i] == open) {
            depth++;
        } else if (text.at[i] == close && !is_arrow && --depth == 0) {
            return i;
        }
    }
    return text.len;
}

/* What GCC, MSVC and clang call a lambda; gives the length of the name, 0 for none. */
static size_t lambda_length(struct slice text)
{
    if (slice_starts(text, SLICE("{lambda("))) {
        size_t mark = slice_search(text, SLICE(")#"));
        size_t number = mark < text.len ? digits(text, mark + 2) : 0;
        size_t end = mark + 2 + number;
        return number != 0 && end < text.len && text.at[end] == '}' ? end + 1 : 0;
    }
    if (slice_starts(text, SLICE("lambda_"))) {
        bool is_whole = text.len == 39 || (text.len > 39 && !is_name_byte(text.at[39]));
        return is_whole && is_hex(text, 7, 32) ? 39 : 0;
    }
    return slice_starts(text, SLICE("$_")) && digits(text, 2) != 0 ? 2 + digits(text, 2) : 0;
}

/* Operators are names made of brackets: they go over whole. */
static size_t operator_length(const struct cut *cut)
{
    static const char *const signs[] = {"()", "<<=", "<=>", "<<", "<=", "<", "->*", "->", ">>"};
    struct slice text = rest(cut);
    if (!slice_starts(text, SLICE("operator")) ||
        (cut->at > 0 && is_name_byte(cut->from.at[cut->at - 1]))) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (slice_starts(slice_from(text, 8), slice_str(signs[i]))) {
            MUST(cut->at + 8 + strlen(signs[i]) <= cut->from.len);
            return 8 + strlen(signs[i]);
        }
    }
    return 0;
}

/* MSVC and others write unnamed namespaces in three ways. */
static bool cut_namespace(struct cut *cut)
{
    static const struct slice name = SLICE_INIT("`anonymous namespace'");
    struct slice text = rest(cut);
    if (slice_starts(text, name)) {
        put(cut, name);
        cut->at += name.len;
        return true;
    }
    if (slice_starts(text, SLICE("?A0x")) && is_hex(text, 4, 8) &&
        slice_starts(slice_from(text, 12), SLICE("::"))) {
        put(cut, name);
        cut->at += 12;
        return true;
    }
    return false;
}

/* Arguments go; "(anonymous namespace)" stays. False when the bracket is never closed. */
static bool cut_arguments(struct cut *cut)
{
    struct slice text = rest(cut);
    size_t close = closing(text, '(', ')');
    if (close == text.len) {
        return false;
    }
    struct slice inside = slice_trim(slice_of(text.at + 1, close - 1));
    if (slice_eq(inside, SLICE("anonymous namespace")) || slice_eq(inside, SLICE("operator"))) {
        put(cut, slice_head(text, close + 1));
    }
    cut->at += close + 1;
    return true;
}

/* "vector<int>" is "vector<T>". In front it is Rust's "<Type as Trait>::f", which is "Type::f". */
static bool cut_generics(struct cut *cut)
{
    struct slice text = rest(cut);
    size_t close = closing(text, '<', '>');
    if (close == text.len) {
        return false;
    }
    if (cut->len > 0) {
        bool is_lambda = lambda_length(slice_from(text, 1)) == close - 1 ||
                         slice_eq(slice_head(text, close + 1), SLICE("<lambda>"));
        put(cut, is_lambda ? SLICE("<lambda>") : SLICE("<T>"));
        cut->at += close + 1;
        return true;
    }
    struct slice inside = slice_of(text.at + 1, close - 1);
    bool is_blanket = inside.len > 5 && inside.at[0] >= 'A' && inside.at[0] <= 'Z' &&
                      slice_starts(slice_from(inside, 1), SLICE(" as "));
    inside = is_blanket ? slice_from(inside, 5) : inside;
    inside = slice_head(inside, slice_search(inside, SLICE(" as ")));
    size_t plain = slice_find(inside, '<');
    put(cut, slice_head(inside, plain));
    if (plain < inside.len) {
        put(cut, SLICE("<T>"));
    }
    cut->at += close + 1;
    return true;
}

/* Brings one part of the name over; false when brackets do not match, and nothing can be said. */
static bool cut_one(struct cut *cut)
{
    struct slice text = rest(cut);
    if (memchr("ol{$(<[`?", text.at[0], 9) == NULL) { /* nothing that is told apart begins so */
        cut->to[cut->len++] = text.at[0];
        cut->at++;
        return true;
    }
    size_t length = operator_length(cut);
    if (length != 0) {
        put(cut, slice_head(text, length));
        cut->at += length;
        return true;
    }
    length = lambda_length(text);
    if (length != 0) {
        put(cut, SLICE("lambda"));
        cut->at += length;
        return true;
    }
    if (text.at[0] == '(') {
        return cut_arguments(cut);
    }
    if (text.at[0] == '<') {
        return cut_generics(cut);
    }
    if (text.at[0] == '[') { /* Objective-C's message, inside a block's name */
        length = closing(text, '[', ']') + 1;
        put(cut, slice_head(text, length));
        cut->at += length <= text.len ? length : text.len;
        return true;
    }
    if (!cut_namespace(cut)) {
        cut->to[cut->len++] = text.at[0];
        cut->at++;
    }
    return true;
}

/* The last word; "operator new" is one. */
static struct slice last_word(struct slice text)
{
    size_t start = text.len;
    while (start > 0 && text.at[start - 1] != ' ') {
        start--;
    }
    struct slice word = slice_from(text, start);
    struct slice before = slice_trim(slice_head(text, start));
    MUST(start <= text.len);
    bool is_operator = slice_eq(before, SLICE("operator")) ||
                       slice_ends(before, SLICE(" operator")) ||
                       slice_ends(before, SLICE("::operator"));
    if (is_operator) {
        size_t space = before.len - SLICE("operator").len;
        while (space > 0 && before.at[space - 1] != ' ') {
            space--;
        }
        return slice_from(text, (size_t)(before.at - text.at) + space);
    }
    return word;
}

/* The word that is the name: the last, or the one before Swift's "->". MSVC writes a blank between
 * a name and what its template was made for. */
static struct slice name_of(struct slice text)
{
    text = slice_trim(slice_head(text, slice_search(text, SLICE(" -> "))));
    if (!slice_ends(text, SLICE(" <T>"))) {
        return last_word(text);
    }
    struct slice name = last_word(slice_trim(slice_head(text, text.len - 4)));
    MUST(name.len == 0 || (name.at >= text.at && name.at < text.at + text.len));
    return name.len != 0 ? slice_from(text, (size_t)(name.at - text.at)) : text;
}

/* Without what the linker added: Rust's "::h<16 hex>", Windows' "@12". */
static struct slice without_marks(struct slice name)
{
    size_t tail = name.len > 19 ? name.len - 19 : name.len;
    if (slice_starts(slice_from(name, tail), SLICE("::h")) && is_hex(name, tail + 3, 16)) {
        name = slice_head(name, tail);
    }
    MUST(tail <= name.len);
    size_t sign = name.len;
    while (sign > 0 && name.at[sign - 1] >= '0' && name.at[sign - 1] <= '9') {
        sign--;
    }
    if (sign > 1 && sign < name.len && name.at[sign - 1] == '@') {
        name = slice_head(name, sign - 1);
        name = name.len > 1 && name.at[0] == '@' ? slice_from(name, 1) : name;
    }
    return name;
}

static struct slice without_trailers(struct slice text)
{
    for (;;) {
        text = slice_trim(text);
        if (slice_ends(text, SLICE(" const"))) {
            text = slice_head(text, text.len - 6);
        } else if (text.len > 0 && text.at[text.len - 1] == '&') {
            text = slice_head(text, text.len - 1);
        } else {
            return text;
        }
    }
}

/* `function` as people know it; itself when it is already, or makes no sense. */
static struct slice cut_native(struct arena *arena, struct slice function)
{
    struct cut cut = {.from = without_trailers(function)};
    bool is_objc = slice_starts(function, SLICE("[")) || slice_starts(function, SLICE("+[")) ||
                   slice_starts(function, SLICE("-["));
    if (is_objc || function.len > FUNCTION_BYTES_MAX || slice_eq(function, SLICE("<redacted>")) ||
        slice_eq(function, SLICE("<unknown>"))) {
        return function;
    }
    size_t room = 2 * function.len + 32;
    cut.to = arena_bytes(arena, room);
    if (cut.to == NULL) {
        return function;
    }
    while (cut.at < cut.from.len) {
        if (!cut_one(&cut)) {
            return function;
        }
        MUST(cut.len <= room && cut.at <= cut.from.len);
    }
    struct slice name = without_marks(name_of(slice_of(cut.to, cut.len)));
    for (size_t i = 0; i < cut.len; i++) {
        cut.to[i] = cut.to[i] == INNER_SPACE ? ' ' : cut.to[i];
    }
    return name.len != 0 ? name : function;
}

/* Most names are plain: what none of these bytes is in needs no work. */
static bool may_need_cut(struct slice function)
{
    for (size_t i = 0; i < function.len; i++) {
        if (memchr(" (<&?@$:{`", function.at[i], 10) != NULL) {
            return true;
        }
    }
    return slice_starts(function, SLICE("lambda_"));
}

/* Unity writes " (arguments)" behind C#'s names. */
static struct slice cut_function(struct arena *arena, const struct event *event,
                                 const struct frame *frame)
{
    struct slice platform = frame->platform.len != 0 ? frame->platform : event->platform;
    if (slice_eq(platform, SLICE("csharp"))) {
        return slice_head(frame->function, slice_search(frame->function, SLICE(" (")));
    }
    bool is_native = family_of(event, frame) == FAMILY_NATIVE;
    return is_native && may_need_cut(frame->function) ? cut_native(arena, frame->function)
                                                      : frame->function;
}

void step_functions(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)input;
    struct stacks walk = {.event = event};
    for (struct stacktrace *stack = stacks_next(&walk); stack != NULL; stack = stacks_next(&walk)) {
        for (uint32_t i = 0; i < stack->count; i++) {
            struct frame *frame = &stack->frames[i];
            if (frame->function.len == 0 || frame->raw_function.len != 0) {
                continue; /* one with a raw name beside it was cut by its sender */
            }
            struct slice name = cut_function(arena, event, frame);
            if (!slice_eq(name, frame->function)) {
                frame->raw_function = frame->function;
                frame->function = name;
            }
        }
    }
}
