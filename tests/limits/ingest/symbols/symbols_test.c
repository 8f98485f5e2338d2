/* SPDX-License-Identifier: Apache-2.0 */
/* The limits of ingest/symbols, each at its bound and one past it. */
#include "ingest/base/limits.h"
#include "ingest/event/images.h"
#include "ingest/symbols/native_frames.h"
#include "ingest/symbols/symbol_store.h"
#include "ingest/symbols/symbol_wire.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/symbols/made.h"
#include <stdlib.h>
#include <sys/stat.h>

static struct arena arena;

static void setup(void)
{
    cr_assert(arena_init(&arena, 32u << 20));
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(symbols_limits, .init = setup, .fini = teardown);

Test(symbols_limits, bytes_of_a_build_id)
{
    char text[2 * BUILD_ID_BYTES_MAX + 3];
    static const struct {
        unsigned bytes;
        bool is_one;
    } rows[] = {{BUILD_ID_BYTES_MIN - 1, false},
                {BUILD_ID_BYTES_MIN, true},
                {BUILD_ID_BYTES_MAX, true},
                {BUILD_ID_BYTES_MAX + 1, false}};
    memset(text, 'a', sizeof(text));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct build_id id;
        cr_expect_eq(build_id_parse(slice_of(text, 2 * rows[i].bytes), &id), rows[i].is_one);
        struct {
            struct made file;
            Elf64_Nhdr head;
            char name[4];
            char id[BUILD_ID_BYTES_MAX + 4];
        } elf = {.file = made(), .head = {4, rows[i].bytes, NT_GNU_BUILD_ID}, .name = "GNU"};
        struct elf_file out;
        elf.file.head.e_phnum = 0;
        elf.file.sections[1].sh_offset = sizeof(elf.file);
        elf.file.sections[1].sh_size = sizeof(elf) - sizeof(elf.file);
        struct fault fault = elf_file_read(slice_of((const char *)&elf, sizeof(elf)), &out);
        cr_expect_eq(fault_is(fault), !rows[i].is_one, "%u", rows[i].bytes);
    }
}

/* A file with notes that are none, and the build id as the last of `count`. */
static bool is_named_after(uint32_t count)
{
    size_t size = sizeof(struct made) + count * sizeof(Elf64_Nhdr) + 24;
    char *bytes = calloc(1, size);
    struct made file = made();
    Elf64_Nhdr last = {4, 20, NT_GNU_BUILD_ID};
    struct elf_file out;
    file.head.e_phnum = 0;
    file.sections[1].sh_offset = sizeof(file);
    file.sections[1].sh_size = size - sizeof(file);
    memcpy(bytes, &file, sizeof(file));
    memcpy(bytes + size - 24 - sizeof(last), &last, sizeof(last));
    memcpy(bytes + size - 24, "GNU", 4);
    bool is_named = !fault_is(elf_file_read(slice_of(bytes, size), &out));
    free(bytes);
    return is_named;
}

Test(symbols_limits, notes_of_a_file)
{
    cr_expect(is_named_after(ELF_NOTES_MAX));
    cr_expect_not(is_named_after(ELF_NOTES_MAX + 1));
}

/* A file of `count` sections, the last of which holds the build id. */
static bool is_named_among(uint32_t count)
{
    size_t size = sizeof(struct made) + count * sizeof(Elf64_Shdr);
    char *bytes = calloc(1, size);
    struct made file = made();
    Elf64_Shdr first = {.sh_size = count}; /* more than e_shnum can say */
    struct elf_file out;
    file.head.e_phnum = 0;
    file.head.e_shnum = 0;
    file.head.e_shoff = sizeof(file);
    memcpy(bytes, &file, sizeof(file));
    memcpy(bytes + sizeof(file), &first, sizeof(first));
    memcpy(bytes + size - sizeof(first), &file.sections[1], sizeof(first));
    bool is_named = !fault_is(elf_file_read(slice_of(bytes, size), &out));
    free(bytes);
    return is_named;
}

Test(symbols_limits, sections_of_a_file)
{
    cr_expect(is_named_among(ELF_SECTIONS_MAX));
    cr_expect_not(is_named_among(ELF_SECTIONS_MAX + 1));
}

