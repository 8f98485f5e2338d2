/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK through its public calls, with a transport that keeps the bodies in memory. */
#include "tests/unit/sdk/opened.h"

Test(tocsin, calls_before_init_do_nothing)
{
    char id[33];
    tocsin_draft draft = {.size = sizeof draft};

    cr_expect_eq(tocsin_capture(TOCSIN_ERROR, "t", "m", TOCSIN_STACK), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_capturef(TOCSIN_ERROR, "t", "%d", 1), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_capture_event(&draft), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_security("k", TOCSIN_INFO, "a", "1.1.1.1", "m"), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_breadcrumb(TOCSIN_INFO, "c", "m"), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_tag("k", "v"), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_user("1", NULL, NULL), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_context("c", "{}"), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_note("n"), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_crash_reason("t", "v"), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_session_start(), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_session_end(TOCSIN_EXITED), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_check_in("s", TOCSIN_CHECK_OK, 1, NULL, NULL), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_thread_attach(), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_modules_changed(), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_flush(10), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_close(10), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_last_id(id), TOCSIN_E_BAD);
}

Test(tocsin, refuses_a_dsn_it_cannot_read)
{
    static const char *const bad[] = {
        "",
        "http://",
        "ftp://key@host/1",
        "http://host/1",
        "http://key@host",
        "http://key@host/",
        "http://@host/1",
        "http://key@/1",
        "http://key@host:port/1",
        "http://key@host:123456/1",
        "http://key@ho st/1",
        "http://key@host/1\r\nX: y",
        "http+unix://key@%zz/1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tocsin_options o = options();
        o.dsn = bad[i];
        cr_expect_eq(tocsin_init(&o), TOCSIN_E_DSN, "%s", bad[i]);
    }
    tocsin_options none = {.size = 0};
    cr_expect_eq(tocsin_init(&none), TOCSIN_E_BAD);
    cr_expect_eq(tocsin_init(NULL), TOCSIN_E_BAD);
}

Test(tocsin, reads_every_form_of_dsn)
{
    static const char *const good[] = {
        "http://key@host/1",        "http://key:secret@host:8080/path/more/1",
        "https://key@host/1",       "http://key@[::1]:9000/1",
        "http://key@[fe80::1]/a/2", "http+unix://key@%2Frun%2Fa.sock/1",
    };
    cr_assert_not_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tocsin_options o = options();
        o.dsn = good[i];
        cr_expect_eq(tocsin_init(&o), TOCSIN_OK, "%s", good[i]);
        tocsin_close(100);
    }
}

Test(tocsin, opens_once_and_again_after_close)
{
    tocsin_options o = options();
    opened();

    cr_expect_eq(tocsin_init(&o), TOCSIN_E_BUSY);
    cr_expect_eq(tocsin_close(1000), TOCSIN_OK);
    cr_expect_eq(tocsin_close(1000), TOCSIN_E_CLOSED);
    cr_expect_eq(tocsin_init(&o), TOCSIN_OK);
    tocsin_capture(TOCSIN_ERROR, "again", "m", 0);
    HOLDS(only_body(), "\"type\":\"again\"");
    closed();
}

Test(tocsin, an_older_and_shorter_options_struct_still_opens)
{
    tocsin_options o = options();
    o.size = offsetof(tocsin_options, queue_slots);
    o.queue_slots = 999999;
    open_with(o);

    tocsin_capture(TOCSIN_ERROR, "old", "m", 0);

    HOLDS(only_body(), "\"type\":\"old\"");
    closed();
}

