/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

/* Text in the making, at the free end of the arena; what does not fit is left out. */
struct draft {
    char *at;
    size_t len;
    size_t room;
};

static void add(struct draft *draft, struct slice text)
{
    size_t count = text.len < draft->room - draft->len ? text.len : draft->room - draft->len;
    if (count != 0) {
        memcpy(draft->at + draft->len, text.at, count);
        draft->len += count;
    }
    MUST(draft->len <= draft->room);
}

/* One place that a parameter fills: text[0, length), by name, by number, or the next one. */
struct hole {
    size_t length;
    struct slice name; /* empty: the next in order */
};

/* "%(name)s"; also "%(name)5.2f": flags and widths are passed over. */
static bool percent_hole(struct slice text, struct hole *out)
{
    size_t at = 1;
    *out = (struct hole){0};
    if (at < text.len && text.at[at] == '(') {
        size_t close = slice_find(text, ')');
        if (close == text.len) {
            return false;
        }
        out->name = slice_of(text.at + 2, close - 2);
        at = close + 1;
    }
    while (at < text.len && memchr("0123456789.-+# ", text.at[at], 15) != NULL && at < 16) {
        at++;
    }
    if (at >= text.len || memchr("sdifrgexXouEGcaj", text.at[at], 16) == NULL) {
        return false;
    }
    out->length = at + 1;
    MUST(out->length <= text.len);
    return true;
}

/* "{}", "{0}", "{name}", "{name:5.2f}". */
static bool brace_hole(struct slice text, struct hole *out)
{
    size_t close = slice_find(text, '}');
    if (close == text.len || close > 64) {
        return false;
    }
    struct slice inside = slice_of(text.at + 1, close - 1);
    inside = slice_head(inside, slice_find(inside, ':'));
    for (size_t i = 0; i < inside.len; i++) {
        char c = inside.at[i];
        bool is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.' || c == '-';
        if (!is_name) {
            return false;
        }
    }
    MUST(inside.len < close);
    *out = (struct hole){close + 1, inside};
    return true;
}

/* Parameter number `index`, from 0; NULL when there is none. */
static const struct value *nth(const struct value *params, int64_t index)
{
    const struct value *at = index >= 0 && index < PARAMS_MAX ? value_first(params) : NULL;
    while (at != NULL && index-- > 0) {
        at = at->next;
    }
    return at;
}

static const struct value *named(const struct value *params, struct slice name)
{
    const struct value *at = value_is(params, VALUE_MAP) ? value_first(params) : NULL;
    for (uint32_t i = 0; at != NULL && i < PARAMS_MAX; i++, at = at->next) {
        if (slice_eq(at->key, name)) {
            return at;
        }
    }
    return NULL;
}

/* The parameter for `hole`; NULL when there is none. `*next` is the one after the last in order. */
static const struct value *param(const struct value *params, const struct hole *hole,
                                 const struct value **next)
{
    int64_t index = 0;
    const struct value number = {.kind = VALUE_STRING, .of.text = hole->name};
    if (hole->name.len == 0) {
        const struct value *taken = *next;
        *next = taken != NULL ? taken->next : NULL;
        return taken;
    }
    if (value_is(params, VALUE_LIST)) {
        return value_integer(&number, &index) ? nth(params, index) : NULL;
    }
    return named(params, hole->name);
}

/* A parameter as text: null is written out, lists and maps are not. */
static struct slice param_text(const struct value *value)
{
    return value_is(value, VALUE_NULL) ? SLICE("null") : value_text(value);
}

/* Reads the hole at the front of `text`, and fills it; gives its length, 0 when it is none or no
 * parameter is left for it. */
static size_t fill(struct draft *draft, struct slice text, const struct value *params,
                   const struct value **next)
{
    struct hole hole;
    bool is_hole = text.at[0] == '%' ? percent_hole(text, &hole) : brace_hole(text, &hole);
    const struct value *value = is_hole ? param(params, &hole, next) : NULL;
    if (value == NULL) {
        return 0;
    }
    add(draft, param_text(value));
    return hole.length;
}

static struct slice interpolate(struct arena *arena, struct slice text, const struct value *params)
{
    const struct value *next = value_is(params, VALUE_LIST) ? value_first(params) : NULL;
    struct draft draft = {0};
    draft.at = arena_rest(arena, &draft.room);
    draft.room = draft.room < MESSAGE_BYTES_MAX ? draft.room : MESSAGE_BYTES_MAX;
    while (text.len > 0 && draft.len < draft.room) {
        bool is_doubled = text.len > 1 && text.at[0] == '%' && text.at[1] == '%';
        size_t used = 0;
        if (is_doubled) {
            add(&draft, SLICE("%"));
            used = 2;
        } else if (text.at[0] == '%' || text.at[0] == '{') {
            used = fill(&draft, text, params, &next);
        }
        if (used == 0) {
            used = 1;
            add(&draft, slice_head(text, 1));
        }
        text = slice_from(text, used);
    }
    struct slice whole = slice_cut_utf8(slice_of(draft.at, draft.len), draft.len);
    char *taken = arena_bytes(arena, whole.len);
    MUST(taken == draft.at);
    return whole;
}

void step_logentry(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)input;
    event->message = slice_cut_utf8(event->message, MESSAGE_BYTES_MAX);
    event->formatted = slice_cut_utf8(event->formatted, MESSAGE_BYTES_MAX);
    if (event->formatted.len != 0) {
        return;
    }
    event->formatted = event->message;
    bool has_hole = slice_find(event->message, '%') != event->message.len ||
                    slice_find(event->message, '{') != event->message.len;
    if (has_hole && event->params != NULL && event->params->count > 0) {
        event->formatted = interpolate(arena, event->message, event->params);
    }
}
