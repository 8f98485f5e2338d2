/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/logsource.h"
#include "tests/unit/rules/fixture.h"

static struct logsource source(const char *category, const char *product, const char *service)
{
    return (struct logsource){slice_str(category), slice_str(product), slice_str(service)};
}

Test(logsource, every_stated_dimension_must_agree_with_one_facet)
{
    struct subject subject = {
        .facets = {source("application", "python", ""), source("web", "", "")}, .facet_count = 2};
    struct logsource python = source("application", "PYTHON", "");
    struct logsource any = source("", "", "");
    struct logsource mixed = source("web", "python", "");
    struct logsource service = source("application", "python", "x");

    cr_expect(logsource_applies(&python, &subject));
    cr_expect(logsource_applies(&any, &subject));
    cr_expect_not(logsource_applies(&mixed, &subject));
    cr_expect_not(logsource_applies(&service, &subject));
    subject.any_logsource = true;
    cr_expect(logsource_applies(&mixed, &subject));
}

Test(logsource, an_open_facet_agrees_with_what_it_leaves_out)
{
    struct subject subject = {
        .facets = {source("", "windows", "")}, .facet_count = 1, .is_open = true};
    struct logsource windows = source("process_creation", "windows", "");
    struct logsource linux_rule = source("process_creation", "linux", "");

    cr_expect(logsource_applies(&windows, &subject));
    cr_expect_not(logsource_applies(&linux_rule, &subject));
    subject.is_open = false;
    cr_expect_not(logsource_applies(&windows, &subject));
}

Test(logsource, the_cache_answers_as_the_rule_does)
{
    struct fixture *f = fixture_new();
    struct logsources all = {.arena = &f->arena};
    struct logsource_cache *cache = calloc(1, sizeof(*cache));
    for (int i = 0; i < 40; i++) {
        struct slice product = arena_printf(&f->arena, "p%d", i);
        cr_assert_eq(logsources_add(&all, (struct logsource){.product = product}), (uint32_t)i);
    }
    cr_expect_eq(logsources_add(&all, source("", "P7", "")), 7u);
    cr_assert(logsources_prepare(&all, 100, 100, 100));
    for (uint32_t i = 0; i < all.count; i++) {
        all.needs[i].keys[i % 3] = (uint16_t)(1u << i % 13);
        all.needs[i].texts[1] = UINT64_C(2) << i;
        all.needs[i].scans[1] = UINT64_C(8) << i;
        all.needs[i].rules[1] = UINT64_C(4) << i;
    }
    cr_assert(logsource_cache_init(cache, &all, &f->arena));

    char longer[400];
    memset(longer, 'x', sizeof(longer));
    for (int i = 0; i < 500; i++) {
        struct subject subject = {.facet_count = 1, .is_open = i % 3 == 0};
        struct slice product = arena_printf(&f->event, "p%d", i % 45);
        subject.facets[0].product = product;
        if (i % 7 == 0) {
            subject.facets[0].category = slice_of(longer, sizeof(longer));
        }
        const struct logsource_entry *entry = logsource_cache_get(cache, &all, &subject);
        uint64_t bits = 0;
        uint16_t keys[3] = {0};
        for (uint32_t j = 0; j < all.count; j++) {
            cr_assert_eq(entry->allowed[j], logsource_applies(&all.at[j], &subject));
            keys[j % 3] |= (uint16_t)(entry->allowed[j] ? 1u << j % 13 : 0);
            bits |= entry->allowed[j] ? UINT64_C(1) << j : 0;
        }
        cr_assert_arr_eq(entry->needs.keys, keys, sizeof(keys), "what is allowed is looked up");
        cr_assert_eq(entry->needs.texts[1], bits * 2);
        cr_assert_eq(entry->needs.scans[1], bits * 8);
        cr_assert_eq(entry->needs.rules[1], bits * 4);
    }
    free(cache);
    fixture_free(f);
}
