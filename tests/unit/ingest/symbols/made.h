/* SPDX-License-Identifier: Apache-2.0 */
/* made — programs for tests: one made of its headers alone, and this test program itself, which was
 * compiled with -g and has a build id. Its symbol worker is itself too: worker_main below.
 */
#pragma once
#include "ingest/symbols/symbol_worker.h"
#include <criterion/criterion.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern const char __ehdr_start[];

/* An ELF file of 64 bits: a note in a section, another in a program header, names of sections. */
struct made {
    Elf64_Ehdr head;
    Elf64_Phdr program;
    Elf64_Shdr sections[4]; /* none, note, .debug_info, names */
    char names[32];
    struct {
        Elf64_Nhdr head;
        char name[4];
        unsigned char id[20];
    } note, other;
    char debug[8];
};

#define MADE_AT(member) offsetof(struct made, member)

static inline struct made made(void)
{
    struct made out = {
        .head = {.e_ident = "\177ELF\2\1\1",
                 .e_type = ET_DYN,
                 .e_phoff = MADE_AT(program),
                 .e_shoff = MADE_AT(sections),
                 .e_phentsize = sizeof(Elf64_Phdr),
                 .e_phnum = 1,
                 .e_shentsize = sizeof(Elf64_Shdr),
                 .e_shnum = 4,
                 .e_shstrndx = 3},
        .program = {.p_type = PT_NOTE,
                    .p_offset = MADE_AT(other),
                    .p_filesz = sizeof(out.other),
                    .p_align = 4},
        .sections = {{0},
                     {.sh_type = SHT_NOTE,
                      .sh_offset = MADE_AT(note),
                      .sh_size = sizeof(out.note),
                      .sh_addralign = 4},
                     {.sh_name = 1,
                      .sh_type = SHT_PROGBITS,
                      .sh_offset = MADE_AT(debug),
                      .sh_size = sizeof(out.debug)},
                     {.sh_type = SHT_STRTAB,
                      .sh_offset = MADE_AT(names),
                      .sh_size = sizeof(out.names)}},
        .names = "\0.debug_info",
        .note = {{4, 20, NT_GNU_BUILD_ID}, "GNU", {1, 2, 3}},
        .other = {{4, 20, NT_GNU_BUILD_ID}, "GNU", {9, 9, 9}},
    };
    return out;
}

static inline void made_write(const char *path, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    cr_assert(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, "%s", path);
    close(fd);
}

/* Where `function` lies in this program's file. */
static inline uint64_t made_offset(const void *function)
{
    return (uint64_t)((const char *)function - (const char *)__ehdr_start);
}

static inline int made_open_self(void)
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    cr_assert_geq(fd, 0);
    return fd;
}
