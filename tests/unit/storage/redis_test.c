/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/redis.h"

#include "ingest/base/limits.h"
#include "tests/support/redis.h"
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

Test(redis, urls_are_understood)
{
    static const struct {
        const char *url;
        struct redis_options expected;
    } cases[] = {
        {"unix:/run/redis.sock", {.path = "/run/redis.sock"}},
        {"unix:relative.sock", {.path = "relative.sock"}},
        {"unix:/a%20b", {.path = "/a b"}},
        {"redis://localhost", {.host = "localhost", .port = 6379}},
        {"redis://localhost/", {.host = "localhost", .port = 6379}},
        {"redis://10.0.0.1:7000/3", {.host = "10.0.0.1", .port = 7000, .database = 3}},
        {"redis://[::1]:7000", {.host = "::1", .port = 7000}},
        {"redis://[::1]", {.host = "::1", .port = 6379}},
        {"redis://secret@h", {.host = "h", .port = 6379, .password = "secret"}},
        {"redis://:secret@h", {.host = "h", .port = 6379, .password = "secret"}},
        {"redis://ada:p%40ss%2F@h:1", {.host = "h", .port = 1, .user = "ada", .password = "p@ss/"}},
        {"redis://ada:p@s@h/1",
         {.host = "h", .port = 6379, .user = "ada", .password = "p@s", .database = 1}},
        {"redis://ada:a/b@h/1",
         {.host = "h", .port = 6379, .user = "ada", .password = "a/b", .database = 1}}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct redis_options options;
        const struct redis_options *expected = &cases[i].expected;
        cr_assert(!fault_is(redis_parse(slice_str(cases[i].url), &options)), "%s", cases[i].url);
        cr_expect_str_eq(options.path, expected->path);
        cr_expect_str_eq(options.host, expected->host);
        cr_expect_str_eq(options.user, expected->user);
        cr_expect_str_eq(options.password, expected->password);
        cr_expect(options.port == expected->port && options.database == expected->database, "%s",
                  cases[i].url);
        cr_expect(options.connect_ms == REDIS_CONNECT_MS && options.command_ms == REDIS_COMMAND_MS);
    }
}

Test(redis, what_is_no_url_is_refused_with_its_place)
{
    static const struct {
        const char *url;
        enum fault_kind kind;
        size_t offset;
    } cases[] = {{"", FAULT_MALFORMED, 0},
                 {"localhost:6379", FAULT_MALFORMED, 0},
                 {"unix:", FAULT_MALFORMED, 0},
                 {"unix:/a%2", FAULT_MALFORMED, 0},
                 {"unix:/a%00", FAULT_MALFORMED, 0},
                 {"rediss://h", FAULT_UNSUPPORTED, 0},
                 {"redis+cluster://h", FAULT_UNSUPPORTED, 0},
                 {"redis://", FAULT_MALFORMED, 8},
                 {"redis://h:0", FAULT_MALFORMED, 8},
                 {"redis://h:65536", FAULT_MALFORMED, 8},
                 {"redis://h:x", FAULT_MALFORMED, 8},
                 {"redis://[::1", FAULT_MALFORMED, 8},
                 {"redis://h/x", FAULT_MALFORMED, 10},
                 {"redis://h/1/2", FAULT_MALFORMED, 10},
                 {"redis://%zz@h", FAULT_MALFORMED, 8}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct redis_options options = {.port = 42};
        struct fault fault = redis_parse(slice_str(cases[i].url), &options);
        cr_expect_eq(fault.kind, cases[i].kind, "%s", cases[i].url);
        cr_expect(fault.kind != FAULT_MALFORMED || fault.offset == cases[i].offset, "%s: %d",
                  cases[i].url, (int)fault.offset);
        cr_expect_eq(options.port, 42, "untouched");
    }
}

Test(redis, a_part_may_have_255_bytes_and_not_one_more)
{
    char url[5 + REDIS_PART_BYTES_MAX + 1] = "unix:";
    struct redis_options options;
    memset(url + 5, 'x', REDIS_PART_BYTES_MAX);

    cr_expect(fault_is(redis_parse(slice_of(url, 5 + REDIS_PART_BYTES_MAX), &options)));
    cr_expect(!fault_is(redis_parse(slice_of(url, 4 + REDIS_PART_BYTES_MAX), &options)));
}

static struct redis_server server;
static struct redis_options options;
static struct redis *client;

static void set_up(void)
{
    redis_server_start(&server);
    cr_assert(!fault_is(redis_parse(slice_str(server.url), &options)));
    options.command_ms = 100;
    client = redis_new(&options);
}

static void tear_down(void)
{
    redis_free(client);
    redis_server_stop(&server);
}

