/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/client.h"
#include "ingest/command/rules_commands.h"
#include <stdio.h>
#include <stdlib.h>

static double number_at(const struct value *map, const char *key)
{
    double number = 0;
    (void)value_real(value_get(map, slice_str(key)), &number);
    return number;
}

static void print_rule(const struct value *rule)
{
    double evaluated = number_at(rule, "evaluated");
    printf("%10.0f %10.0f %7.0f %9.0f %10.1f %7.0f %10.0f %9.0f  %.*s  (%.*s)\n", evaluated,
           number_at(rule, "matched"), number_at(rule, "errors"),
           number_at(rule, "nsPerEvaluation"), number_at(rule, "msTotal"), number_at(rule, "fired"),
           number_at(rule, "suppressed"), number_at(rule, "forgotten"),
           SLICE_ARG(slice_cut_utf8(value_text_at(rule, "title"), 70)),
           SLICE_ARG(value_text_at(rule, "id")));
}

/* Of a rule that is never evaluated: which of its fields no event has. */
static void print_dead(const struct value *rule)
{
    const struct value *unseen = value_get(rule, SLICE("unseenFields"));
    printf("%.*s  (%.*s)\n    %.*s:%.*s: ", SLICE_ARG(value_text_at(rule, "title")),
           SLICE_ARG(value_text_at(rule, "id")), SLICE_ARG(value_text_at(rule, "file")),
           SLICE_ARG(value_text_at(rule, "line")));
    if (value_first(unseen) == NULL) {
        printf("events have its fields, never with such values\n");
        return;
    }
    printf("no event has had");
    for (const struct value *at = value_first(unseen); at != NULL; at = at->next) {
        printf(" %.*s", SLICE_ARG(at->of.text));
    }
    putchar('\n');
}

static void print_all(const struct value *answer, bool is_dead)
{
    const struct value *oracle = value_get(answer, SLICE("oracle"));
    const struct value *items = value_get(answer, SLICE("items"));
    double events = number_at(answer, "events");
    printf("%.0f rules, %.0f events, %.1f evaluations an event; digest %.12s\n",
           number_at(answer, "rules"), events,
           events > 0 ? number_at(answer, "evaluated") / events : 0,
           value_text_at(answer, "digest").len >= 12 ? value_text_at(answer, "digest").at : "");
    if (number_at(oracle, "every") > 0) {
        printf("oracle: %.0f events checked, %.0f differences\n", number_at(oracle, "checked"),
               number_at(oracle, "differences"));
    }
    if (!is_dead) {
        printf("%10s %10s %7s %9s %10s %7s %10s %9s  %s\n", "EVALUATED", "MATCHED", "ERRORS",
               "NS EACH", "MS IN ALL", "ALERTS", "SUPPRESSED", "FORGOTTEN", "RULE");
    }
    for (const struct value *at = value_first(items); at != NULL; at = at->next) {
        (is_dead ? print_dead : print_rule)(at);
    }
}

int rules_command_top(int argc, char **argv)
{
    const char *data = NULL;
    const char *sort = "time";
    const char *limit = "20";
    const struct value *answer = NULL;
    struct client client;
    char path[256];
    bool is_dead = command_flag(&argc, argv, "--dead");
    if (!command_option(&argc, argv, "--data", &data) ||
        !command_option(&argc, argv, "--sort", &sort) ||
        !command_option(&argc, argv, "--limit", &limit) || !command_no_more_options(argc, argv) ||
        argc != 1) {
        fprintf(stderr, "usage: tocsin rules top [--dead] [--limit N] [--data DIR]\n"
                        "           [--sort time|evaluated|matched|errors|suppressed|forgotten]\n"
                        "What the rules of a running server cost and find since they were loaded:\n"
                        "ALERTS that began, matches that began none (SUPPRESSED), groups that a\n"
                        "correlation had no room for (FORGOTTEN);\n"
                        "--dead: those that were never evaluated, and which fields they lack.\n"
                        "example: tocsin rules top --sort matched --data /var/lib/tocsin\n");
        return EXIT_USAGE;
    }
    snprintf(path, sizeof(path), "/api/0/tocsin/rules/?sort=%.20s&limit=%.10s",
             is_dead ? "dead" : sort, limit);
    bool done = client_open(&client, data) && client_call(&client, path, NULL, &answer);
    if (done) {
        print_all(answer, is_dead);
    }
    client_close(&client);
    return done ? 0 : 1;
}
