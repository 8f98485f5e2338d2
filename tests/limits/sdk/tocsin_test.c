/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds that tocsin.h promises, each reached and passed by one. Messages, contexts and tags
 * are in the unit test beside what else is told of them; the spool's are in tests/sdk. */
#include "tests/unit/sdk/opened.h"

/* `n` bytes that nothing else in a body looks like; `c` is the last. */
static const char *text_of(size_t n, char c)
{
    static char text[8192];
    cr_assert(n > 0 && n < sizeof text);
    memset(text, 'q', n);
    text[n - 1] = c;
    text[n] = '\0';
    return text;
}

/* The longest run of text_of in `body`. */
static size_t longest(const char *body)
{
    size_t most = 0;
    for (const char *p = strchr(body, 'q'); p; p = strchr(p, 'q')) {
        size_t n = strspn(p, "q");
        n += p[n] == 'Z'; /* an end that was not cut */
        most = n > most ? n : most;
        p += n;
    }
    return most;
}

/* What is left of texts of `max` and of `max` + 1 bytes, when `set` and then a capture have run. */
static void expect_bound(size_t max, void (*set)(const char *), const char *what)
{
    for (size_t more = 0; more <= 1; more++) {
        for (int i = 0; i < n_bodies; i++) {
            free(bodies[i]);
        }
        n_bodies = 0;
        set(text_of(max + more, 'Z'));
        tocsin_capture(TOCSIN_INFO, NULL, "m", 0);
        cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
        size_t found = 0;
        for (int i = 0; i < n_bodies; i++) {
            size_t n = longest(bodies[i]);
            found = n > found ? n : found;
        }
        cr_expect_eq(found, max, "%s of %zu bytes became %zu", what, max + more, found);
    }
}

static void as_error_type(const char *text)
{
    tocsin_capture(TOCSIN_ERROR, text, "m", 0);
}

static void as_tag_key(const char *text)
{
    tocsin_tag(text, "v");
}

static void as_tag_value(const char *text)
{
    tocsin_tag("k", text);
}

static void as_user_id(const char *text)
{
    tocsin_user(text, NULL, NULL);
}

static void as_user_email(const char *text)
{
    tocsin_user(NULL, text, NULL);
}

static void as_context_name(const char *text)
{
    tocsin_context(text, "{}");
}

static void as_category(const char *text)
{
    tocsin_breadcrumb(TOCSIN_INFO, text, "m");
}

static void as_crumb(const char *text)
{
    tocsin_breadcrumb(TOCSIN_INFO, "c", text);
}

static void as_slug(const char *text)
{
    tocsin_check_in(text, TOCSIN_CHECK_OK, 1, NULL, NULL);
}

Test(tocsin_limits, bytes_of_an_error_type, .init = opened, .fini = closed)
{
    expect_bound(TOCSIN_TYPE_MAX, as_error_type, "type");
}

Test(tocsin_limits, bytes_of_a_tag, .init = opened, .fini = closed)
{
    expect_bound(TOCSIN_VALUE_MAX, as_tag_value, "value");
    tocsin_tag("k", NULL);
    expect_bound(TOCSIN_KEY_MAX, as_tag_key, "key");
}

Test(tocsin_limits, bytes_of_a_user, .init = opened, .fini = closed)
{
    expect_bound(TOCSIN_VALUE_MAX, as_user_id, "id");
    expect_bound(TOCSIN_VALUE_MAX, as_user_email, "email");
}

Test(tocsin_limits, bytes_of_a_context_name, .init = opened, .fini = closed)
{
    expect_bound(TOCSIN_KEY_MAX, as_context_name, "name");
}

Test(tocsin_limits, bytes_of_a_breadcrumb_category, .init = opened, .fini = closed)
{
    expect_bound(TOCSIN_CATEGORY_MAX, as_category, "category");
}

Test(tocsin_limits, bytes_of_a_breadcrumb, .init = opened, .fini = closed)
{
    expect_bound(TOCSIN_CRUMB_MAX, as_crumb, "crumb");
}

Test(tocsin_limits, bytes_of_a_monitor_slug, .init = opened, .fini = closed)
{
    expect_bound(TOCSIN_TYPE_MAX, as_slug, "slug");
}

Test(tocsin_limits, contexts_at_once, .init = opened, .fini = closed)
{
    char name[16];
    for (int i = 0; i < TOCSIN_CONTEXTS_MAX; i++) {
        snprintf(name, sizeof name, "c%d", i);
        cr_assert_eq(tocsin_context(name, "{\"qq\":1}"), TOCSIN_OK);
    }
    cr_expect_eq(tocsin_context("one more", "{\"qq\":1}"), TOCSIN_E_FULL);
    cr_expect_eq(tocsin_context("c0", "{\"qq\":2}"), TOCSIN_OK, "in place of the old one");
    tocsin_capture(TOCSIN_INFO, NULL, "m", 0);
    cr_expect_eq(count_of(only_body(), "{\"qq\":"), TOCSIN_CONTEXTS_MAX);
}

/* 4 KiB of JSON for all of them; ours (os, device) take part of it. */
Test(tocsin_limits, scope_in_all, .init = opened, .fini = closed)
{
    char key[8];
    int set = 0;
    for (; set < TOCSIN_TAGS_MAX; set++) {
        snprintf(key, sizeof key, "k%d", set);
        if (tocsin_tag(key, text_of(TOCSIN_VALUE_MAX, 'q')) == TOCSIN_E_FULL) {
            break;
        }
    }
    cr_expect(set >= 16 && set <= 4096 / TOCSIN_VALUE_MAX, "%d tags of 200 bytes", set);
    tocsin_capture(TOCSIN_INFO, NULL, "m", 0);
    cr_expect_eq(count_of(only_body(), text_of(TOCSIN_VALUE_MAX, 'q')), set);
}

