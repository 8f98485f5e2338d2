/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

/* Sentry's rule for keys: letters, digits and "_.:-". Others cannot be searched for. */
static bool is_key(struct slice key)
{
    if (key.len == 0 || key.len > TAG_KEY_BYTES_MAX) {
        return false;
    }
    for (size_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        bool is_good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.' || c == ':' || c == '-';
        if (!is_good) {
            return false;
        }
    }
    return true;
}

/* Spaces in a key stand for dashes, as the field's servers read them. The key itself when there is
 * none, or no room. */
static struct slice dashed(struct arena *arena, struct slice key)
{
    if (slice_find(key, ' ') == key.len) {
        return key;
    }
    char *copy = arena_bytes(arena, key.len);
    if (copy == NULL) {
        return key;
    }
    for (size_t i = 0; i < key.len; i++) {
        copy[i] = key.at[i] == ' ' ? '-' : key.at[i];
    }
    return slice_of(copy, key.len);
}

/* The first line of a value: a tag is one line. */
static struct slice one_line(struct slice value)
{
    value = slice_head(value, slice_find(value, '\n'));
    return slice_cut_utf8(slice_trim(value), TAG_VALUE_BYTES_MAX);
}

void step_tags(struct arena *arena, const struct normalise_input *input, struct event *event)
{
    (void)input;
    uint32_t kept = 0;
    uint32_t count = event->tag_count;
    MUST(count <= TAGS_MAX);
    event->tag_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct tag tag = event->tags[i];
        tag.key = dashed(arena, slice_trim(tag.key));
        tag.value = one_line(tag.value);
        if (!is_key(tag.key) || tag.value.len == 0 || event_tag(event, tag.key).len != 0) {
            continue; /* a key sent twice keeps its first value */
        }
        MUST(kept <= i && tag.value.len <= TAG_VALUE_BYTES_MAX);
        event->tags[kept++] = tag;
        event->tag_count = kept;
    }
}
