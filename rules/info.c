/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/info.h"
#include "ingest/base/must.h"

static const char *const level_names[RULE_LEVEL_COUNT] = {
#define RULE_LEVEL_NAME(constant, name) name,
    RULE_LEVELS(RULE_LEVEL_NAME)
#undef RULE_LEVEL_NAME
};

const char *rule_level_name(enum rule_level level)
{
    MUST(level < RULE_LEVEL_COUNT);
    return level_names[level];
}

static bool refuse(struct compile *c, const struct value *at, const char *what)
{
    problem_error(c->problems, c->file, at->line, at->column, "%s", what);
    return false;
}

static struct slice text_of(struct compile *c, const struct value *root, struct slice key)
{
    return arena_copy(c->set, value_text(value_get(root, key)));
}

/* The texts of a list, or the one text that stands where a list should. */
static uint32_t list_of(struct compile *c, const struct value *root, struct slice key,
                        const struct slice **out)
{
    const struct value *value = value_get(root, key);
    if (value == NULL || value->kind == VALUE_NULL) {
        return 0;
    }
    uint32_t room = value->kind == VALUE_LIST ? value->count : 1;
    struct slice *list = ARENA_ARRAY(c->set, room + 1u, struct slice);
    uint32_t count = 0;
    if (list == NULL) {
        return 0;
    }
    const struct value *at = value->kind == VALUE_LIST ? value_first(value) : value;
    for (; at != NULL && count < room; at = at->next) {
        list[count++] = arena_copy(c->set, value_text(at));
    }
    *out = list;
    return count;
}

static bool read_level(struct compile *c, const struct value *root, struct rule_info *info)
{
    const struct value *value = value_get(root, SLICE("level"));
    info->level = RULE_MEDIUM;
    if (value == NULL) {
        return true;
    }
    for (unsigned i = 0; i < RULE_LEVEL_COUNT; i++) {
        if (slice_eq_nocase(value_text(value), slice_str(level_names[i]))) {
            info->level = (enum rule_level)i;
            return true;
        }
    }
    return refuse(c, value, "level is informational, low, medium, high or critical");
}

static bool is_uuid(struct slice text)
{
    if (text.len != 36) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        const char *allowed = is_hyphen ? "-" : "0123456789abcdefABCDEF";
        if (text.at[i] == '\0' || strchr(allowed, text.at[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static void read_id(struct compile *c, const struct value *root, struct rule_info *info)
{
    const struct value *id = value_get(root, SLICE("id"));
    info->id = text_of(c, root, SLICE("id"));
    if (id != NULL && !is_uuid(info->id)) {
        problem_warning(c->problems, c->file, id->line, id->column, "id is not a UUID");
    }
    if (info->id.len == 0) {
        info->id = info->name.len != 0 ? info->name : info->title;
    }
}

/* Keys with a meaning in the specification; all others are the author's own. */
static bool is_standard(struct slice key)
{
    static const char *const keys[] = {
        "title",       "id",        "name",        "related",        "taxonomy",     "status",
        "description", "license",   "author",      "references",     "date",         "modified",
        "logsource",   "detection", "fields",      "falsepositives", "level",        "tags",
        "scope",       "filter",    "correlation", "labels",         "sigma-version"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (slice_eq(key, slice_str(keys[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_scalar(const struct value *value)
{
    return value->kind != VALUE_LIST && value->kind != VALUE_MAP && value->kind != VALUE_NULL;
}

static void read_labels(struct compile *c, const struct value *root, struct rule_info *info)
{
    const struct value *labels = value_get(root, SLICE("labels"));
    uint32_t room = root->count + (value_is(labels, VALUE_MAP) ? labels->count : 0);
    struct rule_label *list = ARENA_ARRAY(c->set, room + 1u, struct rule_label);
    if (list == NULL) {
        return;
    }
    for (const struct value *at = value_is(labels, VALUE_MAP) ? value_first(labels) : NULL;
         at != NULL; at = at->next) {
        list[info->label_count++] =
            (struct rule_label){arena_copy(c->set, at->key), arena_copy(c->set, value_text(at))};
    }
    for (const struct value *at = value_first(root); at != NULL; at = at->next) {
        if (!is_standard(at->key) && is_scalar(at)) {
            list[info->label_count++] = (struct rule_label){arena_copy(c->set, at->key),
                                                            arena_copy(c->set, value_text(at))};
        }
    }
    info->labels = list;
}

bool info_read_logsource(struct compile *c, const struct value *root, struct logsource *out)
{
    const struct value *map = value_get(root, SLICE("logsource"));
    if (map == NULL) {
        return refuse(c, root, "logsource is missing");
    }
    if (map->kind != VALUE_MAP) {
        return refuse(c, map, "logsource is a map of category, product and service");
    }
    out->category = text_of(c, map, SLICE("category"));
    out->product = text_of(c, map, SLICE("product"));
    out->service = text_of(c, map, SLICE("service"));
    return true;
}

bool info_read(struct compile *c, const struct value *root, bool needs_logsource,
               struct rule_info *info)
{
    const struct value *title = value_get(root, SLICE("title"));
    *info = (struct rule_info){.line = root->line, .file = arena_copy(c->set, c->file)};
    if (value_text(title).len == 0) {
        return refuse(c, title != NULL ? title : root, "title is missing");
    }
    if (value_text(title).len > 256) {
        problem_warning(c->problems, c->file, title->line, title->column,
                        "title is longer than 256 characters");
    }
    info->title = text_of(c, root, SLICE("title"));
    info->name = text_of(c, root, SLICE("name"));
    info->status = text_of(c, root, SLICE("status"));
    info->description = text_of(c, root, SLICE("description"));
    info->author = text_of(c, root, SLICE("author"));
    info->license = text_of(c, root, SLICE("license"));
    info->date = text_of(c, root, SLICE("date"));
    info->tag_count = list_of(c, root, SLICE("tags"), &info->tags);
    info->falsepositive_count = list_of(c, root, SLICE("falsepositives"), &info->falsepositives);
    info->reference_count = list_of(c, root, SLICE("references"), &info->references);
    read_id(c, root, info);
    read_labels(c, root, info);
    bool well = read_level(c, root, info);
    bool has_source = !needs_logsource || info_read_logsource(c, root, &info->logsource);
    return well && has_source;
}