Test(tocsin, an_error_carries_what_was_given, .init = opened, .fini = closed)
{
    char id[33], part[64];
    tocsin_tag("colour", "red");
    tocsin_user("7", "a@b", "10.0.0.1");
    cr_assert_eq(tocsin_context("game", "{\"level\":\n3}"), TOCSIN_OK);

    cr_assert_eq(tocsin_capture(TOCSIN_WARNING, "io", "no \"ledger\"\n", 0), TOCSIN_OK);
    cr_assert_eq(tocsin_last_id(id), TOCSIN_OK);

    const char *body = only_body();
    snprintf(part, sizeof part, "\"event_id\":\"%s\"", id);
    cr_expect_eq(count_of(body, part), 2, "in the header and in the event: %s", body);
    HOLDS(body, "{\"dsn\":\"http://key@127.0.0.1:1/7\"");
    HOLDS(body, "\"level\":\"warning\"");
    HOLDS(body, "{\"type\":\"io\",\"value\":\"no \\\"ledger\\\"\\u000a\"");
    HOLDS(body, "\"release\":\"unit@1\"");
    HOLDS(body, "\"environment\":\"production\"");
    HOLDS(body, "\"tags\":{\"colour\":\"red\"}");
    HOLDS(body, "\"user\":{\"id\":\"7\",\"email\":\"a@b\",\"ip_address\":\"10.0.0.1\"}");
    HOLDS(body, "\"game\":{\"level\": 3}");
    cr_expect_eq(count_of(body, "\n"), 3, "three lines: header, item, event");
}

Test(tocsin, a_message_is_no_exception, .init = opened, .fini = closed)
{
    tocsin_capture(TOCSIN_INFO, NULL, "hello", 0);

    const char *body = only_body();
    HOLDS(body, "\"logentry\":{\"formatted\":\"hello\"}");
    LACKS(body, "exception");
}

Test(tocsin, bytes_that_are_not_utf8_are_replaced, .init = opened, .fini = closed)
{
    tocsin_capture(TOCSIN_INFO, NULL, "a\xff|\xc3|\xed\xa0\x80|\xc3\xa9|\xf0\x9f\x94\x94|\x01", 0);

    HOLDS(only_body(),
          "\"a\\ufffd|\\ufffd|\\ufffd\\ufffd\\ufffd|\xc3\xa9|\xf0\x9f\x94\x94|\\u0001\"");
}

Test(tocsin, text_at_its_bound_is_whole_and_past_it_cut, .init = opened, .fini = closed)
{
    char text[TOCSIN_MESSAGE_MAX + 2];
    memset(text, 'a', sizeof text);
    text[TOCSIN_MESSAGE_MAX] = '\0';
    tocsin_capture(TOCSIN_INFO, NULL, text, 0);
    text[TOCSIN_MESSAGE_MAX] = 'b';
    text[TOCSIN_MESSAGE_MAX + 1] = '\0';
    tocsin_capture(TOCSIN_INFO, NULL, text, 0);
    memcpy(text + TOCSIN_MESSAGE_MAX - 1, "\xc3\xa9", 2); /* its second byte is past the bound */
    tocsin_capture(TOCSIN_INFO, NULL, text, 0);

    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    cr_assert_eq(n_bodies, 3);
    static const int expected[] = {TOCSIN_MESSAGE_MAX, TOCSIN_MESSAGE_MAX, TOCSIN_MESSAGE_MAX - 1};
    for (int i = 0; i < 3; i++) {
        const char *at = strstr(bodies[i], "\"formatted\":\"") + strlen("\"formatted\":\"");
        cr_expect_eq((int)strspn(at, "a"), expected[i]);
        cr_expect_eq(at[expected[i]], '"');
    }
}

Test(tocsin, tags_are_bounded_and_replaced_and_removed, .init = opened, .fini = closed)
{
    char key[16];
    for (int i = 0; i < TOCSIN_TAGS_MAX; i++) {
        snprintf(key, sizeof key, "k%d", i);
        cr_assert_eq(tocsin_tag(key, "v"), TOCSIN_OK);
    }
    cr_expect_eq(tocsin_tag("one more", "v"), TOCSIN_E_FULL);
    cr_expect_eq(tocsin_tag("k0", "w"), TOCSIN_OK);
    cr_expect_eq(tocsin_tag("k1", NULL), TOCSIN_OK);
    cr_expect_eq(tocsin_tag("never set", NULL), TOCSIN_OK);
    cr_expect_eq(tocsin_tag("", "v"), TOCSIN_E_BAD);
    cr_expect_eq(tocsin_tag(NULL, "v"), TOCSIN_E_BAD);
    tocsin_capture(TOCSIN_INFO, NULL, "m", 0);

    const char *body = only_body();
    HOLDS(body, "\"k0\":\"w\"");
    LACKS(body, "\"k1\":");
    cr_expect_eq(count_of(body, "\":\"v\""), TOCSIN_TAGS_MAX - 2);
}

