/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/minidump.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/decode/minidump_reason.h"
#include "ingest/decode/tree.h"
#include <inttypes.h>

enum { STREAM_MODULES = 4, STREAM_EXCEPTION = 6, STREAM_SYSTEM = 7 };
enum { HEADER_BYTES = 32, DIRECTORY_BYTES = 12, MODULE_BYTES = 108, NAME_UNITS_MAX = 512 };

struct module {
    uint64_t base;
    uint32_t size;
    struct slice name; /* of its file, without folders */
};

struct dump {
    struct arena *arena;
    struct slice bytes;
    enum minidump_system system;
    struct slice version; /* of the system: "10.0.19041" */
    bool has_exception;
    uint32_t code;
    uint64_t address;
    struct module *modules;
    uint32_t module_count;
};

static uint64_t get(struct slice bytes, size_t at, unsigned count)
{
    uint64_t number = 0;
    MUST(at + count <= bytes.len);
    for (unsigned i = 0; i < count; i++) {
        number |= (uint64_t)(unsigned char)bytes.at[at + i] << (8 * i);
    }
    return number;
}

/* What lies at `at`; the empty slice when it is not wholly in the file. */
static struct slice range(struct slice bytes, uint64_t at, uint64_t size)
{
    return at <= bytes.len && size <= bytes.len - at ? slice_of(bytes.at + at, (size_t)size)
                                                     : slice_of(NULL, 0);
}

