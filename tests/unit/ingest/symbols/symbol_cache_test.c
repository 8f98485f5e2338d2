/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/symbol_cache.h"
#include <criterion/criterion.h>

static struct symbol_key key(uint64_t inode, uint64_t address)
{
    return (struct symbol_key){{.inode = inode, .size = 5}, address};
}

static bool has(struct symbol_cache *cache, uint64_t inode, uint64_t address, const char *answer)
{
    struct symbol_key wanted = key(inode, address);
    return slice_eq(symbol_cache_get(cache, &wanted, 10), slice_str(answer));
}

static void put(struct symbol_cache *cache, uint64_t inode, uint64_t address, const char *answer)
{
    struct symbol_key wanted = key(inode, address);
    symbol_cache_put(cache, &wanted, slice_str(answer), INT64_MAX);
}

Test(symbol_cache, remembers_by_file_and_address)
{
    struct symbol_cache *cache = symbol_cache_new(4096);
    put(cache, 1, 7, "one");
    put(cache, 1, 8, "two");
    put(cache, 2, 7, "three");
    cr_expect(has(cache, 1, 7, "one") && has(cache, 1, 8, "two") && has(cache, 2, 7, "three"));
    cr_expect(has(cache, 3, 7, ""));
    put(cache, 1, 7, "another");
    cr_expect(has(cache, 1, 7, "another"));
    symbol_cache_free(cache);
    symbol_cache_free(NULL);
}

Test(symbol_cache, forgets_the_least_recently_asked)
{
    struct symbol_cache *cache = symbol_cache_new(1000);
    put(cache, 1, 0, "0123456789");
    size_t each = symbol_cache_bytes(cache);
    uint64_t room = 1000 / each;
    for (uint64_t i = 1; i < room; i++) {
        put(cache, 1, i, "0123456789");
    }
    cr_expect(has(cache, 1, 0, "0123456789")); /* asked: 1 is the oldest now */
    put(cache, 1, room, "0123456789");
    cr_expect(has(cache, 1, 0, "0123456789") && has(cache, 1, room, "0123456789"));
    cr_expect(has(cache, 1, 1, ""));
    cr_expect_eq(symbol_cache_bytes(cache), room * each);
    symbol_cache_free(cache);
}

Test(symbol_cache, keeps_an_answer_of_its_size_and_none_past_it)
{
    static const char text[1024];
    struct symbol_cache *cache = symbol_cache_new(600);
    struct symbol_key one = key(1, 1);
    symbol_cache_put(cache, &one, slice_of(text, 1), INT64_MAX);
    size_t most = 600 - (symbol_cache_bytes(cache) - 1);
    symbol_cache_put(cache, &one, slice_of(text, most), INT64_MAX);
    cr_expect_eq(symbol_cache_bytes(cache), 600);
    symbol_cache_put(cache, &one, slice_of(text, most + 1), INT64_MAX);
    cr_expect_eq(symbol_cache_get(cache, &one, 0).len, 0);
    cr_expect_eq(symbol_cache_bytes(cache), 0);
    symbol_cache_free(cache);
}

Test(symbol_cache, lets_a_verdict_go_when_its_time_is_over)
{
    struct symbol_cache *cache = symbol_cache_new(4096);
    struct symbol_key verdict = key(1, SYMBOL_CACHE_VERDICT);
    symbol_cache_put(cache, &verdict, SLICE("bad"), 10);
    cr_expect_eq(symbol_cache_get(cache, &verdict, 10).len, 3);
    cr_expect_eq(symbol_cache_get(cache, &verdict, 11).len, 0);
    cr_expect_eq(symbol_cache_bytes(cache), 0);
    symbol_cache_free(cache);
}

Test(symbol_cache, many_answers_share_its_buckets)
{
    struct symbol_cache *cache = symbol_cache_new(SYMBOL_CACHE_BYTES);
    for (uint64_t i = 0; i < 60000; i++) {
        put(cache, i % 3, i, "x");
    }
    for (uint64_t i = 0; i < 60000; i++) {
        cr_assert(has(cache, i % 3, i, "x"), "%llu", (unsigned long long)i);
    }
    symbol_cache_free(cache);
}
