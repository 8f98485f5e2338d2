/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/symbols/symbol_wire.h"
#include "tests/unit/ingest/symbols/made.h"
#include <sys/socket.h>
#include <sys/wait.h>

static int fd;
static pid_t pid;

static void setup(void)
{
    int pair[2];
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    cr_assert_eq(dup2(pair[1], SYMBOL_WORKER_FD + 10), SYMBOL_WORKER_FD + 10);
    close(pair[1]);
    pid = fork();
    if (pid == 0) {
        close(pair[0]);
        _exit(symbol_worker_run(SYMBOL_WORKER_FD + 10));
    }
    close(SYMBOL_WORKER_FD + 10);
    fd = pair[0];
}

static int ended(void)
{
    int status = 0;
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

TestSuite(symbol_worker, .init = setup);

/* Sends `count`, with `file` when there is one, and so many addresses. */
static void ask(uint32_t count, int file, const uint64_t *addresses, size_t size)
{
    struct iovec part = {&count, sizeof(count)};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (file >= 0) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof(control.room);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &file, sizeof(int));
    }
    cr_assert_eq(sendmsg(fd, &message, 0), (ssize_t)sizeof(count));
    cr_assert_eq(send(fd, addresses, size, MSG_NOSIGNAL), (ssize_t)size);
}

static struct slice hear(char *room, size_t most)
{
    uint32_t length = 0;
    cr_assert_eq(recv(fd, &length, sizeof(length), MSG_WAITALL), (ssize_t)sizeof(length));
    cr_assert_leq(length, most);
    cr_assert_eq(recv(fd, room, length, MSG_WAITALL), (ssize_t)length);
    return slice_of(room, length);
}

Test(symbol_worker, answers_one_question_after_the_other)
{
    static char room[65536];
    struct arena arena;
    cr_assert(arena_init(&arena, 1u << 20));
    const uint64_t addresses[2] = {made_offset((const void *)(uintptr_t)hear), 1};
    for (int i = 0; i < 3; i++) {
        int file = made_open_self();
        struct symbol symbol;
        ask(2, file, addresses, sizeof(addresses));
        close(file);
        struct slice answer = hear(room, sizeof(room));
        cr_assert(symbol_read(&answer, &arena, &symbol));
        cr_assert_eq(symbol.status, SYMBOL_FOUND);
        cr_expect(slice_eq(symbol.places[0].function, SLICE("hear")));
        cr_assert(symbol_read(&answer, &arena, &symbol));
        cr_expect_eq(symbol.status, SYMBOL_NO_SYMBOL);
        cr_expect_eq(answer.len, 0);
    }
    close(fd);
    cr_expect_eq(ended(), 0);
    arena_done(&arena);
}

Test(symbol_worker, says_that_it_cannot_read_a_file)
{
    char room[64];
    const uint64_t address = 7;
    int file = open("/dev/null", O_RDONLY);
    ask(1, file, &address, sizeof(address));
    struct slice answer = hear(room, sizeof(room));
    cr_expect_eq(answer.len, 2);
    cr_expect_eq(answer.at[0], SYMBOL_MALFORMED);
    close(fd);
    cr_expect_eq(ended(), 0);
}

Test(symbol_worker, ends_at_what_is_no_question)
{
    const uint64_t address = 7;
    ask(1, -1, &address, 0); /* without a file */
    cr_expect_eq(ended(), 2);
}

Test(symbol_worker, ends_at_more_addresses_than_it_takes)
{
    const uint64_t address = 7;
    ask(SYMBOL_ADDRESSES_MAX + 1, made_open_self(), &address, 0);
    cr_expect_eq(ended(), 2);
}

Test(symbol_worker, ends_in_the_middle_of_a_question)
{
    const uint64_t address = 7;
    ask(2, made_open_self(), &address, sizeof(address));
    close(fd);
    cr_expect_eq(ended(), 0);
}
