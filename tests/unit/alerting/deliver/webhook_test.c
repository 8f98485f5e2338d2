/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/webhook.h"
#include "ingest/base/limits.h"
#include "ingest/base/yaml.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

struct fixture {
    struct arena arena;
    struct problems problems;
    struct endpoint endpoint;
};

static void read(struct fixture *f, const char *yaml)
{
    struct value *documents = NULL;
    *f = (struct fixture){0};
    cr_assert(arena_init(&f->arena, 4 << 20));
    problems_init(&f->problems, &f->arena);
    struct reading reading = {&f->arena, &f->problems, SLICE("c.yml")};
    cr_assert(yaml_parse(&f->arena, slice_str(yaml), SLICE("c.yml"), &f->problems, &documents));
    webhook_read(&f->endpoint, value_first(documents), &reading);
}

Test(webhook, defaults_are_alertmanagers)
{
    struct fixture f;
    read(&f, "url: https://hooks.example/x\n");

    cr_expect_eq(f.problems.errors, 0);
    cr_expect(slice_eq(f.endpoint.url, SLICE("https://hooks.example/x")));
    cr_expect(f.endpoint.send_resolved);
    cr_expect_eq(f.endpoint.max_alerts, 0);
    cr_expect_eq(f.endpoint.secret.len, 0);
    cr_expect_eq(f.endpoint.timeout_ms, 10000);
    arena_done(&f.arena);
}

Test(webhook, all_keys_are_read)
{
    struct fixture f;
    read(&f, "url: http://127.0.0.1:9/x\nsecret: " SECRET
             "\nsend_resolved: false\nmax_alerts: 5\ntimeout: 2s\n"
             "headers: {Authorization: Bearer xyz, X-Team: '7'}\n");

    cr_expect_eq(f.problems.errors, 0);
    cr_expect_not(f.endpoint.send_resolved);
    cr_expect_eq(f.endpoint.max_alerts, 5);
    cr_expect_eq(f.endpoint.secret.len, 24);
    cr_expect_eq(f.endpoint.timeout_ms, 2000);
    cr_expect_eq(f.endpoint.header_count, 2);
    arena_done(&f.arena);
}

Test(webhook, secret_may_lie_in_a_file)
{
    char folder[64];
    char path[80];
    char yaml[256];
    struct fixture f;
    place_scratch(folder);
    snprintf(path, sizeof(path), "%s/hook", folder);
    FILE *file = fopen(path, "w");
    fputs(SECRET "\n", file);
    fclose(file);
    snprintf(yaml, sizeof(yaml), "url: https://h.example\nsecret_file: %s\n", path);

    read(&f, yaml);

    cr_expect_eq(f.problems.errors, 0);
    cr_expect_eq(f.endpoint.secret.len, 24);
    place_remove(folder);
    arena_done(&f.arena);
}

Test(webhook, mistakes_are_told_with_their_place)
{
    static const struct {
        const char *yaml;
        const char *expected; /* how the first problem begins */
    } cases[] = {
        {"send_resolved: true\n", "c.yml:1:1: a webhook needs its 'url'"},
        {"url: 'not a url'\n", "c.yml:1:6: 'url' is not a URL"},
        {"url: hooks.example/x\n", "c.yml:1:6: 'url' is not a URL"},
        {"url: file:///etc/passwd\n", "c.yml:1:6: 'url' "},
        {"url: ftp://h.example/\n", "c.yml:1:6: 'url' may be http"},
        {"url: https://h\nsecret: hunter2\n", "c.yml:2:9: a secret is 'whsec_'"},
        {"url: https://h\nsecret_file: /nonexistent\n", "c.yml:2:14: 'secret_file': No such file"},
        {"url: https://h\nsecret: " SECRET "\nsecret_file: /x\n",
         "c.yml:3:14: 'secret_file': give 'secret' or"},
        {"url: https://h\ntimeout: 1h\n", "c.yml:2:10: 'timeout' may be from 100ms to 30s"},
        {"url: https://h\ntimeout: 99ms\n", "c.yml:2:10: 'timeout' may be from"},
        {"url: https://h\nurls: x\n", "c.yml:2:7: a webhook has no 'urls'; did you mean 'url'?"},
        {"url: https://h\nheaders: {Host: x}\n", "c.yml:2:17: header 'Host': Tocsin writes"},
        {"url: https://h\nheaders: {'a b': x}\n", "c.yml:2:18: header 'a b': not a name"},
        {"url: https://h\nheaders: {a: \"b\\r\\nc: d\"}\n", "c.yml:2:14: header 'a': not a name"},
        {"url: https://h\nheaders: [a]\n", "c.yml:2:10: 'headers' are"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture f;
        struct slice text = {NULL, 0};
        read(&f, cases[i].yaml);

        if (f.problems.first != NULL) {
            text = problem_text(f.problems.first, &f.arena);
        }

        cr_expect(slice_starts(text, slice_str(cases[i].expected)), "%s: %.*s", cases[i].yaml,
                  SLICE_ARG(text));
        cr_expect_eq(f.problems.errors, 1, "%s: %u", cases[i].yaml, f.problems.errors);
        arena_done(&f.arena);
    }
}

Test(webhook, one_attempt_carries_its_time_and_signature)
{
    struct slice id = SLICE("ntf_0123456789abcdef0123456789abcdef");
    struct buffer out;
    struct fixture f;
    read(&f, "url: https://h\nsecret: " SECRET "\nheaders: {X-Team: a}\n");
    buffer_init(&out, 4096);

    webhook_headers(&f.endpoint, id, SLICE("{}"), INT64_C(1614265330999999), &out);

    struct slice expected = SLICE("Content-Type: application/json\n"
                                  "webhook-id: ntf_0123456789abcdef0123456789abcdef\n"
                                  "webhook-timestamp: 1614265330\n"
                                  "webhook-signature: v1,");
    cr_expect(slice_starts(buffer_slice(&out), expected), "%.*s", SLICE_ARG(buffer_slice(&out)));
    cr_expect(slice_ends(buffer_slice(&out), SLICE("=\nX-Team: a\n")));
    buffer_done(&out);
    arena_done(&f.arena);
}