TestSuite(redis_link, .init = set_up, .fini = tear_down, .timeout = 60);

static void command(const char *format, int number)
{
    redisReply *reply = redis_command(client, format, number);
    cr_assert(reply != NULL && reply->type != REDIS_REPLY_ERROR);
    freeReplyObject(reply);
}

Test(redis_link, says_why_there_is_no_connection)
{
    cr_expect(!redis_is_connected(client));
    cr_expect(strstr(redis_error(client), "not connected") != NULL);
    cr_expect(redis_command(client, "PING") == NULL && redis_reply(client) == NULL);
    cr_expect(!redis_append(client, 1, &SLICE("PING")));
    redis_server_kill(&server);

    cr_expect(!redis_connect(client));
    cr_expect(strstr(redis_error(client), server.socket) != NULL, "%s", redis_error(client));
}

Test(redis_link, replies_come_in_the_order_of_what_was_appended)
{
    const struct slice set[] = {SLICE("SET"), SLICE("k"), slice_of("a\0b", 3)};
    const struct slice get[] = {SLICE("GET"), SLICE("k")};
    cr_assert(redis_connect(client));
    cr_assert(redis_append(client, 3, set) && redis_append(client, 2, get));

    redisReply *first = redis_reply(client);
    redisReply *second = redis_reply(client);
    cr_expect(slice_eq(redis_text(first), SLICE("OK")));
    cr_expect(slice_eq(redis_text(second), slice_of("a\0b", 3)));
    freeReplyObject(first);
    freeReplyObject(second);
}

Test(redis_link, a_reply_that_does_not_come_in_time_closes_it)
{
    cr_assert(redis_connect(client));
    cr_assert(kill(server.pid, SIGSTOP) == 0);

    cr_expect(redis_command(client, "PING") == NULL);
    cr_expect(!redis_is_connected(client));
    cr_expect(strstr(redis_error(client), "no answer in time") != NULL, "%s", redis_error(client));

    cr_assert(kill(server.pid, SIGCONT) == 0);
    cr_assert(redis_connect(client));
    command("PING", 0);
}

Test(redis_link, a_refusal_keeps_it_open)
{
    cr_assert(redis_connect(client));

    redisReply *reply = redis_command(client, "NOSUCH");
    redis_refused(client, reply);

    cr_expect(reply->type == REDIS_REPLY_ERROR && redis_is_connected(client));
    cr_expect(strstr(redis_error(client), "unknown command") != NULL);
    cr_expect_eq(redis_number(reply), 0);
    freeReplyObject(reply);
}

Test(redis_link, numbers_are_read_from_integers_and_texts)
{
    cr_assert(redis_connect(client));
    command("SET n 9223372036854775807", 0);
    redisReply *text = redis_command(client, "GET n");
    redisReply *number = redis_command(client, "STRLEN n");
    redisReply *none = redis_command(client, "GET nothing");

    cr_expect_eq(redis_number(text), INT64_MAX);
    cr_expect_eq(redis_number(number), 19);
    cr_expect(redis_number(none) == 0 && redis_text(none).len == 0);
    cr_expect(redis_number(NULL) == 0 && redis_text(NULL).len == 0);
    freeReplyObject(text);
    freeReplyObject(number);
    freeReplyObject(none);
}

/* A port nobody has now. */
static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(bind(fd, (struct sockaddr *)&address, size) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    (void)close(fd);
    return ntohs(address.sin_port);
}

Test(redis_link, over_tcp_it_authenticates_and_selects)
{
    char url[96];
    int port = free_port();
    cr_assert(redis_connect(client));
    command("CONFIG SET port %d", port);
    command("ACL SETUSER ada on >secret ~* +@all", 0);
    command("CONFIG SET requirepass common", 0);
    static const struct {
        const char *credentials;
        bool is_let_in;
    } cases[] = {{"ada:secret@", true}, {"common@", true}, {"ada:wrong@", false}, {"bad@", false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct redis_options tcp;
        (void)snprintf(url, sizeof url, "redis://%s127.0.0.1:%d/2", cases[i].credentials, port);
        cr_assert(!fault_is(redis_parse(slice_str(url), &tcp)));
        struct redis *other = redis_new(&tcp);
        cr_expect_eq(redis_connect(other), cases[i].is_let_in, "%s", url);
        if (cases[i].is_let_in) {
            redisReply *reply = redis_command(other, "CLIENT INFO");
            cr_expect(slice_search(redis_text(reply), SLICE("db=2")) < redis_text(reply).len);
            freeReplyObject(reply);
        } else {
            cr_expect(strstr(redis_error(other), "WRONGPASS") != NULL, "%s", redis_error(other));
            cr_expect(!redis_is_connected(other));
        }
        redis_free(other);
    }
}
