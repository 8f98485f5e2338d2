/* SPDX-License-Identifier: Apache-2.0 */
/* banner — what a person reads once Tocsin runs: where to send, where to look, how to try. */
#pragma once
#include "ingest/data_dir.h"
#include "ingest/options.h"
#include <stdio.h>

/* The DSN's base: --public-url, or the first intake address (a wildcard becomes this host's name).
 * Fills "http://127.0.0.1:8627" without a trailing slash. */
void banner_base(const struct options *options, int intake_fd, char *out, size_t room);

/* Fills "http://KEY@HOST:PORT/ID"; false for a base without a scheme. */
bool banner_dsn(const char *base, const struct project *project, char *out, size_t room);

/* Writes the few lines for a fresh start. */
void banner_print(FILE *out, const struct options *options, const struct data_dir *data,
                  int intake_fd, int api_fd);
