/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/intake.h"
#include "storage/reader.h"
#include "tests/support/journal.h"
#include "tests/unit/ingest/http/rig.h"
#include "tests/unit/ingest/pass.h"

#define STORE    "/api/7/store/?sentry_key=" PASS_KEY
#define ENVELOPE "/api/7/envelope/?sentry_key=" PASS_KEY
#define EVENT    "{\"event_id\":\"" PASS_EVENT_ID "\",\"message\":\"it broke\"}"

struct fixture {
    struct rig rig;
    char folder[64];
    struct snapshot_box *box;
    struct journal *journal;
    struct intake *intake;
    bool is_ready;
};

static struct fixture f;

static bool is_ready(void *context, char *why, size_t room)
{
    const struct fixture *fixture = context;
    snprintf(why, room, fixture->is_ready ? "ready\n" : "not ready: the disk is full\n");
    return fixture->is_ready;
}

static void setup(void)
{
    f = (struct fixture){.is_ready = true};
    rig_init(&f.rig);
    place_scratch(f.folder);
    f.journal = test_journal_open(f.folder, 0);
    f.box = snapshot_box_new();
    snapshot_publish(f.box, pass_snapshot(NULL));
    f.intake = intake_new(&(struct intake_options){.loop = f.rig.loop,
                                                   .box = f.box,
                                                   .journal = f.journal,
                                                   .is_ready = is_ready,
                                                   .ready_context = &f});
    cr_assert_not_null(f.intake);
    f.rig.options.on_request = intake_on_request;
    f.rig.options.data = f.intake;
    f.rig.options.body_bytes_max = 4 << 20;
    rig_start(&f.rig);
}

/* In the order of a worker's end. */
static void teardown(void)
{
    journal_stop(f.journal);
    rig_turns(&f.rig, 5);
    http_server_free(f.rig.server);
    intake_free(f.intake);
    loop_free(f.rig.loop);
    close(f.rig.listener);
    journal_close(f.journal);
    snapshot_box_free(f.box);
    place_remove(f.folder);
}

TestSuite(intake, .init = setup, .fini = teardown);

static int send_to(const char *method, const char *path, const char *fields, struct slice body)
{
    char head[1024];
    int client = rig_connect(&f.rig);
    snprintf(head, sizeof(head), "%s %s HTTP/1.1\r\nhost: x\r\ncontent-length: %zu\r\n%s\r\n",
             method, path, body.len, fields);
    rig_send(client, slice_str(head));
    rig_send(client, body);
    return client;
}

/* Asks on a connection of its own; true when the answer contains `needle`. */
static bool ask(const char *method, const char *path, struct slice body, const char *needle)
{
    int client = send_to(method, path, "", body);
    bool came = rig_read(&f.rig, client, needle);
    close(client);
    return came;
}

static uint64_t counted(const _Atomic uint64_t *counter)
{
    return atomic_load(counter);
}

/* Turns until nothing is in flight any more. */
static bool comes_to_rest(void)
{
    for (unsigned i = 0; i < 1500 && intake_in_flight(f.intake) > 0; i++) {
        rig_turns(&f.rig, 1);
    }
    return intake_in_flight(f.intake) == 0;
}

Test(intake, answers_200_when_the_record_is_on_disk)
{
    journal_start(f.journal, NULL, NULL);
    struct arena arena;
    struct record record;
    struct id key;
    char hex[ID_HEX_BYTES + 1];
    int client = send_to("POST", STORE, "user-agent: sentry.test/1\r\ncontent-type: text/plain\r\n",
                         SLICE(EVENT));
    cr_assert(rig_read(&f.rig, client, "{\"id\":\"" PASS_EVENT_ID "\"}"), "%s", f.rig.text);
    cr_expect_eq(journal_end(f.journal), 1u);
    cr_assert(arena_init(&arena, 1 << 20));
    cr_assert_not(fault_is(reader_one(f.journal, 1, &arena, &record)));
    cr_expect(slice_eq(record.body, SLICE(EVENT)), "as sent");
    cr_expect_eq(record.project, 7u);
    cr_expect_eq(record.kind, RECORD_STORE);
    cr_expect(slice_eq(record.address, SLICE("127.0.0.1")));
    cr_expect(slice_eq(record.user_agent, SLICE("sentry.test/1")));
    cr_expect(id_parse(record.key, &key));
    id_format(key, hex);
    cr_expect_str_eq(hex, PASS_KEY);
    cr_expect_gt(record.received_us, INT64_C(1700000000000000));
    cr_expect_eq(counted(&intake_counters(f.intake)->accepted), 1u);
    cr_expect_eq(counted(&intake_counters(f.intake)->events), 1u);
    cr_expect_eq(intake_in_flight(f.intake), 0u);
    arena_done(&arena);
    close(client);
}

Test(intake, answers_nothing_before_the_journal_does)
{
    int client = send_to("POST", STORE, "", SLICE(EVENT));
    rig_turns(&f.rig, 20);
    char byte;
    cr_expect_eq(recv(client, &byte, 1, MSG_DONTWAIT), -1);
    cr_expect_eq(intake_in_flight(f.intake), 1u);
    cr_expect_eq(counted(&intake_counters(f.intake)->accepted), 0u);
    journal_start(f.journal, NULL, NULL);
    cr_expect(rig_read(&f.rig, client, "200 OK"));
    cr_expect_eq(intake_in_flight(f.intake), 0u);
    close(client);
}

