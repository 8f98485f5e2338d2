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

static void shape(struct slice json, const struct scrub_rules *rules, bool is_whole,
                  struct event *event)
{
    struct value *root = NULL;
    const struct normalise_input input = {
        .received_us = TEST_RECEIVED_US, .client_address = SLICE("192.0.2.7"), .seed = {{1, 2, 3}}};
    cr_assert_not(fault_is(value_parse_json(&arena, json, &root)));
    cr_assert_not(fault_is(event_decode(&arena, root, event)));
    normalise_event(&arena, &input, event);
    if (is_whole) {
        scrub_event(&arena, rules, root, event);
    } else {
        scrub_kept(&arena, rules, event);
    }
}

/* Where an event is only counted, what is kept of it is what would be shown. */
static void check_kept(const char *path, const struct scrub_options *options)
{
    struct event kept;
    struct event whole;
    struct slice json = place_read(&arena, path);
    const struct scrub_rules *rules = scrub_rules_new(&arena, options);
    shape(json, rules, true, &whole);
    shape(json, rules, false, &kept);
    cr_expect(slice_eq(kept.title, whole.title), "%s: %.*s", path, SLICE_ARG(kept.title));
    cr_expect(slice_eq(kept.culprit, whole.culprit), "%s: %.*s", path, SLICE_ARG(kept.culprit));
    cr_expect(slice_eq(kept.logger, whole.logger), "%s", path);
    cr_expect(slice_eq(kept.server_name, whole.server_name), "%s", path);
    cr_expect(slice_eq(kept.user.id, whole.user.id), "%s", path);
    cr_expect(slice_eq(kept.user.email, whole.user.email), "%s", path);
    cr_expect(slice_eq(kept.user.username, whole.user.username), "%s", path);
    cr_expect(slice_eq(kept.user.ip_address, whole.user.ip_address), "%s", path);
}

static size_t check_all_kept(const char *folder, const struct scrub_options *options)
{
    char pattern[4096];
    glob_t found;
    golden_path(folder, "*.json", pattern);
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        arena_reset(&arena);
        check_kept(found.gl_pathv[i], options);
    }
    size_t count = found.gl_pathc;
    globfree(&found);
    return count;
}

Test(scrub, what_is_kept_of_a_counted_event_is_what_is_left_of_a_shown_one)
{
    const struct scrub_options without_addresses = {.remove_addresses = true};
    cr_expect_geq(check_all_kept("secrets", NULL), 4);
    cr_expect_geq(check_all_kept("secrets", &without_addresses), 4);
    cr_expect_geq(check_all_kept("events", NULL), 4);
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
