/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/mmdb.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NODES_MAX 8192u
#define DATA_MAX  16384u

enum {
    TYPE_TEXT = 2,
    TYPE_DOUBLE = 3,
    TYPE_UINT16 = 5,
    TYPE_UINT32 = 6,
    TYPE_MAP = 7,
    TYPE_UINT64
};

struct writer {
    uint32_t nodes[NODES_MAX][2]; /* 0: nothing; else the next node, or LEAF + offset of data */
    uint32_t node_count;
    uint8_t data[DATA_MAX];
    size_t length;
};

#define LEAF 0x40000000u

/* ---- data ---- */

static void put(struct writer *w, const void *bytes, size_t count)
{
    if (w->length + count <= DATA_MAX) {
        memcpy(w->data + w->length, bytes, count);
        w->length += count;
    }
}

/* Types past 7 are written as 0 and, less 7, in a byte of their own. */
static void put_control(struct writer *w, unsigned type, size_t size)
{
    uint8_t bytes[3];
    size_t count = 0;
    unsigned first = type > TYPE_MAP ? 0 : type;
    bytes[count++] = (uint8_t)((first << 5) | (size < 29 ? size : 29));
    if (type > TYPE_MAP) {
        bytes[count++] = (uint8_t)(type - 7);
    }
    if (size >= 29) {
        bytes[count++] = (uint8_t)(size - 29);
    }
    put(w, bytes, count);
}

static void put_text(struct writer *w, const char *text)
{
    put_control(w, TYPE_TEXT, strlen(text));
    put(w, text, strlen(text));
}

static void put_number(struct writer *w, unsigned type, uint64_t number, unsigned bytes)
{
    put_control(w, type == TYPE_UINT64 ? 9 : type, bytes);
    for (unsigned i = bytes; i-- > 0;) {
        put(w, &(uint8_t){(uint8_t)(number >> (8 * i))}, 1);
    }
}

static void put_double(struct writer *w, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    put_number(w, TYPE_DOUBLE, bits, 8);
}

/* {"names": {"en": name}}, and a code before it. */
static void put_named(struct writer *w, const char *code, const char *name)
{
    put_control(w, TYPE_MAP, (size_t)(code != NULL) + (name != NULL));
    if (code != NULL) {
        put_text(w, "iso_code");
        put_text(w, code);
    }
    if (name != NULL) {
        put_text(w, "names");
        put_control(w, TYPE_MAP, 1);
        put_text(w, "en");
        put_text(w, name);
    }
}

static void put_row(struct writer *w, const struct mmdb_row *row)
{
    bool has_country = row->country_code != NULL || row->country != NULL;
    bool has_location = row->latitude != 0 || row->longitude != 0;
    const bool has[] = {has_country,  row->region != NULL, row->city != NULL,
                        has_location, row->as_number != 0, row->as_name != NULL};
    size_t members = 0;
    for (size_t i = 0; i < sizeof(has) / sizeof(has[0]); i++) {
        members += has[i];
    }
    put_control(w, TYPE_MAP, members);
    if (has_country) {
        put_text(w, "country");
        put_named(w, row->country_code, row->country);
    }
    if (row->region != NULL) {
        put_text(w, "subdivisions");
        put_control(w, 11, 1); /* an array */
        put_named(w, NULL, row->region);
    }
    if (row->city != NULL) {
        put_text(w, "city");
        put_named(w, NULL, row->city);
    }
    if (has_location) {
        put_text(w, "location");
        put_control(w, TYPE_MAP, 2);
        put_text(w, "latitude");
        put_double(w, row->latitude);
        put_text(w, "longitude");
        put_double(w, row->longitude);
    }
    if (row->as_number != 0) {
        put_text(w, "autonomous_system_number");
        put_number(w, TYPE_UINT32, row->as_number, 4);
    }
    if (row->as_name != NULL) {
        put_text(w, "autonomous_system_organization");
        put_text(w, row->as_name);
    }
}

