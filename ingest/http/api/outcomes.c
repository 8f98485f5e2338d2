/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/0/projects/tocsin/{project}/outcomes/?hours=24 — in the shape of Sentry's stats_v2. */
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "ingest/http/api/call.h"
#include "storage/queries_outcomes.h"

#define HOURS_DEFAULT 24u

static void date(struct json *json, int64_t hour)
{
    char text[TIME_TEXT_BYTES];
    time_format(hour * 3600 * TIME_US_PER_S, 0, text);
    json_string(json, slice_str(text));
}

static void write_row(struct json *json, const struct outcome_row *row, uint32_t hours)
{
    MUST(row->series != NULL);
    json_map(json);
    json_key(json, "by");
    json_map(json);
    json_member_string(json, "outcome", slice_str(fate_name(row->fate)));
    json_member_string(json, "category", slice_str(category_name(row->category)));
    json_member_string(json, "reason", row->reason);
    json_map_end(json);
    json_key(json, "totals");
    json_map(json);
    json_member_integer(json, "sum(quantity)", (int64_t)row->total);
    json_map_end(json);
    json_key(json, "series");
    json_map(json);
    json_key(json, "sum(quantity)");
    json_list(json);
    for (uint32_t i = 0; i < hours; i++) {
        json_unsigned(json, row->series[i]);
    }
    json_list_end(json);
    json_map_end(json);
    json_map_end(json);
}

static void write_table(struct json *json, const struct outcome_table *table)
{
    json_map(json);
    json_key(json, "start");
    date(json, table->first_hour);
    json_key(json, "end");
    date(json, table->first_hour + table->hours);
    json_key(json, "intervals");
    json_list(json);
    for (uint32_t i = 0; i < table->hours; i++) {
        date(json, table->first_hour + i);
    }
    json_list_end(json);
    json_key(json, "groups");
    json_list(json);
    for (uint32_t i = 0; i < table->count; i++) {
        write_row(json, &table->rows[i], table->hours);
    }
    json_list_end(json);
    json_map_end(json);
}

struct fault api_outcomes(struct call *call)
{
    const struct project *project = call_project(call, 0);
    struct slice text = call_parameter(call, "hours");
    struct outcome_table table;
    uint64_t hours = HOURS_DEFAULT;
    if (project == NULL) {
        return fault_make(FAULT_NOT_FOUND, "no such project");
    }
    if (text.len != 0 && (!call_number(text, &hours) || hours == 0 || hours > OUTCOME_HOURS_MAX)) {
        return fault_make(FAULT_MALFORMED, "hours is a number from 1 to 2160");
    }
    struct fault fault = queries_outcomes(call->api->queries, &call->api->arena, project->id,
                                          clock_wall_us(), (uint32_t)hours, &table);
    if (!fault_is(fault)) {
        write_table(&call->json, &table);
    }
    return fault;
}