/* Writes a character as UTF-8; gives its bytes. */
static size_t put(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | c >> 12);
    to[1] = (char)(0x80 | (c >> 6 & 0x3f));
    to[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

/* The last part of the path at `at`: u32 bytes, then UTF-16. Surrogates become '?': file names
 * that have them are told apart by the rest. */
static struct slice read_name(struct dump *dump, uint32_t at)
{
    struct slice head = range(dump->bytes, at, 4);
    struct slice text =
        head.len != 0 ? range(dump->bytes, (uint64_t)at + 4, get(head, 0, 4)) : slice_of(NULL, 0);
    size_t units = text.len / 2 < NAME_UNITS_MAX ? text.len / 2 : NAME_UNITS_MAX;
    char *to = arena_bytes(dump->arena, units * 3);
    size_t length = 0;
    size_t start = 0;
    for (size_t i = 0; i < units && to != NULL; i++) {
        uint32_t c = (uint32_t)get(text, 2 * i, 2);
        bool is_odd = (c >= 0xd800 && c < 0xe000) || c == 0;
        length += put(to + length, is_odd ? '?' : c);
        start = c == '/' || c == '\\' ? length : start;
    }
    return slice_of(to + start, to != NULL ? length - start : 0);
}

static void read_modules(struct dump *dump, struct slice stream)
{
    if (stream.len < 4) {
        return;
    }
    uint64_t count = get(stream, 0, 4);
    size_t at = stream.len == 8 + count * MODULE_BYTES ? 8 : 4; /* some writers align the list */
    count = count < MINIDUMP_MODULES_MAX ? count : MINIDUMP_MODULES_MAX;
    dump->modules = ARENA_ARRAY(dump->arena, (size_t)count, struct module);
    for (uint64_t i = 0; i < count && dump->modules != NULL; i++, at += MODULE_BYTES) {
        struct slice entry = range(stream, at, MODULE_BYTES);
        if (entry.len == 0) {
            return;
        }
        dump->modules[dump->module_count++] =
            (struct module){.base = get(entry, 0, 8),
                            .size = (uint32_t)get(entry, 8, 4),
                            .name = read_name(dump, (uint32_t)get(entry, 20, 4))};
    }
}

static void read_exception(struct dump *dump, struct slice stream)
{
    if (stream.len >= 32) {
        dump->has_exception = true;
        dump->code = (uint32_t)get(stream, 8, 4);
        dump->address = get(stream, 24, 8);
    }
}

static void read_system(struct dump *dump, struct slice stream)
{
    if (stream.len >= 24) {
        dump->system = minidump_system_of((uint32_t)get(stream, 20, 4));
        dump->version = arena_printf(dump->arena, "%" PRIu64 ".%" PRIu64 ".%" PRIu64,
                                     get(stream, 8, 4), get(stream, 12, 4), get(stream, 16, 4));
    }
}

static void read_stream(struct dump *dump, uint32_t type, struct slice stream)
{
    if (type == STREAM_MODULES && dump->modules == NULL) {
        read_modules(dump, stream);
    } else if (type == STREAM_EXCEPTION) {
        read_exception(dump, stream);
    } else if (type == STREAM_SYSTEM) {
        read_system(dump, stream);
    }
}

bool minidump_is(struct slice bytes)
{
    return slice_starts(bytes, SLICE("MDMP"));
}

static struct fault read(struct dump *dump)
{
    if (!minidump_is(dump->bytes) || dump->bytes.len < HEADER_BYTES) {
        return fault_at(FAULT_MALFORMED, "minidump: does not begin like one", 0);
    }
    uint64_t count = get(dump->bytes, 8, 4);
    uint64_t at = get(dump->bytes, 12, 4);
    struct slice directory = range(dump->bytes, at, count * DIRECTORY_BYTES);
    if (count > MINIDUMP_STREAMS_MAX || directory.len != count * DIRECTORY_BYTES) {
        return fault_at(FAULT_MALFORMED, "minidump: its directory is not in the file", 8);
    }
    for (size_t i = 0; i < count; i++) {
        size_t row = i * DIRECTORY_BYTES;
        read_stream(dump, (uint32_t)get(directory, row, 4),
                    range(dump->bytes, get(directory, row + 8, 4), get(directory, row + 4, 4)));
    }
    return FAULT_OK;
}

static const struct module *module_at(const struct dump *dump, uint64_t address)
{
    for (uint32_t i = 0; i < dump->module_count; i++) {
        const struct module *module = &dump->modules[i];
        if (address >= module->base && address - module->base < module->size) {
            return module;
        }
    }
    return NULL;
}

static struct slice hex(struct arena *arena, uint64_t address)
{
    return arena_printf(arena, "0x%" PRIx64, address);
}

static void add_exception(struct dump *dump, struct value *event)
{
    struct arena *arena = dump->arena;
    const struct module *module = module_at(dump, dump->address);
    const char *name = dump->has_exception ? minidump_reason(dump->system, dump->code) : "Minidump";
    struct slice reason =
        name != NULL ? slice_str(name) : arena_printf(arena, "Exception 0x%08" PRIx32, dump->code);
    struct slice first = dump->module_count > 0 ? dump->modules[0].name : slice_of(NULL, 0);
    struct slice where = module != NULL ? module->name : first;
    struct value *exception = tree_element(arena, tree_list(arena, event, "exception"));
    tree_text(arena, exception, "type", reason);
    tree_text(arena, exception, "value",
              where.len != 0 ? arena_printf(arena, "crash in %.*s", SLICE_ARG(where))
                             : SLICE("crash"));
    struct value *mechanism = tree_map(arena, exception, "mechanism");
    tree_text(arena, mechanism, "type", SLICE("minidump"));
    struct value *no = mechanism != NULL ? value_new(arena, VALUE_FALSE) : NULL;
    if (no != NULL) {
        value_append(mechanism, SLICE("handled"), no);
    }
    struct value *frames = tree_list(arena, tree_map(arena, exception, "stacktrace"), "frames");
    if (module == NULL) {
        return;
    }
    struct value *frame = tree_element(arena, frames);
    tree_text(arena, frame, "package", module->name);
    tree_text(arena, frame, "instruction_addr", hex(arena, dump->address));
    tree_text(arena, frame, "image_addr", hex(arena, module->base));
}

static void add_images(struct dump *dump, struct value *event)
{
    struct value *images =
        tree_list(dump->arena, tree_map(dump->arena, event, "debug_meta"), "images");
    for (uint32_t i = 0; i < dump->module_count; i++) {
        const struct module *module = &dump->modules[i];
        struct value *image = tree_element(dump->arena, images);
        tree_text(dump->arena, image, "code_file", module->name);
        tree_text(dump->arena, image, "image_addr", hex(dump->arena, module->base));
        struct value *size = image != NULL ? value_new(dump->arena, VALUE_NUMBER) : NULL;
        if (size != NULL) {
            size->of.text = arena_printf(dump->arena, "%" PRIu32, module->size);
            value_append(image, SLICE("image_size"), size);
        }
    }
}

struct fault minidump_describe(struct arena *arena, struct slice bytes, struct value *event)
{
    struct dump dump = {.arena = arena, .bytes = bytes};
    MUST(value_is(event, VALUE_MAP));
    struct fault fault = read(&dump);
    if (fault_is(fault)) {
        return fault;
    }
    if (tree_lacks(event, SLICE("platform"))) {
        tree_text(arena, event, "platform", SLICE("native"));
    }
    if (tree_lacks(event, SLICE("level"))) {
        tree_text(arena, event, "level", SLICE("fatal"));
    }
    if (tree_lacks(event, SLICE("exception"))) {
        add_exception(&dump, event);
    }
    if (tree_lacks(event, SLICE("debug_meta"))) {
        add_images(&dump, event);
    }
    if (tree_lacks(event, SLICE("contexts"))) {
        struct value *os = tree_map(arena, tree_map(arena, event, "contexts"), "os");
        tree_text(arena, os, "name", slice_str(minidump_system_name(dump.system)));
        tree_text(arena, os, "version", dump.version);
    }
    return arena->exhausted ? fault_make(FAULT_TOO_BIG, "minidump: needs more memory than allowed")
                            : FAULT_OK;
}
