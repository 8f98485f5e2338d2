/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/journal.h"

#include "storage/reader.h"
#include "tests/support/journal.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static void set_up(void)
{
    place_scratch(folder);
}

static void tear_down(void)
{
    place_remove(folder);
}

TestSuite(journal, .init = set_up, .fini = tear_down, .timeout = 1100);

enum { MANY = 500 };
static struct test_entry entries[MANY];

/* What the next stage saw; on the journal's thread. */
struct stage {
    uint64_t last;
    unsigned out_of_order;
};

static void take(void *context, struct journal_entry *first)
{
    struct stage *stage = context;
    for (struct journal_entry *next; first != NULL; first = next) {
        next = first->next;
        stage->out_of_order += first->record.sequence != stage->last + 1;
        stage->last = first->record.sequence;
        journal_entry_drop(first);
    }
}

/* Reads all from `from` on; expects body numbers equal to sequences plus `offset`. */
static uint64_t expect_all(struct journal *journal, uint64_t from, unsigned offset)
{
    struct record record;
    struct reader *reader = reader_open(journal, from);
    uint64_t last = from - 1;
    char body[32];
    struct fault fault = reader_next(reader, &record);
    for (; !fault_is(fault); fault = reader_next(reader, &record)) {
        cr_assert_eq(record.sequence, ++last);
        (void)snprintf(body, sizeof body, "body %u", (unsigned)last + offset);
        cr_assert(slice_eq(record.body, slice_str(body)));
    }
    cr_assert_eq(fault.kind, FAULT_NOT_FOUND, "%s", reader_where(reader));
    reader_close(reader);
    return last;
}

Test(journal, entries_are_numbered_answered_and_handed_on_in_order)
{
    struct journal *journal = test_journal_open(folder, 0);
    struct stage stage = {0};
    journal_start(journal, take, &stage);

    test_journal_write(journal, entries, 1, MANY);
    journal_stop(journal);

    cr_expect(stage.last == MANY && stage.out_of_order == 0);
    cr_expect_eq(journal_end(journal), MANY);
    for (unsigned i = 0; i < MANY; i++) {
        cr_assert(entries[i].answers == 1 && entries[i].answer == FAULT_NONE);
        cr_assert(entries[i].releases == 1 && entries[i].entry.record.sequence == i + 1);
    }
    cr_expect_eq(expect_all(journal, 1, 0), MANY);
    journal_close(journal);
}

Test(journal, it_goes_on_where_it_was_after_a_restart)
{
    struct id node = {{0}};
    for (unsigned round = 0; round < 4; round++) {
        struct journal *journal = test_journal_open(folder, 4096);
        cr_expect_eq(journal_end_at_open(journal), round * MANY);
        cr_expect(round == 0 || id_eq(node, journal_node(journal)));
        node = journal_node(journal);
        journal_start(journal, NULL, NULL);
        test_journal_write(journal, entries, round * MANY + 1, MANY);
        cr_expect_eq(expect_all(journal, 1, 0), (round + 1) * MANY);
        journal_close(journal);
    }
}

Test(journal, what_is_submitted_before_the_stop_is_still_written)
{
    struct journal *journal = test_journal_open(folder, 0);
    for (unsigned i = 0; i < MANY; i++) {
        test_entry_fill(&entries[i], i + 1);
        journal_submit(journal, &entries[i].entry);
    }

    journal_start(journal, NULL, NULL);
    journal_stop(journal);

    cr_expect_eq(journal_end(journal), MANY);
    cr_expect_eq(entries[MANY - 1].releases, 1);
    journal_close(journal);
}

Test(journal, waiting_entries_share_one_sync)
{
    struct journal *journal = test_journal_open(folder, 0);
    struct journal_state state;
    for (unsigned i = 0; i < MANY; i++) {
        test_entry_fill(&entries[i], i + 1);
        journal_submit(journal, &entries[i].entry);
    }

    journal_start(journal, NULL, NULL);
    journal_stop(journal);

    journal_state(journal, &state);
    cr_expect(state.records == MANY && state.groups == 1);
    cr_expect(state.condition == JOURNAL_OK && state.text[0] == '\0');
    journal_close(journal);
}

