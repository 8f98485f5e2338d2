/* SPDX-License-Identifier: Apache-2.0 */
/* options — what `tocsin serve` is told on its command line.
 *
 * One table (options.c): a row is a name, its argument, its default in words and a sentence; the
 * same rows parse the command line and print --help. What a team keeps under version control
 * (routes, receivers, rules) is in the configuration file instead (config.h).
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>
#include <stdio.h>

#define LISTEN_MAX 8u

struct options {
    const char *data;               /* folder of all state */
    const char *listen[LISTEN_MAX]; /* ADDR:PORT of the intake */
    unsigned listen_count;
    const char *api_listen[LISTEN_MAX];
    unsigned api_listen_count;
    const char *config;            /* file, or NULL */
    const char *rules[LISTEN_MAX]; /* files or folders, beside those of the configuration */
    unsigned rules_count;
    const char *geoip[LISTEN_MAX]; /* MaxMind DB files */
    unsigned geoip_count;
    const char *redis; /* URL, or NULL: supervise our own */
    const char *tls_cert;
    const char *tls_key;
    const char *public_url; /* how clients reach the intake; NULL: from --listen */
    unsigned workers;       /* 0: one per core */
    unsigned drain_ms;      /* SIGTERM to exit, at the most */
    uint64_t journal_bytes;
    bool help;
};

/* Fills with defaults, then from argv[1..]; borrows argv. False fills `problem` with one line. */
bool options_parse(struct options *options, int argc, char **argv, char *problem, size_t room);

/* The manual of `tocsin serve`. */
void options_help(FILE *out);
