/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/elf_file.h"
#include "ingest/base/must.h"
#include <elf.h>

/* A table of headers, 32 or 64 bits wide, brought to 64. */
struct reader {
    struct slice file;
    bool is_wide;
    uint32_t notes; /* looked at so far */
    Elf64_Ehdr head;
};

/* Copies `size` bytes at `at`; false past the end. */
static bool take(struct slice file, uint64_t at, void *out, size_t size)
{
    if (at > file.len || file.len - at < size) {
        return false;
    }
    memcpy(out, file.at + at, size);
    return true;
}

static struct slice part(struct slice file, uint64_t at, uint64_t size)
{
    bool is_inside = at <= file.len && file.len - at >= size;
    return is_inside ? slice_of(file.at + at, (size_t)size) : slice_of(NULL, 0);
}

static bool read_head(struct reader *reader)
{
    Elf32_Ehdr narrow;
    if (reader->is_wide) {
        return take(reader->file, 0, &reader->head, sizeof(reader->head));
    }
    if (!take(reader->file, 0, &narrow, sizeof(narrow))) {
        return false;
    }
    reader->head = (Elf64_Ehdr){.e_type = narrow.e_type,
                                .e_phoff = narrow.e_phoff,
                                .e_shoff = narrow.e_shoff,
                                .e_phentsize = narrow.e_phentsize,
                                .e_phnum = narrow.e_phnum,
                                .e_shentsize = narrow.e_shentsize,
                                .e_shnum = narrow.e_shnum,
                                .e_shstrndx = narrow.e_shstrndx};
    return true;
}

static bool read_section(const struct reader *reader, uint64_t index, Elf64_Shdr *out)
{
    Elf32_Shdr narrow;
    uint64_t size = reader->is_wide ? sizeof(*out) : sizeof(narrow);
    MUST(index < UINT32_MAX); /* so that the product does not overflow */
    if (reader->head.e_shentsize != size || reader->head.e_shoff > reader->file.len) {
        return false;
    }
    uint64_t at = reader->head.e_shoff + index * size;
    if (reader->is_wide) {
        return take(reader->file, at, out, sizeof(*out));
    }
    if (!take(reader->file, at, &narrow, sizeof(narrow))) {
        return false;
    }
    *out = (Elf64_Shdr){.sh_name = narrow.sh_name,
                        .sh_type = narrow.sh_type,
                        .sh_offset = narrow.sh_offset,
                        .sh_size = narrow.sh_size,
                        .sh_link = narrow.sh_link,
                        .sh_addralign = narrow.sh_addralign};
    return true;
}

static bool read_program(const struct reader *reader, uint64_t index, Elf64_Phdr *out)
{
    Elf32_Phdr narrow;
    uint64_t size = reader->is_wide ? sizeof(*out) : sizeof(narrow);
    if (reader->head.e_phentsize != size || reader->head.e_phoff > reader->file.len) {
        return false;
    }
    uint64_t at = reader->head.e_phoff + index * size;
    if (reader->is_wide) {
        return take(reader->file, at, out, sizeof(*out));
    }
    if (!take(reader->file, at, &narrow, sizeof(narrow))) {
        return false;
    }
    *out = (Elf64_Phdr){.p_type = narrow.p_type,
                        .p_offset = narrow.p_offset,
                        .p_filesz = narrow.p_filesz,
                        .p_align = narrow.p_align};
    return true;
}

static uint64_t padded(uint32_t size, uint64_t align)
{
    uint64_t to = align == 8 ? 8 : 4;
    return (size + to - 1) / to * to;
}

/* A build id of a length nobody uses is none: two programs might share it. */
static bool read_id(struct slice description, struct build_id *out)
{
    if (description.len < BUILD_ID_BYTES_MIN || description.len > BUILD_ID_BYTES_MAX) {
        return false;
    }
    *out = (struct build_id){.len = (uint8_t)description.len};
    memcpy(out->bytes, description.at, description.len);
    return true;
}

/* Looks through the notes of one section or segment. */
static bool find_note(struct reader *reader, struct slice notes, uint64_t align,
                      struct build_id *out)
{
    Elf64_Nhdr note; /* the same in 32 bits */
    while (reader->notes++ < ELF_NOTES_MAX && take(notes, 0, &note, sizeof(note))) {
        struct slice name = part(notes, sizeof(note), note.n_namesz);
        uint64_t at = sizeof(note) + padded(note.n_namesz, align);
        struct slice description = part(notes, at, note.n_descsz);
        bool is_it =
            note.n_type == NT_GNU_BUILD_ID && slice_eq(name, slice_of("GNU", sizeof("GNU")));
        if (is_it && read_id(description, out)) {
            return true;
        }
        uint64_t next = at + padded(note.n_descsz, align);
        notes = next < notes.len ? slice_from(notes, (size_t)next) : slice_of(NULL, 0);
    }
    return false;
}

