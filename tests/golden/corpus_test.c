/* SPDX-License-Identifier: Apache-2.0 */
/* Recorded events of real clients fall into the issues that people expect. */
#include "ingest/base/limits.h"
#include "ingest/decode/envelope.h"
#include "tests/support/grouping.h"
#include "tests/support/place.h"
#include "tests/support/shared.h"
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>

#define RECORDED_MAX 2000u

/* Pairs that are wished to be together and are not: objects thrown at two places, where the stack
 * trace tells more than the SDK's "Object captured as exception". */
#define SPLITS_MAX 4u

/* One event that something is expected of. */
struct recorded {
    char client[64];
    char file[160];
    char group[160];  /* the same: one issue */
    char coarse[160]; /* not the same: never one issue; empty: open */
    bool is_must;
    struct fingerprint fingerprint;
    uint32_t issue;
};

static struct arena arena;
static struct inflate_scratch *scratch;
static struct recorded recorded[RECORDED_MAX];
static uint32_t count;

static void start(void)
{
    scratch = inflate_scratch_new(BODY_PLAIN_BYTES_MAX);
    cr_assert(scratch != NULL && arena_init(&arena, SCRATCH_BYTES));
}

static void stop(void)
{
    inflate_scratch_free(scratch);
    arena_done(&arena);
}

TestSuite(corpus, .init = start, .fini = stop);

static struct slice header(const struct value *root, struct slice name)
{
    const struct value *headers = value_get(root, SLICE("headers"));
    for (const struct value *at = value_first(headers); at != NULL; at = at->next) {
        if (slice_eq_nocase(value_string(value_first(at)), name)) {
            return value_string(value_first(at)->next);
        }
    }
    return slice_of(NULL, 0);
}

/* The event's JSON in a request's body; empty when there is none. */
static struct slice event_in(const struct value *root, struct slice body)
{
    struct slice plain;
    struct slice json = slice_of(NULL, 0);
    struct envelope envelope;
    struct slice path = value_string(value_get(root, SLICE("path")));
    path = slice_head(path, slice_find(path, '?'));
    if (fault_is(
            inflate_body(scratch, &arena, header(root, SLICE("Content-Encoding")), body, &plain))) {
        return json;
    }
    if (slice_ends(path, SLICE("/store/"))) {
        return fault_is(store_open(scratch, &arena, plain, &json)) ? slice_of(NULL, 0) : json;
    }
    if (!slice_ends(path, SLICE("/envelope/")) ||
        fault_is(envelope_parse(&arena, plain, &envelope))) {
        return json;
    }
    const struct envelope_item *item = envelope_event(&envelope);
    return item != NULL && item->kind == ITEM_EVENT ? item->payload : json;
}

static void note(const struct value *root, const char *name, char out[static 160])
{
    struct slice text = value_string(value_get(root, slice_str(name)));
    snprintf(out, 160, "%.*s", SLICE_ARG(text));
}

static void load(const char *path)
{
    char body_path[SHARED_PATH_BYTES];
    struct value *root = NULL;
    struct event event;
    struct recorded *out = &recorded[count];
    struct slice json = place_read(&arena, path);
    cr_assert_not(fault_is(value_parse_json(&arena, json, &root)), "%s", path);
    note(root, "expect_group", out->group);
    note(root, "expect_coarse", out->coarse);
    if (out->group[0] == '\0') {
        return;
    }
    char strength[160];
    note(root, "expect_strength", strength);
    out->is_must = strcmp(strength, "must") == 0;
    snprintf(body_path, sizeof(body_path), "%.*s.body", (int)(strlen(path) - 10), path);
    struct slice payload = event_in(root, place_read(&arena, body_path));
    if (payload.len == 0 || !grouping_event(&arena, payload, &event)) {
        return;
    }
    const char *file = strrchr(path, '/') + 1;
    const char *client = file - 1;
    while (client[-1] != '/') {
        client--;
    }
    snprintf(out->client, sizeof(out->client), "%.*s", (int)(file - 1 - client), client);
    snprintf(out->file, sizeof(out->file), "%s", file);
    fingerprint_of(&arena, &event, &out->fingerprint);
    cr_assert_not(arena.exhausted);
    count++;
}

/* The first hash that is known names the issue, as the store does it. */
static void assign(uint32_t index)
{
    struct recorded *new = &recorded[index];
    for (uint32_t h = 0; h < new->fingerprint.count; h++) {
        for (uint32_t i = 0; i < index; i++) {
            const struct recorded *old = &recorded[i];
            for (uint32_t o = 0; o < old->fingerprint.count; o++) {
                if (strcmp(old->client, new->client) == 0 &&
                    id_eq(old->fingerprint.hashes[o], new->fingerprint.hashes[h])) {
                    new->issue = old->issue;
                    return;
                }
            }
        }
    }
    new->issue = index + 1;
}

/* Gives whether people would have wanted these two to be one issue. */
static bool compare(const struct recorded *a, const struct recorded *b)
{
    bool is_one = a->issue == b->issue;
    bool is_split = strcmp(a->group, b->group) == 0 && !is_one;
    cr_expect(!is_split || !a->is_must, "split: %s %s and %s", a->client, a->file, b->file);
    bool is_apart = a->coarse[0] != '\0' && b->coarse[0] != '\0' && strcmp(a->coarse, b->coarse);
    cr_expect(!is_apart || !is_one, "merged: %s %s (%s) and %s (%s)", a->client, a->file, a->coarse,
              b->file, b->coarse);
    return is_split;
}

Test(corpus, recorded_events_fall_into_the_expected_issues, .timeout = 300)
{
    char pattern[SHARED_PATH_BYTES + 64];
    char folder[SHARED_PATH_BYTES];
    glob_t found;
    if (!shared_find("corpus/requests", folder)) {
        cr_skip("no recorded requests here");
    }
    snprintf(pattern, sizeof(pattern), "%s/*/*.http.json", folder);
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc && count < RECORDED_MAX; i++) {
        arena_reset(&arena);
        load(found.gl_pathv[i]);
    }
    globfree(&found);

    uint32_t splits = 0;
    for (uint32_t i = 0; i < count; i++) {
        assign(i);
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(recorded[i].client, recorded[j].client) == 0) {
                splits += compare(&recorded[j], &recorded[i]);
            }
        }
    }
    cr_expect(count > 300, "only %u events", count);
    cr_expect(splits <= SPLITS_MAX, "%u pairs apart that people would want together", splits);
}
