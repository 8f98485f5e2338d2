/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/elf_file.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/symbols/made.h"
#include <stdlib.h>

static struct fault read_made(const struct made *file, struct elf_file *out)
{
    return elf_file_read(slice_of((const char *)file, sizeof(*file)), out);
}

Test(elf_file, is_named_by_its_note)
{
    struct made file = made();
    struct elf_file elf;
    cr_assert_not(fault_is(read_made(&file, &elf)));
    cr_expect_eq(elf.id.len, 20);
    cr_expect(memcmp(elf.id.bytes, "\1\2\3", 3) == 0);
    cr_expect(elf.has_debug);
}

Test(elf_file, without_a_note_section_is_named_by_its_program_header)
{
    struct made file = made();
    struct elf_file elf;
    file.head.e_shoff = 0;
    cr_assert_not(fault_is(read_made(&file, &elf)));
    cr_expect(memcmp(elf.id.bytes, "\11\11\11", 3) == 0);
    cr_expect_not(elf.has_debug);
}

Test(elf_file, whose_debug_section_holds_nothing_has_none)
{
    struct made file = made();
    struct elf_file elf;
    file.sections[2].sh_type = SHT_NOBITS;
    cr_assert_not(fault_is(read_made(&file, &elf)));
    cr_expect_not(elf.has_debug);
}

Test(elf_file, may_have_other_notes_before)
{
    struct made file = made();
    struct elf_file elf;
    struct {
        struct made file;
        Elf64_Nhdr head;
        char name[8]; /* "Linux", padded */
        char description[4];
        Elf64_Nhdr id_head;
        char id_name[4];
        unsigned char id[8];
    } both = {.file = file, {6, 3, 1}, "Linux", "abc", {4, 8, NT_GNU_BUILD_ID}, "GNU", {7, 7}};
    both.file.sections[1].sh_offset = sizeof(file);
    both.file.sections[1].sh_size = sizeof(both) - sizeof(file);
    cr_assert_not(fault_is(elf_file_read(slice_of((const char *)&both, sizeof(both)), &elf)));
    cr_expect_eq(elf.id.len, 8);
    cr_expect_eq(elf.id.bytes[1], 7);
}

Test(elf_file, that_is_none_is_refused_with_a_reason)
{
    struct made file = made();
    struct elf_file elf;
    struct fault fault = elf_file_read(SLICE("#!/bin/sh\nexit 0"), &elf);
    cr_expect(fault.kind == FAULT_MALFORMED && fault.offset == 0);
    cr_expect_eq(elf_file_read(slice_of(NULL, 0), &elf).kind, FAULT_MALFORMED);
    file.head.e_type = ET_REL;
    cr_expect_eq(read_made(&file, &elf).kind, FAULT_UNSUPPORTED);
    file = made();
    file.head.e_ident[EI_DATA] = ELFDATA2MSB;
    cr_expect_eq(read_made(&file, &elf).kind, FAULT_UNSUPPORTED);
    file = made();
    file.head.e_ident[EI_CLASS] = 3;
    cr_expect_eq(read_made(&file, &elf).kind, FAULT_MALFORMED);
    file = made();
    file.note.head.n_type = file.other.head.n_type = 1;
    fault = read_made(&file, &elf);
    cr_expect_eq(fault.kind, FAULT_NOT_FOUND);
    cr_expect(strstr(fault.reason, "--build-id") != NULL);
}

Test(elf_file, that_lies_about_its_parts_is_not_followed)
{
    static const uint64_t lies[] = {1, sizeof(struct made), UINT32_MAX, UINT64_MAX - 3, UINT64_MAX};
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct elf_file elf;
        struct made file = made();
        file.head.e_shoff = file.head.e_phoff = lies[i];
        cr_expect_eq(read_made(&file, &elf).kind, FAULT_NOT_FOUND, "%zu", i);
        file = made();
        file.sections[1].sh_offset = file.program.p_offset = lies[i];
        cr_expect_eq(read_made(&file, &elf).kind, FAULT_NOT_FOUND, "%zu", i);
        file = made();
        file.sections[1].sh_size = lies[i]; /* then the other is found */
        cr_expect_not(fault_is(read_made(&file, &elf)));
        cr_expect_eq(elf.id.bytes[0], 9);
        file = made();
        file.note.head.n_descsz = file.note.head.n_namesz = (uint32_t)lies[i];
        cr_expect_not(fault_is(read_made(&file, &elf)));
        file = made();
        file.sections[2].sh_name = (uint32_t)lies[i];
        cr_expect_not(fault_is(read_made(&file, &elf)));
    }
}

Test(elf_file, cut_anywhere_is_refused_or_read)
{
    struct made file = made();
    for (size_t length = 0; length < sizeof(file); length++) {
        struct elf_file elf;
        char *exact = malloc(length + 1); /* the sanitizer watches its end */
        memcpy(exact, &file, length);
        struct fault fault = elf_file_read(slice_of(exact, length), &elf);
        cr_expect(fault_is(fault) || elf.id.len == 20, "%zu", length);
        free(exact);
    }
}

Test(elf_file, of_32_bits_is_read_too)
{
    struct {
        Elf32_Ehdr head;
        Elf32_Phdr program;
        Elf32_Shdr sections[2];
        Elf32_Nhdr note;
        char name[4];
        unsigned char id[16];
    } file = {.head = {.e_ident = "\177ELF\1\1\1",
                       .e_type = ET_EXEC,
                       .e_phoff = sizeof(Elf32_Ehdr),
                       .e_shoff = sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr),
                       .e_phentsize = sizeof(Elf32_Phdr),
                       .e_phnum = 1,
                       .e_shentsize = sizeof(Elf32_Shdr),
                       .e_shnum = 2},
              .note = {4, 16, NT_GNU_BUILD_ID},
              .name = "GNU",
              .id = {5}};
    uint32_t at = (uint32_t)((const char *)&file.note - (const char *)&file);
    struct elf_file elf;
    file.sections[1] = (Elf32_Shdr){.sh_type = SHT_NOTE, .sh_offset = at, .sh_size = 32 + 4};
    file.sections[1].sh_size = sizeof(file) - at;
    for (int i = 0; i < 2; i++) { /* by the section, then by the program header */
        cr_assert_not(fault_is(elf_file_read(slice_of((const char *)&file, sizeof(file)), &elf)));
        cr_expect(elf.id.len == 16 && elf.id.bytes[0] == 5);
        file.program = (Elf32_Phdr){.p_type = PT_NOTE, .p_offset = at, .p_filesz = 32 + 4};
        file.program.p_filesz = (uint32_t)sizeof(file) - at;
        file.sections[1].sh_type = SHT_NULL;
    }
}

Test(elf_file, as_the_linker_makes_it)
{
    struct arena arena;
    struct elf_file elf;
    cr_assert(arena_init(&arena, 256u << 20));
    cr_assert_not(fault_is(elf_file_read(place_read(&arena, "/proc/self/exe"), &elf)));
    cr_expect(elf.has_debug);
    arena_done(&arena);
}
