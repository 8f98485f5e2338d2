/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/parameterise.h"
#include "ingest/fingerprint/ways.h"

#define CONTEXT_LINE_CHARS_MAX 120u /* longer: minified, all of the program is on that line */

enum platform { PLATFORM_OTHER, JAVASCRIPT, NODE, PYTHON, PHP, RUBY, JAVA, CSHARP, NATIVE };

/* A frame as it is judged. */
struct view {
    const struct frame *frame;
    enum platform platform;
    struct slice path;     /* abs_path; SDKs that have only one name call it filename */
    struct slice filename; /* likewise */
};

static enum platform platform_of(const struct event *event, const struct frame *frame)
{
    static const struct {
        struct slice name;
        enum platform platform;
    } rows[] = {
        {SLICE_INIT("javascript"), JAVASCRIPT},
        {SLICE_INIT("node"), NODE},
        {SLICE_INIT("python"), PYTHON},
        {SLICE_INIT("php"), PHP},
        {SLICE_INIT("ruby"), RUBY},
        {SLICE_INIT("java"), JAVA},
        {SLICE_INIT("csharp"), CSHARP},
        {SLICE_INIT("native"), NATIVE},
        {SLICE_INIT("cocoa"), NATIVE},
        {SLICE_INIT("objc"), NATIVE},
        {SLICE_INIT("swift"), NATIVE},
        {SLICE_INIT("c"), NATIVE},
    };
    struct slice name = frame->platform.len != 0 ? frame->platform : event->platform;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (slice_eq(name, rows[i].name)) {
            return rows[i].platform;
        }
    }
    return PLATFORM_OTHER;
}

static bool is_script(const struct view *view)
{
    return view->platform == JAVASCRIPT || view->platform == NODE;
}

static bool is_one_of(struct slice text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_eq(text, slice_str(names[i]))) {
            return true;
        }
    }
    return false;
}

bool frame_has_url(struct slice path)
{
    return slice_starts(path, SLICE("http:")) || slice_starts(path, SLICE("https:")) ||
           slice_starts(path, SLICE("applewebdata:")) || slice_starts(path, SLICE("blob:"));
}

static struct slice last_after(struct slice text, char mark, char other)
{
    size_t start = text.len;
    while (start > 0 && text.at[start - 1] != mark && text.at[start - 1] != other) {
        start--;
    }
    MUST(start <= text.len);
    return slice_from(text, start);
}

static struct slice lower(struct arena *arena, struct slice text)
{
    char *copy = arena_bytes(arena, text.len);
    if (copy == NULL) {
        return text;
    }
    for (size_t i = 0; i < text.len; i++) {
        bool is_upper = text.at[i] >= 'A' && text.at[i] <= 'Z';
        copy[i] = (char)(text.at[i] + (is_upper ? 'a' - 'A' : 0));
    }
    return slice_of(copy, text.len);
}

static bool has_upper(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= 'A' && text.at[i] <= 'Z') {
            return true;
        }
    }
    return false;
}

static struct part *add_filename(struct parts *parts, const struct view *view)
{
    struct slice name = last_after(view->filename, '/', '\\');
    name = has_upper(name) ? lower(parts->arena, name) : name;
    name = view->platform == JAVA ? java_module(parts->arena, name) : name;
    MUST(slice_find(name, '/') == name.len);
    struct part *part = parts_leaf(parts, "filename", name);
    if (frame_has_url(view->path)) {
        parts_drop(part, VARIANT_BOTH, "a browser's URL");
    } else if (slice_eq(name, SLICE("<anonymous>")) || slice_eq(name, SLICE("[native code]"))) {
        parts_drop(part, VARIANT_BOTH, "no file's name");
    }
    return part;
}

static struct part *add_module(struct parts *parts, const struct view *view)
{
    struct slice module = view->frame->module;
    struct part *part = parts_leaf(parts, "module", module);
    if (view->platform == JAVASCRIPT && slice_find(module, '/') < module.len &&
        slice_ends(view->path, module)) {
        parts_drop(part, VARIANT_BOTH, "only the path of the URL");
    } else if (view->platform == JAVA) {
        part->text = java_module(parts->arena, module);
        bool is_same = slice_eq(part->text, module);
        if (is_same && slice_search(module, SLICE("$$Lambda$")) < module.len) {
            parts_drop(part, VARIANT_BOTH, "made up for a lambda");
        }
    }
    return part;
}