Test(symbols_limits, bytes_of_a_file)
{
    char scratch[64];
    char path[160];
    struct made file = made();
    struct stored_symbols stored;
    struct symbol_file_identity identity;
    struct stat status;
    place_scratch(scratch);
    snprintf(path, sizeof(path), "%s/big", scratch);
    made_write(path, &file, sizeof(file));
    /* At the limit it would be 2 GiB of copying: what is stored may grow as far, and is read. */
    cr_assert_not(fault_is(symbol_store_add(scratch, path, &stored)));
    cr_assert_eq(truncate(path, (off_t)SYMBOL_FILE_BYTES_MAX + 1), 0);
    cr_expect_eq(symbol_store_add(scratch, path, &stored).kind, FAULT_TOO_BIG);
    snprintf(path, sizeof(path), "%s/01/02030000000000000000000000000000000000.debug", scratch);
    cr_assert_eq(truncate(path, (off_t)SYMBOL_FILE_BYTES_MAX), 0);
    int fd = symbol_store_open(scratch, &stored.id, &identity);
    cr_expect(fd >= 0 && fstat(fd, &status) == 0 && identity.size == SYMBOL_FILE_BYTES_MAX);
    close(fd);
    cr_assert_eq(truncate(path, (off_t)SYMBOL_FILE_BYTES_MAX + 1), 0);
    cr_expect_eq(symbol_store_open(scratch, &stored.id, &identity), -1);
    place_remove(scratch);
}

Test(symbols_limits, addresses_of_an_event)
{
    struct frame *frames = ARENA_ARRAY(&arena, SYMBOL_ADDRESSES_MAX + 1, struct frame);
    struct event event = {.stacktrace = {.frames = frames}};
    struct value *tree = NULL;
    struct native_plan plan;
    cr_assert_not(
        fault_is(value_parse_json(&arena,
                                  SLICE("{\"images\":[{\"image_addr\":4096,\"image_size\":"
                                        "1000000,\"code_id\":\"0102030405060708\"}]}"),
                                  &tree)));
    event.debug_meta = tree;
    for (uint32_t i = 0; i <= SYMBOL_ADDRESSES_MAX; i++) {
        frames[i].instruction_addr = 5000 + i;
    }
    for (uint32_t more = 0; more <= 1; more++) {
        event.stacktrace.count = SYMBOL_ADDRESSES_MAX + more;
        cr_assert(native_plan_make(&arena, &event, &plan));
        cr_expect_eq(plan.address_count, SYMBOL_ADDRESSES_MAX);
        cr_expect_eq(plan.requests[0].addresses[0], 5000 + more - 4097, "the oldest is left out");
    }
}

Test(symbols_limits, functions_at_one_address)
{
    struct symbol_place places[SYMBOL_PLACES_MAX + 1] = {{.line = 0}};
    for (uint32_t i = 0; i <= SYMBOL_PLACES_MAX; i++) {
        places[i].line = i + 1;
    }
    for (uint32_t more = 0; more <= 1; more++) {
        const struct symbol in = {SYMBOL_FOUND, SYMBOL_PLACES_MAX + more, places};
        struct symbol out;
        struct buffer wire;
        buffer_init(&wire, SYMBOL_ANSWER_BYTES_MAX);
        symbol_write(&wire, &in);
        struct slice rest = buffer_slice(&wire);
        cr_assert(symbol_read(&rest, &arena, &out));
        cr_expect_eq(out.count, SYMBOL_PLACES_MAX);
        cr_expect_eq(out.places[0].line, 1);
        cr_expect_eq(out.places[SYMBOL_PLACES_MAX - 1].line, SYMBOL_PLACES_MAX + more);
        buffer_done(&wire);
    }
}

Test(symbols_limits, bytes_of_a_name_and_of_a_path)
{
    char text[SYMBOL_TEXT_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    text[0] = 'a';
    text[SYMBOL_TEXT_BYTES_MAX - 1] = 'y';
    text[SYMBOL_TEXT_BYTES_MAX] = 'z';
    for (size_t more = 0; more <= 1; more++) {
        struct slice all = slice_of(text, SYMBOL_TEXT_BYTES_MAX + more);
        struct symbol_place place = {.function = all, .file = all};
        const struct symbol in = {SYMBOL_FOUND, 1, &place};
        struct symbol out;
        struct buffer wire;
        buffer_init(&wire, SYMBOL_ANSWER_BYTES_MAX);
        symbol_write(&wire, &in);
        struct slice rest = buffer_slice(&wire);
        cr_assert(symbol_read(&rest, &arena, &out));
        cr_expect_eq(out.places[0].function.len, SYMBOL_TEXT_BYTES_MAX);
        cr_expect_eq(out.places[0].function.at[0], 'a', "a name keeps its start");
        cr_expect_eq(out.places[0].file.len, SYMBOL_TEXT_BYTES_MAX);
        cr_expect_eq(out.places[0].file.at[SYMBOL_TEXT_BYTES_MAX - 1], more ? 'z' : 'y');
        buffer_done(&wire);
    }
}
