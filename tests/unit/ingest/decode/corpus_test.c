/* SPDX-License-Identifier: Apache-2.0 */
/* Every recorded request of real clients, through every decoder. */
#include "ingest/base/limits.h"
#include "ingest/decode/auth.h"
#include "ingest/decode/envelope.h"
#include "ingest/decode/event_json.h"
#include "ingest/decode/store.h"
#include "tests/support/place.h"
#include "tests/support/shared.h"
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>

/* One recorded request: what the .http.json and the .body beside it say. */
struct recorded {
    const char *name;
    const struct value *root;
    const struct value *notes;
    struct slice path;
    struct slice query;
    struct slice body;
    struct slice plain;
};

static struct arena arena;
static struct inflate_scratch *scratch;
static unsigned events;

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

static struct slice header(const struct recorded *r, struct slice name)
{
    const struct value *headers = value_get(r->root, SLICE("headers"));
    for (const struct value *at = value_first(headers); at != NULL; at = at->next) {
        if (slice_eq_nocase(value_string(value_first(at)), name)) {
            return value_string(value_first(at)->next);
        }
    }
    return slice_of(NULL, 0);
}

static void load(struct recorded *r, const char *path)
{
    char body[SHARED_PATH_BYTES];
    struct value *root = NULL;
    struct slice json = place_read(&arena, path);
    cr_assert_not(fault_is(value_parse_json(&arena, json, &root)), "%s", path);
    struct slice url = value_string(value_get(root, SLICE("path")));
    r->name = path;
    r->root = root;
    r->notes = value_get(root, SLICE("notes"));
    r->path = slice_head(url, slice_find(url, '?'));
    r->query = slice_from(url, r->path.len + 1);
    snprintf(body, sizeof(body), "%.*s.body", (int)(strlen(path) - strlen(".http.json")), path);
    r->body = place_read(&arena, body);
}

static void check_body(struct recorded *r)
{
    int64_t length = -1;
    struct fault fault =
        inflate_body(scratch, &arena, header(r, SLICE("Content-Encoding")), r->body, &r->plain);
    cr_assert_not(fault_is(fault), "%s: %s", r->name, fault.reason);
    bool is_base64 = slice_starts(r->plain, SLICE("eJ"));
    if (!is_base64 && value_integer(value_get(r->notes, SLICE("decoded_len")), &length)) {
        cr_expect_eq(r->plain.len, (size_t)length, "%s: %zu", r->name, r->plain.len);
    }
}

static void check_auth(const struct recorded *r, struct slice dsn)
{
    struct auth auth;
    struct auth_sources sources = {
        .x_sentry_auth = header(r, SLICE("X-Sentry-Auth")),
        .authorization = header(r, SLICE("Authorization")),
        .query = r->query,
        .dsn = dsn,
    };
    struct fault fault = auth_read(&arena, &sources, &auth);
    cr_assert_not(fault_is(fault), "%s: %s", r->name, fault.reason);
    cr_expect(slice_eq(auth.key, SLICE("0123456789abcdef0123456789abcdef")), "%s", r->name);
}

static void check_event(const struct recorded *r, struct slice json, const struct id *id)
{
    struct value *root = NULL;
    struct event event;
    struct id expected;
    struct fault fault = store_parse(&arena, json, &root);
    cr_assert_not(fault_is(fault), "%s: %s at %zu", r->name, fault.reason, fault.offset);
    fault = event_decode(&arena, root, &event);
    cr_assert_not(fault_is(fault), "%s: %s", r->name, fault.reason);
    bool has_content = event.exception_count != 0 || event.message.len != 0 ||
                       event.formatted.len != 0 || event.type == EVENT_TRANSACTION;
    cr_expect(has_content, "%s: neither exception nor message", r->name);
    if (id_parse(value_string(value_get(r->notes, SLICE("event_id"))), &expected)) {
        cr_expect(id_eq(id != NULL && !id_is_none(*id) ? *id : event.id, expected), "%s", r->name);
    }
    events++;
}

static void check_envelope(const struct recorded *r)
{
    struct envelope envelope;
    struct fault fault = envelope_parse(&arena, r->plain, &envelope);
    cr_assert_not(fault_is(fault), "%s: %s at %zu", r->name, fault.reason, fault.offset);
    check_auth(r, envelope.dsn);
    const struct value *expected = value_get(r->notes, SLICE("items"));
    cr_expect_eq(envelope.count, expected->count, "%s: %u", r->name, envelope.count);
    const struct value *at = value_first(expected);
    for (uint32_t i = 0; i < envelope.count && at != NULL; i++, at = at->next) {
        const struct envelope_item *item = &envelope.items[i];
        const struct value *members = NULL;
        int64_t length = 0;
        cr_expect(slice_eq(item->type, value_string(value_get(at, SLICE("type")))), "%s: item %u",
                  r->name, i);
        cr_expect(!value_integer(value_get(at, SLICE("len")), &length) ||
                      item->payload.len == (size_t)length,
                  "%s: item %u is %zu bytes", r->name, i, item->payload.len);
        cr_expect_eq(item->kind == ITEM_UNKNOWN, slice_eq(item->type, SLICE("unknown_thing")));
        if (item->kind == ITEM_EVENT || item->kind == ITEM_TRANSACTION) {
            check_event(r, item->payload, &envelope.event_id);
        }
        if (envelope_item_is_container(item)) {
            cr_expect_not(fault_is(envelope_item_members(&arena, item, &members)), "%s", r->name);
        }
    }
}

static void check_store(const struct recorded *r)
{
    struct slice json;
    check_auth(r, slice_of(NULL, 0));
    struct fault fault = store_open(scratch, &arena, r->plain, &json);
    cr_assert_not(fault_is(fault), "%s: %s", r->name, fault.reason);
    check_event(r, json, NULL);
}

Test(corpus, every_recorded_request_is_understood)
{
    char pattern[SHARED_PATH_BYTES + 64];
    char folder[SHARED_PATH_BYTES];
    glob_t found;
    if (!shared_find("corpus/requests", folder)) {
        cr_skip("no recorded requests here");
    }
    snprintf(pattern, sizeof(pattern), "%s/*/*.http.json", folder);
    cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct recorded r = {0};
        arena_reset(&arena);
        load(&r, found.gl_pathv[i]);
        if (slice_ends(r.path, SLICE("/envelope/"))) {
            check_body(&r);
            check_envelope(&r);
        } else if (slice_ends(r.path, SLICE("/store/"))) {
            check_body(&r);
            check_store(&r);
        }
    }
    cr_expect(events > 400, "%u", events);
    globfree(&found);
}
