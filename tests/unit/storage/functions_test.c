/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/functions.h"

#include "ingest/base/fault.h"
#include "tests/support/redis.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct redis_server server;
static struct redis *link;

static void set_up(void)
{
    struct redis_options options;
    redis_server_start(&server);
    cr_assert(!fault_is(redis_parse(slice_str(server.url), &options)));
    link = redis_new(&options);
    cr_assert(redis_connect(link));
}

static void tear_down(void)
{
    redis_free(link);
    redis_server_stop(&server);
}

TestSuite(functions, .init = set_up, .fini = tear_down, .timeout = 60);

/* How often FUNCTION LOAD was called. */
static int64_t loads(void)
{
    redisReply *reply = redis_command(link, "INFO commandstats");
    struct slice text = redis_text(reply);
    struct slice name = SLICE("cmdstat_function|load:calls=");
    size_t at = slice_search(text, name);
    int64_t count = at < text.len ? strtoll(text.at + at + name.len, NULL, 10) : 0;
    freeReplyObject(reply);
    return count;
}

static void expect_calls(void)
{
    redisReply *reply = redis_command(link, "FCALL tocsin_applied 1 t:{00}:applied node 0 5");
    cr_expect(slice_eq(redis_text(reply), SLICE("5")), "%s", reply->str);
    freeReplyObject(reply);
}

static void command(const char *text)
{
    redisReply *reply = redis_command(link, text);
    cr_assert(reply != NULL && reply->type != REDIS_REPLY_ERROR, "%s", text);
    freeReplyObject(reply);
}

Test(functions, each_library_is_named_in_its_first_line)
{
    size_t count = 0;
    const struct function_library *list = functions_list(&count);
    bool has_storage = false;

    for (size_t i = 0; i < count; i++) {
        char head[64];
        int len = snprintf(head, sizeof head, "#!lua name=%s\n", list[i].name);
        struct slice code = slice_of(list[i].code, list[i].code_bytes);
        cr_expect(slice_starts(code, slice_of(head, (size_t)len)), "%s", list[i].name);
        has_storage = has_storage || strcmp(list[i].name, "tocsin_storage") == 0;
    }
    cr_expect(has_storage);
}

Test(functions, are_loaded_once)
{
    size_t count = 0;
    (void)functions_list(&count);

    cr_assert(functions_load(link));
    cr_assert(functions_load(link));

    cr_expect_eq(loads(), (int64_t)count);
    expect_calls();
}

Test(functions, a_library_of_other_text_is_replaced)
{
    cr_assert(functions_load(link));
    command("FUNCTION DELETE tocsin_storage");
    redisReply *reply = redis_command(
        link, "FUNCTION LOAD %s",
        "#!lua name=tocsin_storage\nredis.register_function('tocsin_applied', function() "
        "return 'older' end)");
    cr_assert(reply->type != REDIS_REPLY_ERROR);
    freeReplyObject(reply);

    cr_assert(functions_load(link));
    expect_calls();
}

Test(functions, a_refusal_is_told_in_words)
{
    command("ACL SETUSER default -function|load");

    cr_expect(!functions_load(link));
    cr_expect(strstr(redis_error(link), "NOPERM") != NULL, "%s", redis_error(link));
}

Test(functions, a_broken_link_is_told)
{
    redis_server_kill(&server);

    cr_expect(!functions_load(link));
    cr_expect(!redis_is_connected(link));
}
