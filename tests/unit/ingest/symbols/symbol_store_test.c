/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/symbol_store.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/symbols/made.h"
#include <sys/stat.h>

#define HEX "0102030000000000000000000000000000000000"

static char scratch[64];
static char folder[128];
static char source[128];

static void setup(void)
{
    struct made file = made();
    place_scratch(scratch);
    snprintf(folder, sizeof(folder), "%s/symbols", scratch);
    snprintf(source, sizeof(source), "%s/shop.debug", scratch);
    made_write(source, &file, sizeof(file));
}

static void teardown(void)
{
    place_remove(scratch);
}

TestSuite(symbol_store, .init = setup, .fini = teardown);

static struct build_id id_of(const char *hex)
{
    struct build_id id;
    cr_assert(build_id_parse(slice_str(hex), &id));
    return id;
}

static void add(void)
{
    struct stored_symbols stored;
    struct fault fault = symbol_store_add(folder, source, &stored);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
}

static void count(void *data, const struct stored_symbols *stored)
{
    unsigned *kinds = data;
    cr_expect_geq(stored->identity.size, sizeof(struct made) - 8);
    kinds[stored->has_debug]++;
}

Test(symbol_store, keeps_a_file_by_its_build_id)
{
    char path[256];
    struct stat status;
    struct symbol_file_identity identity;
    struct made read_back;
    struct made file = made();
    add();
    snprintf(path, sizeof(path), "%s/01/%s.debug", folder, HEX + 2);
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0640);
    struct build_id id = id_of(HEX);
    int fd = symbol_store_open(folder, &id, &identity);
    cr_assert_geq(fd, 0);
    cr_expect_eq(identity.size, sizeof(file));
    cr_expect_eq(read(fd, &read_back, sizeof(read_back)), (ssize_t)sizeof(read_back));
    cr_expect(memcmp(&file, &read_back, sizeof(file)) == 0);
    close(fd);
    snprintf(path, sizeof(path), "%s/upload.tmp", folder);
    cr_expect_eq(access(path, F_OK), -1);
}

Test(symbol_store, finds_by_a_prefix_what_a_debug_id_names)
{
    struct symbol_file_identity identity;
    struct build_id id;
    add();
    cr_assert(build_id_of_debug_id(SLICE("00030201-0000-0000-0000-000000000000-1"), &id));
    int fd = symbol_store_open(folder, &id, &identity);
    cr_expect_geq(fd, 0);
    close(fd);
    id.bytes[15] = 1;
    cr_expect_eq(symbol_store_open(folder, &id, &identity), -1);
    id.bytes[0] = 7;
    cr_expect_eq(symbol_store_open(folder, &id, &identity), -1);
}

Test(symbol_store, prefers_the_file_with_dwarf)
{
    struct made file = made();
    struct symbol_file_identity code;
    struct symbol_file_identity both;
    struct build_id id = id_of(HEX);
    unsigned kinds[2] = {0, 0};
    file.sections[2].sh_type = SHT_NOBITS;
    made_write(source, &file, sizeof(file) - 8);
    add();
    close(symbol_store_open(folder, &id, &code));
    file = made();
    made_write(source, &file, sizeof(file));
    add();
    close(symbol_store_open(folder, &id, &both));
    cr_expect_eq(code.size, sizeof(file) - 8);
    cr_expect_eq(both.size, sizeof(file));
    symbol_store_list(folder, count, kinds);
    cr_expect(kinds[0] == 1 && kinds[1] == 1);
    cr_expect_eq(symbol_store_remove(folder, &id), 2);
    cr_expect_eq(symbol_store_remove(folder, &id), 0);
    cr_expect_eq(symbol_store_open(folder, &id, &both), -1);
}

Test(symbol_store, makes_another_file_of_what_is_uploaded_again)
{
    struct symbol_file_identity first;
    struct symbol_file_identity second;
    struct build_id id = id_of(HEX);
    add();
    int held = symbol_store_open(folder, &id, &first);
    add();
    close(symbol_store_open(folder, &id, &second));
    cr_expect(memcmp(&first, &second, sizeof(first)) != 0);
    close(held);
}

Test(symbol_store, refuses_what_has_no_build_id_and_keeps_what_it_had)
{
    char other[160];
    struct made file = made();
    struct stored_symbols stored;
    unsigned kinds[2] = {0, 0};
    add();
    file.note.head.n_type = file.other.head.n_type = 1;
    snprintf(other, sizeof(other), "%s/noid", scratch);
    made_write(other, &file, sizeof(file));
    cr_expect_eq(symbol_store_add(folder, other, &stored).kind, FAULT_NOT_FOUND);
    made_write(other, "text", 4);
    cr_expect_eq(symbol_store_add(folder, other, &stored).kind, FAULT_MALFORMED);
    cr_expect_eq(symbol_store_add(folder, scratch, &stored).kind, FAULT_UNSUPPORTED);
    cr_expect_eq(symbol_store_add(folder, "/nonexistent", &stored).kind, FAULT_UNAVAILABLE);
    cr_expect_eq(symbol_store_add("/proc/nowhere", source, &stored).kind, FAULT_UNAVAILABLE);
    symbol_store_list(folder, count, kinds);
    cr_expect(kinds[0] == 0 && kinds[1] == 1);
}

Test(symbol_store, overwrites_what_a_killed_upload_left)
{
    char left[160];
    struct symbol_file_identity identity;
    struct build_id id = id_of(HEX);
    static const char junk[65536];
    cr_assert_eq(mkdir(folder, 0750), 0);
    snprintf(left, sizeof(left), "%s/upload.tmp", folder);
    made_write(left, junk, sizeof(junk));
    add();
    close(symbol_store_open(folder, &id, &identity));
    cr_expect_eq(identity.size, sizeof(struct made));
    cr_expect_eq(access(left, F_OK), -1);
}

Test(symbol_store, follows_no_link_and_lists_no_stranger)
{
    char path[256];
    struct symbol_file_identity identity;
    struct build_id id = id_of(HEX);
    unsigned kinds[2] = {0, 0};
    symbol_store_list(folder, count, kinds); /* no folder yet */
    add();
    snprintf(path, sizeof(path), "%s/01/README", folder);
    made_write(path, "x", 1);
    snprintf(path, sizeof(path), "%s/01/%s.debug", folder, HEX + 2);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(symlink("/proc/self/exe", path), 0);
    cr_expect_eq(symbol_store_open(folder, &id, &identity), -1);
    cr_assert_eq(unlink(path), 0);
    symbol_store_list(folder, count, kinds);
    cr_expect(kinds[0] == 0 && kinds[1] == 0);
}
