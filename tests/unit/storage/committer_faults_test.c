/* SPDX-License-Identifier: Apache-2.0 */
/* What the committer meets, one thing at a time: Redis away, refusing, emptied, set back; the
 * journal damaged, cut, set back; another node beside it. */
#include "tests/support/store.h"
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct store store;

static void set_up(void)
{
    store_open(&store, 5);
}

static void tear_down(void)
{
    store_close(&store);
}

TestSuite(committer_faults, .init = set_up, .fini = tear_down, .timeout = 100);

/* Makes `to` a copy of the folder `from`; what was there goes. */
static void copy_folder(const char *from, const char *to)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        execlp("sh", "sh", "-c", "rm -rf \"$1\" && cp -a \"$0\" \"$1\"", from, to, (char *)NULL);
        _exit(127);
    }
    cr_assert(waitpid(child, &status, 0) == child && status == 0, "copy of %s", from);
}

static void path_of(char out[static 128], const char *folder, const char *name)
{
    (void)snprintf(out, 128, "%s/%s", folder, name);
}

/* Waits until the committer's error holds `text`. */
static void wait_for_error(const char *text)
{
    for (unsigned i = 0; strstr(store_state(&store).error, text) == NULL; i++) {
        cr_assert(i < 20000, "%s", store_state(&store).error);
        test_pause();
    }
}

/* Until a partition was found where it should not be. */
static void wait_until_noticed(void)
{
    while (store_state(&store).mismatches == 0) {
        test_pause();
    }
}

Test(committer_faults, requests_are_answered_and_let_go_while_redis_is_away)
{
    redis_server_kill(&store.server);

    story_tell(&store.story, store.journal, 5000);
    story_settle(&store.story);

    struct committer_state state = store_state(&store);
    cr_expect_eq(atomic_load(&store.story.kept), 5000);
    cr_expect(!state.connected && state.behind && state.queued == 0);
    redis_server_restart(&store.server);
    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
    cr_expect_str_empty(store_state(&store).error);
}

Test(committer_faults, a_redis_that_was_never_there_is_waited_for)
{
    store_stop(&store, 0);
    redis_server_kill(&store.server);
    store_start(&store);
    story_tell(&store.story, store.journal, 200);
    wait_for_error("relay.sock");
    cr_expect_eq(store_state(&store).applied, 0);

    redis_server_restart(&store.server);
    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, an_emptied_redis_is_noticed_without_traffic_and_filled_again)
{
    story_tell(&store.story, store.journal, 300);
    store_wait(&store);

    (void)store_command(&store, "FLUSHALL");
    wait_until_noticed();

    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
    cr_expect(store_state(&store).replayed >= 300);
}

Test(committer_faults, functions_that_are_gone_are_loaded_again)
{
    story_tell(&store.story, store.journal, 100);
    store_wait(&store);

    (void)store_command(&store, "FUNCTION FLUSH");
    story_tell(&store.story, store.journal, 100);

    store_wait(&store);
    cr_expect_eq(store_state(&store).connects, 2);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, a_redis_without_memory_refuses_in_words_and_loses_nothing)
{
    (void)store_command(&store, "CONFIG SET maxmemory 1");

    story_tell(&store.story, store.journal, 200);
    wait_for_error("OOM");

    (void)store_command(&store, "CONFIG SET maxmemory 0");
    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, a_redis_set_back_to_a_copy_gets_what_came_after)
{
    char copy[128];
    path_of(copy, store.folder, "copy");
    story_tell(&store.story, store.journal, 200);
    store_wait(&store);
    redis_server_kill(&store.server);
    copy_folder(store.server.folder, copy);
    redis_server_restart(&store.server);
    story_tell(&store.story, store.journal, 200);
    store_wait(&store);

    redis_server_kill(&store.server);
    copy_folder(copy, store.server.folder);
    redis_server_restart(&store.server);
    story_tell(&store.story, store.journal, 50);

    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, a_journal_set_back_to_a_copy_is_still_counted)
{
    char journal[128];
    char copy[128];
    path_of(journal, store.folder, "journal");
    path_of(copy, store.folder, "copy");
    story_tell(&store.story, store.journal, 100);
    store_wait(&store);
    store_stop(&store, 0);
    copy_folder(journal, copy);
    store_start(&store);
    story_tell(&store.story, store.journal, 100);
    store_wait(&store);
    store_stop(&store, 0);
    copy_folder(copy, journal);
    store_start(&store);

    story_tell(&store.story, store.journal, 60);
    store_wait(&store);

    struct model *model = model_new();
    model_read(model, store.journal);
    struct committer_state state = store_state(&store);
    cr_expect(state.mismatches > 0, "partitions were set back");
    cr_expect_eq(state.journal_end, 160);
    /* The sixty are new: all of their events, but for those sent before. */
    cr_expect(state.events > 30 && state.events + state.duplicates < 180);
    model_free(model);
}

