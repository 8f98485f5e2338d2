/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/applier.h"

#include "tests/support/books.h"
#include <criterion/criterion.h>

static struct books books;
static struct applier *applier = &books.applier;

static void set_up(void)
{
    books_open(&books);
}

static void tear_down(void)
{
    books_close(&books);
}

TestSuite(applier, .init = set_up, .fini = tear_down, .timeout = 60);

static int64_t stand_in_redis(uint32_t partition)
{
    char node[ID_HEX_BYTES + 1];
    id_format(applier->node, node);
    redisReply *reply = redis_command(books.link, "HGET t:{%02u}:applied %s", partition, node);
    int64_t stands = redis_number(reply);
    freeReplyObject(reply);
    return stands;
}

static void set_in_redis(uint32_t partition, int stands)
{
    char node[ID_HEX_BYTES + 1];
    id_format(applier->node, node);
    freeReplyObject(
        redis_command(books.link, "HSET t:{%02u}:applied %s %d", partition, node, stands));
}

Test(applier, a_commit_moves_only_the_partitions_it_has_events_for)
{
    struct effect event = books_event("e1", "h1");
    struct effect other = books_event("e2", "h1");
    other.project = other.partition = 9;
    books_add(&books, &event);
    books_add(&books, &other);
    books.sequence = 40;

    books_commit(&books);

    cr_expect(stand_in_redis(7) == 40 && stand_in_redis(9) == 40 && stand_in_redis(8) == 0);
    cr_expect(applier->stands[7] == 40 && applier->stands[8] == 0);
    cr_expect(applier_low(applier) == 0 && applier_high(applier) == 40);
    cr_expect_eq(batch_count(applier->batch), 0);
}

Test(applier, advancing_moves_all_that_are_behind)
{
    applier->stands[3] = 5;
    set_in_redis(3, 5);

    cr_assert(applier_advance(applier, 50));
    uint64_t commands = applier->counts.commands;
    cr_assert(applier_advance(applier, 50));

    cr_expect(applier_low(applier) == 50 && applier_high(applier) == 50);
    cr_expect(stand_in_redis(0) == 50 && stand_in_redis(3) == 50 && stand_in_redis(63) == 50);
    cr_expect_eq(applier->counts.commands, commands, "nothing to say the second time");
}

Test(applier, a_new_connection_finds_where_each_partition_stands)
{
    cr_assert(applier_advance(applier, 50));
    set_in_redis(3, 20);
    applier_disconnect(applier);

    cr_assert(applier_connect(applier, UINT64_MAX));

    cr_expect(applier->stands[3] == 20 && applier->stands[4] == 50);
    cr_expect_eq(applier_low(applier), 20);
    cr_expect_eq(applier->counts.connects, 2);
}

Test(applier, a_partition_past_what_the_journal_held_is_set_back)
{
    cr_assert(applier_advance(applier, 50));
    set_in_redis(3, 20);

    cr_assert(applier_connect(applier, 30));

    cr_expect(stand_in_redis(3) == 20 && stand_in_redis(4) == 30);
    cr_expect(applier_low(applier) == 20 && applier_high(applier) == 30);
}

Test(applier, each_way_of_asking_notices_a_partition_that_was_moved)
{
    struct effect event = books_event("e1", "h1");
    for (int way = 0; way < 3; way++) {
        cr_assert(applier_connect(applier, UINT64_MAX));
        uint64_t before = applier->counts.mismatches;
        set_in_redis(7, 100 + way);
        books.sequence = 200;
        books_add(&books, &event);
        bool is_fine = way == 0   ? applier_commit(applier, 201)
                       : way == 1 ? applier_advance(applier, 201)
                                  : applier_check(applier, 7);

        cr_expect(!is_fine && !applier_is_connected(applier), "way %d", way);
        cr_expect_eq(applier->counts.mismatches, before + 1, "way %d", way);
        cr_expect(strstr(applier->error, "partition 7 stands at 10") != NULL, "%s", applier->error);
        cr_expect_eq(batch_count(applier->batch), 0, "way %d", way);
    }
}

Test(applier, an_unmoved_partition_passes_the_check)
{
    cr_assert(applier_advance(applier, 9));

    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        cr_expect(applier_check(applier, i));
    }
}

Test(applier, a_refusal_closes_and_is_told)
{
    struct effect event = books_event("e1", "h1");
    freeReplyObject(redis_command(books.link, "CONFIG SET maxmemory 1"));
    books_add(&books, &event);

    cr_expect(!applier_commit(applier, books.sequence));

    cr_expect(strstr(applier->error, "OOM") != NULL, "%s", applier->error);
    cr_expect(!applier_is_connected(applier) && stand_in_redis(7) == 0);
}

Test(applier, a_link_that_breaks_closes_and_is_told)
{
    struct effect event = books_event("e1", "h1");
    redis_server_kill(&books.server);
    books_add(&books, &event);

    cr_expect(!applier_commit(applier, books.sequence));
    cr_expect(!applier_connect(applier, UINT64_MAX));

    cr_expect(strlen(applier->error) > 0 && !applier_is_connected(applier));
}

Test(applier, two_nodes_stand_each_for_itself)
{
    struct applier other;
    struct id node = {"another"};
    cr_assert(applier_advance(applier, 50));
    applier_init(&other, &books.options, node, 3600);
    cr_assert(applier_connect(&other, 0));

    cr_expect_eq(applier_high(&other), 0);
    cr_assert(applier_advance(&other, 3));
    cr_expect_eq(stand_in_redis(7), 50);
    applier_done(&other);
}