Test(journal, a_field_over_its_limit_is_refused_alone)
{
    static char huge[RECORD_FIELD_BYTES_MAX + 1];
    struct journal *journal = test_journal_open(folder, 0);
    for (unsigned i = 0; i < 3; i++) {
        test_entry_fill(&entries[i], i + 1);
        entries[i].entry.record.user_agent = slice_of(huge, i == 1 ? sizeof huge : 3);
        journal_submit(journal, &entries[i].entry);
    }

    journal_start(journal, NULL, NULL);
    journal_stop(journal);

    cr_expect_eq(entries[0].answer, FAULT_NONE);
    cr_expect_eq(entries[1].answer, FAULT_TOO_BIG);
    cr_expect_eq(entries[2].answer, FAULT_NONE);
    cr_expect_eq(entries[2].entry.record.sequence, 2);
    cr_expect(entries[1].releases == 1 && entries[1].answers == 1);
    journal_close(journal);
}

struct bad_disk {
    atomic_int write_error;
    atomic_int sync_error;
};

static ssize_t bad_pwrite(void *context, int fd, const void *bytes, size_t size, off_t offset)
{
    errno = ((struct bad_disk *)context)->write_error;
    return errno != 0 ? -1 : pwrite(fd, bytes, size, offset);
}

static int bad_fdatasync(void *context, int fd)
{
    errno = ((struct bad_disk *)context)->sync_error;
    return errno != 0 ? -1 : fdatasync(fd);
}

static int bad_fallocate(void *context, int fd, off_t size)
{
    errno = ((struct bad_disk *)context)->write_error;
    return errno != 0 ? -1 : ftruncate(fd, size);
}

static struct journal *open_bad(struct disk *disk, struct bad_disk *bad, uint64_t bytes_max)
{
    char why[256];
    struct journal *journal = NULL;
    *disk = (struct disk){bad, bad_pwrite, bad_fdatasync, bad_fallocate};
    struct journal_options options = {
        .folder = folder, .bytes_max = bytes_max, .segment_bytes = 4096, .disk = disk};
    cr_assert(!fault_is(journal_open(&options, &journal, why)), "%s", why);
    journal_start(journal, NULL, NULL);
    return journal;
}

static enum journal_condition condition(struct journal *journal)
{
    struct journal_state state;
    journal_state(journal, &state);
    cr_expect_eq(state.condition == JOURNAL_OK, state.text[0] == '\0');
    return state.condition;
}

Test(journal, a_full_disk_refuses_and_recovers_by_itself)
{
    struct bad_disk bad = {0};
    struct disk disk;
    struct journal *journal = open_bad(&disk, &bad, 1 << 20);
    test_journal_write(journal, entries, 1, 10);

    bad.write_error = ENOSPC;
    test_journal_write(journal, entries, 11, 5);
    cr_expect_eq(entries[4].answer, FAULT_UNAVAILABLE);
    cr_expect_eq(condition(journal), JOURNAL_FULL);

    bad.write_error = 0;
    for (int i = 0; i < 5000 && condition(journal) != JOURNAL_OK; i++) {
        test_pause();
    }
    cr_expect_eq(condition(journal), JOURNAL_OK, "without a new entry");
    test_journal_write(journal, entries, 11, 5);
    cr_expect_eq(entries[4].answer, FAULT_NONE);
    cr_expect_eq(expect_all(journal, 1, 0), 15);
    journal_close(journal);
}

