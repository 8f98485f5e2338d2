/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/dwarf.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <stdlib.h>
#include <unistd.h>

/* Of libstdc++, whose header is for C++ only. Gives malloc'd memory, or NULL. */
extern char *__cxa_demangle(const char *name, char *into, size_t *room, int *status);

struct dwarf_file {
    Dwfl *dwfl;
    Dwfl_Module *module;
    Dwarf *dwarf;        /* NULL: without */
    Dwarf_Addr bias;     /* of libdw's addresses over those in DWARF */
    Dwarf_Addr elf_bias; /* over those in the file */
    Dwarf_Addr first;    /* the first that is loaded, as in the file */
};

/* One address being looked up. */
struct lookup {
    struct dwarf_file *file;
    struct arena *arena;
    Dwarf_Die *unit;
    Dwarf_Addr at; /* as in DWARF */
    struct symbol_place places[SYMBOL_PLACES_MAX];
    uint32_t count;
};

/* ---- opening ---- */

/* The file is all there is: libdw looks for no other. */
static int find_nothing(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                        const char *file, const char *link, GElf_Word crc, char **found)
{
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc;
    *found = NULL;
    return -1;
}

static const Dwfl_Callbacks callbacks = {.find_debuginfo = find_nothing,
                                         .section_address = dwfl_offline_section_address};

/* The page of the lowest address that is loaded. */
static Dwarf_Addr first_loaded(Elf *elf)
{
    size_t count = 0;
    GElf_Phdr header;
    (void)elf_getphdrnum(elf, &count);
    for (size_t i = 0; i < count; i++) {
        if (gelf_getphdr(elf, (int)i, &header) != NULL && header.p_type == PT_LOAD) {
            GElf_Xword align = header.p_align > 1 ? header.p_align : 1;
            return header.p_vaddr - header.p_vaddr % align;
        }
    }
    return 0;
}

static bool begin(struct dwarf_file *file, int fd)
{
    file->dwfl = dwfl_begin(&callbacks);
    if (file->dwfl == NULL) {
        close(fd);
        return false;
    }
    file->module = dwfl_report_offline(file->dwfl, "", "symbols", fd);
    if (file->module == NULL) {
        close(fd);
        return false;
    }
    (void)dwfl_report_end(file->dwfl, NULL, NULL);
    Elf *elf = dwfl_module_getelf(file->module, &file->elf_bias);
    if (elf == NULL) {
        return false;
    }
    file->first = first_loaded(elf);
    file->dwarf = dwfl_module_getdwarf(file->module, &file->bias);
    return true;
}

struct dwarf_file *dwarf_open(int fd)
{
    struct dwarf_file *file = calloc(1, sizeof(*file));
    MUST(file != NULL && fd >= 0);
    if (!begin(file, fd)) {
        dwarf_close(file);
        return NULL;
    }
    return file;
}

void dwarf_close(struct dwarf_file *file)
{
    if (file != NULL) {
        dwfl_end(file->dwfl);
        free(file);
    }
}

/* ---- names ---- */

static struct slice keep(struct lookup *lookup, const char *text)
{
    return arena_copy(lookup->arena, slice_str(text));
}

/* Fills function and, when it is another, raw_function. */
static void set_name(struct lookup *lookup, const char *name, struct symbol_place *place)
{
    int status = 0;
    bool is_mangled = name[0] == '_' && name[1] == 'Z';
    char *readable = is_mangled ? __cxa_demangle(name, NULL, NULL, &status) : NULL;
    place->function = keep(lookup, readable != NULL ? readable : name);
    if (readable != NULL) {
        place->raw_function = keep(lookup, name);
    }
    free(readable);
}

static void name_function(struct lookup *lookup, Dwarf_Die *die, struct symbol_place *place)
{
    Dwarf_Attribute attribute;
    Dwarf_Attribute *found = dwarf_attr_integrate(die, DW_AT_linkage_name, &attribute);
    if (found == NULL) {
        found = dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &attribute);
    }
    const char *name = found != NULL ? dwarf_formstring(found) : NULL;
    name = name != NULL ? name : dwarf_diename(die);
    if (name != NULL) {
        set_name(lookup, name, place);
    }
}

static void name_file(struct lookup *lookup, const char *path, struct symbol_place *place)
{
    Dwarf_Attribute attribute;
    Dwarf_Attribute *found = dwarf_attr(lookup->unit, DW_AT_comp_dir, &attribute);
    const char *folder = found != NULL ? dwarf_formstring(found) : NULL;
    if (path == NULL) {
        return;
    }
    if (path[0] == '/' || folder == NULL) {
        place->file = keep(lookup, path);
        return;
    }
    struct slice parts[] = {slice_str(folder), SLICE("/"), slice_str(path)};
    place->file = arena_concat(lookup->arena, parts, 3);
}

/* ---- places ---- */

