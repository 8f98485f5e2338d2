/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/command/client.h"
#include "ingest/command/commands.h"
#include "ingest/decode/auth.h"
#include "ingest/host/clock.h"
#include "ingest/host/random.h"
#include <stdio.h>
#include <unistd.h>

static void write_event(struct buffer *out, const char *id, const char *message)
{
    char time[TIME_TEXT_BYTES];
    char host[256] = "";
    struct json json;
    time_format(clock_wall_us(), 3, time);
    (void)gethostname(host, sizeof(host) - 1);
    json_init(&json, out);
    json_map(&json);
    json_member_string(&json, "event_id", slice_str(id));
    json_member_string(&json, "timestamp", slice_str(time));
    json_member_string(&json, "platform", SLICE("other"));
    json_member_string(&json, "level", SLICE("error"));
    json_member_string(&json, "logger", SLICE("tocsin.send"));
    json_member_string(&json, "server_name", slice_str(host));
    json_key(&json, "logentry");
    json_map(&json);
    json_member_string(&json, "message", slice_str(message));
    json_map_end(&json);
    json_map_end(&json);
}

/* {"event_id"}, {"type","length"}, event: what an SDK sends. */
static struct slice envelope(struct arena *arena, const char *id, const char *message)
{
    struct buffer event;
    buffer_init(&event, 1u << 20);
    write_event(&event, id, message);
    struct slice head = arena_printf(
        arena, "{\"event_id\":\"%s\"}\n{\"type\":\"event\",\"length\":%zu}\n", id, event.len);
    struct slice whole =
        arena_concat(arena, (struct slice[]){head, buffer_slice(&event), SLICE("\n")}, 3);
    buffer_done(&event);
    return whole;
}

/* The first project's DSN, asked from the server. */
static bool default_dsn(struct client *client, struct slice *out)
{
    const struct value *projects = NULL;
    if (!client_call(client, "/api/0/projects/", NULL, &projects)) {
        return false;
    }
    const struct value *key = value_first(value_get(value_first(projects), SLICE("keys")));
    *out = value_string(value_get(value_get(key, SLICE("dsn")), SLICE("public")));
    if (out->len == 0) {
        fprintf(stderr, "tocsin: no project has a key; make one with `tocsin project add NAME`\n");
    }
    return out->len != 0;
}

static bool post(struct client *client, struct slice text, const char *message)
{
    char hex[ID_HEX_BYTES + 1];
    char url[1024];
    long status = 0;
    struct dsn dsn;
    struct fault fault = dsn_parse(text, &dsn);
    if (fault_is(fault)) {
        fprintf(stderr, "tocsin: %.*s: %s\n", SLICE_ARG(text), fault.reason);
        return false;
    }
    id_format(random_id(), hex);
    snprintf(url, sizeof(url), "%.*s://%.*s%.*s/api/%u/envelope/?sentry_key=%.*s",
             SLICE_ARG(dsn.scheme), SLICE_ARG(dsn.host), SLICE_ARG(dsn.path), dsn.project,
             SLICE_ARG(dsn.key));
    if (!client_post(client, url, envelope(&client->arena, hex, message), &status)) {
        return false;
    }
    if (status != 200) {
        fprintf(stderr, "tocsin: status %ld: %.*s\n", status,
                SLICE_ARG(buffer_slice(&client->answer)));
        return false;
    }
    printf("%s\n", hex);
    return true;
}

int command_send(int argc, char **argv)
{
    const char *data = NULL;
    const char *dsn = NULL;
    struct client client;
    struct slice text = {NULL, 0};
    if (!command_option(&argc, argv, "--data", &data) ||
        !command_option(&argc, argv, "--dsn", &dsn) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    if (argc > 2) {
        fprintf(stderr, "usage: tocsin send [MESSAGE] [--dsn DSN | --data DIR]\n");
        return EXIT_USAGE;
    }
    bool done = dsn != NULL ? client_init(&client)
                            : client_open(&client, data) && default_dsn(&client, &text);
    text = dsn != NULL ? slice_str(dsn) : text;
    done = done && post(&client, text, argc > 1 ? argv[1] : "Hello from tocsin send");
    client_close(&client);
    return done ? 0 : 1;
}