Test(committer_faults, another_process_on_the_same_journal_is_not_believed)
{
    char command[128];
    char node[ID_HEX_BYTES + 1];
    story_tell(&store.story, store.journal, 50);
    store_wait(&store);
    id_format(journal_node(store.journal), node);

    (void)snprintf(command, sizeof command, "HSET t:{01}:applied %s 999", node);
    (void)store_command(&store, command);
    wait_for_error("running twice");

    (void)snprintf(command, sizeof command, "HSET t:{01}:applied %s 50", node);
    (void)store_command(&store, command);
    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, an_event_that_two_nodes_were_sent_is_counted_once)
{
    story_tell(&store.story, store.journal, 300);
    store_wait(&store);
    struct store other = {.options = store.options, .story = {.seed = store.story.seed}};
    place_scratch(other.folder);
    cr_assert(!fault_is(redis_parse(slice_str(store.server.url), &other.options.redis)));
    store_start(&other);

    story_tell(&other.story, other.journal, 300);
    store_wait(&other);

    cr_expect_eq(store_state(&other).events, 0);
    cr_expect(store_state(&other).duplicates > 200);
    cr_expect_eq(store_differences(&store), 0);
    store_stop(&other, 0);
    place_remove(other.folder);
}

Test(committer_faults, damage_in_the_journal_costs_its_record_and_is_told)
{
    char path[160];
    /* The second sixty say that the first are durable: what is broken among those is damage. */
    story_tell(&store.story, store.journal, 60);
    story_settle(&store.story);
    story_tell(&store.story, store.journal, 60);
    store_wait(&store);
    store_stop(&store, 0);
    (void)store_command(&store, "FLUSHALL");
    (void)snprintf(path, sizeof path, "%s/journal/00000000000000000001.seg", store.folder);
    int fd = open(path, O_RDWR);
    cr_assert(pwrite(fd, "damage", 6, 64 + 160 * 10) == 6);
    (void)close(fd);

    store_start(&store);
    store_wait(&store);
    struct committer_state state = store_state(&store);
    cr_expect_eq(state.damaged, 1);
    cr_expect(strstr(state.damage, "00000000000000000001.seg at byte ") != NULL);
    cr_expect_eq(state.replayed, 119);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, a_segment_that_is_gone_is_passed_over_and_told)
{
    char path[160];
    story_tell(&store.story, store.journal, 50);
    store_wait(&store);
    store_stop(&store, 0);
    store_start(&store);
    story_tell(&store.story, store.journal, 50);
    store_wait(&store);
    store_stop(&store, 0);
    (void)store_command(&store, "FLUSHALL");
    (void)snprintf(path, sizeof path, "%s/journal/00000000000000000051.seg", store.folder);
    cr_assert(unlink(path) == 0);

    store_start(&store);
    store_wait(&store);
    story_tell(&store.story, store.journal, 10);
    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, a_record_the_pass_refuses_counts_as_having_no_events)
{
    static struct test_entry entries[20];
    story_tell(&store.story, store.journal, 20);
    story_settle(&store.story);
    test_journal_write(store.journal, entries, 1, 20);
    store_wait(&store);
    (void)store_command(&store, "FLUSHALL");

    wait_until_noticed();
    store_wait(&store);
    cr_expect(store_state(&store).replay_faults >= 20);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, stopping_commits_what_is_there_and_the_next_start_reads_nothing_back)
{
    story_tell(&store.story, store.journal, 400);
    store_stop(&store, 10000);

    store_start(&store);
    store_wait(&store);
    cr_expect_eq(store_state(&store).replayed, 0);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer_faults, segments_may_go_only_when_redis_has_long_had_them)
{
    struct journal_state journal;
    story_tell(&store.story, store.journal, 50);
    store_wait(&store);
    journal_state(store.journal, &journal);
    uint64_t at_first = journal.applied;
    for (unsigned i = 0; journal.applied < 50; i++) {
        cr_assert(i < 20000);
        test_pause();
        journal_state(store.journal, &journal);
    }

    cr_expect_eq(at_first, 0);
    cr_expect_eq(journal.applied, 50);
}