/* ---- the tree ---- */

/* The address as 128 bits (IPv4 in the last 32) and how many of them count. */
static bool read_network(const char *text, uint8_t bits[16], unsigned *length)
{
    char copy[64];
    snprintf(copy, sizeof(copy), "%s", text);
    char *slash = strchr(copy, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    *length = (unsigned)strtoul(slash + 1, NULL, 10);
    memset(bits, 0, 16);
    if (inet_pton(AF_INET, copy, bits + 12) == 1) {
        *length += 96;
        return true;
    }
    return inet_pton(AF_INET6, copy, bits) == 1;
}

static bool add_network(struct writer *w, const char *network, size_t offset)
{
    uint8_t bits[16];
    unsigned length = 0;
    if (!read_network(network, bits, &length) || length == 0 || length > 128) {
        return false;
    }
    uint32_t node = 0;
    for (unsigned i = 0; i < length; i++) {
        unsigned bit = ((unsigned)bits[i / 8] >> (7 - i % 8)) & 1u;
        uint32_t *next = &w->nodes[node][bit];
        if (i + 1 == length) {
            *next = LEAF + (uint32_t)offset;
        } else if (*next == 0 && w->node_count < NODES_MAX) {
            *next = w->node_count++;
        }
        node = *next;
    }
    return w->node_count < NODES_MAX;
}

static void write_record(FILE *file, const struct writer *w, uint32_t record)
{
    uint32_t number = record == 0     ? w->node_count /* nothing there */
                      : record < LEAF ? record
                                      : w->node_count + 16 + (record - LEAF);
    fputc((int)(number >> 16 & 0xff), file);
    fputc((int)(number >> 8 & 0xff), file);
    fputc((int)(number & 0xff), file);
}

static void write_metadata(FILE *file, uint32_t node_count)
{
    struct writer *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        return;
    }
    put_control(w, TYPE_MAP, 9);
    put_text(w, "binary_format_major_version");
    put_number(w, TYPE_UINT16, 2, 2);
    put_text(w, "binary_format_minor_version");
    put_number(w, TYPE_UINT16, 0, 2);
    put_text(w, "build_epoch");
    put_number(w, TYPE_UINT64, 1764000000, 8);
    put_text(w, "database_type");
    put_text(w, "Test-City");
    put_text(w, "description");
    put_control(w, TYPE_MAP, 0);
    put_text(w, "ip_version");
    put_number(w, TYPE_UINT16, 6, 2);
    put_text(w, "languages");
    put_control(w, 11, 0);
    put_text(w, "node_count");
    put_number(w, TYPE_UINT32, node_count, 4);
    put_text(w, "record_size");
    put_number(w, TYPE_UINT16, 24, 2);
    fwrite("\xab\xcd\xefMaxMind.com", 1, 14, file);
    fwrite(w->data, 1, w->length, file);
    free(w);
}

static bool write_file(const char *path, const struct writer *w)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < w->node_count; i++) {
        write_record(file, w, w->nodes[i][0]);
        write_record(file, w, w->nodes[i][1]);
    }
    fwrite((char[16]){0}, 1, 16, file);
    fwrite(w->data, 1, w->length, file);
    write_metadata(file, w->node_count);
    return fclose(file) == 0;
}

bool mmdb_write(const char *path, const struct mmdb_row *rows, unsigned count)
{
    char beside[4096];
    struct writer *w = calloc(1, sizeof(*w));
    bool is_good = w != NULL && snprintf(beside, sizeof(beside), "%s.new", path) < 4096;
    if (w != NULL) {
        w->node_count = 1;
    }
    for (unsigned i = 0; i < count && is_good; i++) {
        size_t offset = w->length;
        put_row(w, &rows[i]);
        is_good = add_network(w, rows[i].network, offset);
    }
    is_good = is_good && write_file(beside, w) && rename(beside, path) == 0;
    free(w);
    return is_good;
}