/* Rails names what it compiles of a template "_app_views_x__4711_0815". */
static struct slice without_erb(struct slice name)
{
    size_t at = name.len;
    for (unsigned group = 0; group < 2; group++) {
        size_t end = at;
        while (at > 0 && name.at[at - 1] >= '0' && name.at[at - 1] <= '9') {
            at--;
        }
        if (end - at < 4 || at == 0 || name.at[at - 1] != '_') {
            return name;
        }
        at--;
    }
    MUST(at < name.len);
    return at > 0 && name.at[at - 1] == '_' ? slice_head(name, at - 1) : name;
}

static const char *clean_script(const struct frame *frame, struct slice *name)
{
    static const char *const unknown[] = {"?", "<anonymous function>", "<anonymous>",
                                          "Anonymous function"};
    struct slice raw = frame->raw_function.len != 0 ? frame->raw_function : frame->function;
    raw = last_after(raw, '.', '.');
    *name = last_after(*name, '.', '.');
    if (is_one_of(raw, unknown, sizeof(unknown) / sizeof(unknown[0])) ||
        slice_ends(raw, SLICE("/<"))) {
        return "a function without a name";
    }
    return NULL;
}

/* "class@anonymous<NUL>/shop/cart.php:7$0::total" is "total". */
static const char *clean_php(struct slice *name)
{
    static const struct slice anonymous = SLICE_INIT("class@anonymous");
    if (!slice_starts(*name, anonymous)) {
        return slice_starts(*name, SLICE("[Anonymous")) ? "a function without a name" : NULL;
    }
    for (size_t at = name->len; at >= anonymous.len + 2; at--) {
        if (name->at[at - 1] == ':' && name->at[at - 2] == ':') {
            *name = slice_from(*name, at);
            return NULL;
        }
    }
    bool is_made_up = name->len > anonymous.len && name->at[anonymous.len] == '\0';
    return is_made_up ? "a function without a name" : NULL;
}

/* Cleans `*name`; gives why it does not count, or NULL. */
static const char *clean_function(const struct view *view, struct slice *name)
{
    switch (view->platform) {
    case RUBY:
        *name = slice_starts(*name, SLICE("block ")) ? SLICE("block") : without_erb(*name);
        return NULL;
    case PHP:
        return clean_php(name);
    case JAVA:
        return slice_starts(*name, SLICE("lambda$")) ? "a lambda" : NULL;
    case NATIVE:
        return slice_eq(*name, SLICE("<redacted>")) || slice_eq(*name, SLICE("<unknown>"))
                   ? "not known"
                   : NULL;
    case JAVASCRIPT:
    case NODE:
        return clean_script(view->frame, name);
    case PLATFORM_OTHER:
    case PYTHON:
    case CSHARP:
        return NULL;
    }
    NEVER("a platform without a case");
}

static bool is_mapped(const struct frame *frame)
{
    const struct value *data = value_get(frame->raw, SLICE("data"));
    const struct value *map = value_get(data, SLICE("sourcemap"));
    return map != NULL && map->kind != VALUE_NULL;
}

