/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/encode.h"
#include "rules/item.h"

/* What a modifier does; the reason when it cannot, else NULL. `argument` is of the table's row. */
typedef const char *modifier_act(struct item *item, int argument);

enum { OPEN_START = 1, OPEN_END = 2 };

static const char *open_ends(struct item *item, int ends)
{
    if (item->test != ITEM_STRING && item->test != ITEM_REGEX && item->test != ITEM_FIELD) {
        return "goes with strings, `re` and `fieldref` only";
    }
    item->is_open_start = item->is_open_start || (ends & OPEN_START) != 0;
    item->is_open_end = item->is_open_end || (ends & OPEN_END) != 0;
    return NULL;
}

/* Starts another kind of test, which only `neq` and `all` may stand before. */
static const char *begin(struct item *item, enum item_test test)
{
    bool is_fresh = item->test == ITEM_STRING && !item->is_open_start && !item->is_open_end &&
                    item->transform_count == 0 && !item->is_cased && !item->is_expanded;
    if (!is_fresh) {
        return "must be the first modifier";
    }
    item->test = test;
    return NULL;
}

static const char *set_regex(struct item *item, int argument)
{
    (void)argument;
    return begin(item, ITEM_REGEX);
}

static const char *set_regex_flag(struct item *item, int flag)
{
    if (item->test != ITEM_REGEX) {
        return "goes after `re` only";
    }
    item->regex_flags |= (unsigned)flag;
    return NULL;
}

static const char *set_cidr(struct item *item, int argument)
{
    (void)argument;
    return begin(item, ITEM_CIDR);
}

static const char *set_exists(struct item *item, int argument)
{
    (void)argument;
    return item->modifier_count == 0 ? begin(item, ITEM_EXISTS) : "stands alone";
}

static const char *set_field(struct item *item, int argument)
{
    (void)argument;
    bool was_cased = item->is_cased;
    bool start = item->is_open_start;
    bool end = item->is_open_end;
    item->is_cased = item->is_open_start = item->is_open_end = false;
    const char *reason = begin(item, ITEM_FIELD);
    item->is_cased = was_cased;
    item->is_open_start = start;
    item->is_open_end = end;
    return reason;
}

static const char *set_compare(struct item *item, int how)
{
    if (item->test == ITEM_TIME && item->compare == COMPARE_EQ) {
        item->compare = (enum compare)how;
        return NULL;
    }
    item->compare = (enum compare)how;
    return begin(item, ITEM_COMPARE);
}

static const char *set_time(struct item *item, int part)
{
    item->part = (enum time_part)part;
    return begin(item, ITEM_TIME);
}

static const char *set_all(struct item *item, int argument)
{
    (void)argument;
    item->is_all = true;
    return NULL;
}

static const char *set_negated(struct item *item, int argument)
{
    (void)argument;
    item->is_negated = true;
    return NULL;
}

static const char *set_cased(struct item *item, int argument)
{
    (void)argument;
    if (item->test != ITEM_STRING && item->test != ITEM_FIELD) {
        return "goes with strings only; `re` is case-sensitive already";
    }
    item->is_cased = true;
    return NULL;
}

static const char *set_expanded(struct item *item, int argument)
{
    (void)argument;
    item->is_expanded = true;
    return NULL;
}

static item_transform *const transforms[] = {encode_wide_le, encode_wide_be,       encode_wide_bom,
                                             encode_base64,  encode_base64_offset, encode_windash};
enum { WIDE_LE, WIDE_BE, WIDE_BOM, BASE64, BASE64_OFFSET, WINDASH };

static const char *transform(struct item *item, int which)
{
    if (item->test != ITEM_STRING) {
        return "goes with strings only";
    }
    if (which != WINDASH && (item->is_open_start || item->is_open_end)) {
        return "must stand before `contains`, `startswith` and `endswith`";
    }
    if (item->has_encoding) {
        return "must stand before `base64` and `base64offset`";
    }
    for (uint32_t i = 0; i < item->transform_count; i++) {
        if (which <= WIDE_BOM && item->transforms[i] != encode_windash) {
            return "is given twice";
        }
    }
    MUST(item->transform_count < MODIFIERS_MAX);
    item->has_encoding = which == BASE64 || which == BASE64_OFFSET;
    item->transforms[item->transform_count++] = transforms[which];
    return NULL;
}

static const struct {
    const char *name;
    modifier_act *act;
    int argument;
} modifiers[] = {
    {"contains", open_ends, OPEN_START | OPEN_END},
    {"startswith", open_ends, OPEN_END},
    {"endswith", open_ends, OPEN_START},
    {"all", set_all, 0},
    {"neq", set_negated, 0},
    {"exists", set_exists, 0},
    {"cased", set_cased, 0},
    {"re", set_regex, 0},
    {"i", set_regex_flag, REGEX_CASELESS},
    {"ignorecase", set_regex_flag, REGEX_CASELESS},
    {"m", set_regex_flag, REGEX_MULTILINE},
    {"multiline", set_regex_flag, REGEX_MULTILINE},
    {"s", set_regex_flag, REGEX_DOTALL},
    {"dotall", set_regex_flag, REGEX_DOTALL},
    {"cidr", set_cidr, 0},
    {"lt", set_compare, COMPARE_LT},
    {"lte", set_compare, COMPARE_LTE},
    {"gt", set_compare, COMPARE_GT},
    {"gte", set_compare, COMPARE_GTE},
    {"minute", set_time, TIME_MINUTE},
    {"hour", set_time, TIME_HOUR},
    {"day", set_time, TIME_DAY},
    {"week", set_time, TIME_WEEK},
    {"month", set_time, TIME_MONTH},
    {"year", set_time, TIME_YEAR},
    {"fieldref", set_field, 0},
    {"expand", set_expanded, 0},
    {"wide", transform, WIDE_LE},
    {"utf16le", transform, WIDE_LE},
    {"utf16be", transform, WIDE_BE},
    {"utf16", transform, WIDE_BOM},
    {"base64", transform, BASE64},
    {"base64offset", transform, BASE64_OFFSET},
    {"windash", transform, WINDASH},
};

bool modifier_apply(struct item *item, struct slice name, const char **reason)
{
    if (item->test == ITEM_EXISTS) {
        *reason = "nothing goes with `exists`";
        return false;
    }
    for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++) {
        if (slice_eq(name, slice_str(modifiers[i].name))) {
            *reason = modifiers[i].act(item, modifiers[i].argument);
            return *reason == NULL;
        }
    }
    *reason = "no such modifier";
    return false;
}