/* A draft's lists share 3 KiB: one tag that fills it goes, with a byte more it is left out. */
Test(tocsin_limits, json_of_a_draft, .init = opened, .fini = closed)
{
    size_t low = 2000, high = 3500;
    while (high - low > 1) {
        size_t n = low + (high - low) / 2;
        const char *tags[] = {"k", text_of(n, 'Z'), NULL};
        tocsin_draft draft = {.size = sizeof draft, .message = "m", .tags = tags};
        int before = n_bodies;
        cr_assert_eq(tocsin_capture_event(&draft), TOCSIN_OK);
        cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
        cr_assert_eq(n_bodies, before + 1);
        if (strstr(bodies[before], "qZ")) {
            low = n;
        } else {
            high = n;
            LACKS(bodies[before], "\"k\":");
        }
    }
    cr_expect(low <= 3072 && low > 3072 - 64, "%zu bytes went", low);
}

Test(tocsin_limits, extra_of_a_draft, .init = opened, .fini = closed)
{
    char json[TOCSIN_CONTEXT_MAX + 2] = "{\"a\":\"";
    tocsin_draft draft = {.size = sizeof draft, .message = "m", .extra = json};
    memset(json + 6, 'q', TOCSIN_CONTEXT_MAX - 8);
    memcpy(json + TOCSIN_CONTEXT_MAX - 2, "\"}", 3);
    tocsin_capture_event(&draft);
    memcpy(json + TOCSIN_CONTEXT_MAX - 2, "q\"}", 4);
    tocsin_capture_event(&draft);
    cr_assert_eq(tocsin_flush(2000), TOCSIN_OK);
    cr_assert_eq(n_bodies, 2);
    cr_expect_eq(longest(bodies[0]), TOCSIN_CONTEXT_MAX - 8);
    LACKS(bodies[1], "extra");
}

Test(tocsin_limits, slots_of_the_queue, .fini = closed)
{
    static const struct {
        unsigned asked, slots;
    } rows[] = {{0, 64}, {1, 2}, {64, 64}, {65, 128}, {1024, 1024}, {1025, 1024}, {~0u, 1024}};
    cr_assert_not_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tocsin_options o = options();
        tocsin_stats_t s = {.size = sizeof s};
        o.queue_slots = rows[i].asked;
        cr_assert_eq(tocsin_init(&o), TOCSIN_OK);
        pthread_mutex_lock(&gate); /* the one the sender has in hand keeps its slot */
        for (unsigned k = 0; k <= 1024; k++) {
            tocsin_capture(TOCSIN_ERROR, "t", "m", 0);
        }
        tocsin_stats(&s);
        cr_expect_eq(s.accepted, rows[i].slots, "%u gave %lu", rows[i].asked, s.accepted);
        cr_expect_eq(s.accepted + s.overflow, 1025);
        pthread_mutex_unlock(&gate);
        cr_assert_eq(tocsin_flush(20000), TOCSIN_OK);
        cr_assert_eq(tocsin_close(20000), TOCSIN_OK);
    }
}

static __attribute__((noinline)) int deep(int n)
{
    volatile char room[512] = {(char)n};
    return (n ? deep(n - 1) : tocsin_capture(TOCSIN_ERROR, "t", "m", TOCSIN_STACK)) + room[0] * 0;
}

/* How deep a stack is seen says how much of it was copied: frames of this function take 0.5 KiB. */
Test(tocsin_limits, bytes_of_stack, .fini = closed)
{
    static const struct {
        unsigned asked;
        int least, most;
    } rows[] = {{0, 6, 16},      {8192, 6, 16}, {32768, 24, 64},
                {32769, 24, 64}, {~0u, 24, 64}, {1, 1, 2}};
    cr_assert_not_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tocsin_options o = options();
        o.stack_bytes = rows[i].asked;
        cr_assert_eq(tocsin_init(&o), TOCSIN_OK);
        n_bodies = 0;
        cr_assert_eq(deep(100), TOCSIN_OK);
        int frames = count_of(only_body(), "instruction_addr");
        cr_expect(frames >= rows[i].least && frames <= rows[i].most, "%u: %d frames", rows[i].asked,
                  frames);
        free(bodies[0]);
        n_bodies = 0;
        cr_assert_eq(tocsin_close(2000), TOCSIN_OK);
    }
}

/* The DSN and the folder are 511 bytes at the most, with their NUL in 512. */
Test(tocsin_limits, bytes_of_dsn_and_folder)
{
    char dsn[600];
    for (size_t more = 0; more <= 1; more++) {
        tocsin_options o = options();
        int n = snprintf(dsn, sizeof dsn, "http://key@127.0.0.1:1/%s/7", text_of(486 + more, 'q'));
        cr_assert_eq(n, (int)(511 + more));
        o.dsn = dsn;
        cr_assert_not_null(mkdtemp(memcpy(folder, "/tmp/tocsin-unit-XXXXXX", sizeof folder)));
        cr_expect_eq(tocsin_init(&o), more ? TOCSIN_E_DSN : TOCSIN_OK);
        tocsin_close(100);
        rmdir(folder);
    }
}