static bool is_named(struct slice names, uint32_t at, struct slice wanted)
{
    struct slice rest = slice_from(names, at);
    return slice_starts(rest, wanted) && rest.len > wanted.len && rest.at[wanted.len] == '\0';
}

/* How many sections there are: in section 0 when there are more than 65,279. */
static uint64_t section_count(const struct reader *reader, Elf64_Shdr *first)
{
    uint64_t count = reader->head.e_shnum;
    if (reader->head.e_shoff == 0 || !read_section(reader, 0, first)) {
        return 0;
    }
    count = count != 0 ? count : first->sh_size;
    return count < ELF_SECTIONS_MAX ? count : ELF_SECTIONS_MAX;
}

static void read_sections(struct reader *reader, struct elf_file *out)
{
    Elf64_Shdr section;
    Elf64_Shdr strings = {0};
    uint64_t count = section_count(reader, &section);
    uint32_t names_at = reader->head.e_shstrndx;
    names_at = names_at == SHN_XINDEX ? section.sh_link : names_at;
    struct slice names = {NULL, 0};
    if (count > 0 && names_at < count && read_section(reader, names_at, &strings)) {
        names = part(reader->file, strings.sh_offset, strings.sh_size);
    }
    for (uint64_t i = 0; i < count && read_section(reader, i, &section); i++) {
        if (section.sh_type == SHT_NOTE && out->id.len == 0) {
            struct slice notes = part(reader->file, section.sh_offset, section.sh_size);
            (void)find_note(reader, notes, section.sh_addralign, &out->id);
        }
        bool is_debug = is_named(names, section.sh_name, SLICE(".debug_info")) ||
                        is_named(names, section.sh_name, SLICE(".zdebug_info"));
        out->has_debug = out->has_debug || (is_debug && section.sh_type != SHT_NOBITS);
    }
}

static void read_programs(struct reader *reader, struct elf_file *out)
{
    Elf64_Phdr program;
    for (uint64_t i = 0; i < reader->head.e_phnum && read_program(reader, i, &program); i++) {
        if (program.p_type == PT_NOTE && out->id.len == 0) {
            struct slice notes = part(reader->file, program.p_offset, program.p_filesz);
            (void)find_note(reader, notes, program.p_align, &out->id);
        }
    }
}

static struct fault check_head(const struct reader *reader)
{
    const unsigned char *mark = (const unsigned char *)reader->file.at;
    if (reader->file.len < EI_NIDENT || memcmp(mark, ELFMAG, SELFMAG) != 0) {
        return fault_at(FAULT_MALFORMED, "not an ELF file", 0);
    }
    if (mark[EI_CLASS] != ELFCLASS32 && mark[EI_CLASS] != ELFCLASS64) {
        return fault_at(FAULT_MALFORMED, "ELF header: neither 32 nor 64 bits", EI_CLASS);
    }
    if (mark[EI_DATA] != ELFDATA2LSB) {
        return fault_at(FAULT_UNSUPPORTED, "ELF header: not little-endian", EI_DATA);
    }
    return FAULT_OK;
}

struct fault elf_file_read(struct slice bytes, struct elf_file *out)
{
    struct reader reader = {.file = bytes};
    struct fault fault = check_head(&reader);
    if (fault_is(fault)) {
        return fault;
    }
    reader.is_wide = bytes.at[EI_CLASS] == ELFCLASS64;
    if (!read_head(&reader)) {
        return fault_at(FAULT_MALFORMED, "ELF header: the file ends inside it", bytes.len);
    }
    if (reader.head.e_type != ET_EXEC && reader.head.e_type != ET_DYN) {
        return fault_at(FAULT_UNSUPPORTED, "neither a program nor a library (an object file?)",
                        EI_NIDENT);
    }
    *out = (struct elf_file){.has_debug = false};
    read_sections(&reader, out);
    read_programs(&reader, out);
    if (out->id.len == 0) {
        return fault_make(FAULT_NOT_FOUND, "it has no build id: link with -Wl,--build-id");
    }
    MUST(out->id.len >= BUILD_ID_BYTES_MIN && out->id.len <= BUILD_ID_BYTES_MAX);
    return FAULT_OK;
}