Test(journal, the_limit_of_its_own_refuses_until_redis_has_caught_up)
{
    struct bad_disk bad = {0};
    struct disk disk;
    struct journal *journal = open_bad(&disk, &bad, 4 * 4096);
    do {
        test_journal_write(journal, entries, 1, 1);
    } while (entries[0].answer == FAULT_NONE);
    cr_expect_eq(condition(journal), JOURNAL_FULL);
    uint64_t end = journal_end(journal);

    journal_applied(journal, end);
    for (int i = 0; i < 5000 && condition(journal) != JOURNAL_OK; i++) {
        test_pause();
    }
    test_journal_write(journal, entries, 1, 1);

    cr_expect_eq(entries[0].answer, FAULT_NONE);
    cr_expect_eq(journal_end(journal), end + 1);
    journal_close(journal);
}

Test(journal, after_a_failed_sync_nothing_is_promised_any_more)
{
    struct bad_disk bad = {0};
    struct disk disk;
    struct journal *journal = open_bad(&disk, &bad, 1 << 20);
    test_journal_write(journal, entries, 1, 10);

    bad.sync_error = EIO;
    test_journal_write(journal, entries, 11, 1);
    cr_expect_eq(entries[0].answer, FAULT_UNAVAILABLE);
    bad.sync_error = 0;
    test_journal_write(journal, entries, 11, 1);

    cr_expect_eq(entries[0].answer, FAULT_UNAVAILABLE, "the disk says it is fine again");
    cr_expect_eq(condition(journal), JOURNAL_FAILED);
    cr_expect_eq(journal_end(journal), 10);
    journal_close(journal);
    journal = test_journal_open(folder, 4096);
    cr_expect_eq(expect_all(journal, 1, 0), 10);
    journal_close(journal);
}

/* Shared with a child that is killed: how many it was answered. */
struct ledger {
    atomic_uint answered;
};

static struct ledger *child_ledger;

static void child_answer(struct journal_entry *entry, struct fault fault)
{
    if (!fault_is(fault)) {
        atomic_store(&child_ledger->answered, (unsigned)entry->record.sequence);
    }
    test_answer(entry, fault);
}

_Noreturn static void child_appends(unsigned from)
{
    struct journal *journal = test_journal_open(folder, 16384);
    journal_start(journal, NULL, NULL);
    for (unsigned number = from;; number++) {
        struct test_entry *entry = &entries[number % MANY];
        while (number >= from + MANY && atomic_load(&entry->releases) == 0) {
            (void)sched_yield();
        }
        test_entry_fill(entry, number);
        entry->entry.answer = child_answer;
        journal_submit(journal, &entry->entry);
    }
}

/* TOCSIN_KILLS: how often; tests/crash runs it with hundreds. */
static unsigned kills(void)
{
    const char *told = getenv("TOCSIN_KILLS");
    return told != NULL ? (unsigned)strtoul(told, NULL, 10) : 12;
}

/* So that a busy machine kills no child before it wrote anything, every other time. */
static void await_answer(unsigned end)
{
    for (unsigned ms = 0; ms < 5000 && atomic_load(&child_ledger->answered) <= end; ms++) {
        (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
}

Test(journal, kills_at_any_moment_lose_nothing_that_was_answered)
{
    unsigned end = 0;
    unsigned seed = 12345;
    child_ledger = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    for (unsigned round = 0; round < kills(); round++) {
        pid_t child = fork();
        if (child == 0) {
            child_appends(end + 1);
        }
        if (round % 2 == 0) {
            await_answer(end);
        }
        seed = seed * 1103515245u + 12345u;
        (void)nanosleep(&(struct timespec){0, 20000000 + (long)(seed >> 8) * 5}, NULL);
        (void)kill(child, SIGKILL);
        cr_assert(waitpid(child, NULL, 0) == child);

        struct journal *journal = test_journal_open(folder, 16384);
        end = (unsigned)expect_all(journal, 1, 0);
        cr_assert(end >= child_ledger->answered, "%u answered, %u kept", child_ledger->answered,
                  end);
        journal_close(journal);
    }
    cr_expect(end >= kills(), "%u records", end);
}
