/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/fingerprint.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(fingerprint, .init = fixture_start);

static struct frame mixed[] = {
    {.module = S("shop"), .function = S("buy"), .in_app = YES},
    {.module = S("requests"), .function = S("get"), .in_app = NO},
};
static struct exception exceptions[] = {
    {.type = S("KeyError"), .value = S("no"), .exception_id = -1, .parent_id = -1},
};

static struct id md5(const char *text)
{
    struct hash_md5 hash;
    hash_md5_init(&hash);
    hash_md5_add(&hash, slice_str(text));
    return hash_md5_done(&hash);
}

static struct fingerprint of(const struct event *event)
{
    struct fingerprint out;
    fingerprint_of(&arena, event, &out);
    return out;
}

static struct event crash(uint32_t frame_count)
{
    exceptions[0].stacktrace = (struct stacktrace){mixed, frame_count, NULL, 0, 0};
    return (struct event){
        .platform = SLICE("python"), .exceptions = exceptions, .exception_count = 1};
}

Test(fingerprint, application_comes_first_and_system_when_it_differs)
{
    struct event event = crash(2);
    struct fingerprint out = of(&event);
    cr_assert_eq(out.count, 2);
    cr_expect(id_eq(out.hashes[0], md5("KeyErrorshopbuy")));
    cr_expect(id_eq(out.hashes[1], md5("KeyErrorshopbuyrequestsget")));
    cr_expect_eq(out.method, FINGERPRINT_EXCEPTION);

    event = crash(1);
    out = of(&event);
    cr_assert_eq(out.count, 1);
    cr_expect(id_eq(out.hashes[0], md5("KeyErrorshopbuy")));
}

Test(fingerprint, frames_that_change_sides_still_share_a_hash)
{
    struct event event = crash(2);
    struct fingerprint before = of(&event);
    mixed[1].in_app = YES;
    struct fingerprint after = of(&event);
    cr_expect_eq(after.count, 1);
    cr_expect(id_eq(before.hashes[1], after.hashes[0]));
}

Test(fingerprint, first_way_that_says_something_wins)
{
    struct thread thread = {.stacktrace = {mixed, 1, NULL, 0, 0}};
    struct event event = {.platform = SLICE("python"),
                          .message = SLICE("user 7"),
                          .exceptions = exceptions,
                          .exception_count = 1,
                          .threads = &thread,
                          .thread_count = 1};
    cr_expect_eq(of(&event).method, FINGERPRINT_EXCEPTION);
    event.exception_count = 0;
    cr_expect_eq(of(&event).method, FINGERPRINT_THREADS);
    event.thread_count = 0;
    event.stacktrace = (struct stacktrace){mixed, 1, NULL, 0, 0};
    cr_expect_eq(of(&event).method, FINGERPRINT_STACKTRACE);
    event.stacktrace.count = 0;
    event.root = fixture_tree("{\"template\":{\"filename\":\"a.html\"},\"csp\":{}}");
    cr_expect_eq(of(&event).method, FINGERPRINT_TEMPLATE);
    event.root = fixture_tree("{\"csp\":{}}");
    cr_expect_eq(of(&event).method, FINGERPRINT_SECURITY);
    event.root = NULL;
    cr_expect_eq(of(&event).method, FINGERPRINT_MESSAGE);
    cr_expect(id_eq(of(&event).hashes[0], md5("user <int>")));
    event.message = SLICE("");
    cr_expect_eq(of(&event).method, FINGERPRINT_NOTHING);
    cr_expect(id_eq(of(&event).hashes[0], md5("")));
}

Test(fingerprint, senders_own_goes_before_all_but_a_checksum)
{
    struct slice own[] = {SLICE("a"), SLICE("b")};
    struct event event = crash(2);
    event.fingerprint = own;
    event.fingerprint_count = 2;
    struct fingerprint out = of(&event);
    cr_expect(out.count == 1 && out.method == FINGERPRINT_CUSTOM && !out.is_hybrid);
    cr_expect(id_eq(out.hashes[0], md5("ab")));

    event.checksum = SLICE("no hash");
    out = of(&event);
    cr_expect(out.count == 1 && out.method == FINGERPRINT_CHECKSUM);
    cr_expect(id_eq(out.hashes[0], md5("no hash")));
}