Test(tocsin, a_scope_that_is_full_stays_as_it_was, .init = opened, .fini = closed)
{
    char json[TOCSIN_CONTEXT_MAX + 2];
    memset(json, 'x', sizeof json);
    memcpy(json, "{\"a\":\"", 6);
    memcpy(json + TOCSIN_CONTEXT_MAX - 2, "\"}", 3);
    cr_expect_eq(tocsin_context("c1", json), TOCSIN_OK);
    cr_expect_eq(tocsin_context("c2", json), TOCSIN_OK);
    cr_expect_eq(tocsin_context("c3", json), TOCSIN_OK);
    cr_expect_eq(tocsin_context("c4", json), TOCSIN_E_FULL);
    cr_expect_eq(tocsin_context("c3", NULL), TOCSIN_OK);
    cr_expect_eq(tocsin_context("c5", "{}"), TOCSIN_OK);
    memcpy(json + TOCSIN_CONTEXT_MAX - 2, "x\"}", 4);
    cr_expect_eq(tocsin_context("long", json), TOCSIN_E_BAD, "one byte past the bound");
    tocsin_capture(TOCSIN_INFO, NULL, "m", 0);

    const char *body = only_body();
    HOLDS(body, "\"c2\":{");
    HOLDS(body, "\"c5\":{}");
    LACKS(body, "\"c3\":");
    LACKS(body, "\"c4\":");
}

Test(tocsin, a_context_must_be_one_json_object, .init = opened, .fini = closed)
{
    static const char *const good[] = {"{}", " { } ", "{\"a\":1}",
                                       "{\"a\":-0.5e+10,\"b\":[],\"c\":[{}, [1 ,\"\\u00e9\\n\"]]}",
                                       "{\"a\":true,\"b\":false,\"c\":null}"};
    static const char *const bad[] = {"",
                                      "1",
                                      "[]",
                                      "{",
                                      "}",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{a:1}",
                                      "{\"a\":1,}",
                                      "{,}",
                                      "{\"a\":01}",
                                      "{\"a\":1.}",
                                      "{\"a\":.5}",
                                      "{\"a\":1e}",
                                      "{\"a\":tru}",
                                      "{\"a\":\"\\x\"}",
                                      "{\"a\":\"\\u12\"}",
                                      "{\"a\":\"\xff\"}",
                                      "{\"a\":\"\n\"}",
                                      "{} {}",
                                      "{\"a\":[1,]}",
                                      "{\"a\":[}]",
                                      "{\"a\":1]",
                                      "{\"a\":\"open}",
                                      "{\"a\" 1}",
                                      "{\"a\":-}",
                                      "{1:2}"};
    char deep[80] = "";
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cr_expect_eq(tocsin_context("c", good[i]), TOCSIN_OK, "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_eq(tocsin_context("c", bad[i]), TOCSIN_E_BAD, "%s", bad[i]);
    }
    memcpy(deep, "{\"a\":", 5);
    memset(deep + 5, '[', 31);
    memset(deep + 36, ']', 31);
    deep[67] = '}';
    cr_expect_eq(tocsin_context("c", deep), TOCSIN_OK, "32 levels");
    memset(deep + 5, '[', 32);
    memset(deep + 37, ']', 32);
    deep[69] = '}';
    cr_expect_eq(tocsin_context("c", deep), TOCSIN_E_BAD, "33 levels");
    cr_expect_eq(tocsin_context("os", "{}"), TOCSIN_E_BAD, "ours");
}