static struct symbol_place *next_place(struct lookup *lookup)
{
    /* The last stays free for the real function. */
    uint32_t last = SYMBOL_PLACES_MAX - 1;
    uint32_t at = lookup->count < last ? lookup->count : last;
    MUST(at < SYMBOL_PLACES_MAX);
    lookup->places[at] = (struct symbol_place){.line = 0};
    lookup->count = at + 1;
    return &lookup->places[at];
}

static void set_line(struct lookup *lookup, struct symbol_place *place)
{
    Dwarf_Line *line = dwarf_getsrc_die(lookup->unit, lookup->at);
    int number = 0;
    if (line == NULL) {
        return;
    }
    name_file(lookup, dwarf_linesrc(line, NULL, NULL), place);
    place->line = dwarf_lineno(line, &number) == 0 && number > 0 ? (uint32_t)number : 0;
    place->column = dwarf_linecol(line, &number) == 0 && number > 0 ? (uint32_t)number : 0;
}

static uint32_t call_number(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word number = 0;
    bool is_there = dwarf_formudata(dwarf_attr(die, name, &attribute), &number) == 0;
    return is_there && number <= INT32_MAX ? (uint32_t)number : 0;
}

/* Where the inlined function `die` was called: a place in the one around it. */
static void set_call(struct lookup *lookup, Dwarf_Die *die, struct symbol_place *place)
{
    Dwarf_Files *files = NULL;
    uint32_t index = call_number(die, DW_AT_call_file);
    if (dwarf_getsrcfiles(lookup->unit, &files, NULL) == 0) {
        name_file(lookup, dwarf_filesrc(files, index, NULL, NULL), place);
    }
    place->line = call_number(die, DW_AT_call_line);
    place->column = call_number(die, DW_AT_call_column);
}

/* Functions from the innermost scope outwards. */
static void add_scopes(struct lookup *lookup, Dwarf_Die *scopes, int count)
{
    Dwarf_Die *inlined = NULL; /* the function inside the next */
    for (int i = 0; i < count; i++) {
        int tag = dwarf_tag(&scopes[i]);
        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) {
            continue;
        }
        struct symbol_place *place = next_place(lookup);
        name_function(lookup, &scopes[i], place);
        if (inlined == NULL) {
            set_line(lookup, place);
        } else {
            set_call(lookup, inlined, place);
        }
        if (tag == DW_TAG_subprogram) {
            return;
        }
        inlined = &scopes[i];
    }
}

/* The innermost scope's own ancestors: dwarf_getscopes alone goes from an inlined function on to
 * where it was written, not to where it was called. */
static void add_functions(struct lookup *lookup)
{
    Dwarf_Die *scopes = NULL;
    Dwarf_Die innermost;
    int count = dwarf_getscopes(lookup->unit, lookup->at, &scopes);
    bool is_one = count > 0 && dwarf_offdie(lookup->file->dwarf, dwarf_dieoffset(&scopes[0]),
                                            &innermost) != NULL;
    free(scopes);
    scopes = NULL;
    count = is_one ? dwarf_getscopes_die(&innermost, &scopes) : 0;
    add_scopes(lookup, scopes, count);
    free(scopes);
}

/* Clang writes no .debug_aranges: then each unit is asked. */
static Dwarf_Die *unit_of(struct dwarf_file *file, Dwarf_Addr address)
{
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit = dwfl_module_addrdie(file->module, address, &bias);
    if (unit != NULL) {
        return unit;
    }
    while ((unit = dwfl_module_nextcu(file->module, unit, &bias)) != NULL) {
        if (dwarf_haspc(unit, address - bias) > 0) {
            return unit;
        }
    }
    return NULL;
}

static void add_symbol(struct lookup *lookup, Dwarf_Addr address)
{
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char *name =
        dwfl_module_addrinfo(lookup->file->module, address, &offset, &symbol, NULL, NULL, NULL);
    if (name == NULL || name[0] == '\0') {
        return;
    }
    unsigned type = GELF_ST_TYPE(symbol.st_info);
    bool is_inside = symbol.st_size == 0 || offset < symbol.st_size;
    if (is_inside && (type == STT_FUNC || type == STT_GNU_IFUNC)) {
        set_name(lookup, name, next_place(lookup));
    }
}

void dwarf_find(struct dwarf_file *file, uint64_t address, struct arena *arena, struct symbol *out)
{
    struct lookup lookup = {.file = file, .arena = arena};
    Dwarf_Addr at = address + file->first + file->elf_bias;
    *out = (struct symbol){.status = SYMBOL_NO_SYMBOL};
    lookup.unit = file->dwarf != NULL ? unit_of(file, at) : NULL;
    lookup.at = at - file->bias;
    if (lookup.unit != NULL) {
        add_functions(&lookup);
    }
    if (lookup.count == 0) {
        add_symbol(&lookup, at);
    }
    if (lookup.count == 0) {
        return;
    }
    out->places = ARENA_ARRAY(arena, lookup.count, struct symbol_place);
    if (out->places != NULL) {
        memcpy(out->places, lookup.places, lookup.count * sizeof(lookup.places[0]));
        out->count = lookup.count;
        out->status = SYMBOL_FOUND;
    }
}
