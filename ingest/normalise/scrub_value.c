/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/normalise/scrub.h"
#include "ingest/normalise/scrub_text.h"

/* Whether the path goes through, or ends in, something of this name. */
static bool has_part(struct slice field, struct slice part)
{
    while (field.len != 0) {
        size_t dot = slice_find(field, '.');
        if (slice_eq_nocase(slice_head(field, dot), part)) {
            return true;
        }
        field = slice_from(field, dot < field.len ? dot + 1 : dot);
    }
    return false;
}

/* The last part: names of maps on the way do not matter, as in the document. */
static struct slice leaf_of(struct slice field)
{
    size_t from = field.len;
    while (from > 0 && field.at[from - 1] != '.') {
        from--;
    }
    return slice_from(field, from);
}

/* The parts of a payload that are somebody's data (scrub_event.c); ECS has them as http, url and
 * user. */
static bool is_data(struct slice field)
{
    static const struct slice roots[] = {
        SLICE_INIT("extra"), SLICE_INIT("contexts"), SLICE_INIT("request"),     SLICE_INIT("http"),
        SLICE_INIT("url"),   SLICE_INIT("user"),     SLICE_INIT("breadcrumbs"),
    };
    struct slice root = slice_head(field, slice_find(field, '.'));
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        if (slice_eq_nocase(root, roots[i])) {
            return true;
        }
    }
    return has_part(field, SLICE("vars"));
}

static bool is_cookie_list(struct slice leaf)
{
    return slice_eq_nocase(leaf, SLICE("cookie")) || slice_eq_nocase(leaf, SLICE("cookies")) ||
           slice_eq_nocase(leaf, SLICE("set-cookie")) || slice_eq_nocase(leaf, SLICE("cs-cookie"));
}

bool scrub_value(struct arena *arena, const struct scrub_rules *rules, struct slice field,
                 struct slice *text)
{
    struct scrub_rewrite rewrite;
    struct slice leaf = leaf_of(field);
    bool is_list = is_cookie_list(leaf);
    MUST(rules != NULL && field.len != 0);
    if (scrub_is_safe(rules, leaf)) {
        return true;
    }
    enum scrub_reason reason = has_part(field, SLICE("cookies")) ? scrub_cookie_name(rules, leaf)
                                                                 : scrub_name(rules, leaf);
    if (reason != SCRUB_NONE && !is_list) {
        return false;
    }
    enum scrub_depth depth = is_list ? SCRUB_COOKIES : is_data(field) ? SCRUB_DATA : SCRUB_MESSAGE;
    if (!scrub_text(arena, rules, *text, depth, &rewrite)) {
        return true;
    }
    if (rewrite.text.len == 0 || slice_eq(rewrite.text, SLICE(SCRUB_FILTERED)) ||
        slice_eq(rewrite.text, SLICE(SCRUB_IP))) {
        return false;
    }
    *text = rewrite.text;
    return true;
}