static struct part *add_function(struct parts *parts, const struct view *view)
{
    const struct frame *frame = view->frame;
    bool is_raw_first = view->platform == CSHARP && frame->raw_function.len != 0;
    struct slice name = frame->function.len != 0 ? frame->function : frame->raw_function;
    name = is_raw_first ? frame->raw_function : name;
    const char *why = clean_function(view, &name);
    struct part *part = parts_leaf(parts, "function", name);
    if (why != NULL && part->counts != 0) {
        parts_drop(part, VARIANT_BOTH, why);
    }
    return part;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* No space but single blanks between other bytes. */
static bool is_squeezed(struct slice line)
{
    char before = ' ';
    for (size_t i = 0; i < line.len; i++) {
        if (is_space(line.at[i]) && (line.at[i] != ' ' || before == ' ')) {
            return false;
        }
        before = line.at[i];
    }
    return before != ' ' || line.len == 0;
}

static struct slice without_ends(struct slice line)
{
    while (line.len > 0 && is_space(line.at[0])) {
        line = slice_from(line, 1);
    }
    while (line.len > 0 && is_space(line.at[line.len - 1])) {
        line.len--;
    }
    return line;
}

/* All space as single blanks, in the arena where that changes it; empty when there is no room. */
static struct slice squeeze(struct arena *arena, struct slice line)
{
    line = without_ends(line);
    if (is_squeezed(line)) {
        return line;
    }
    char *copy = arena_bytes(arena, line.len);
    size_t length = 0;
    for (size_t i = 0; copy != NULL && i < line.len; i++) {
        if (!is_space(line.at[i])) {
            copy[length++] = line.at[i];
        } else if (copy[length - 1] != ' ') {
            copy[length++] = ' ';
        }
    }
    MUST(length <= line.len);
    return slice_of(copy, length);
}

/* Python's multiprocessing starts its children with numbers in the source line. */
static struct slice without_numbers(struct arena *arena, struct slice line)
{
    bool is_spawn = slice_starts(line, SLICE("from multiprocessing.spawn import spawn_main;"));
    return is_spawn ? parameterise(arena, line) : line;
}

static bool is_longer(struct slice text, size_t chars)
{
    size_t count = 0;
    if (text.len <= chars) {
        return false;
    }
    for (size_t i = 0; i < text.len && count <= chars; i++) {
        count += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    }
    return count > chars;
}

/* Source code is trusted where it comes as it was written. */
static struct part *add_context_line(struct parts *parts, const struct view *view)
{
    struct slice line = view->frame->context_line;
    bool is_trusted = is_script(view) || view->platform == PYTHON || view->platform == PHP ||
                      view->platform == RUBY;
    if (!is_trusted || line.len == 0) {
        return NULL;
    }
    if (is_longer(line, CONTEXT_LINE_CHARS_MAX)) {
        struct part *part = parts_leaf(parts, "context_line", slice_cut_utf8(line, 120));
        parts_drop(part, VARIANT_BOTH, "too long to be written by people");
        return part;
    }
    line = without_numbers(parts->arena, squeeze(parts->arena, line));
    struct part *part = parts_leaf(parts, "context_line", line);
    bool is_url = frame_has_url(view->path) || slice_starts(view->path, SLICE("file:"));
    if (is_script(view) && view->frame->function.len == 0 && is_url) {
        parts_drop(part, VARIANT_BOTH, "of a URL, without a function");
    }
    return part;
}

/* Frames that some browsers show and others do not. */
static bool is_low_quality(const struct view *view)
{
    static const char *const paths[] = {"[native code]", "native code", "eval code", "<anonymous>"};
    const struct frame *frame = view->frame;
    struct slice name = frame->raw_function.len != 0 ? frame->raw_function : frame->function;
    return is_script(view) && (slice_eq(last_after(name, '.', '.'), SLICE("eval")) ||
                               is_one_of(view->path, paths, sizeof(paths) / sizeof(paths[0])));
}

struct part *frame_add(struct parts *parts, const struct event *event,
                       const struct stacktrace *stack, uint32_t index)
{
    MUST(index < stack->count);
    const struct frame *frame = &stack->frames[index];
    struct view view = {.frame = frame,
                        .platform = platform_of(event, frame),
                        .path = frame->abs_path.len != 0 ? frame->abs_path : frame->filename,
                        .filename = frame->filename.len != 0 ? frame->filename : frame->abs_path};
    struct part *whole = parts_open(parts, "frame");
    struct part *module = add_module(parts, &view);
    struct part *filename = add_filename(parts, &view);
    if (module->counts != 0 && filename->counts != 0) {
        parts_drop(filename, VARIANT_BOTH, "the module tells more");
    }
    struct part *function = add_function(parts, &view);
    struct part *line = add_context_line(parts, &view);
    if (line != NULL && line->counts != 0 && is_script(&view) && is_mapped(frame)) {
        parts_drop(function, VARIANT_BOTH, "source maps name functions badly; the line tells more");
    }
    if (module->text.len + filename->text.len + function->text.len == 0) {
        (void)parts_leaf(parts, "place", frame_place(parts, event, frame));
    }
    unsigned counts = parts_close(parts, whole);
    MUST(counts == 0 || counts == VARIANT_BOTH);
    if (is_low_quality(&view)) {
        parts_drop(whole, VARIANT_BOTH, "shown by some browsers only");
    }
    return whole;
}
