/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/geo.h"
#include "ingest/base/must.h"
#include <arpa/inet.h>
#include <maxminddb.h>
#include <stdlib.h>

struct geo {
    MMDB_s files[GEO_FILES_MAX];
    uint32_t count;
};

struct geo *geo_open(const char *const *paths, uint32_t count, uint32_t *out_bad,
                     const char **out_why)
{
    struct geo *geo = calloc(1, sizeof(*geo));
    *out_bad = 0;
    *out_why = geo == NULL ? "no memory left" : "more databases than can be open at once";
    for (uint32_t i = 0; i < count && geo != NULL; i++) {
        int status = i < GEO_FILES_MAX ? MMDB_open(paths[i], MMDB_MODE_MMAP, &geo->files[i])
                                       : MMDB_OUT_OF_MEMORY_ERROR;
        if (status != MMDB_SUCCESS) {
            *out_bad = i;
            *out_why = i < GEO_FILES_MAX ? MMDB_strerror(status) : *out_why;
            geo_close(geo);
            return NULL;
        }
        geo->count++;
    }
    MUST(geo == NULL || geo->count == count);
    return geo;
}

void geo_close(struct geo *geo)
{
    if (geo == NULL) {
        return;
    }
    for (uint32_t i = 0; i < geo->count; i++) {
        MMDB_close(&geo->files[i]);
    }
    free(geo);
}

/* ---- reading ---- */

static void take_text(MMDB_entry_s *entry, const char *const *path, struct slice *out)
{
    MMDB_entry_data_s data;
    if (out->len == 0 && MMDB_aget_value(entry, &data, path) == MMDB_SUCCESS && data.has_data &&
        data.type == MMDB_DATA_TYPE_UTF8_STRING) {
        *out = slice_of(data.utf8_string, data.data_size);
    }
}

static bool get_real(MMDB_entry_s *entry, const char *const *path, double *out)
{
    MMDB_entry_data_s data;
    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data) {
        return false;
    }
    if (data.type == MMDB_DATA_TYPE_FLOAT) {
        *out = (double)data.float_value;
        return true;
    }
    *out = data.type == MMDB_DATA_TYPE_DOUBLE ? data.double_value : 0;
    return data.type == MMDB_DATA_TYPE_DOUBLE;
}

static void take_number(MMDB_entry_s *entry, const char *const *path, uint32_t *out)
{
    MMDB_entry_data_s data;
    if (*out == 0 && MMDB_aget_value(entry, &data, path) == MMDB_SUCCESS && data.has_data &&
        data.type == MMDB_DATA_TYPE_UINT32) {
        *out = data.uint32;
    }
}

/* The names of MaxMind's city, country and AS files, which others have taken over. */
static void take_entry(MMDB_entry_s *entry, struct geo_place *out)
{
    static const char *const code[] = {"country", "iso_code", NULL};
    static const char *const country[] = {"country", "names", "en", NULL};
    static const char *const region[] = {"subdivisions", "0", "names", "en", NULL};
    static const char *const city[] = {"city", "names", "en", NULL};
    static const char *const latitude[] = {"location", "latitude", NULL};
    static const char *const longitude[] = {"location", "longitude", NULL};
    static const char *const as_number[] = {"autonomous_system_number", NULL};
    static const char *const as_name[] = {"autonomous_system_organization", NULL};
    take_text(entry, code, &out->country_code);
    take_text(entry, country, &out->country);
    take_text(entry, region, &out->region);
    take_text(entry, city, &out->city);
    take_text(entry, as_name, &out->as_name);
    take_number(entry, as_number, &out->as_number);
    double north = 0;
    double east = 0;
    if (!out->has_location && get_real(entry, latitude, &north) &&
        get_real(entry, longitude, &east)) {
        out->has_location = north >= -90 && north <= 90 && east >= -180 && east <= 180;
        out->latitude = out->has_location ? north : 0;
        out->longitude = out->has_location ? east : 0;
    }
}

/* The binary form of an address in text, without a zone; false when it is none. */
static bool parse(struct slice text, struct sockaddr_storage *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    text = slice_head(text, slice_find(text, '%'));
    if (text.len == 0 || text.len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    memset(out, 0, sizeof(*out));
    if (inet_pton(AF_INET, copy, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        return true;
    }
    six->sin6_family = AF_INET6;
    return inet_pton(AF_INET6, copy, &six->sin6_addr) == 1;
}

bool geo_find(const struct geo *geo, struct slice address, struct geo_place *out)
{
    struct sockaddr_storage parsed;
    *out = (struct geo_place){0};
    if (geo == NULL || geo->count == 0 || !parse(address, &parsed)) {
        return false;
    }
    bool is_found = false;
    for (uint32_t i = 0; i < geo->count; i++) {
        int status = MMDB_SUCCESS;
        MMDB_lookup_result_s result =
            MMDB_lookup_sockaddr(&geo->files[i], (struct sockaddr *)&parsed, &status);
        if (status == MMDB_SUCCESS && result.found_entry) {
            take_entry(&result.entry, out);
            is_found = true;
        }
    }
    MUST(!out->has_location || (out->latitude >= -90 && out->latitude <= 90));
    return is_found;
}
