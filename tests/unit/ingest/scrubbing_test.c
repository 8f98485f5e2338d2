/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/yaml.h"
#include "ingest/normalise/scrub_rules.h"
#include "ingest/scrubbing.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;
static struct problems problems;
static struct scrubbing scrubbing;
static const struct project shop = {.id = 1, .slug = {"shop", 4}};
static const struct project blog = {.id = 2, .slug = {"blog", 4}};

static void setup(void)
{
    cr_assert(arena_init(&arena, 64u << 20));
    problems_init(&problems, &arena);
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(scrubbing, .init = setup, .fini = teardown);

static bool read(const char *yaml)
{
    struct value *documents = NULL;
    cr_assert(yaml_parse(&arena, slice_str(yaml), SLICE("t.yml"), &problems, &documents));
    return scrubbing_read(&arena, value_first(documents), SLICE("t.yml"), &problems, &scrubbing);
}

static enum scrub_reason reason(const struct project *project, const char *name)
{
    return scrub_name(scrubbing_rules(&scrubbing, project), slice_str(name));
}

Test(scrubbing, without_settings_the_defaults_hold_for_everybody)
{
    cr_assert(scrubbing_read(&arena, NULL, SLICE("t.yml"), &problems, &scrubbing));
    cr_expect_eq(reason(NULL, "password"), SCRUB_PASSWORD);
    cr_expect_eq(reason(&shop, "account_no"), SCRUB_NONE);
    cr_expect_not(scrubbing_rules(&scrubbing, &shop)->remove_addresses);
}

Test(scrubbing, a_project_adds_to_what_all_have)
{
    cr_assert(read("fields: [account_no]\nip_addresses: true\n"
                   "projects:\n  shop: {fields: [tax_code], safe_fields: [token_count]}\n"
                   "  2: {ip_addresses: false, defaults: false}\n"));
    cr_expect_eq(reason(NULL, "account_no"), SCRUB_FIELD);
    cr_expect_eq(reason(NULL, "tax_code"), SCRUB_NONE);
    cr_expect_eq(reason(&shop, "account_no"), SCRUB_FIELD);
    cr_expect_eq(reason(&shop, "tax_code"), SCRUB_FIELD);
    cr_expect(scrub_is_safe(scrubbing_rules(&scrubbing, &shop), SLICE("token_count")));
    cr_expect(scrubbing_rules(&scrubbing, &shop)->remove_addresses);
    cr_expect_not(scrubbing_rules(&scrubbing, &blog)->remove_addresses);
    cr_expect_eq(reason(&blog, "password"), SCRUB_NONE);
    cr_expect_eq(reason(&blog, "account_no"), SCRUB_FIELD);
}

Test(scrubbing, slips_are_refused_with_their_place)
{
    static const struct {
        const char *yaml;
        const char *said;
    } rows[] = {
        {"felds: [a]\n", "t.yml:1:8: unknown key"},
        {"fields: account_no\n", "a list of names"},
        {"fields: ['']\n", "a name is a text"},
        {"ip_addresses: sometimes\n", "true or false"},
        {"projects: [shop]\n", "projects is a map"},
        {"projects: {shop: {projects: {}}}\n", "unknown key"},
        {"projects: {shop: [a]}\n", "a map is wanted"},
        {"[fields]\n", "a map is wanted"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        problems_init(&problems, &arena);
        cr_expect_not(read(rows[i].yaml), "%s", rows[i].yaml);
        struct slice text = problem_text(problems.first, &arena);
        cr_expect_neq(slice_search(text, slice_str(rows[i].said)), text.len, "%.*s",
                      SLICE_ARG(text));
    }
}

Test(scrubbing, names_are_taken_up_to_the_limit)
{
    char yaml[4096] = "fields: [";
    size_t length = strlen(yaml);
    for (unsigned i = 0; i < SCRUB_FIELDS_MAX; i++) {
        length += (size_t)snprintf(yaml + length, sizeof(yaml) - length, "field_%u,", i);
    }
    snprintf(yaml + length, sizeof(yaml) - length, "]\n");
    cr_expect(read(yaml));
    snprintf(yaml + length, sizeof(yaml) - length, "one_more]\n");
    cr_expect_not(read(yaml));
}