Test(intake, keeps_what_a_client_sent_that_is_gone)
{
    int client = send_to("POST", STORE, "", SLICE(EVENT));
    rig_turns(&f.rig, 5);
    cr_assert_eq(intake_in_flight(f.intake), 1u);
    close(client);
    rig_turns(&f.rig, 5);
    journal_start(f.journal, NULL, NULL);
    cr_expect(comes_to_rest());
    cr_expect_eq(journal_end(f.journal), 1u);
}

Test(intake, refuses_with_a_status_and_a_reason)
{
    static const struct {
        const char *method;
        const char *path;
        const char *body;
        const char *needle;
    } cases[] = {
        {"POST", "/api/7/store/", EVENT, "401 "},
        {"POST", "/api/7/store/?sentry_key=00000000000000000000000000000000", EVENT, "403 "},
        {"POST", "/api/8/store/?sentry_key=" PASS_KEY, EVENT, "403 "},
        {"POST", STORE, "{\"message\":}", "at byte 12 of the body"},
        {"POST", STORE, "[1]", "400 "},
        {"POST", STORE, "", "400 "},
        {"POST", ENVELOPE, "{}\n{\"type\":\"event\",\"length\":99}\n{}", "400 "},
        {"POST", "/api/7/nothing/", "", "no such endpoint"},
        {"POST", "/", "", "404 "},
        {"PUT", STORE, EVENT, "405 "},
        {"DELETE", "/healthz", "", "allow: GET, HEAD"},
    };
    journal_start(f.journal, NULL, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect(ask(cases[i].method, cases[i].path, slice_str(cases[i].body), cases[i].needle),
                  "%s: %s in %s", cases[i].path, cases[i].needle, f.rig.text);
    }
    cr_expect_eq(counted(&intake_counters(f.intake)->unauthorised), 3u);
    cr_expect_eq(counted(&intake_counters(f.intake)->invalid), 4u);
    cr_expect_eq(counted(&intake_counters(f.intake)->accepted), 0u);
}

Test(intake, refuses_an_event_over_its_size)
{
    static char body[(1 << 20) + 64];
    int length = snprintf(body, sizeof(body), "{\"message\":\"%0*d\"}", 1 << 20, 0);
    journal_start(f.journal, NULL, NULL);
    cr_expect(ask("POST", STORE, slice_of(body, (size_t)length), "413 "));
    cr_expect_eq(counted(&intake_counters(f.intake)->too_big), 1u);
    cr_expect(comes_to_rest(), "the job is given back, the refusal written down");
}

Test(intake, answers_people_and_load_balancers)
{
    cr_expect(ask("GET", "/healthz", SLICE(""), "\r\n\r\nok\n"));
    cr_expect(ask("GET", "/readyz", SLICE(""), "200 OK"));
    f.is_ready = false;
    cr_expect(ask("GET", "/readyz", SLICE(""), "the disk is full"));
    cr_expect(ask("GET", "/readyz", SLICE(""), "503 "));
    cr_expect(ask("GET", "/healthz", SLICE(""), "200 OK"), "alive all the same");
}

Test(intake, lets_browsers_ask_first)
{
    cr_expect(ask("OPTIONS", "/api/7/envelope/", SLICE(""), "access-control-allow-headers: "));
    cr_expect(strstr(f.rig.text, "200 OK") != NULL, "%s", f.rig.text);
}

Test(intake, follows_the_newest_snapshot)
{
    journal_start(f.journal, NULL, NULL);
    cr_expect(ask("POST", STORE, SLICE(EVENT), "200 OK"));
    struct snapshot *snapshot = pass_snapshot(NULL);
    snapshot->projects.list[0].keys[0].bytes[0] ^= 0xff;
    snapshot_publish(f.box, snapshot);
    cr_expect(ask("POST", STORE, SLICE(EVENT), "403 "));
}

Test(intake, answers_each_of_many_in_one_batch)
{
    static const char one[] = "POST " STORE " HTTP/1.1\r\nhost: x\r\ncontent-length: 15\r\n\r\n"
                              "{\"message\":\"a\"}";
    int clients[32];
    for (unsigned i = 0; i < 32; i++) {
        clients[i] = rig_connect(&f.rig);
        rig_send(clients[i], slice_str(one));
    }
    rig_turns(&f.rig, 20);
    cr_expect_eq(intake_in_flight(f.intake), 32u);
    journal_start(f.journal, NULL, NULL);
    for (unsigned i = 0; i < 32; i++) {
        cr_expect(rig_read(&f.rig, clients[i], "{\"id\":\""), "client %u", i);
        close(clients[i]);
    }
    cr_expect_eq(counted(&intake_counters(f.intake)->accepted), 32u);
    cr_expect_eq(intake_in_flight(f.intake), 0u);
}

Test(intake, freeing_nothing_is_fine)
{
    intake_free(NULL);
}
