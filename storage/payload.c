/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/batch.h"

#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "storage/batch_inside.h"
#include "storage/pack.h"

/* Calls `visit` for each row of the section, in the order of its groups. */
typedef void visit_fn(struct batch *batch, const struct row *row);

static void each_row(struct batch *batch, const struct section *section, visit_fn *visit)
{
    MUST(section->rows > 0 || section->first_group == NONE);
    pack_array(&batch->payload, section->rows);
    for (uint32_t g = section->first_group; g != NONE; g = group_at(batch, g)->next) {
        for (uint32_t r = group_at(batch, g)->first_row; r != NONE; r = row_at(batch, r)->next) {
            visit(batch, row_at(batch, r));
        }
    }
}

static void pack_id(struct batch *batch, const struct row *row)
{
    pack_text(&batch->payload, slice_of((const char *)row->effect->event.bytes, 16));
}

static void pack_at(struct batch *batch, const struct row *row)
{
    pack_integer(&batch->payload, row->effect->at_us / TIME_US_PER_MS);
}

static void pack_meta(struct batch *batch, const struct row *row)
{
    const struct effect *effect = row->effect;
    struct buffer *meta = &batch->meta;
    buffer_reset(meta);
    pack_array(meta, 9);
    pack_text(meta, effect->title);
    pack_text(meta, effect->culprit);
    pack_text(meta, slice_str(level_name(effect->level)));
    pack_text(meta, effect->platform);
    pack_text(meta, slice_str(event_type_name(effect->type)));
    pack_text(meta, effect->logger);
    pack_text(meta, effect->environment);
    pack_text(meta, effect->release);
    pack_text(meta, effect->server_name);
    bool is_same = slice_eq(buffer_slice(meta), buffer_slice(&batch->last_meta));
    pack_text(&batch->payload, is_same ? SLICE("") : buffer_slice(meta));
    if (!is_same) {
        struct buffer before = batch->last_meta;
        batch->last_meta = batch->meta;
        batch->meta = before;
    }
}

static void pack_place(struct batch *batch, const struct row *row)
{
    MUST(row->sequence > 0);
    char place[14];
    MUST(row->effect->index <= UINT16_MAX);
    memcpy(place, batch->node.bytes, 4);
    for (unsigned i = 0; i < 8; i++) {
        place[4 + i] = (char)(unsigned char)(row->sequence >> (56 - 8 * i));
    }
    place[12] = (char)(unsigned char)(row->effect->index >> 8);
    place[13] = (char)(unsigned char)row->effect->index;
    pack_text(&batch->payload, slice_of(place, sizeof place));
}

/* Users of the group's rows; the same one as in the row above is left out. */
static void pack_users(struct batch *batch, const struct group *group)
{
    uint32_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        struct slice last = {0};
        if (pass == 1) {
            pack_array(&batch->payload, count);
        }
        for (uint32_t r = group->first_row; r != NONE; r = row_at(batch, r)->next) {
            struct slice user = row_at(batch, r)->effect->user;
            if (user.len == 0 || slice_eq(user, last)) {
                continue;
            }
            last = user;
            count++;
            if (pass == 1) {
                pack_text(&batch->payload, user);
            }
        }
    }
}

static struct detection *find_detection(struct batch *batch, const struct effect_match *match,
                                        struct slice environment)
{
    struct detection *all = batch->detections.at;
    for (uint32_t i = 0; i < batch->detections.count; i++) {
        if (slice_eq(all[i].match->rule, match->rule) &&
            slice_eq(all[i].environment, environment)) {
            return &all[i];
        }
    }
    struct detection *made = list_add(&batch->detections, sizeof *made);
    *made = (struct detection){match, environment, NONE, NONE, 0};
    return made;
}

static void note_hits(struct batch *batch, const struct effect *effect, uint32_t row)
{
    for (uint32_t i = 0; i < effect->match_count; i++) {
        struct detection *detection =
            find_detection(batch, &effect->matches[i], effect->environment);
        uint32_t made = batch->hits.count;
        struct hit *hit = list_add(&batch->hits, sizeof *hit);
        *hit = (struct hit){row, NONE};
        if (detection->hits++ == 0) {
            detection->first_hit = made;
        } else {
            ((struct hit *)batch->hits.at)[detection->last_hit].next = made;
        }
        detection->last_hit = made;
    }
}

