/* SPDX-License-Identifier: Apache-2.0 */
/* What is left of each event of tests/golden/secrets, and that its hashes are what they were. */
#include "ingest/base/limits.h"
#include "ingest/normalise/scrub.h"
#include "tests/support/golden.h"
#include "tests/support/grouping.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <glob.h>

static struct arena arena;

static void start(void)
{
    cr_assert(arena_init(&arena, SCRATCH_BYTES));
}

static void stop(void)
{
    arena_done(&arena);
}

TestSuite(scrub, .init = start, .fini = stop);

/* The document as it is kept; fills the hashes of what was sent. */
static struct slice scrubbed(struct slice json, struct fingerprint *fingerprint)
{
    struct value *root = NULL;
    struct event event;
    struct buffer buffer;
    struct json out;
    const struct normalise_input input = {
        .received_us = TEST_RECEIVED_US, .client_address = SLICE("192.0.2.7"), .seed = {{1, 2, 3}}};
    cr_assert_not(fault_is(value_parse_json(&arena, json, &root)));
    cr_assert_not(fault_is(event_decode(&arena, root, &event)));
    normalise_event(&arena, &input, &event);
    fingerprint_of(&arena, &event, fingerprint);
    scrub_event(&arena, scrub_rules_new(&arena, NULL), root, &event);
    buffer_init(&buffer, 8u << 20);
    json_init(&out, &buffer);
    json_value(&out, root);
    struct slice text = arena_copy(&arena, buffer_slice(&buffer));
    buffer_done(&buffer);
    return text;
}

/* `path` is tests/golden/secrets/NAME.json. Every secret in it has "SECRET" in its text. */
static void check(const char *path)
{
    struct fingerprint sent;
    struct fingerprint kept;
    const char *name = strrchr(path, '/') + 1;
    struct slice once = scrubbed(place_read(&arena, path), &sent);
    cr_expect(golden_is("scrub", name, once), "%s", name);
    cr_expect_eq(slice_search(once, SLICE("SECRET")), once.len, "%s", name);
    struct slice twice = scrubbed(once, &kept);
    cr_expect(slice_eq(once, twice), "%s: a second time changes it", name);
}

Test(scrub, events_lose_their_secrets_and_nothing_else)
{
    char pattern[4096];
    glob_t found;
    golden_path("secrets", "*.json", pattern);
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        arena_reset(&arena);
        check(found.gl_pathv[i]);
    }
    cr_expect_geq(found.gl_pathc, 4);
    globfree(&found);
}
