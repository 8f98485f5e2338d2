/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/client.h"
#include "ingest/command/commands.h"
#include <stdio.h>

/* "2026-11-24T08:33:30.123Z" without what a list does not need. */
static void print_time(struct slice time)
{
    char out[20] = "";
    if (time.len >= 19) {
        memcpy(out, time.at, 19);
        out[10] = ' ';
    }
    printf("%-19s", out);
}

static void print_row(const struct value *issue)
{
    printf("%-6.*s %-10.*s %8.*s %6.*s  ", SLICE_ARG(value_text_at(issue, "id")),
           SLICE_ARG(value_text_at(issue, "level")), SLICE_ARG(value_text_at(issue, "count")),
           SLICE_ARG(value_text_at(issue, "userCount")));
    print_time(value_text_at(issue, "lastSeen"));
    printf("  %.*s", SLICE_ARG(slice_cut_utf8(value_text_at(issue, "title"), 100)));
    struct slice status = value_text_at(issue, "status");
    if (!slice_eq(status, SLICE("unresolved"))) {
        printf("  [%.*s]", SLICE_ARG(status));
    }
    if (value_text_at(issue, "culprit").len != 0) {
        printf("  (%.*s)", SLICE_ARG(slice_cut_utf8(value_text_at(issue, "culprit"), 60)));
    }
    putchar('\n');
}

int command_issues(int argc, char **argv)
{
    const char *data = NULL;
    const struct value *issues = NULL;
    struct client client;
    char path[256];
    bool all = command_flag(&argc, argv, "--all");
    if (!command_option(&argc, argv, "--data", &data) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    snprintf(path, sizeof(path), "/api/0/projects/tocsin/%.100s/issues/?limit=100%s",
             argc > 1 ? argv[1] : "1", all ? "" : "&query=is:unresolved");
    bool done = client_open(&client, data) && client_call(&client, path, NULL, &issues);
    if (done && issues->count == 0) {
        puts(all ? "no issues" : "nothing is broken (--all shows resolved and ignored ones too)");
    } else if (done) {
        printf("%-6s %-10s %8s %6s  %-19s  %s\n", "ID", "LEVEL", "EVENTS", "USERS",
               "LAST SEEN (UTC)", "TITLE");
        for (const struct value *issue = value_first(issues); issue != NULL; issue = issue->next) {
            print_row(issue);
        }
    }
    client_close(&client);
    return done ? 0 : 1;
}

static void print_frame(const struct value *frame)
{
    bool in_app = value_is(value_get(frame, SLICE("inApp")), VALUE_TRUE);
    struct slice file = value_text_at(frame, "filename");
    file = file.len != 0 ? file : value_text_at(frame, "module");
    printf("  %c %.*s", in_app ? '>' : ' ', SLICE_ARG(file));
    if (value_text_at(frame, "lineNo").len != 0) {
        printf(":%.*s", SLICE_ARG(value_text_at(frame, "lineNo")));
    }
    printf("  %.*s\n", SLICE_ARG(value_text_at(frame, "function")));
    const struct value *line = value_first(value_get(frame, SLICE("context")));
    for (; line != NULL && in_app; line = line->next) {
        const struct value *number = value_first(line);
        if (number != NULL && slice_eq(value_text(number), value_text_at(frame, "lineNo"))) {
            printf("      %.*s\n", SLICE_ARG(slice_trim(value_text(number->next))));
        }
    }
}

/* Most recent call first: what a person looks for stands at the top. */
static void print_frames(const struct value *frames)
{
    const struct value *list[64];
    unsigned count = 0;
    const struct value *frame = value_first(frames);
    for (; frame != NULL; frame = frame->next) {
        list[count++ % 64] = frame;
    }
    unsigned shown = count < 64 ? count : 64;
    for (unsigned i = 0; i < shown; i++) {
        print_frame(list[(count - 1 - i) % 64]);
    }
}

static void print_exceptions(const struct value *entry)
{
    const struct value *values = value_get(value_get(entry, SLICE("data")), SLICE("values"));
    for (const struct value *one = value_first(values); one != NULL; one = one->next) {
        printf("\n%.*s: %.*s\n", SLICE_ARG(value_text_at(one, "type")),
               SLICE_ARG(value_text_at(one, "value")));
        print_frames(value_get(value_get(one, SLICE("stacktrace")), SLICE("frames")));
    }
}

static void print_request(const struct value *entry)
{
    const struct value *data = value_get(entry, SLICE("data"));
    printf("\nrequest  %.*s %.*s\n", SLICE_ARG(value_text_at(data, "method")),
           SLICE_ARG(value_text_at(data, "url")));
}

static void print_tags(const struct value *tags)
{
    if (value_first(tags) == NULL) {
        return;
    }
    printf("tags    ");
    for (const struct value *tag = value_first(tags); tag != NULL; tag = tag->next) {
        printf(" %.*s=%.*s", SLICE_ARG(value_text_at(tag, "key")),
               SLICE_ARG(value_text_at(tag, "value")));
    }
    putchar('\n');
}

static void print_event(const struct value *event)
{
    printf("event    %.*s at %.*s\n", SLICE_ARG(value_text_at(event, "eventID")),
           SLICE_ARG(value_text_at(event, "dateCreated")));
    print_tags(value_get(event, SLICE("tags")));
    const struct value *entry = value_first(value_get(event, SLICE("entries")));
    for (; entry != NULL; entry = entry->next) {
        struct slice type = value_text_at(entry, "type");
        if (slice_eq(type, SLICE("exception"))) {
            print_exceptions(entry);
        } else if (slice_eq(type, SLICE("request"))) {
            print_request(entry);
        }
    }
}

/* Where the event was, when its symbols say so: they are not known when an issue begins. */
static struct slice place_of(const struct value *issue, const struct value *event)
{
    struct slice place = value_text_at(event, "culprit");
    return place.len != 0 ? place : value_text_at(issue, "culprit");
}

static void print_issue(const struct value *issue, const struct value *event)
{
    printf("%.*s\n", SLICE_ARG(value_text_at(issue, "title")));
    printf("issue    %.*s  %.*s  %.*s\n", SLICE_ARG(value_text_at(issue, "id")),
           SLICE_ARG(value_text_at(issue, "status")), SLICE_ARG(value_text_at(issue, "level")));
    printf("where    %.*s\n", SLICE_ARG(place_of(issue, event)));
    printf("seen     %.*s times, %.*s users, first %.*s, last %.*s\n",
           SLICE_ARG(value_text_at(issue, "count")), SLICE_ARG(value_text_at(issue, "userCount")),
           SLICE_ARG(value_text_at(issue, "firstSeen")),
           SLICE_ARG(value_text_at(issue, "lastSeen")));
    if (value_text_at(issue, "firstRelease").len != 0) {
        printf("release  first %.*s, last %.*s\n", SLICE_ARG(value_text_at(issue, "firstRelease")),
               SLICE_ARG(value_text_at(issue, "lastRelease")));
    }
}

static const char *status_for(const char *verb)
{
    static const char *const verbs[][2] = {
        {"resolve", "resolved"}, {"ignore", "ignored"}, {"reopen", "unresolved"}};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verb, verbs[i][0]) == 0) {
            return verbs[i][1];
        }
    }
    return NULL;
}