/* `from` is the section's row number of the group's first. */
static void pack_matches(struct batch *batch, const struct group *group, uint32_t from)
{
    batch->detections.count = 0;
    batch->hits.count = 0;
    for (uint32_t r = group->first_row; r != NONE; r = row_at(batch, r)->next) {
        note_hits(batch, row_at(batch, r)->effect, from++);
    }
    pack_array(&batch->payload, batch->detections.count);
    for (uint32_t i = 0; i < batch->detections.count; i++) {
        const struct detection *detection = (struct detection *)batch->detections.at + i;
        pack_array(&batch->payload, 5);
        pack_text(&batch->payload, detection->match->rule);
        pack_text(&batch->payload, detection->match->title);
        pack_text(&batch->payload, detection->match->level);
        pack_text(&batch->payload, detection->environment);
        pack_array(&batch->payload, detection->hits);
        const struct hit *hits = batch->hits.at;
        for (uint32_t h = detection->first_hit; h != NONE; h = hits[h].next) {
            pack_integer(&batch->payload, hits[h].row);
        }
    }
}

static void pack_group(struct batch *batch, const struct group *group, uint32_t from)
{
    char hex[ID_HEX_BYTES + 1];
    const struct effect *effect = group->effect;
    MUST(group->rows > 0 && effect->hash_count <= EFFECT_HASHES_MAX);
    pack_array(&batch->payload, 8);
    pack_array(&batch->payload, effect->hash_count);
    for (uint32_t i = 0; i < group->effect->hash_count; i++) {
        id_format(group->effect->hashes[i], hex);
        pack_text(&batch->payload, slice_of(hex, ID_HEX_BYTES));
    }
    pack_integer(&batch->payload, group->received_us / TIME_US_PER_MS);
    pack_integer(&batch->payload, from);
    pack_integer(&batch->payload, (int64_t)from + group->rows - 1);
    pack_users(batch, group);
    pack_matches(batch, group, from);
    MUST(effect->hash_own <= effect->hash_count);
    pack_integer(&batch->payload, effect->hash_own != 0 ? effect->hash_own : effect->hash_count);
    pack_integer(&batch->payload, effect->grouping);
}

static void pack_sums(struct batch *batch, const struct section *section)
{
    pack_array(&batch->payload, section->sums);
    for (uint32_t i = section->first_sum; i != NONE; i = sum_at(batch, i)->next) {
        const struct sum *sum = sum_at(batch, i);
        pack_array(&batch->payload, 3);
        pack_text(&batch->payload, slice_str(fate_name(sum->effect->fate)));
        pack_text(&batch->payload, sum->effect->reason);
        pack_integer(&batch->payload, (int64_t)sum->quantity);
    }
}

static void pack_section(struct batch *batch, const struct section *section)
{
    uint32_t from = 1;
    pack_array(&batch->payload, 9);
    pack_integer(&batch->payload, section->project);
    pack_integer(&batch->payload, section->hour);
    buffer_reset(&batch->last_meta);
    each_row(batch, section, pack_id);
    each_row(batch, section, pack_place);
    each_row(batch, section, pack_at);
    each_row(batch, section, pack_meta);
    pack_array(&batch->payload, section->groups);
    for (uint32_t g = section->first_group; g != NONE; g = group_at(batch, g)->next) {
        pack_group(batch, group_at(batch, g), from);
        from += group_at(batch, g)->rows;
    }
    MUST(from == section->rows + 1);
    pack_text(&batch->payload, slice_str(category_name(section->category)));
    pack_sums(batch, section);
}

struct slice batch_payload(struct batch *batch, uint32_t partition, struct id node,
                           uint32_t index_seconds)
{
    MUST(!id_is_none(node));
    MUST(batch_has(batch, partition));
    uint32_t count = 0;
    batch->node = node;
    buffer_reset(&batch->payload);
    for (uint32_t s = batch->first_section[partition]; s != NONE; s = section_at(batch, s)->next) {
        count++;
    }
    MUST(count > 0);
    pack_array(&batch->payload, 2);
    pack_integer(&batch->payload, index_seconds);
    pack_array(&batch->payload, count);
    for (uint32_t s = batch->first_section[partition]; s != NONE; s = section_at(batch, s)->next) {
        pack_section(batch, section_at(batch, s));
    }
    MUST(!batch->payload.overflowed);
    return buffer_slice(&batch->payload);
}