Test(fingerprint, checksum_that_is_a_hash_is_taken_as_it_is)
{
    static const struct {
        const char *checksum;
        bool is_whole;
    } rows[] = {
        {"0123456789abcdef0123456789abcdef", true},
        {"0123456789ABCDEF0123456789ABCDEF", false},
        {"01234567-89ab-cdef-0123-456789abcdef", false},
        {"00000000000000000000000000000000", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct id whole = {0};
        struct event event = {.checksum = slice_str(rows[i].checksum)};
        (void)id_parse(event.checksum, &whole);
        struct id expected = rows[i].is_whole ? whole : md5(rows[i].checksum);
        cr_expect(id_eq(of(&event).hashes[0], expected), "%s", rows[i].checksum);
    }
}

Test(fingerprint, hybrid_splices_the_default_in_for_each_variant)
{
    struct slice own[] = {SLICE("x"), SLICE("{{ default }}"), SLICE("y")};
    struct event event = crash(2);
    mixed[1].in_app = NO;
    event.fingerprint = own;
    event.fingerprint_count = 3;
    struct fingerprint out = of(&event);
    cr_assert_eq(out.count, 2);
    cr_expect(out.is_hybrid && out.method == FINGERPRINT_CUSTOM);
    cr_expect(id_eq(out.hashes[0], md5("xKeyErrorshopbuyy")));
    cr_expect(id_eq(out.hashes[1], md5("xKeyErrorshopbuyrequestsgety")));
}

static struct slice explain(const struct event *event, struct fingerprint *out)
{
    struct buffer buffer;
    struct json json;
    buffer_init(&buffer, 1 << 16);
    json_init(&json, &buffer);
    fingerprint_explain(&arena, event, out, &json);
    struct slice text = arena_copy(&arena, buffer_slice(&buffer));
    buffer_done(&buffer);
    return text;
}

Test(fingerprint, explanation_tells_of_the_same_hashes)
{
    struct event event = crash(2);
    struct fingerprint plain = of(&event);
    struct fingerprint told;
    char hex[ID_HEX_BYTES + 1];
    struct value *root = NULL;
    struct slice text = explain(&event, &told);

    cr_assert_not(fault_is(value_parse_json(&arena, text, &root)), "%.*s", SLICE_ARG(text));
    const struct value *variant = value_first(value_get(root, SLICE("variants")));
    cr_expect(slice_eq(value_string(value_get(root, SLICE("method"))), SLICE("exception")));
    for (uint32_t i = 0; i < plain.count; i++, variant = variant->next) {
        cr_assert_not_null(variant);
        id_format(told.hashes[i], hex);
        cr_expect(id_eq(plain.hashes[i], told.hashes[i]));
        cr_expect(slice_eq(value_string(value_get(variant, SLICE("hash"))), slice_str(hex)));
        cr_expect_gt(value_get(variant, SLICE("parts"))->count, 5);
    }
}

Test(fingerprint, explanation_of_a_hybrid_shows_what_was_sent)
{
    struct slice own[] = {SLICE("x"), SLICE("{{ default }}")};
    struct event event = {.message = SLICE("m"), .fingerprint = own, .fingerprint_count = 2};
    struct fingerprint out;
    struct slice text = explain(&event, &out);
    struct slice wanted = SLICE("\"fingerprint\":[\"x\",\"{{ default }}\"]");
    cr_expect(slice_search(text, wanted) < text.len, "%.*s", SLICE_ARG(text));
}

Test(fingerprint, full_arena_still_gives_a_hash)
{
    struct event event = crash(2);
    for (size_t size = 0; size < 2048; size += 16) {
        arena_over(&arena, fixture_room, size);
        cr_expect_gt(of(&event).count, 0);
    }
    cr_expect(arena.exhausted || arena.used > 0);
}

Test(fingerprint, methods_have_names)
{
    cr_expect_str_eq(fingerprint_method_name(FINGERPRINT_CHECKSUM), "checksum");
    cr_expect_str_eq(fingerprint_method_name(FINGERPRINT_NOTHING), "nothing");
}

Test(fingerprint, hashes_of_older_versions_come_behind_and_only_once)
{
    struct event event = {.platform = SLICE("python"), .message = SLICE("x")};
    struct fingerprint fingerprint = of(&event);
    const struct id older[] = {fingerprint.hashes[0], md5("a"), md5("b"), md5("c"), md5("d")};
    cr_assert(fingerprint.own == 1 && fingerprint.count == 1);
    fingerprint_add_older(&fingerprint, older, 5);
    cr_expect_eq(fingerprint.own, 1);
    cr_expect_eq(fingerprint.count, FINGERPRINT_HASHES_MAX, "no more than there is room for");
    cr_expect(id_eq(fingerprint.hashes[1], md5("a")) && id_eq(fingerprint.hashes[3], md5("c")));
}

Test(fingerprint, default_alone_is_as_none)
{
    struct slice only[] = {SLICE("{{ default }}"), SLICE("")};
    struct event event = {.platform = SLICE("python"), .message = SLICE("it broke")};
    struct fingerprint without = of(&event);
    event.fingerprint = only;
    for (event.fingerprint_count = 1; event.fingerprint_count <= 2; event.fingerprint_count++) {
        struct fingerprint with = of(&event);
        cr_expect(with.count == without.count && id_eq(with.hashes[0], without.hashes[0]));
        cr_expect_not(with.is_hybrid);
        cr_expect(id_eq(with.hashes[0], md5("it broke")));
    }
}