Test(tocsin, a_draft_carries_everything, .init = opened, .fini = closed)
{
    static const char *const tags[] = {"step", "3", NULL};
    static const char *const causes[] = {"errno", "disk full", "db", "cannot write", NULL};
    static const char *const fingerprint[] = {"ledger", "write", NULL};
    tocsin_draft draft = {.size = sizeof draft,
                          .level = TOCSIN_ERROR,
                          .type = "ledger",
                          .message = "lost a row",
                          .logger = "books",
                          .transaction = "close day",
                          .tags = tags,
                          .causes = causes,
                          .fingerprint = fingerprint,
                          .extra = "{\"row\":42}"};
    tocsin_tag("colour", "red");

    cr_assert_eq(tocsin_capture_event(&draft), TOCSIN_OK);

    const char *body = only_body();
    HOLDS(body, "\"tags\":{\"colour\":\"red\",\"step\":\"3\"}");
    HOLDS(body, "\"values\":[{\"type\":\"errno\",\"value\":\"disk full\"},"
                "{\"type\":\"db\",\"value\":\"cannot write\"},{\"type\":\"ledger\"");
    HOLDS(body, "\"fingerprint\":[\"ledger\",\"write\"]");
    HOLDS(body, "\"logger\":\"books\",\"transaction\":\"close day\"");
    HOLDS(body, "\"extra\":{\"row\":42}");
}

