/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/options.h"
#include "ingest/base/must.h"
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_LISTEN     "127.0.0.1:8627"
#define DEFAULT_API_LISTEN "127.0.0.1:8628"

enum shape { TEXT, TEXTS, NUMBER, SECONDS, SIZE, FLAG };

struct row {
    const char *name;
    const char *argument;
    enum shape shape;
    size_t offset;
    size_t count_offset; /* TEXTS only */
    const char *help;
};

#define AT(field) offsetof(struct options, field)

static const struct row rows[] = {
    {"--data", "DIR", TEXT, AT(data), 0, "where everything is kept (default ./data)"},
    {"--listen", "ADDR:PORT", TEXTS, AT(listen), AT(listen_count),
     "take events here; repeatable (default " DEFAULT_LISTEN ")"},
    {"--api-listen", "ADDR:PORT", TEXTS, AT(api_listen), AT(api_listen_count),
     "read API and metrics; repeatable (default " DEFAULT_API_LISTEN ")"},
    {"--config", "FILE", TEXT, AT(config), 0, "receivers, routes and rules (YAML)"},
    {"--rules", "PATH", TEXTS, AT(rules), AT(rules_count),
     "a Sigma rule file or a folder of them; repeatable"},
    {"--geoip", "FILE", TEXTS, AT(geoip), AT(geoip_count),
     "a MaxMind DB (city, country, ASN): where addresses are; repeatable; read again when "
     "replaced"},
    {"--redis", "URL", TEXT, AT(redis), 0,
     "redis://[:PASSWORD@]HOST:PORT[/DB] or unix:PATH (default: a redis-server of our own in DIR)"},
    {"--tls-cert", "FILE", TEXT, AT(tls_cert), 0, "serve both listeners over TLS (PEM chain)"},
    {"--tls-key", "FILE", TEXT, AT(tls_key), 0, "the certificate's key (PEM)"},
    {"--public-url", "URL", TEXT, AT(public_url), 0,
     "how clients reach the intake, for printed DSNs (default: from --listen)"},
    {"--workers", "N", NUMBER, AT(workers), 0, "intake threads (default: one per core)"},
    {"--drain", "SECONDS", SECONDS, AT(drain_ms), 0, "SIGTERM to exit, at the most (default 20)"},
    {"--journal-max", "SIZE", SIZE, AT(journal_bytes), 0,
     "disk for the journal, e.g. 500M, 20G (default 4G); old applied segments go first"},
    {"--help", NULL, FLAG, AT(help), 0, "this text"},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void *field(struct options *options, size_t offset)
{
    return (char *)options + offset;
}

static const struct row *find(const char *name, size_t length)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strlen(rows[i].name) == length && memcmp(rows[i].name, name, length) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Digits and one of K M G T, if `units`; false when it is anything else or does not fit. */
static bool number(const char *text, bool units, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0) {
        return false;
    }
    const char *unit = *end != '\0' ? strchr("KMGT", *end & ~0x20) : NULL;
    if (units && unit != NULL && end[1] == '\0') {
        unsigned shift = 10u * (unsigned)(unit - "KMGT" + 1);
        if (value > (UINT64_MAX >> shift)) {
            return false;
        }
        *out = value << shift;
        return true;
    }
    *out = value;
    return *end == '\0';
}

static bool set_number(struct options *options, const struct row *row, const char *text)
{
    uint64_t value = 0;
    if (!number(text, row->shape == SIZE, &value)) {
        return false;
    }
    if (row->shape == SIZE) {
        *(uint64_t *)field(options, row->offset) = value;
        return value >= (16u << 20);
    }
    uint64_t most = row->shape == SECONDS ? 3600 : 1024;
    if (value > most) {
        return false;
    }
    *(unsigned *)field(options, row->offset) =
        (unsigned)(row->shape == SECONDS ? value * 1000 : value);
    return true;
}

static bool set(struct options *options, const struct row *row, const char *text)
{
    switch (row->shape) {
    case TEXT:
        *(const char **)field(options, row->offset) = text;
        return text[0] != '\0';
    case TEXTS: {
        unsigned *count = field(options, row->count_offset);
        if (*count == LISTEN_MAX) {
            return false;
        }
        ((const char **)field(options, row->offset))[(*count)++] = text;
        return text[0] != '\0';
    }
    case NUMBER:
    case SECONDS:
    case SIZE:
        return set_number(options, row, text);
    case FLAG:
        *(bool *)field(options, row->offset) = true;
        return true;
    }
    NEVER("option shape outside its enum");
}

static void add_defaults(struct options *options)
{
    if (options->listen_count == 0) {
        options->listen[options->listen_count++] = DEFAULT_LISTEN;
    }
    if (options->api_listen_count == 0) {
        options->api_listen[options->api_listen_count++] = DEFAULT_API_LISTEN;
    }
}

/* One option with its argument; moves `*at` past them. */
static bool take(struct options *options, char **argv, int *at, char *problem, size_t room)
{
    const char *word = argv[*at];
    const char *equals = strchr(word, '=');
    const struct row *row = find(word, equals != NULL ? (size_t)(equals - word) : strlen(word));
    if (row == NULL) {
        snprintf(problem, room, "unknown option %s; `tocsin serve --help` lists them", word);
        return false;
    }
    const char *text = equals != NULL ? equals + 1 : row->shape == FLAG ? "" : argv[*at + 1];
    *at += equals != NULL || row->shape == FLAG ? 1 : 2;
    if (text == NULL) {
        snprintf(problem, room, "%s needs an argument: %s %s", row->name, row->name, row->argument);
        return false;
    }
    if (!set(options, row, text)) {
        snprintf(problem, room, "%s cannot be '%s': %s", row->name, text, row->help);
        return false;
    }
    return true;
}

bool options_parse(struct options *options, int argc, char **argv, char *problem, size_t room)
{
    *options =
        (struct options){.data = "./data", .drain_ms = 20000, .journal_bytes = UINT64_C(4) << 30};
    MUST(argv[argc] == NULL);
    for (int at = 1; at < argc;) {
        if (!take(options, argv, &at, problem, room)) {
            return false;
        }
    }
    if ((options->tls_cert == NULL) != (options->tls_key == NULL)) {
        snprintf(problem, room, "--tls-cert and --tls-key go together");
        return false;
    }
    add_defaults(options);
    return true;
}

void options_help(FILE *out)
{
    fputs("usage: tocsin serve [OPTION...]\n\n"
          "Takes events from Sentry SDKs, groups them into issues, runs rules, sends alerts.\n\n",
          out);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char left[64];
        snprintf(left, sizeof(left), "%s %s", rows[i].name,
                 rows[i].argument != NULL ? rows[i].argument : "");
        fprintf(out, "  %-24s %s\n", left, rows[i].help);
    }
    fputs("\nSignals: HUP reloads configuration, rules and projects; TERM drains and stops.\n"
          "\nExamples:\n"
          "  tocsin serve\n"
          "  tocsin serve --data /var/lib/tocsin --listen 0.0.0.0:8627 --config tocsin.yml\n"
          "  tocsin serve --tls-cert chain.pem --tls-key key.pem --listen 0.0.0.0:443\n",
          out);
}
