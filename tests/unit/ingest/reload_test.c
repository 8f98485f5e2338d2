/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/reload.h"
#include "ingest/snapshot.h"
#include "rules/rules.h"
#include "tests/unit/ingest/site.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

static struct site site;
static char config[160];
static struct reload *reload;

static void setup(void)
{
    site_open(&site);
    snprintf(config, sizeof(config), "%s", site_write(&site, "tocsin.yml", "rules: []\n"));
    site.options.config = config;
    reload = reload_new(&site.options, &site.data);
    cr_assert_not_null(reload);
}

static void teardown(void)
{
    reload_free(reload);
    site_close(&site);
}

TestSuite(reload, .init = setup, .fini = teardown);

static uint64_t generation(void)
{
    return snapshot_generation(reload_box(reload));
}

static uint32_t project_count(void)
{
    struct snapshot *snapshot = snapshot_current(reload_box(reload));
    uint32_t count = snapshot->projects.count;
    snapshot_release(snapshot);
    return count;
}

/* As `tocsin project add` does, with a time of its own on the file. */
static void add_project(const char *slug, time_t second)
{
    char path[160];
    struct arena arena;
    struct projects old;
    struct projects grown;
    const struct timespec times[2] = {{.tv_sec = second}, {.tv_sec = second}};
    cr_assert(arena_init(&arena, 64u << 20));
    cr_assert_not(fault_is(data_dir_projects(&site.data, &arena, &old)));
    struct id key = {{(uint8_t)second, 1}};
    cr_assert_not(fault_is(projects_add(&arena, &old, slice_str(slug), key, &grown)));
    cr_assert_not(fault_is(data_dir_save_projects(&site.data, &arena, &grown)));
    snprintf(path, sizeof(path), "%s/projects.json", site.folder);
    cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
    arena_done(&arena);
}

Test(reload, nothing_is_believed_before_the_first)
{
    cr_expect_eq(generation(), 0u);

    cr_expect(reload_now(reload));

    cr_expect_eq(generation(), 1u);
    cr_expect_eq(project_count(), 1u);
}

Test(reload, what_was_loaded_before_stays_when_the_new_is_wrong)
{
    cr_assert(reload_now(reload));
    site_write(&site, "tocsin.yml", "rute: {}\n");

    cr_expect_not(reload_now(reload));

    cr_expect_eq(generation(), 1u);
    cr_expect_eq(project_count(), 1u);
    site_write(&site, "tocsin.yml", "rules: []\n");
    cr_expect(reload_now(reload), "and once it is right again, it is taken");
    cr_expect_eq(generation(), 2u);
}

Test(reload, a_new_projects_file_is_noticed_once)
{
    cr_assert(reload_now(reload));
    cr_expect_not(reload_if_changed(reload));

    add_project("shop", 1700000000);

    cr_expect(reload_if_changed(reload));
    cr_expect_eq(project_count(), 2u);
    cr_expect_not(reload_if_changed(reload));
    cr_expect_eq(generation(), 2u);
}

Test(reload, an_older_file_is_a_new_one_too)
{
    add_project("shop", 1700000000);
    cr_assert(reload_now(reload));

    add_project("cart", 1600000000);

    cr_expect(reload_if_changed(reload), "a backup was put back");
    cr_expect_eq(project_count(), 3u);
}

Test(reload, a_projects_file_that_is_wrong_is_tried_once_and_changes_nothing)
{
    cr_assert(reload_now(reload));
    site_write(&site, "data/projects.json", "{");

    cr_expect_not(reload_if_changed(reload));

    cr_expect_not(reload_if_changed(reload), "the log is told once, not five times a s");
    cr_expect_eq(generation(), 1u);
}

Test(reload, freeing_nothing_is_fine)
{
    reload_free(NULL);
}

static bool lacks_automata(void)
{
    struct snapshot *snapshot = snapshot_current(reload_box(reload));
    bool lacks = ruleset_lacks_automata(snapshot->rules);
    snapshot_release(snapshot);
    return lacks;
}

Test(reload, automata_are_made_beside_and_kept_for_the_next_start)
{
    snprintf(config, sizeof(config), "%s",
             site_write(&site, "own.yml", "packs: []\nrules: [one.yml]\n"));
    (void)site_write(&site, "one.yml",
                     "title: t\nlogsource: {category: c}\ndetection:\n"
                     "  s: {a|re: '(?:x|y)[0-9]'}\n  condition: s\n");
    cr_assert(reload_now(reload));
    cr_expect(lacks_automata());

    cr_expect_not(reload_is_making(reload));

    cr_expect(reload_automata(reload));
    while (reload_is_making(reload)) {
        struct timespec moment = {.tv_nsec = 1000000};
        nanosleep(&moment, NULL);
    }

    cr_expect(reload_if_changed(reload), "what was made is taken into use");
    cr_expect_not(lacks_automata());
    cr_expect_not(reload_automata(reload), "there is nothing left to make");
    struct reload *next = reload_new(&site.options, &site.data);
    cr_assert(reload_now(next));
    struct snapshot *snapshot = snapshot_current(reload_box(next));
    cr_expect_not(ruleset_lacks_automata(snapshot->rules));
    snapshot_release(snapshot);
    reload_free(next);
}