Test(tocsin, a_list_that_does_not_fit_is_left_out_whole, .init = opened, .fini = closed)
{
    char big[4000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    const char *const tags[] = {"small", "1", "big", big, NULL};
    const char *const fingerprint[] = {"f", NULL};
    tocsin_draft draft = {
        .size = sizeof draft, .message = "m", .tags = tags, .fingerprint = fingerprint};

    cr_assert_eq(tocsin_capture_event(&draft), TOCSIN_OK);

    const char *body = only_body();
    LACKS(body, "small");
    HOLDS(body, "\"fingerprint\":[\"f\"]");
}

Test(tocsin, a_security_event_names_its_actor, .init = opened, .fini = closed)
{
    tocsin_user("service", NULL, NULL);

    tocsin_security("login_failed", TOCSIN_WARNING, "alice", "203.0.113.9", "wrong password");

    const char *body = only_body();
    HOLDS(body, "\"user\":{\"username\":\"alice\",\"ip_address\":\"203.0.113.9\"}");
    HOLDS(body, "\"security\":{\"kind\":\"login_failed\",\"actor\":\"alice\"");
    HOLDS(body, "\"fingerprint\":[\"security\",\"login_failed\"]");
    HOLDS(body, "\"tags\":{\"security.kind\":\"login_failed\"}");
    LACKS(body, "service");
    cr_expect_eq(tocsin_security(NULL, TOCSIN_INFO, "a", NULL, "m"), TOCSIN_E_BAD);
}

Test(tocsin, the_worst_security_text_still_makes_json, .init = opened, .fini = closed)
{
    char worst[200];
    memset(worst, '\x01', sizeof worst - 1);
    worst[sizeof worst - 1] = '\0';

    tocsin_security(worst, TOCSIN_INFO, worst, worst, worst);

    const char *body = only_body();
    size_t n = strlen(body);
    cr_expect_str_eq(body + n - 2, "}\n");
    HOLDS(body, "\"logger\":\"security\"");
    HOLDS(body, "\\u0001\"]"); /* the fingerprint, written last, is closed */
}

Test(tocsin, sampling_drops_captures_but_no_security_event)
{
    tocsin_options o = options();
    o.sample_rate = -1;
    open_with(o);

    cr_expect_eq(tocsin_capture(TOCSIN_ERROR, "t", "m", 0), TOCSIN_E_SAMPLED);
    cr_expect_eq(tocsin_security("k", TOCSIN_INFO, "a", NULL, "m"), TOCSIN_OK);
    cr_expect_eq(tocsin_check_in("s", TOCSIN_CHECK_OK, 1, NULL, NULL), TOCSIN_OK);

    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    cr_expect_eq(n_bodies, 2);
    HOLDS(bodies[0], "{\"reason\":\"sample_rate\",\"category\":\"error\",\"quantity\":1}");
    closed();
}

Test(tocsin, the_newest_hundred_breadcrumbs_go_along, .init = opened, .fini = closed)
{
    char text[16];
    for (int i = 0; i < 150; i++) {
        snprintf(text, sizeof text, "step %d.", i);
        tocsin_breadcrumb(TOCSIN_INFO, "c", text);
    }
    tocsin_capture(TOCSIN_ERROR, "t", "m", 0);
    tocsin_breadcrumb(TOCSIN_INFO, "c", "later");

    const char *body = only_body();
    cr_expect_eq(count_of(body, "\"category\":\"c\""), TOCSIN_CRUMBS_MAX);
    LACKS(body, "step 49.");
    LACKS(body, "later");
    cr_assert_lt(strstr(body, "step 50."), strstr(body, "step 149."));
}

Test(tocsin, the_stack_begins_at_the_caller, .init = opened, .fini = closed)
{
    tocsin_capture(TOCSIN_ERROR, "t", "m", TOCSIN_STACK);
    const uintptr_t here = (uintptr_t) && after;
after:;
    const char *body = only_body(), *at = NULL;
    cr_expect_geq(count_of(body, "instruction_addr"), 3);
    for (const char *p = strstr(body, "\"instruction_addr\":\"0x"); p;
         p = strstr(p + 1, "\"instruction_addr\":\"0x")) {
        at = p;
    }
    cr_assert_not_null(at);
    uintptr_t newest = strtoull(at + strlen("\"instruction_addr\":\"0x"), NULL, 16);
    cr_expect_lt(newest > here ? newest - here : here - newest, 4096, "%lx is not near %lx",
                 (unsigned long)newest, (unsigned long)here);
    HOLDS(body, "\"debug_meta\":{\"images\":[{\"type\":\"elf\"");
}

Test(tocsin, check_ins_share_their_id, .init = opened, .fini = closed)
{
    char id[33] = "", part[64];

    cr_expect_eq(tocsin_check_in("job", TOCSIN_IN_PROGRESS, -1, "every 10 minutes", id), TOCSIN_OK);
    cr_expect_eq(tocsin_check_in("job", TOCSIN_CHECK_ERROR, 2.5, "0 3 * * *", id), TOCSIN_OK);
    cr_expect_eq(tocsin_check_in("job", TOCSIN_CHECK_OK, 1, "every day", NULL), TOCSIN_E_BAD);
    cr_expect_eq(tocsin_check_in("", TOCSIN_CHECK_OK, 1, NULL, NULL), TOCSIN_E_BAD);
    cr_expect_eq(tocsin_check_in("job", 9, 1, NULL, NULL), TOCSIN_E_BAD);

    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    cr_assert_eq(n_bodies, 2);
    snprintf(part, sizeof part, "\"check_in_id\":\"%s\"", id);
    HOLDS(bodies[0], part);
    HOLDS(bodies[1], part);
    HOLDS(bodies[0], "\"schedule\":{\"type\":\"interval\",\"value\":10,\"unit\":\"minute\"}");
    HOLDS(bodies[1], "\"schedule\":{\"type\":\"crontab\",\"value\":\"0 3 * * *\"}");
    HOLDS(bodies[1], "\"status\":\"error\",\"duration\":2.5");
    LACKS(bodies[0], "duration");
}

Test(tocsin, a_session_counts_errors_and_ends_once, .init = opened, .fini = closed)
{
    cr_expect_eq(tocsin_session_end(TOCSIN_EXITED), TOCSIN_E_BAD, "none is running");
    cr_assert_eq(tocsin_session_start(), TOCSIN_OK);
    tocsin_capture(TOCSIN_ERROR, "t", "m", 0);
    tocsin_capture(TOCSIN_INFO, NULL, "m", 0);
    cr_assert_eq(tocsin_session_end(TOCSIN_ABNORMAL), TOCSIN_OK);
    cr_expect_eq(tocsin_session_end(TOCSIN_EXITED), TOCSIN_E_BAD);

    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    cr_assert_eq(n_bodies, 3);
    HOLDS(bodies[2], "\"init\":true");
    HOLDS(bodies[2], "\"errors\":1,\"status\":\"abnormal\"");
    HOLDS(bodies[2], "\"attrs\":{\"release\":\"unit@1\",\"environment\":\"production\"}");
}

Test(tocsin, a_full_queue_drops_and_tells, .fini = closed)
{
    tocsin_options o = options();
    tocsin_stats_t s = {.size = sizeof s};
    int full = 0;
    o.queue_slots = 8;
    open_with(o);

    pthread_mutex_lock(&gate);
    for (int i = 0; i < 40; i++) {
        full += tocsin_capture(TOCSIN_ERROR, "t", "m", 0) == TOCSIN_E_FULL;
    }
    tocsin_stats(&s);
    pthread_mutex_unlock(&gate);

    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    cr_expect_geq(full, 31);
    cr_expect_eq(s.overflow, (unsigned long)full);
    char part[80];
    int told = 0;
    snprintf(part, sizeof part, "\"quantity\":%d}", full);
    for (int i = 0; i < n_bodies; i++) {
        told += strstr(bodies[i], "queue_overflow") && strstr(bodies[i], part);
    }
    cr_expect_eq(told, 1);
}

static int drop_odd_levels(tocsin_event *event, void *ctx)
{
    ++*(int *)ctx;
    event->message[0] = 'M';
    event->level = TOCSIN_FATAL;
    return tocsin_capture(TOCSIN_ERROR, "t", "inside", 0) != TOCSIN_E_BUSY || event->type[0] == 'd';
}

Test(tocsin, before_send_may_rewrite_and_drop, .fini = closed)
{
    int calls = 0;
    tocsin_options o = options();
    o.before_send = drop_odd_levels;
    o.ctx = &calls;
    open_with(o);

    tocsin_capture(TOCSIN_ERROR, "keep", "message", 0);
    tocsin_capture(TOCSIN_ERROR, "drop", "message", 0);

    const char *body = only_body();
    cr_expect_eq(calls, 2);
    HOLDS(body, "\"value\":\"Message\"");
    HOLDS(body, "\"level\":\"fatal\"");
}

Test(tocsin, rate_limits_hold_their_category_only, .init = opened, .fini = closed)
{
    tocsin_stats_t s = {.size = sizeof s};
    answer_limits = "1.5:nonsense:key, 600.5:error;bogus:organization:why:ns";
    tocsin_capture(TOCSIN_ERROR, "t", "first", 0);
    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    answer_limits = "1:error:key"; /* shorter: the longer one stays */
    tocsin_check_in("job", TOCSIN_CHECK_OK, 1, NULL, NULL);
    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    tocsin_capture(TOCSIN_ERROR, "t", "held", 0);
    tocsin_capture(TOCSIN_INFO, NULL, "held too", 0);
    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    tocsin_stats(&s);

    cr_expect_eq(n_bodies, 2);
    cr_expect_eq(s.limited, 2);
}

Test(tocsin, errno_survives_every_call, .init = opened, .fini = closed)
{
    errno = 4242;
    tocsin_capture(TOCSIN_ERROR, "t", "m", TOCSIN_STACK);
    tocsin_capturef(TOCSIN_ERROR, "t", "%s", "m");
    tocsin_breadcrumb(TOCSIN_INFO, "c", "m");
    tocsin_tag("k", "v");
    tocsin_context("c", "{}");
    tocsin_session_start();
    tocsin_modules_changed();
    tocsin_flush(1000);

    cr_expect_eq(errno, 4242);
}

Test(tocsin, every_result_has_a_text)
{
    for (int i = TOCSIN_E_BUSY; i <= TOCSIN_OK; i++) {
        cr_expect_str_neq(tocsin_strerror(i), "unknown result");
    }
    cr_expect_str_eq(tocsin_strerror(1), "unknown result");
    cr_expect_str_eq(tocsin_strerror(TOCSIN_E_BUSY - 1), "unknown result");
}