static bool change(struct client *client, const char *path, const char *status)
{
    char body[64];
    const struct value *issue = NULL;
    snprintf(body, sizeof(body), "{\"status\":\"%s\"}", status);
    if (!client_call(client, path, body, &issue)) {
        return false;
    }
    printf("issue %.*s is %.*s\n", SLICE_ARG(value_text_at(issue, "id")),
           SLICE_ARG(value_text_at(issue, "status")));
    return true;
}

static bool show(struct client *client, const char *path)
{
    char event_path[160];
    const struct value *issue = NULL;
    const struct value *event = NULL;
    if (!client_call(client, path, NULL, &issue)) {
        return false;
    }
    snprintf(event_path, sizeof(event_path), "%sevents/latest/", path);
    bool has_event = client_call(client, event_path, NULL, &event);
    print_issue(issue, has_event ? event : NULL);
    if (has_event) {
        print_event(event);
    }
    return true;
}

int command_issue(int argc, char **argv)
{
    const char *data = NULL;
    struct client client;
    char path[128];
    if (!command_option(&argc, argv, "--data", &data) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    const char *status = argc == 3 ? status_for(argv[2]) : NULL;
    if (argc < 2 || argc > 3 || (argc == 3 && status == NULL)) {
        fprintf(stderr, "usage: tocsin issue ID [resolve|ignore|reopen] [--data DIR]\n");
        return EXIT_USAGE;
    }
    snprintf(path, sizeof(path), "/api/0/issues/%.40s/", argv[1]);
    bool done = client_open(&client, data) &&
                (status != NULL ? change(&client, path, status) : show(&client, path));
    client_close(&client);
    return done ? 0 : 1;
}
